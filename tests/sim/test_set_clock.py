"""What a scenario does to a clock."""

from hotline.clock import ScenarioClock
from sim.set_clock import SetClock
from sim.virtual_time import run
from tests.helpers import T0


def test_a_clock_that_is_set_says_by_how_much() -> None:
    """Once; and what it waits for comes when it shows that time."""

    async def main() -> None:
        base = ScenarioClock(T0)
        base.begin()
        clock = SetClock(base)
        assert (clock.now_ms(), clock.jumped_ms()) == (T0, 0)
        clock.ahead_ms = 20_000
        assert (clock.now_ms(), clock.jumped_ms(), clock.jumped_ms()) == (T0 + 20_000, 20_000, 0)
        assert clock.wait_s(T0 + 21_000) == 1.0

    run(main())
