"""A station's clock that is set wrong on purpose."""

from hotline.clock import Clock


class SetClock:
    """A station's own clock, `ahead_ms` ahead of the line's; behind it, where that is negative."""

    def __init__(self, clock: Clock) -> None:
        self.ahead_ms = 0
        self._clock = clock
        self._last_ms = 0

    def now_ms(self) -> int:
        """What it shows."""
        return self._clock.now_ms() + self.ahead_ms

    def wait_s(self, until_ms: int) -> float:
        """How many real seconds to sleep until it shows this."""
        return self._clock.wait_s(until_ms - self.ahead_ms)

    def jumped_ms(self) -> int:
        """By how much it was set since the last call."""
        by_ms, self._last_ms = self.ahead_ms - self._last_ms, self.ahead_ms
        return by_ms
