"""An event loop without waiting: when nothing is left to do, its clock jumps to the next timer.

A day of the line passes in seconds, and every run of the same program takes the same steps.
When there is no next timer either, everybody would wait for ever: that is an error, and it says
who waits where.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

from hotline.errors import LocalError

T = TypeVar("T")


_ROUNDS = 100_000  # of the loop without any time passing: somebody never rests


class StalledError(LocalError):
    """On the virtual clock nothing is left that could ever happen."""


class _JumpingSelector(selectors.SelectSelector):
    """Polls what is ready, and instead of waiting moves the clock on."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0
        self.loop: VirtualLoop | None = None
        self._rounds = 0  # since the clock moved last

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        self._rounds = 0 if timeout else self._rounds + 1
        if self._rounds > _ROUNDS and self.loop:
            raise StalledError(f"time stands still: {_who_waits(self.loop)}")
        if ready or timeout is None:
            if not ready and self.loop:
                raise StalledError(_who_waits(self.loop))
            return ready
        self.now_s += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time begins at 0 and costs nothing."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self._jumping.loop = self

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._jumping.now_s

    def run_in_executor(self, *_: object) -> NoReturn:
        """Refuse: a thread runs on real time, and would be different each time."""
        raise LocalError("no threads on a virtual clock: do the work inline")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a virtual clock.

    Raises:
        StalledError: it waits for something that cannot happen.
    """
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def _who_waits(loop: asyncio.AbstractEventLoop) -> str:
    lines = ["everybody waits and no timer is set:"]
    for task in sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name()):
        stack = task.get_stack(limit=1)
        where = f"{stack[-1].f_code.co_filename}:{stack[-1].f_lineno}" if stack else "its start"
        lines.append(f"  {task.get_name()} at {where}")
    return "\n".join(lines)
