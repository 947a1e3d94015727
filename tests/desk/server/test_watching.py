"""What the desk's server tells those who watch, over a real socket."""

import asyncio
from pathlib import Path

from hotline.bodies import Answer, Ref
from hotline.clock import WallClock
from hotline.desk.server.server import DeskServer
from tests.desk.posts import TITLES, Desks
from tests.helpers import check, eventually, notice, reply


async def test_who_watches_is_told_all_that_happens(line: Desks) -> None:
    """First what was said before and the state; then every line and every change."""
    typist = await line.sit("isr")
    assert await typist.asks({"do": "watch"}) == {"ok": True}
    assert (await typist.reads("log"))["event"] == "link.up"
    state = await typist.reads("state")
    assert state["stations"] == {"tur": "online", "dog": "online"}
    assert (state["inbox"], state["rate"], state["titles"]) == ([], 1.0, TITLES)
    line.crew.say("tur", notice())
    while (told := await typist.reads("log"))["event"] != "notice.received":
        pass
    assert (told["record"], told["at"]) == ("tur/1", told["wall"])
    (entry,) = (await typist.reads("state"))["inbox"]
    assert entry["due"] > entry["at"]
    assert (entry["overdue"], entry["next"]) == (None, {"level": "WARNING", "at": entry["due"]})
    line.crew.say("isr", reply("tur", 1, Answer.ACCEPT))
    while (state := await typist.reads("state"))["inbox"]:
        pass
    assert state["recent"][0]["state"] == "accepted"


async def test_what_is_for_the_curious_is_not_told_at_a_desk(line: Desks) -> None:
    """Neither to who watches nor to who comes later; the log has it."""
    server = DeskServer(Path("nowhere"), TITLES, line.kept, WallClock())
    watcher, before = server.feed.begin(), len(line.kept.events)
    server.log("debug", "status.received", station="tur")
    server.log("info", "link.up", station="tur")
    for each in (watcher, server.feed.begin()):
        assert [told["event"] for told in (await each.news()).lines] == ["link.up"]
    assert line.kept.events[before:] == ["status.received", "link.up"]


async def test_who_watches_is_told_of_a_path_that_is_no_utf_8(line: Desks) -> None:
    """A state directory may have any name; the line has it as the log stream does."""
    line.servers["isr"].log("info", "station.started", state="st\udcff", records=0)
    typist = await line.sit("isr")
    typist.type({"do": "watch"})
    while b"station.started" not in (raw := await typist.reader.readline()):
        assert raw
    assert b'"state": "st\\udcff"' in raw


async def test_a_watcher_who_does_not_read_holds_up_nobody(line: Desks) -> None:
    """Log lines beyond what waits for him are dropped and counted, and the line goes on."""
    typist = await line.sit("tur")
    assert await typist.asks({"do": "watch"}) == {"ok": True}
    await typist.reads("state")
    for number in range(6_000):
        line.servers["tur"].log("info", "station.online", station=str(number))
        if number % 500 == 0:
            await asyncio.sleep(0)
    line.crew.say("tur", check())
    await eventually(lambda: Ref("tur", 1) in line.crew.picture("isr").messages)
    assert await typist.reads("lost") > 0
    while (await typist.reads("log"))["event"] != "check.sent":
        pass
    assert (await typist.reads("state"))["sent"][0]["record"] == "tur/1"
