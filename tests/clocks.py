"""Time in tests: a clock that is set by hand, and one on which waiting takes no time."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import ParamSpec

from sim.virtual_time import run
from tests.helpers import T0

P = ParamSpec("P")


def virtually(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """A test that runs on a virtual clock."""

    @wraps(test)
    def virtual(*given: P.args, **more: P.kwargs) -> None:
        run(test(*given, **more))

    return virtual


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
