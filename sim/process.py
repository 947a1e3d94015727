"""A process of a simulated run that can be stopped between two of its steps, as by SIGSTOP."""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any


class Process:
    """What runs in it stands still while it is stopped: its timers pass, and are seen late."""

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
        """Do this; what is thrown in from outside ends also one that is stopped."""
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
                step = partial(work.throw, error)
