"""What a scenario does to a clock."""

from hotline.clock import ScenarioClock
from sim.set_clock import SetClock
from tests.clocks import virtually
from tests.helpers import T0


@virtually
async def test_a_clock_that_is_set_says_by_how_much() -> None:
    """Once; and what it waits for comes when it shows that time."""
    base = ScenarioClock(T0)
    base.begin()
    clock = SetClock(base)
    assert (clock.now_ms(), clock.jumped_ms()) == (T0, 0)
    clock.ahead_ms = 20_000
    assert (clock.now_ms(), clock.jumped_ms(), clock.jumped_ms()) == (T0 + 20_000, 20_000, 0)
    assert clock.wait_s(T0 + 21_000) == 1.0
