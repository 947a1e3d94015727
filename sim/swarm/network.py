"""The network of a simulated line, with its faults: a broker in memory whose links are bad.

Each direction of each link loses, delays, repeats, reorders and cuts by its own conditions; the
broker restarts with or without its memory; wills come late or never. All chance is from one seed.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from hotline.memory import retain
from hotline.station.turn import Incoming, Publish
from hotline.times import SECOND_MS
from hotline.topics import is_heard
from hotline.transport import Arrival, Deliver, Down, MakeWill, Up
from sim.chance import below

T = TypeVar("T")


@dataclass
class Conditions:
    """How well one direction of a link carries."""

    shortest_ms: int = 1
    longest_ms: int = 3
    loss: float = 0.0
    repeat: float = 0.0
    reorder: bool = False
    cut: bool = False


class _Lane(Generic[T]):
    """One direction of one connection: in order, unless it reorders."""

    def __init__(self, conditions: Conditions, random: Random, arrive: Callable[[T], None]) -> None:
        self._conditions = conditions
        self._random = random
        self._arrive = arrive
        self._loop = asyncio.get_running_loop()
        self._last_s = 0.0
        self._is_open = True

    def carry(self, message: T) -> None:
        """Have a message arrive once, twice or never."""
        now, random = self._conditions, self._random
        if now.cut or (now.loss and random.random() < now.loss):
            return
        twice = now.repeat and random.random() < now.repeat
        for _ in (1, 2) if twice else (1,):
            delay_ms = now.shortest_ms + below(random, now.longest_ms - now.shortest_ms + 1)
            at_s = self._loop.time() + delay_ms / SECOND_MS
            if not now.reorder:
                at_s = self._last_s = max(at_s, self._last_s)
            self._loop.call_at(at_s, self._bring, message)

    def bring_to(self, arrive: Callable[[T], None]) -> None:
        """Bring everything that arrives from now on to this instead."""
        self._arrive = arrive

    def close(self) -> None:
        """Lose what is still on its way, as the connection ends."""
        self._is_open = False

    def _bring(self, message: T) -> None:
        if self._is_open:
            self._arrive(message)


class Network:
    """The broker and all links to it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.retained: dict[str, bytes] = {}
        self.connected: dict[str, NetLink] = {}
        self.links: dict[str, NetLink] = {}
        self.conditions: dict[str, tuple[Conditions, Conditions]] = {}
        self.will_delays_ms: dict[str, int | None] = {}
        self.up = True
        self._ways: dict[str, list[_Lane[Incoming]]] = {}  # by topic, till somebody comes or goes

    def link(
        self,
        name: str,
        said: Callable[[Publish], None],
        heard: Callable[[Incoming], None] | None = None,
    ) -> "NetLink":
        """A station's new link: of a process that has just started.

        `said` is called with what it lets out, `heard` with what reaches it.
        """
        self.conditions.setdefault(name, (Conditions(), Conditions()))
        self.links[name] = link = NetLink(self, name, said, heard)
        return link

    def route(self, publish: Publish) -> None:
        """Take a message in, and pass it on to all who listen."""
        if not self.up:
            return
        retain(self.retained, publish)
        topic, incoming = publish.topic, Incoming(publish.topic, publish.payload)
        lanes = self._ways.get(topic)
        if lanes is None:
            found = (link.lane_for(topic) for link in self.connected.values())
            lanes = self._ways[topic] = [lane for lane in found if lane]
        for lane in lanes:
            lane.carry(incoming)

    def connect(self, link: "NetLink") -> None:
        """Pass what comes in on to this link too."""
        self.connected[link.name] = link
        self._ways.clear()

    def disconnect(self, link: "NetLink") -> None:
        """Pass nothing on to this link any more."""
        self.connected.pop(link.name, None)
        self._ways.clear()

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

    def __init__(
        self,
        network: Network,
        name: str,
        said: Callable[[Publish], None],
        heard: Callable[[Incoming], None] | None,
    ) -> None:
        self.name = name
        self._network = network
        self._said = said
        self._heard = heard
        self._filters: Sequence[str] = ()
        self._make_will: MakeWill = lambda: None
        self._will: Publish | None = None
        self._deliver: Deliver | None = None
        self._lanes: tuple[_Lane[Publish], _Lane[Incoming]] | None = None
        self._unread: list[Arrival] | None = None  # while its process is stopped

    async def open(self, topics: Sequence[str], make_will: MakeWill, deliver: Deliver) -> None:
        """Be connected as soon as that can be."""
        self._filters = topics
        self._make_will, self._deliver = make_will, deliver
        self._connect()

    async def publish(self, publish: Publish) -> None:
        """Hand a message over; dropped while the link is down."""
        self._said(publish)
        if self._lanes:
            self._lanes[0].carry(publish)

    async def close(self) -> None:
        """Leave without the last will; what was said before that still arrives."""
        self._deliver = None
        self.lose("closed", will=False, in_order=True)

    async def abort(self) -> None:
        """Break off as a crash does."""
        self._deliver = None
        self.lose("killed", will=True)

    def lose(self, reason: str, *, will: bool, in_order: bool = False) -> None:
        """End the connection; the will comes after the network's delay for it, or never."""
        if self._lanes is None:
            return
        out, into = self._lanes
        into.close()
        if not in_order:
            out.close()
        self._lanes = None
        self._network.disconnect(self)
        delay_ms = self._network.will_delays_ms.get(self.name, 0)
        if will and self._will and delay_ms is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(delay_ms / SECOND_MS, self._network.route, self._will)
        if self._unread is not None:
            self._unread.append(Down(reason))
        elif self._deliver:
            self._deliver(Down(reason))

    def stop_reading(self) -> None:
        """Its process is stopped: what arrives waits, and a connection that ends is not renewed."""
        if self._unread is None:
            unread: list[Arrival] = []
            self._unread = unread
            if self._lanes:
                self._lanes[1].bring_to(unread.append)

    def be_given_up(self) -> None:
        """Have the broker end the connection, as nothing came from its process for so long."""
        if self._unread is not None:
            self.lose("it is asleep", will=True)

    def read_on(self) -> None:
        """It goes on: all that has arrived comes at once."""
        unread, self._unread = self._unread or (), None
        for arrival in unread:
            if isinstance(arrival, Incoming):
                self._arrive(arrival)
            elif self._deliver:
                self._deliver(arrival)
        if self._lanes:
            self._lanes[1].bring_to(self._arrive)
        else:
            self.reconnect_soon()

    def reconnect_soon(self) -> None:
        """The way is free again: a client tries after a moment."""
        wait_ms = self._network.random.randint(1, 2 * SECOND_MS)
        asyncio.get_running_loop().call_later(wait_ms / SECOND_MS, self._connect)

    def lane_for(self, topic: str) -> _Lane[Incoming] | None:
        """The way from the broker to the station, if it listens to this."""
        return self._lanes[1] if self._lanes and is_heard(topic, self._filters) else None

    def _connect(self) -> None:
        network, ways = self._network, self._network.conditions[self.name]
        blocked = not network.up or any(way.cut for way in ways)
        if blocked or self._lanes or self._deliver is None or self._unread is not None:
            return
        self._will = self._make_will()
        arrive = self._arrive if self._heard else self._deliver
        self._lanes = (
            _Lane(ways[0], network.random, network.route),
            _Lane(ways[1], network.random, arrive),
        )
        network.connect(self)
        self._deliver(Up())
        for topic, payload in network.retained.items():
            if lane := self.lane_for(topic):
                lane.carry(Incoming(topic, payload, retained=True))

    def _arrive(self, incoming: Incoming) -> None:
        if self._heard and self._deliver:
            self._heard(incoming)
        if self._deliver:
            self._deliver(incoming)
