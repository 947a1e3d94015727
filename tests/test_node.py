"""A node: what it does on a line, and effects only after the commit."""

import asyncio
import shutil
from contextlib import closing

import pytest

from hotline import status
from hotline.bodies import Level, Ref
from hotline.errors import BrokerUnreachable, LocalError
from hotline.journal.disk import Damaged, JournalFailed
from hotline.journal.journal import Journal
from hotline.memory import MemoryLink
from hotline.picture.doubts import Doubt, End
from hotline.picture.lifecycle import Answering
from hotline.picture.message import Wait
from hotline.records import MAX_BATCH_BYTES
from hotline.station.officer import Routine
from hotline.station.turn import Acknowledged, Heard, LinkDown, Publish, Said, Turn
from hotline.status import GOODBYE, LINK_LOST
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.crew import SlowDisk, Stage, journals, on_stage
from tests.helpers import FLASH, T0, check, notice, resend

READING_MS = 20 * SECOND_MS


# A conversation


@on_stage
async def test_three_stations_hold_a_conversation(stage: Stage) -> None:
    """A notice is stored, acknowledged, shown, answered and seen by all; nothing is flagged."""
    await stage.start_all(lambda: Routine("Levi", READING_MS))
    tur = stage.posts["tur"]
    stage.say("tur", FLASH)
    await stage.go(SECOND_MS)
    assert Acknowledged("isr", "tur", 0, 1) in tur.events
    assert stage.posts["isr"].officer.shown == ["tur/1"]
    assert tur.officer.shown == []
    await stage.go(READING_MS)
    for name in stage.line.stations:
        (message,) = stage.picture(name).messages.values()
        assert message.answering is Answering.ACCEPTED
        assert message.answered_ms == T0 + READING_MS
    await stage.go(HOUR_MS)
    assert stage.picture("dog").flags == []
    assert stage.picture("isr").heads == stage.picture("tur").heads == {"tur": 1, "isr": 1}
    await stage.stop_all()
    assert len({str(lines) for lines in journals(stage.state).values()}) == 1


@on_stage
async def test_who_stops_says_goodbye(stage: Stage) -> None:
    """The last status is the goodbye, with all that was said before it, and no will follows."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", check())
    links = len(stage.broker.links)
    await stage.stop("tur")
    await stage.go(SECOND_MS)
    told = stage.status("tur")
    assert (told.online, told.reason, told.head) == (False, GOODBYE, 1)
    assert len(stage.broker.links) == links - 1, "it has hung up"
    (entry,) = stage.picture("dog").flags
    assert (entry.flag.level, entry.flag.detail) == (Level.WARNING, "tur left the line")


@on_stage
async def test_who_stops_stores_what_is_delivered(stage: Stage) -> None:
    """A receipt may have come just now: after the next start it must not be news."""
    await stage.start_all()
    stage.say("tur", check())
    await stage.go(SECOND_MS // 2)
    await stage.stop("tur")
    with closing(Journal.look_at(stage.state / "tur")) as journal:
        assert journal.shelf.confirmed() == {"tur": 1}


@on_stage
async def test_who_asks_again_is_sent_less_and_who_goes_on_more(stage: Stage) -> None:
    """So on a slow line something comes through before the link is given up."""
    await stage.start_all()
    for _ in range(400):
        stage.say("isr", check())
    await stage.go(SECOND_MS)
    for after in (0, 0, 0, 0, 0, 0, 100):
        request = resend("tur", "isr", b'{"after": %d}' % after)
        stage.broker.route(Publish(request.topic, request.payload))
        await stage.go(SECOND_MS)
    topic = "hotline/v1/isr-tur/isr/replay/tur"
    sizes = [len(heard.payload) for heard in stage.heard if heard.topic == topic]
    whole, *_, fifth, sixth, next_one = sizes
    assert fifth <= MAX_BATCH_BYTES // 16 < whole
    assert sixth <= MAX_BATCH_BYTES // 32 < next_one <= MAX_BATCH_BYTES // 16


# Commit first


@on_stage
async def test_nothing_leaves_before_it_is_on_disk(stage: Stage) -> None:
    """While the commit waits, nothing is published, acknowledged, told or shown."""
    await stage.start("tur")
    disk = SlowDisk()
    isr = await stage.start("isr", Routine("Levi", 0), blocking=disk)
    await stage.go(stage.timers.silent_ms + SECOND_MS)  # the watchdog is missed by then
    stage.heard.clear()
    told = len(isr.events)
    stage.say("isr", check())
    stage.say("tur", FLASH)
    await stage.go(HOUR_MS)
    assert [m for m in stage.heard if "/isr/" in m.topic and "status" not in m.topic] == []
    assert all(status.decode(m.payload).held["tur"] == 0 for m in stage.statuses("isr"))
    assert len(isr.events) == told
    assert isr.officer.shown == []
    assert isr.journal.commits == []
    disk.free.set()
    await stage.go(SECOND_MS)
    assert stage.batches("isr") == [1, 1], "the check, then the answer"
    assert isr.officer.shown == ["tur/1"]
    assert stage.status("isr").held["tur"] == 1


@on_stage
async def test_what_is_on_disk_is_told_though_the_disk_cannot_be_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody asks for older records in the turn in which one is heard, and that is the last."""
    await stage.start("tur")
    isr = await stage.start("isr", pace_s=1.0)
    await stage.go(HOUR_MS)  # they wait for the watchdog no longer
    stage.say("isr", check())
    await stage.go(2 * SECOND_MS)

    def torn(*_: object) -> list[bytes]:
        raise Damaged("disk I/O error")

    monkeypatch.setattr(isr.journal, "lines", torn)
    request = resend("tur", "isr", b'{"after": 0}')
    stage.broker.route(Publish(request.topic, request.payload))
    stage.say("tur", FLASH)
    await stage.go(2 * SECOND_MS)
    with pytest.raises(Damaged):
        await stage.posts.pop("isr").task
    isr.journal.close()
    assert isr.journal.commits == [1, 1]
    assert isr.officer.shown == ["tur/1"]
    assert [event.record.ref for event in isr.events if isinstance(event, Heard)] == [Ref("tur", 1)]


@on_stage
async def test_what_needs_no_reading_is_answered_in_the_commit_that_stores_it(stage: Stage) -> None:
    """Both are there or neither is; a station that was killed between two turns has no debts."""
    await stage.start("tur")
    isr = await stage.start("isr", Routine("Levi", 0))
    await stage.go(HOUR_MS)  # they wait for the watchdog no longer
    isr.journal.commits.clear()
    for number in range(3):
        stage.say("tur", notice(f"N-{number}"))
    await stage.go(SECOND_MS)
    assert isr.journal.commits == [6]
    assert stage.batches("isr") == [3]
    assert isr.officer.shown == ["tur/1", "tur/2", "tur/3"]
    assert isr.officer.due_ms() is None
    events = [type(event) for event in isr.events if isinstance(event, Heard | Said)]
    assert events == [Heard] * 3 + [Said] * 3
    assert stage.picture("tur").waiting_for("isr") == []


@on_stage
async def test_who_may_not_speak_yet_answers_later(stage: Stage) -> None:
    """What is heard before a station knows all its own words is answered once it does."""
    await stage.start("tur")
    await stage.go(HOUR_MS)
    stage.say("tur", FLASH)
    await stage.go(SECOND_MS)
    isr = await stage.start("isr", Routine("Levi", 0))
    await stage.go(SECOND_MS)
    assert isr.node.machine.picture.heads == {"tur": 1}
    assert not isr.node.machine.may_speak, "the watchdog has not been heard"
    await stage.go(HOUR_MS)
    assert isr.node.machine.picture.heads == {"tur": 1, "isr": 1}


@on_stage
async def test_a_station_that_cannot_store_leaves_the_line(stage: Stage) -> None:
    """What could not be committed never happened, and the last will tells that it is gone."""
    await stage.start_all()
    isr = stage.posts["isr"]
    stage.say("isr", check())
    await stage.go(SECOND_MS)
    told = len(isr.events)
    isr.journal.fails = JournalFailed("the disk is full")
    stage.say("isr", check())
    stage.say("tur", FLASH)
    await stage.go(SECOND_MS)
    with pytest.raises(JournalFailed, match="the disk is full"):
        await isr.task
    stage.posts.pop("isr").journal.close()
    assert stage.batches("isr") == [1]
    assert len(isr.events) == told
    assert isr.officer.shown == []
    assert (stage.status("isr").online, stage.status("isr").reason) == (False, LINK_LOST)
    assert [e.flag.key for e in stage.picture("dog").flags] == ["silent-isr"]


@pytest.mark.parametrize("name", ["isr", "dog"])
@on_stage
async def test_a_journal_that_is_taken_away_is_missed_on_a_quiet_line(
    stage: Stage, name: str
) -> None:
    """Within two heartbeats, though there is nothing to store; what it said stays as it is."""
    await stage.start_all()
    stage.say("isr", check())
    await stage.go(MINUTE_MS)
    shutil.move(stage.state / name, stage.state / "taken-away")
    await stage.go(2 * stage.timers.heartbeat_ms)
    assert not stage.status(name).online
    post = stage.posts.pop(name)
    with pytest.raises(JournalFailed, match="was moved or deleted") as failed:
        await post.task
    assert failed.value.unwritten.appends == []
    post.journal.close()


@on_stage
async def test_who_is_cut_off_says_so_and_blames_nobody(stage: Stage) -> None:
    """However long it takes; then it goes on."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    dog = stage.posts["dog"]
    assert isinstance(dog.link, MemoryLink)
    dog.link.cut("the cable was cut")
    await stage.go(MINUTE_MS)
    assert [e.reason for e in dog.events if isinstance(e, LinkDown)] == ["the cable was cut"]
    dog.link.restore()
    await stage.go(MINUTE_MS)
    assert list(stage.picture("dog").flags) == []


@on_stage
async def test_what_a_watchdog_is_sure_of_by_now_is_remembered(stage: Stage) -> None:
    """Also in a turn that stores nothing else."""
    wait = Wait(T0, None)
    end = End(T0 + 1, "answered", is_answer=True, begins=None)
    with closing(Journal.create(stage.state / "dog", stage.line, "dog")) as journal:
        journal.store(Turn(doubts=[Doubt(Ref("tur", 1), wait, [end])]))
    await stage.start_all()
    await stage.go(MINUTE_MS)
    assert stage.posts["dog"].journal.shelf.doubts() == []


@on_stage
async def test_a_node_runs_once_and_only_when_open(stage: Stage) -> None:
    """Else it would wait for ever without a link, or for a stop that the other run has taken."""
    isr = await stage.start("isr")
    async with asyncio.timeout(60):
        await stage.go(SECOND_MS)
        with pytest.raises(LocalError, match="runs only once"):
            await isr.node.run()
        await stage.go(SECOND_MS)
        assert stage.status("isr").online, "the first run goes on"
        await stage.stop("isr")
        with pytest.raises(LocalError, match="runs only once"):
            await isr.node.run()
        with pytest.raises(LocalError, match="opened only once"):
            await isr.node.open()


@on_stage
async def test_without_a_broker_there_is_no_start(stage: Stage) -> None:
    """The first connection must be made; later ones are waited for."""
    link = stage.broker.link()
    link.reachable = False
    stage.make_link = lambda _: link
    with pytest.raises(BrokerUnreachable):
        await stage.start("isr")
