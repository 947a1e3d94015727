"""When a node takes a turn, and how much it takes into one."""

import asyncio
import itertools

import pytest

from hotline import inbox, node
from hotline.station.station import Station
from hotline.station.turn import Event, Incoming, Refused, Said, Turn
from hotline.status import decode
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from hotline.watchdog.watchdog import Watchdog
from sim.virtual_time import VirtualLoop
from tests.crew import SlowDisk, Stage, on_stage
from tests.helpers import T0, check, notice


@pytest.mark.parametrize("pace_s", [0.0, 1.0])
@on_stage
async def test_a_quiet_line_takes_no_turns(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, pace_s: float
) -> None:
    """Heartbeats need none: the others' say nothing new, and its own are all that is due."""
    turns: list[str] = []
    flush = Station.flush

    def count(self: Station, now_ms: int, ahead_ms: int) -> Turn:
        turns.append(self.name)
        return flush(self, now_ms, ahead_ms)

    for name in ("isr", "tur", "dog"):
        await stage.start(name, pace_s=pace_s)
    await stage.go(MINUTE_MS)
    monkeypatch.setattr(Station, "flush", count)
    said = len(stage.heard)
    await stage.go(HOUR_MS)
    monkeypatch.undo()
    beats = HOUR_MS // Timers().heartbeat_ms
    assert [len(stage.statuses(name, said)) for name in ("isr", "tur", "dog")] == [beats] * 3
    await stage.stop_all()
    assert turns == []


@on_stage
async def test_what_piles_up_during_a_commit_goes_out_in_one_batch(stage: Stage) -> None:
    """One commit and one publish carry all that was said meanwhile: group commit."""
    disk = SlowDisk()
    tur = await stage.start("tur", blocking=disk)
    await stage.go(stage.timers.greeting_ms)  # then it knows that it is alone
    for number in range(100):
        stage.say("tur", notice(f"N-{number}"))
        await stage.go(1)
    disk.free.set()
    await stage.go(SECOND_MS)
    assert tur.journal.commits == [1, 99]
    assert stage.batches("tur") == tur.journal.commits
    assert len([event for event in tur.events if isinstance(event, Said)]) == 100


@on_stage
async def test_the_link_is_attended_to_while_a_slow_log_is_told_of_a_long_turn(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal takes a while for thousands of lines, and a broker gives up who is silent."""
    disk = SlowDisk()
    tur = await stage.start("tur", blocking=disk)
    await stage.go(stage.timers.greeting_ms)
    for number in range(100):
        stage.say("tur", notice(f"N-{number}"))
        await stage.go(1)
    monkeypatch.setattr(node, "_TELLS_FOR_S", -1.0)
    disk.free.set()
    told: set[int] = set()
    for _ in range(500):
        await asyncio.sleep(0)
        told.add(len(tur.events))
    assert len(told) > len(tur.journal.commits) + 90


@on_stage
async def test_a_heart_beats_while_a_slow_log_is_told_of_a_long_turn(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody misses a station for that."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    tur = await stage.start("tur")
    await stage.go(stage.timers.greeting_ms)
    said = len(stage.heard)

    def tell_slowly(event: Event) -> None:
        tur.events.append(event)
        loop._now_s += 0.25

    monkeypatch.setattr(tur.node, "_tell", tell_slowly)
    for number in range(100):
        stage.say("tur", notice(f"N-{number}"))
    await stage.go(25 * SECOND_MS)
    assert len([event for event in tur.events if isinstance(event, Said)]) == 100
    times = [decode(told.payload).at_ms for told in stage.statuses("tur", said)]
    pauses = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert max(pauses) < stage.timers.heartbeat_ms + 2 * SECOND_MS


@on_stage
async def test_a_station_in_company_gathers_what_arrives(stage: Stage) -> None:
    """It takes a turn in a while and not for every message; what is due is late by that at most."""
    tur = await stage.start("tur", pace_s=1.0)
    await stage.go(stage.timers.greeting_ms)
    for number in range(20):
        stage.say("tur", notice(f"N-{number}"))
        await stage.go(SECOND_MS // 10)
    await stage.go(2 * SECOND_MS)
    assert sum(tur.journal.commits) == 20
    assert len(tur.journal.commits) <= 4


@on_stage
async def test_a_station_in_company_takes_all_that_came_in_its_while(stage: Stage) -> None:
    """However much: what is due by then must not be judged without it."""
    tur = await stage.start("tur", pace_s=1.0)
    await stage.go(stage.timers.greeting_ms)
    for _ in range(600):
        stage.say("tur", check())
    await stage.go(2 * SECOND_MS)
    assert [commit for commit in tur.journal.commits if commit] == [600]


@on_stage
async def test_what_found_no_room_may_have_been_anything(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heartbeats and answers too: a watchdog judges nothing until it has heard all for a while."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    dog = stage.posts["dog"].node
    monkeypatch.setattr(inbox, "_MOST_BYTES", 0)
    for _ in range(2):
        dog._arrive(Incoming("hotline/v1/isr-tur/tur/records", b"x"))
    await stage.go(SECOND_MS)
    assert isinstance(dog.machine, Watchdog)
    assert dog.machine.reception.reads_since_ms == T0 + SECOND_MS
    assert not dog.machine.reception.is_overrun
    says = [each for each in stage.posts["dog"].events if isinstance(each, Refused)]
    assert [says[0].topic, says[0].reason[:10]] == ["isr-tur/#", "1 messages"]


@on_stage
async def test_what_a_turn_had_to_leave_may_be_anything(stage: Stage) -> None:
    """Then nobody is missed either."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    dog = stage.posts["dog"].node
    dog._inbox.is_behind = True
    dog._arrive(Incoming("hotline/v1/isr-tur/tur/records", b"x"))
    await stage.go(SECOND_MS)
    assert dog.machine.reception.reads_since_ms == T0 + SECOND_MS
