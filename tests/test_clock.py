import asyncio
import time

import pytest

from hotline.clock import ScenarioClock, WallClock, sleep_until, wait_at_most
from tests.clocks import virtually
from tests.helpers import T0


def test_the_wall_clock_tells_utc() -> None:
    """A live line has the time of its machine."""
    before = time.time_ns() // 1_000_000
    now_ms = WallClock().now_ms()
    assert before <= now_ms <= time.time_ns() // 1_000_000


def test_the_wall_clock_waits_for_what_is_still_to_come() -> None:
    """In seconds, and not at all for what is past."""
    clock = WallClock()
    assert 59.0 < clock.wait_s(clock.now_ms() + 60_000) <= 60.0
    assert clock.wait_s(clock.now_ms() - 1) == 0.0


@pytest.mark.parametrize("speed", [1.0, 24.0, 1_000.0])
@virtually
async def test_a_scenario_runs_so_many_times_as_fast(speed: float) -> None:
    """An hour of the scenario takes an hour of the loop divided by the speed."""
    loop = asyncio.get_running_loop()
    clock = ScenarioClock(T0, speed)
    clock.begin()
    await sleep_until(clock, T0 + 3_600_000)
    assert clock.now_ms() == T0 + 3_600_000
    assert loop.time() == pytest.approx(3_600 / speed)


@virtually
async def test_a_scenario_stands_still_until_it_begins() -> None:
    """Whatever the preparations take, they cost the scenario no time."""
    clock = ScenarioClock(T0)
    await asyncio.sleep(7)
    assert clock.wait_s(T0 + 5_000) == 5.0
    assert clock.now_ms() == T0
    clock.begin()
    await asyncio.sleep(7)
    assert clock.now_ms() == T0 + 7_000


@virtually
async def test_sleeping_ends_in_the_very_millisecond() -> None:
    """No float makes a timer fall short: where a sleep ends, its time has come."""
    clock = ScenarioClock(T0, 3.0)
    clock.begin()
    for step in range(1, 2_000):
        await sleep_until(clock, T0 + step * 7)
        assert clock.now_ms() == T0 + step * 7
        assert clock.wait_s(T0 + step * 7) == 0.0


@virtually
async def test_sleeping_until_the_past_takes_no_time() -> None:
    """What is due already is not waited for."""
    clock = ScenarioClock(T0)
    clock.begin()
    await sleep_until(clock, T0 - 1_000)
    assert asyncio.get_running_loop().time() == 0.0


def test_a_clock_that_somebody_sets_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By how much; the seconds that passed are no jump, and neither is what NTP does all day."""
    utc_ms, boot_ms = T0, 5_000_000
    monkeypatch.setattr(time, "time_ns", lambda: utc_ms * 1_000_000)
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _: boot_ms * 1_000_000)
    clock = WallClock()
    utc_ms, boot_ms = utc_ms + 60_000, boot_ms + 60_000
    assert clock.jumped_ms() == 0
    utc_ms, boot_ms = utc_ms + 60_400, boot_ms + 60_000
    assert clock.jumped_ms() == 0
    utc_ms -= 3_600_000
    assert clock.jumped_ms() == -3_600_000
    assert clock.jumped_ms() == 0
    utc_ms += 3_600_000
    assert clock.jumped_ms() == 3_600_000


@virtually
async def test_waiting_for_something_ends_with_it_or_with_the_time() -> None:
    """Whichever comes first, and without an error."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    await wait_at_most(event, 2.0)
    assert loop.time() == 2.0
    loop.call_later(1.0, event.set)
    await wait_at_most(event, 2.0)
    assert loop.time() == 3.0
