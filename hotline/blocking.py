"""How work that waits for the disk is done: at once, or in a thread."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Blocking(Protocol):
    """How to do work that waits for the disk."""

    async def __call__(self, work: Callable[[], T]) -> T:
        """Do it, and return what it returns; end no sooner than it does, even when cancelled."""


async def in_thread(work: Callable[[], T]) -> T:
    """Do disk work in a thread: for stations that share one loop."""
    return await to_its_end(asyncio.get_running_loop().run_in_executor(None, work))


async def to_its_end(doing: asyncio.Future[T]) -> T:
    """The outcome of work that a thread does.

    Even when cancelled, it waits for the end of the work. A thread cannot be stopped, and whoever
    is told that it is over closes the journal: SQLite, half-way through a commit, would then end
    the process with a segmentation fault.
    """
    cancelled: asyncio.CancelledError | None = None
    while not doing.done():
        try:
            await asyncio.wait([doing])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        doing.exception()  # looked at, or asyncio would complain; as in a crash, nobody is told
        raise cancelled
    return doing.result()


async def inline(work: Callable[[], T]) -> T:
    """Do disk work at once: a station alone has nothing else to do (a thread costs 90 µs a commit).

    What arrives meanwhile waits in the socket, and is the next turn's batch.
    """
    return work()
