"""How work that waits for the disk is done: at once, or in a thread."""

import asyncio
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Blocking(Protocol):
    """How to do work that waits for the disk."""

    async def __call__(self, work: Callable[[], T]) -> T:
        """Do it, and return what it returns."""


async def in_thread(work: Callable[[], T]) -> T:
    """Do disk work in a thread: for stations that share one loop."""
    return await asyncio.to_thread(work)


async def inline(work: Callable[[], T]) -> T:
    """Do disk work at once: a station alone has nothing else to do (a thread costs 90 µs a commit).

    What arrives meanwhile waits in the socket, and is the next turn's batch.
    """
    return work()
