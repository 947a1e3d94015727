"""The desk's server over a real socket, with real nodes on a broker in memory."""

import asyncio
import socket
import stat
from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.clock import ScenarioClock, WallClock
from hotline.desk import sockets
from hotline.desk.server import server
from hotline.desk.server.server import DeskServer
from hotline.memory import MemoryLink
from hotline.station.turn import Publish
from hotline.status import GOODBYE
from tests.desk.posts import TITLES, Desks, desks
from tests.helpers import Author, check, eventually, notice, replay, status


async def test_two_desks_hold_a_conversation(line: Desks) -> None:
    """A notice is given at one desk, waits in the other's inbox, and is answered there."""
    tur, isr = await line.sit("tur"), await line.sit("isr")
    fields = notice("X").model_dump(mode="json", exclude_none=True, exclude={"revision"})
    said = await tur.asks({"do": "notify", "notice": fields})
    as_said = fields | {"revision": 1}
    assert said == {"ok": True, "record": "tur/1", "on_line": True, "notice": as_said}
    await eventually(lambda: line.crew.picture("isr").messages)

    waiting = (await isr.asks({"do": "inbox"}))["inbox"]
    assert [(w["record"], w["message"], w["answers"]) for w in waiting] == [
        ("tur/1", "X rev 1", ["ACCEPT", "REJECT", "STANDBY"])
    ]
    said = await isr.asks({"do": "answer", "record": "X", "answer": "accept", "officer": "Levi"})
    assert said == {"ok": True, "record": "isr/1", "on_line": True, "message": "X rev 1"}

    shown = await isr.asks({"do": "show", "record": "tur/1"})
    assert shown["message"]["state"] == "accepted"
    assert shown["record"]["body"]["notice"] == "X"
    assert (shown["reply"]["body"]["officer"], shown["voice"]) == ("Levi", None)
    shown = await isr.asks({"do": "show", "record": "isr/1"})
    assert (shown["message"], shown["record"]["kind"]) == (None, "reply")
    told = await isr.asks({"do": "show", "record": "X1"})
    assert told["error"] == "nothing here is called 'X1'; did you mean 'X'?", "which is settled"
    told = await isr.asks({"do": "show", "record": "isr/9"})
    assert told["error"] == "there is no record isr/9 here"
    assert (await isr.asks({"do": "inbox"}))["inbox"] == []
    assert (await isr.asks({"do": "state"}))["state"]["heads"] == {"isr": 1, "tur": 1}


async def test_nothing_that_makes_no_sense_is_written(line: Desks) -> None:
    """What was answered meanwhile is refused with who answered it; the journal stays as it was."""
    line.crew.say("tur", notice())
    await eventually(lambda: line.crew.picture("isr").messages)
    one, two = await line.sit("isr"), await line.sit("isr")
    answers = [
        await told
        for told in [
            asyncio.create_task(
                desk.asks({"do": "answer", "record": "tur/1", "answer": word, "officer": who})
            )
            for desk, word, who in ((one, "ACCEPT", "Levi"), (two, "ACCEPT", "Cohen"))
        ]
    ]
    assert sorted(told["ok"] for told in answers) == [False, True]
    (refused,) = [told for told in answers if not told["ok"]]
    assert refused["code"] == "refused"
    assert "TUR-014 rev 1 was answered ACCEPT by" in refused["error"]
    assert line.crew.picture("isr").heads["isr"] == 1


async def test_what_is_no_request_is_told(line: Desks) -> None:
    """A line that is no request gets its reason, and the desk stays open; a flood is shut out."""
    typist = await line.sit("tur")
    told = await typist.asks(b"hello")
    assert (told["ok"], told["code"]) == (False, "bad_request")
    assert 'expected one JSON object a line, such as {"do":"inbox"}' in told["error"]
    assert "did you mean 'answer'?" in (await typist.asks({"do": "anser"}))["error"]
    assert (await typist.asks({"do": "check"}))["ok"]
    told = await typist.asks(b'{"do":"check","remarks":"' + b"x" * 200_000 + b'"}')
    assert told["error"] == "a line is longer than 131072 bytes"
    assert await typist.reader.read() == b""


async def test_a_station_that_may_not_speak_declines(tmp_path: Path) -> None:
    """Until it knows all its own words it says whom it waits for, and keeps nothing."""
    async with desks(tmp_path, start=False) as line:
        await line.open("tur")
        await eventually((line.state("tur") / sockets.FILE).exists)
        typist = await line.sit("tur")
        told = await typist.asks({"do": "check"})
        assert (told["ok"], told["code"]) == (False, "not_yet")
        assert "it waits to hear dog, isr, for 30s on the line at most; nothing" in told["error"]
        assert (await typist.asks({"do": "state"}))["state"]["waits_for"] == ["dog", "isr"]


async def test_a_station_whose_words_are_with_somebody_who_is_away_says_with_whom(
    tmp_path: Path,
) -> None:
    """The broker still has their goodbyes, perhaps of an earlier exercise."""
    async with desks(tmp_path, start=False) as line:
        for name in ("isr", "dog"):
            goodbye = status(name, online=False, reason=GOODBYE, tur=5)
            line.broker.route(Publish(goodbye.topic, goodbye.payload, retain=True))
        await line.open("tur")
        await eventually((line.state("tur") / sockets.FILE).exists)
        typist = await line.sit("tur")
        told = await typist.asks({"do": "check"})
        assert (told["ok"], told["code"]) == (False, "not_yet")
        assert "records of its own are said to be with dog, isr, and are fetched" in told["error"]


async def test_a_station_whose_journal_forked_says_so(line: Desks) -> None:
    """It waits for nobody, so nothing else would tell why it may not speak."""
    line.say("tur", check())
    await eventually(lambda: line.crew.picture("isr").messages)
    shown = replay("isr", "tur", Author("tur").says(Kind.NOTICE, notice()))
    line.broker.route(Publish(shown.topic, shown.payload))
    await eventually(lambda: not line.post("tur").node.machine.may_speak)
    typist = await line.sit("tur")
    told = await typist.asks({"do": "check"})
    assert (told["ok"], told["code"]) == (False, "not_yet")
    assert "others hold a different journal of it (a fork)" in told["error"]


async def test_a_clock_that_goes_fast_is_told(line: Desks) -> None:
    """A screen lets its own go on between two states."""
    clock = ScenarioClock(WallClock().now_ms(), speed=24)
    line.servers["tur"].feed.clock = clock
    clock.begin()
    typist = await line.sit("tur")
    state = (await typist.asks({"do": "state"}))["state"]
    assert state["rate"] == pytest.approx(24, rel=0.1)


async def test_off_the_line_a_word_is_kept(line: Desks) -> None:
    """It gets its number, the desk is told that it has not gone out, and it arrives later."""
    link = line.post("tur").link
    assert isinstance(link, MemoryLink)
    link.cut()
    typist = await line.sit("tur")
    while (await typist.asks({"do": "state"}))["state"]["on_line"]:
        pass
    assert await typist.asks({"do": "check"}) == {"ok": True, "record": "tur/1", "on_line": False}
    link.restore()
    await eventually(lambda: line.crew.picture("isr").heads.get("tur") == 1)


async def test_a_watchdog_is_only_looked_at(line: Desks) -> None:
    """It shows its state, and says nothing that a desk wants."""
    line.say("tur", check())
    await eventually(lambda: line.crew.picture("dog").messages)
    typist = await line.sit("dog")
    state = (await typist.asks({"do": "state"}))["state"]
    assert (state["role"], state["other"], state["inbox"]) == ("watchdog", None, [])
    assert state["may_speak"] is False
    assert (await typist.asks({"do": "inbox"}))["inbox"] == []
    told = await typist.asks({"do": "check"})
    assert told["error"] == "dog is a watchdog: its desk is for viewing only"


async def test_only_so_many_may_sit_at_one_desk(line: Desks) -> None:
    """One more is told so and shut out; when one leaves, there is room again."""
    typists = [await line.sit("tur") for _ in range(32)]
    for typist in typists:
        assert (await typist.asks({"do": "inbox"}))["ok"]
    assert (await (await line.sit("tur")).read())["code"] == "busy"
    typists[0].writer.close()
    await eventually(lambda: True)
    while not (await (await line.sit("tur")).asks({"do": "inbox"}))["ok"]:
        pass


async def test_the_socket_is_its_owners_and_goes_with_the_station(tmp_path: Path) -> None:
    """Mode 0600; a stale one is replaced; none is left behind; who is connected is hung up on."""
    async with desks(tmp_path, start=False) as line:
        path = line.state("tur") / sockets.FILE
        path.parent.mkdir()
        path.write_text("left by a killed process")
        await line.start("tur", "isr", "dog")
        await eventually(lambda: stat.S_ISSOCK(path.stat().st_mode))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        typist = await line.sit("tur")
        assert (await typist.asks({"do": "inbox"}))["ok"]
        await line.close("tur")
        assert list(path.parent.glob("desk*")) == []
        assert await typist.reader.read() == b""


@pytest.mark.parametrize("is_late", [False, True])
async def test_who_is_let_in_as_the_desk_closes_is_hung_up_on(line: Desks, is_late: bool) -> None:
    """Before anybody has begun to attend to him, or after all others were sent away."""
    server = line.servers["tur"]
    ours, theirs = socket.socketpair()
    with theirs:
        reader, writer = await asyncio.open_connection(sock=ours)
        if is_late:
            await line.close("tur")
        server._let_in(reader, writer)
        await server._send_all_away()
        assert writer.is_closing()
        await writer.wait_closed()
    assert not server._connections


async def test_without_a_socket_the_station_goes_on(
    line: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory where no socket can be made is told of once; as soon as it can, there is one."""
    monkeypatch.setattr(server, "RETRY_S", 0.01)
    nowhere = tmp_path / "missing"
    async with DeskServer(nowhere, TITLES, line.kept, WallClock()) as offered:
        serving = asyncio.create_task(offered.serve(line.post("tur").node))
        await eventually(lambda: "desk.failed" in line.kept.events)
        await asyncio.sleep(0.05)
        nowhere.mkdir()
        await eventually((nowhere / sockets.FILE).exists)
        serving.cancel()
        await asyncio.wait([serving])
    (told,) = [each for each in line.kept.lines if each["event"] == "desk.failed"]
    assert told["reason"].startswith(f"cannot make the socket {nowhere / 'desk.sock'}: ")


async def test_between_two_lives_of_its_station_a_desk_says_why_there_is_nobody(
    line: Desks,
) -> None:
    """With the socket that it had, since a full disk has room for no other; if that is there."""
    await line.close("tur")
    path, node = line.state("tur") / sockets.FILE, line.post("tur").node
    why = "the station is off the line: its disk is full"
    async with DeskServer(path.parent, TITLES, line.kept, WallClock()) as server:
        for is_gone in (False, True):
            serving = asyncio.create_task(server.serve(node))
            await eventually(path.exists)
            serving.cancel()
            await asyncio.wait([serving])
            server.log("critical", "station.failed", station="tur", reason="its disk is full")
            for request in ({"do": "check"}, {"do": "watch"}):
                told = await (await line.sit("tur")).asks(request)
                assert told == {"ok": False, "code": "failed", "error": why}
            before = path.stat()
            if is_gone:
                path.unlink()
            serving = asyncio.create_task(server.serve(node))
            await eventually(path.exists)
            typist = await line.sit("tur")
            assert (await typist.asks({"do": "inbox"}))["ok"]
            assert (path.stat().st_ctime_ns == before.st_ctime_ns) == (not is_gone)
            serving.cancel()
            await asyncio.wait([serving])
    assert not path.exists()
