"""A simulated process: it can die, or be stopped between two steps, as by SIGSTOP."""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any


class Crashed(BaseException):
    """The process ends here, between two effects: nothing after this is done."""


class Process:
    """A process; while it is stopped, its work stands still, and sees its timers late."""

    def __init__(self) -> None:
        self._wakes: asyncio.Future[None] | None = None

    def stop(self) -> None:
        """Stand still from the next step on."""
        if self._wakes is None:
            self._wakes = asyncio.get_running_loop().create_future()

    def go_on(self) -> None:
        """Go on."""
        wakes, self._wakes = self._wakes, None
        if wakes and not wakes.done():
            wakes.set_result(None)

    async def run(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do this work. An exception thrown in from outside reaches it even while it is stopped.

        To cancel it is to kill it: nothing holds up the steps by which it ends.
        """
        await self._steps(work())

    @types.coroutine
    def _steps(self, work: Coroutine[Any, Any, None]) -> Generator[Any, None, None]:
        step = partial(work.send, None)
        while True:
            try:
                waited_for = step()
            except StopIteration:
                return
            step = partial(work.send, None)
            try:
                yield waited_for
                while self._wakes is not None:
                    yield from self._wakes
            except BaseException as error:  # noqa: BLE001 -- it is for the work to see
                if isinstance(error, asyncio.CancelledError):
                    self.go_on()
                step = partial(work.throw, error)
