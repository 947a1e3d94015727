"""What has arrived at a node and waits for a turn, of which a flood may not take too much."""

import asyncio
import math
from bisect import bisect_right
from itertools import accumulate
from typing import Generic, TypeVar

from hotline.station.turn import Incoming

T = TypeVar("T")

_FEW = 256  # with 32, 64 in flight took twice the commits and a fifth more time
_MOST = 5_000  # more would keep us from our socket until the broker throws us out
_READ_UP_S = 0.5  # well before anybody would be missed
_LATE_S = 0.01  # later than this, and the loop was held up while we waited
_MOST_TURN_BYTES = 1 << 20  # full of records, they take a quarter of a second to read
_MOST_BYTES = 32 * 1024 * 1024
_OVERHEAD_BYTES = 200  # what a message takes besides its payload


class Inbox(Generic[T]):
    """What has arrived and has not been taken yet, in order.

    It stays short, since a turn takes much of it and replays come only as fast as they are asked
    for. In a flood it keeps `_MOST_BYTES`; what is dropped stays missing in the copies, and is
    asked for again.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """How many messages found no room."""
        self.is_behind = False
        """Whether a turn that should have taken everything had to leave some."""
        self._items: list[T] = []
        self._bytes = 0
        self._waiter: asyncio.Future[None] | None = None

    def put(self, item: T) -> None:
        """Add an item and wake the taker."""
        if isinstance(item, Incoming):
            if self._bytes > _MOST_BYTES:
                self.dropped += 1
                return
            self._bytes += _size(item)
        self._items.append(item)
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _take(self, share: int) -> list[T]:
        sizes = list(accumulate(map(_size, self._items[: min(share, _MOST)])))
        share = bisect_right(sizes, _MOST_TURN_BYTES) or 1
        items, self._items = self._items[:share], self._items[share:]
        self._bytes -= sum(map(_size, items))
        return items

    async def take(self, timeout_s: float | None) -> list[T]:
        """Wait until something is there, or for `timeout_s`, and take a turn's share of it.

        The share is all of a few, and half of many, so that others can work on it while the rest is
        still to come, and yet one commit carries much. If the time was up before we came to it, the
        share is all that has come, read or not: what is due must not be judged without it. In a
        flood that is too much for one turn; then `is_behind` says so.
        """
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        if timeout_s != 0 and not self._items:
            self._waiter = waiter = loop.create_future()
            handle = None if timeout_s is None else loop.call_later(timeout_s, _wake, waiter)
            try:
                await waiter
            finally:
                if handle:
                    handle.cancel()
        late_s = loop.time() - began_s - (math.inf if timeout_s is None else timeout_s)
        if timeout_s != 0 and late_s < _LATE_S:
            return self._take(max(_FEW, len(self._items) // 2))
        self.is_behind = not await self._read_up()
        return self._take(len(self._items))

    async def _read_up(self) -> bool:
        """Have what has come handed over, in a flood no more than a turn takes; say if it is all.

        A process that was held up, by a slow disk say, has not looked at its sockets for a while.
        Others get their turn here, even if ours never ends.
        """
        loop = asyncio.get_running_loop()
        until_s = loop.time() + _READ_UP_S
        before = -1
        while len(self._items) != before:
            if len(self._items) > _MOST or self._bytes > _MOST_TURN_BYTES:
                await asyncio.sleep(0)
                return False
            if loop.time() >= until_s:  # a loop with many lines takes long for few messages
                return len(self._items) <= _FEW
            before = len(self._items)
            await asyncio.sleep(0)  # the loop looks at its sockets
            await asyncio.sleep(0)  # and has read a piece of what is there
        return True


def _size(item: object) -> int:
    return len(item.payload) + _OVERHEAD_BYTES if isinstance(item, Incoming) else 0


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
