"""The hatch: looks between two turns, words within the turn that says them."""

import asyncio

import pytest

from hotline.bodies import Answer, Body, Ref
from hotline.errors import LocalError
from hotline.hatch import Hatch, NotYet, StationGone
from hotline.journal.disk import JournalFailed
from hotline.notice import FlightNotice
from hotline.records import Record
from hotline.station.officer import Nobody, reply_to
from hotline.times import SECOND_MS
from tests.crew import SlowDisk, Stage, on_stage
from tests.helpers import TIMERS, check, notice

ALONE_MS = TIMERS.greeting_ms + SECOND_MS  # by then a station knows that nobody else is there


@on_stage
async def test_who_speaks_learns_the_number_once_it_is_on_disk(stage: Stage) -> None:
    """The record is told after the commit, not before."""
    disk = SlowDisk()
    tur = await stage.start("tur", blocking=disk)
    await stage.go(ALONE_MS)
    speaking = asyncio.create_task(tur.node.hatch.speak(lambda _: check()))
    await stage.go(SECOND_MS)
    assert not speaking.done()
    disk.free.set()
    assert (await speaking).ref == Ref("tur", 1)
    assert tur.journal.commits == [1]


@on_stage
async def test_a_word_is_made_in_the_turn_that_says_it(stage: Stage) -> None:
    """Two officers answer at once: the second one's word is made from the first one's picture."""
    await stage.start_all()
    isr = stage.posts["isr"]
    stage.say("tur", notice())
    await stage.go(SECOND_MS)

    def accept(_: int) -> Body:
        message = stage.picture("isr").messages[Ref("tur", 1)]
        if not message.waits:
            raise LocalError("answered meanwhile")
        return reply_to(message, Answer.ACCEPT, "Levi")

    hatch = isr.node.hatch
    first, second = await asyncio.gather(
        hatch.speak(accept), hatch.speak(accept), return_exceptions=True
    )
    assert not isinstance(first, BaseException)
    assert first.ref == Ref("isr", 1)
    assert isinstance(second, LocalError)
    assert str(second) == "answered meanwhile"
    assert stage.picture("isr").heads["isr"] == 1


@on_stage
async def test_a_station_that_may_not_speak_keeps_no_word(stage: Stage) -> None:
    """Nothing is said later of which was told that it was not said."""
    tur = await stage.start("tur")
    with pytest.raises(NotYet, match=r"it waits to hear .*; nothing was said"):
        await tur.node.hatch.speak(lambda _: check())
    await stage.go(ALONE_MS)
    assert (await tur.node.hatch.speak(lambda _: check())).seq == 1


class Spontaneous(Nobody):
    """An officer who asks for a comm check as soon as he is told to."""

    told = False

    def due_ms(self) -> int | None:
        """At once, when told."""
        return 0 if self.told else None

    def say(self, now_ms: int) -> list[Body]:
        """Ask once."""
        told, self.told = self.told, False
        return [check()] if told else []


@on_stage
async def test_a_word_waits_while_others_speak(stage: Stage) -> None:
    """In a turn in which the scripted officer says something, no person's word is made."""
    officer = Spontaneous()
    tur = await stage.start("tur", officer)
    await stage.go(ALONE_MS)

    def word(_: int) -> Body:
        assert stage.picture("tur").heads == {"tur": 1}
        return check()

    officer.told = True
    assert (await tur.node.hatch.speak(word)).seq == 2


@on_stage
async def test_who_looks_sees_what_is_on_disk(stage: Stage) -> None:
    """A look during a commit waits until that is done."""
    disk = SlowDisk()
    tur = await stage.start("tur", blocking=disk)
    await stage.go(ALONE_MS)
    stage.say("tur", check())
    await stage.go(SECOND_MS)
    hatch = tur.node.hatch
    looking = asyncio.create_task(hatch.look(lambda _: dict(stage.picture("tur").heads)))
    await stage.go(SECOND_MS)
    assert not looking.done()
    disk.free.set()
    assert await looking == {"tur": 1}
    assert tur.journal.commits == [1]


@on_stage
async def test_who_comes_is_served_at_once(stage: Stage) -> None:
    """However quiet the line: nobody at a desk waits for the next heartbeat."""
    tur = await stage.start("tur")
    await stage.go(ALONE_MS)
    hatch, came_ms = tur.node.hatch, stage.time.now_ms()
    assert await hatch.look(lambda now_ms: now_ms) == came_ms
    words = [hatch.speak(lambda _: check()) for _ in range(2)]
    assert [record.at_ms for record in await asyncio.gather(*words)] == [came_ms, came_ms]


@on_stage
async def test_who_has_gone_says_nothing_more(stage: Stage) -> None:
    """He may have given up and picked up the telephone; the station goes on without him."""
    disk = SlowDisk()
    tur = await stage.start("tur", blocking=disk)
    await stage.go(ALONE_MS)
    hatch = tur.node.hatch

    async def speak() -> Record:
        return await hatch.speak(lambda _: check())

    gone: list[asyncio.Task[object]] = [asyncio.create_task(speak())]
    await stage.go(SECOND_MS)  # his word is on its way to the disk
    gone += asyncio.create_task(speak()), asyncio.create_task(hatch.look(lambda _: None))
    await stage.go(SECOND_MS)
    for task in gone:
        task.cancel()
    disk.free.set()
    assert (await speak()).ref == Ref("tur", 2)


@on_stage
async def test_what_is_no_word_is_refused(stage: Stage) -> None:
    """A program may have a mistake; it is told which, and the station goes on."""
    tur = await stage.start("tur")
    await stage.go(ALONE_MS)
    with pytest.raises(LocalError, match=r"^a NoneType is no body of a record$"):
        await tur.node.hatch.speak(lambda _: None)  # type: ignore[arg-type, return-value]
    assert (await tur.node.hatch.speak(lambda _: check())).ref == Ref("tur", 1)


@on_stage
async def test_a_word_that_is_too_long_is_refused(stage: Stage) -> None:
    """Nothing is written, and the station goes on."""
    tur = await stage.start("tur")
    await stage.go(ALONE_MS)
    long: FlightNotice = notice(vertices=5_000)
    with pytest.raises(LocalError, match="too long for one record"):
        await tur.node.hatch.speak(lambda _: long)
    assert (await tur.node.hatch.speak(lambda _: check())).seq == 1


@on_stage
async def test_a_bug_at_a_desk_ends_no_station(stage: Stage) -> None:
    """Whoever asked is told; the node takes its next turn."""
    tur = await stage.start("tur")
    await stage.go(ALONE_MS)

    def bug(_: int) -> Body:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await tur.node.hatch.speak(bug)
    with pytest.raises(ZeroDivisionError):
        await tur.node.hatch.look(bug)
    assert (await tur.node.hatch.speak(lambda _: check())).seq == 1


@on_stage
async def test_when_the_station_ends_nobody_waits_for_ever(stage: Stage) -> None:
    """Whose word was not confirmed learns that its fate is not known; later ones too."""
    tur = await stage.start("tur")
    await stage.go(ALONE_MS)
    tur.journal.fails = JournalFailed("the disk is full")
    hatch = tur.node.hatch
    with pytest.raises(StationGone):
        await hatch.speak(lambda _: check())
    with pytest.raises(JournalFailed):
        await tur.task
    stage.posts.pop("tur").journal.close()
    with pytest.raises(StationGone):
        await hatch.look(lambda now_ms: now_ms)


@on_stage
async def test_who_gave_up_does_not_keep_a_station_from_leaving(stage: Stage) -> None:
    """Nobody is told any more."""
    hatch = Hatch((await stage.start("tur")).node.machine, lambda: None)
    looking = asyncio.create_task(hatch.look(lambda now_ms: now_ms))
    speaking = asyncio.create_task(hatch.speak(lambda _: check()))
    await asyncio.sleep(0)
    for task in (looking, speaking):
        task.cancel()
    await asyncio.wait([looking, speaking])
    hatch.close()
