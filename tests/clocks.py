"""A clock that a test sets by hand."""

from tests.helpers import T0


class HandClock:
    """A clock that shows what it is told to, for code that only looks at it."""

    def __init__(self, at_ms: int = T0) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        """The time that was set."""
        return self.at_ms

    def wait_s(self, until_ms: int) -> float:
        """A mistake of the test: nobody waits here."""
        raise AssertionError(f"waits until {until_ms}, and nobody sets this clock meanwhile")

    def jumped_ms(self) -> int:
        """Nobody sets it unseen."""
        return 0
