"""The network of a simulated line, with its faults: a broker in memory whose links are bad.

Each direction of each link loses, delays, repeats, reorders and cuts by its own conditions; the
broker restarts with or without its memory; wills come late or never. All chance is from one seed.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from hotline.times import SECOND_MS
from hotline.transport import Arrival, Down, Up
from hotline.turn import Incoming, Publish

T = TypeVar("T")


def below(random: Random, count: int) -> int:
    """Draw from 0 to below `count`: what `randrange` does, and draws, in a third of its time."""
    bits = count.bit_length()
    drawn = random.getrandbits(bits)
    while drawn >= count:
        drawn = random.getrandbits(bits)
    return drawn


class Crashed(BaseException):
    """The process ends here, between two effects: nothing after this is done."""


@dataclass
class Conditions:
    """How well one direction of a link carries."""

    shortest_ms: int = 1
    longest_ms: int = 3
    loss: float = 0.0
    repeat: float = 0.0
    reorder: bool = False
    cut: bool = False


@dataclass
class _Lane(Generic[T]):
    """One direction of one connection: in order, unless it reorders."""

    conditions: Conditions
    random: Random
    arrive: Callable[[T], None]
    queue: deque[T] = field(default_factory=deque)
    last_s: float = 0.0
    is_open: bool = True

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def carry(self, message: T) -> None:
        """Have something arrive: once, never, or twice."""
        now = self.conditions
        if now.cut or (now.loss and self.random.random() < now.loss):
            return
        loop, last_s = self._loop, self.last_s
        twice = now.repeat and self.random.random() < now.repeat
        for _ in (1, 2) if twice else (1,):
            delay_ms = now.shortest_ms + below(self.random, now.longest_ms - now.shortest_ms + 1)
            at_s = loop.time() + delay_ms / SECOND_MS
            if now.reorder:
                loop.call_at(at_s, self._if_open, message)
                continue
            last_s = self.last_s = max(last_s, at_s)
            self.queue.append(message)
            loop.call_at(last_s, self._next)

    def close(self) -> None:
        """What is on its way is lost with the connection."""
        self.is_open = False
        self.queue.clear()

    def _next(self) -> None:
        if self.queue:
            self.arrive(self.queue.popleft())

    def _if_open(self, message: T) -> None:
        if self.is_open:
            self.arrive(message)


class Network:
    """The broker and all links to it."""

    def __init__(self, random: Random, arrived: Callable[[str, Incoming], None]) -> None:
        self.random = random
        self.arrived = arrived  # is told what reaches whom
        self.retained: dict[str, bytes] = {}
        self.connected: dict[str, NetLink] = {}
        self.links: dict[str, NetLink] = {}
        self.conditions: dict[str, tuple[Conditions, Conditions]] = {}
        self.will_delays_ms: dict[str, int | None] = {}
        self.up = True

    def link(self, name: str, spy: Callable[[Publish], None]) -> "NetLink":
        """A station's new link: of a process that has just started."""
        self.conditions.setdefault(name, (Conditions(), Conditions()))
        self.links[name] = link = NetLink(self, name, spy)
        return link

    def route(self, publish: Publish) -> None:
        """Take a message in, and pass it on to all who listen."""
        if not self.up:
            return
        if publish.retain:
            if publish.payload:
                self.retained[publish.topic] = publish.payload
            else:
                self.retained.pop(publish.topic, None)
        incoming = Incoming(publish.topic, publish.payload)
        for link in self.connected.values():
            if link.listens_to(publish.topic):
                link.bring(incoming)

    def stop(self, *, forget: bool) -> None:
        """The broker dies; no will is published by the dead."""
        self.up = False
        if forget:
            self.retained.clear()
        for link in list(self.connected.values()):
            link.lose("the broker is gone", will=False)

    def start(self) -> None:
        """The broker is back."""
        self.up = True
        for link in self.links.values():
            link.reconnect_soon()


class NetLink:
    """One process's link; a `hotline.transport.Transport`."""

    def __init__(self, network: Network, name: str, spy: Callable[[Publish], None]) -> None:
        self._network = network
        self._name = name
        self._spy = spy
        self._filters: list[list[str]] = []
        self._matches: dict[str, bool] = {}
        self._make_will: Callable[[], Publish | None] = lambda: None
        self._will: Publish | None = None
        self._deliver: Callable[[Arrival], None] | None = None
        self._lanes: tuple[_Lane[Publish], _Lane[Incoming]] | None = None

    async def open(
        self,
        topics: Sequence[str],
        make_will: Callable[[], Publish | None],
        deliver: Callable[[Arrival], None],
    ) -> None:
        """Be connected as soon as that can be."""
        self._filters = [topic.split("/") for topic in topics]
        self._make_will, self._deliver = make_will, deliver
        self._connect()

    async def publish(self, publish: Publish) -> None:
        """Hand a message over; dropped while the link is down."""
        self._spy(publish)
        if self._lanes:
            self._lanes[0].carry(publish)

    async def close(self) -> None:
        """Leave without the last will."""
        self._deliver = None
        self.lose("closed", will=False)

    async def abort(self) -> None:
        """Break off as a crash does."""
        self._deliver = None
        self.lose("killed", will=True)

    def lose(self, reason: str, *, will: bool) -> None:
        """The connection ends; the will comes when it comes."""
        if self._lanes is None:
            return
        for lane in self._lanes:
            lane.close()
        self._lanes = None
        self._network.connected.pop(self._name, None)
        delay_ms = self._network.will_delays_ms.get(self._name, 0)
        if will and self._will and delay_ms is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(delay_ms / SECOND_MS, self._network.route, self._will)
        if self._deliver:
            self._deliver(Down(reason))

    def reconnect_soon(self) -> None:
        """The way is free again: a client tries after a moment."""
        wait_ms = self._network.random.randint(1, 2 * SECOND_MS)
        asyncio.get_running_loop().call_later(wait_ms / SECOND_MS, self._connect)

    def bring(self, incoming: Incoming) -> None:
        """Carry something from the broker to the station."""
        if self._lanes:
            self._lanes[1].carry(incoming)

    def listens_to(self, topic: str) -> bool:
        """Whether one of the filters takes this topic."""
        known = self._matches.get(topic)
        if known is None:
            levels = topic.split("/")
            known = any(
                len(levels) == len(pattern)
                and all(p in ("+", level) for p, level in zip(pattern, levels, strict=True))
                for pattern in self._filters
            )
            self._matches[topic] = known
        return known

    def _connect(self) -> None:
        network, ways = self._network, self._network.conditions[self._name]
        blocked = not network.up or any(way.cut for way in ways)
        if blocked or self._lanes or self._deliver is None:
            return
        self._will = self._make_will()
        self._lanes = (
            _Lane(ways[0], network.random, network.route),
            _Lane(ways[1], network.random, self._arrive),
        )
        network.connected[self._name] = self
        self._deliver(Up())
        for topic, payload in network.retained.items():
            if self.listens_to(topic):
                self.bring(Incoming(topic, payload, retained=True))

    def _arrive(self, incoming: Incoming) -> None:
        if self._deliver:
            self._network.arrived(self._name, incoming)
            self._deliver(incoming)
