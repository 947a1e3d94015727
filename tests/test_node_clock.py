"""A machine whose clock somebody sets: nothing comes sooner or later, and nobody is blamed."""

import pytest

from hotline.clock import Clock
from hotline.station.officer import CommChecks, Nobody, Officer, Routine
from hotline.station.turn import ClockJumped
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.crew import Stage, on_stage
from tests.helpers import FLASH, TIMERS, notice


class SetClock:
    """One station's clock, which somebody sets while the time of the others runs on."""

    def __init__(self, true: Clock) -> None:
        self._true = true
        self._ahead_ms = 0
        self._untold_ms = 0

    def set(self, by_ms: int) -> None:
        """Put it forward (or back, below 0)."""
        self._ahead_ms += by_ms
        self._untold_ms += by_ms

    def now_ms(self) -> int:
        """The time that it shows."""
        return self._true.now_ms() + self._ahead_ms

    def wait_s(self, until_ms: int) -> float:
        """How long it takes until it shows a time."""
        return self._true.wait_s(until_ms - self._ahead_ms)

    def jumped_ms(self) -> int:
        """By how much it was set since the last call."""
        by_ms, self._untold_ms = self._untold_ms, 0
        return by_ms


@pytest.mark.parametrize("by_ms", [HOUR_MS, -HOUR_MS])
@on_stage
async def test_deadlines_stay_where_they_were(stage: Stage, by_ms: int) -> None:
    """All stations share the machine; what was said before is due as long after it as ever."""
    clocks = []
    for name in stage.line.stations:
        stage.clock = clock = SetClock(stage.time)
        clocks.append(clock)
        await stage.start(name)
    await stage.go(MINUTE_MS)
    said_ms = stage.time.now_ms()
    stage.say("tur", FLASH)
    await stage.go(MINUTE_MS)
    for clock in clocks:
        clock.set(by_ms)
    await stage.go(TIMERS.answer_flash_ms - MINUTE_MS)
    flags = stage.picture("dog").flags
    assert flags == []
    await stage.go(TIMERS.grace_ms + SECOND_MS)
    flags = stage.picture("dog").flags
    assert [entry.flag.key for entry in flags] == ["unanswered-tur-1"]
    assert flags[0].flag.due == said_ms + TIMERS.answer_flash_ms
    await stage.go(MINUTE_MS)
    assert {entry.flag.rule for entry in stage.picture("dog").flags} == {"unanswered"}
    for post in stage.posts.values():
        assert [e for e in post.events if isinstance(e, ClockJumped)] == [ClockJumped(by_ms)]


@pytest.mark.parametrize("by_ms", [HOUR_MS, -HOUR_MS])
@on_stage
async def test_checks_and_answers_come_when_they_would_have(stage: Stage, by_ms: int) -> None:
    """A clock that is put back by an hour does not silence a desk for an hour."""
    clocks = []
    every_ms, reading_ms = 20 * MINUTE_MS, 10 * MINUTE_MS
    first_ms = stage.time.now_ms() + every_ms
    checks = CommChecks(Nobody(), every_ms, first_ms, lambda _: False)
    officers: dict[str, Officer] = {
        "isr": checks,
        "tur": Routine("Demir", reading_ms),
        "dog": Nobody(),
    }
    for name, officer in officers.items():
        stage.clock = clock = SetClock(stage.time)
        clocks.append(clock)
        await stage.start(name, officer)
    await stage.go(MINUTE_MS)
    for clock in clocks:
        clock.set(by_ms)
    await stage.go(every_ms)
    assert stage.picture("tur").heads == {"isr": 1}
    for clock in clocks:
        clock.set(-by_ms)
    await stage.go(reading_ms)
    assert stage.picture("isr").heads["tur"] == 1


@pytest.mark.parametrize("by_ms", [HOUR_MS, -HOUR_MS])
@on_stage
async def test_one_station_whose_clock_is_set_is_flagged_and_cleared(
    stage: Stage, by_ms: int
) -> None:
    """The others see that it differs, and when it agrees; nobody falls silent for that."""
    clock = SetClock(stage.time)
    await stage.start("dog")
    await stage.start("isr")
    stage.clock = clock
    await stage.start("tur")
    await stage.go(MINUTE_MS)
    clock.set(by_ms)
    await stage.go(MINUTE_MS)
    (entry,) = stage.picture("dog").flags
    assert (entry.flag.key, entry.cleared_ms) == ("clock_skew-tur", None)
    clock.set(-by_ms)
    await stage.go(MINUTE_MS)
    (entry,) = stage.picture("dog").flags
    assert entry.cleared_ms is not None


@on_stage
async def test_a_clock_that_is_put_back_while_a_turn_begins_makes_nobody_read_faster(
    stage: Stage,
) -> None:
    """The time that it showed a moment before is not that of the turn any more."""
    await stage.start("dog")
    await stage.start("isr")
    stage.clock = clock = SetClock(stage.time)
    post = await stage.start("tur", Routine("Demir", 10 * MINUTE_MS))
    await stage.go(MINUTE_MS)
    stage.say("isr", notice())
    await stage.go(MINUTE_MS)
    await post.node.hatch.look(lambda _: clock.set(-HOUR_MS))
    await stage.go(8 * MINUTE_MS)
    assert "tur" not in stage.picture("isr").heads
    await stage.go(2 * MINUTE_MS)
    assert stage.picture("isr").heads["tur"] == 1
