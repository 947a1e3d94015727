"""What a scenario does to a station on purpose: its link and its clock, with their faults.

They stand between a node and any transport, so they do on a real broker what they do in memory.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hotline.clock import Clock
from hotline.transport import Arrival, Down, Transport
from hotline.turn import Incoming, Publish


class SetClock:
    """A station's own clock, which is `ahead_ms` of the line's (behind it, below 0)."""

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


@dataclass
class Conditions:
    """How bad a station's link is, in each direction."""

    loss: float = 0.0
    repeat: float = 0.0
    slow_ms: int = 0
    cut: bool = False


class _Lane:
    """One direction of a link: what is slow stays in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queue: deque[Callable[[], None]] = deque()
        self._last_s = 0.0

    def carry(self, slow_ms: int, arrive: Callable[[], None]) -> None:
        if not slow_ms and not self._queue:
            arrive()
            return
        loop = asyncio.get_running_loop()
        slow_s = self._clock.wait_s(self._clock.now_ms() + slow_ms)
        self._last_s = max(loop.time() + slow_s, self._last_s)
        self._queue.append(arrive)
        loop.call_at(self._last_s, self._next)

    def _next(self) -> None:
        self._queue.popleft()()


class ShakyLink:
    """A `hotline.transport.Transport` over others, whose connection can be cut and made worse.

    Args:
        make: a new link to the broker.
        conditions: how bad it is now.
        clock: the line's time.
        random: what is lost or repeated is drawn from it.
    """

    def __init__(
        self,
        make: Callable[[], Transport],
        conditions: Conditions,
        clock: Clock,
        random: Random,
    ) -> None:
        self._make = make
        self._now = conditions
        self._random = random
        self._out, self._in = _Lane(clock), _Lane(clock)
        self._link: Transport | None = None
        self._connect: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._deliver: Callable[[Arrival], None] | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def open(
        self,
        topics: Sequence[str],
        make_will: Callable[[], Publish | None],
        deliver: Callable[[Arrival], None],
    ) -> None:
        """Connect, subscribe, and deliver from then on."""

        async def connect() -> None:
            self._link = link = self._make()
            await link.open(topics, make_will, lambda arrival: self._arrive(link, arrival))

        self._connect, self._deliver = connect, deliver
        await self.mend()

    async def publish(self, publish: Publish) -> None:
        """Hand a message to the broker, if it gets so far."""
        for _ in range(self._times()):
            if self._link and not self._now.slow_ms:
                await self._link.publish(publish)
            else:
                self._out.carry(self._now.slow_ms, lambda: self._send(publish))

    async def close(self) -> None:
        """Leave without the last will."""
        if self._link:
            await self._link.close()

    async def abort(self) -> None:
        """Break off as a crash does."""
        self._connect = None
        await self.break_off()

    async def break_off(self) -> None:
        """Be cut off; the broker publishes the last will."""
        link, self._link = self._link, None
        if link and self._deliver:
            await link.abort()
            self._deliver(Down("the link was cut"))

    async def mend(self) -> None:
        """Connect, unless the link is cut."""
        if self._connect and not self._link and not self._now.cut:
            await self._connect()

    def _arrive(self, link: Transport, arrival: Arrival) -> None:
        if link is not self._link or self._deliver is None:
            return  # of a connection that was cut
        deliver = self._deliver
        if not isinstance(arrival, Incoming):
            deliver(arrival)
            return
        for _ in range(self._times()):
            self._in.carry(self._now.slow_ms, lambda: deliver(arrival))

    def _send(self, publish: Publish) -> None:
        if self._link:
            task = asyncio.get_running_loop().create_task(
                _hand_over(self._link, publish), name="slow link"
            )
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    def _times(self) -> int:
        """How often a message comes: once, but for what is wrong with the link."""
        now = self._now
        if now.loss and self._random.random() < now.loss:
            return 0
        return 2 if now.repeat and self._random.random() < now.repeat else 1


async def _hand_over(link: Transport, publish: Publish) -> None:
    await link.publish(publish)
