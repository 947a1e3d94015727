"""A link that is made bad on purpose.

It stands between a node and any transport, so it does on a real broker what it does in memory.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hotline.clock import Clock, sleep_until
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Deliver, Down, MakeWill, Transport
from sim.scenario.fault import WILL_LATE_MS, Will
from sim.stage import stranger


@dataclass
class WayFaults:
    """What is wrong with one direction of a link now."""

    loss: float = 0.0
    repeat: float = 0.0
    slow_ms: int = 0
    reorder_ms: int = 0
    cut: bool = False


@dataclass
class LinkFaults:
    """What is wrong with a station's link now: with what it says, with what it hears, or all."""

    out: WayFaults = field(default_factory=WayFaults)
    into: WayFaults = field(default_factory=WayFaults)
    cut: bool = False
    no_broker: bool = False
    will: Will = Will.AT_ONCE

    @property
    def is_cut(self) -> bool:
        """Whether there is no connection at all."""
        return self.cut or self.no_broker


class _Lane:
    """One direction of a link: slow messages stay in order, unless the link reorders."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self._clock = clock
        self._random = random
        self._queue: deque[Callable[[], None]] = deque()
        self._last_s = 0.0

    def times(self, now: WayFaults) -> int:
        """How often a message arrives: once, unless something is wrong here."""
        if now.cut or (now.loss and self._random.random() < now.loss):
            return 0
        return 2 if now.repeat and self._random.random() < now.repeat else 1

    def is_clear(self, now: WayFaults) -> bool:
        """Whether neither a message that is said now nor an earlier one is held up."""
        return not (now.slow_ms or now.reorder_ms or self._queue)

    def carry(self, now: WayFaults, arrive: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        if now.reorder_ms:
            delay_ms = now.slow_ms + self._random.randint(0, now.reorder_ms)
            loop.call_at(loop.time() + self._real_s(delay_ms), arrive)
            return
        if self.is_clear(now):
            arrive()
            return
        self._last_s = max(loop.time() + self._real_s(now.slow_ms), self._last_s)
        self._queue.append(arrive)
        loop.call_at(self._last_s, self._next)

    def _next(self) -> None:
        self._queue.popleft()()

    def _real_s(self, delay_ms: int) -> float:
        return self._clock.wait_s(self._clock.now_ms() + delay_ms)


class ShakyLink:
    """A `hotline.transport.Transport` over others, whose connection can be cut and made worse.

    Args:
        make: a new link to the broker.
        conditions: how bad it is now.
        clock: the line's time.
        random: what is lost, repeated or held up is drawn from it.
        published: is called with each message that was handed over.
    """

    def __init__(
        self,
        make: Callable[[], Transport],
        conditions: LinkFaults,
        clock: Clock,
        random: Random,
        published: Callable[[Publish], None] = lambda _: None,
    ) -> None:
        self._make = make
        self._now = conditions
        self._clock = clock
        self._published = published
        self._out, self._in = _Lane(clock, random), _Lane(clock, random)
        self._will: Publish | None = None
        self._link: Transport | None = None
        self._connect: Callable[[], Coroutine[Any, Any, None]] | None = None
        self._deliver: Deliver | None = None
        self._unread: list[Arrival] | None = None  # while its process stands still
        self._sending: set[asyncio.Task[None]] = set()

    async def open(self, topics: Sequence[str], make_will: MakeWill, deliver: Deliver) -> None:
        """Connect, subscribe, and deliver from then on."""

        def will() -> Publish | None:
            self._will = make_will()
            return self._will

        async def connect() -> None:
            self._link = link = self._make()
            await link.open(topics, will, lambda arrival: self._arrive(link, arrival))

        self._connect, self._deliver = connect, deliver
        await self.mend()

    async def publish(self, publish: Publish) -> None:
        """Hand a message to the broker, if it gets that far."""
        now = self._now.out
        for _ in range(self._out.times(now)):
            if self._link and self._out.is_clear(now):
                await self._link.publish(publish)
            else:
                self._out.carry(now, lambda: self._send(publish))
        self._published(publish)

    async def close(self) -> None:
        """Leave without the last will, and for good."""
        self._connect = None
        link, self._link = self._link, None
        if link:
            await link.close()

    async def abort(self) -> None:
        """Break off as a crash does."""
        self._connect = None
        await self.break_off()

    async def break_off(self) -> None:
        """Be cut off. The last will comes as the faults say; a dead broker publishes none."""
        link, self._link = self._link, None
        if link is None or self._deliver is None:
            return
        if self._now.will is Will.AT_ONCE and not self._now.no_broker:
            await link.abort()
        else:
            await link.close()
        if self._now.will is Will.LATE and self._will and not self._now.no_broker:
            self._start(self._say_late(self._will), "late will")
        self._hand_over(Down("the broker is gone" if self._now.no_broker else "the link was cut"))

    async def mend(self) -> None:
        """Connect, unless the link is cut, or no process is there now that would."""
        is_free = self._unread is None and not self._now.is_cut
        if self._connect and not self._link and is_free:
            await self._connect()

    def stop_reading(self) -> None:
        """Its process stands still: what arrives waits for it."""
        if self._unread is None:
            self._unread = []

    def read_on(self) -> None:
        """It goes on: all that has arrived comes at once."""
        unread, self._unread = self._unread or (), None
        for arrival in unread:
            self._hand_over(arrival)

    def _arrive(self, link: Transport, arrival: Arrival) -> None:
        if link is not self._link:
            return  # of a connection that was cut
        if not isinstance(arrival, Incoming):
            self._hand_over(arrival)
            return
        now = self._now.into
        for _ in range(self._in.times(now)):
            self._in.carry(now, lambda: self._hand_over(arrival))

    def _hand_over(self, arrival: Arrival) -> None:
        if self._unread is not None:
            self._unread.append(arrival)
        elif self._deliver:
            self._deliver(arrival)

    def _send(self, publish: Publish) -> None:
        if self._link:
            self._start(self._link.publish(publish), "slow link")

    async def _say_late(self, will: Publish) -> None:
        await sleep_until(self._clock, self._clock.now_ms() + WILL_LATE_MS)
        if not self._now.no_broker:
            await stranger.say(self._make, [will])

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
