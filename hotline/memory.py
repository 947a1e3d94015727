"""A broker in memory: ordered, instant, with retained messages and last wills."""

import asyncio
from collections.abc import Sequence

from hotline.errors import BrokerUnreachable
from hotline.station.turn import Incoming, Publish
from hotline.topics import is_heard
from hotline.transport import Arrival, Deliver, Down, MakeWill, Up


class MemoryBroker:
    """What Mosquitto is to the other adapter; every link of one broker shares an event loop."""

    def __init__(self) -> None:
        self.retained: dict[str, bytes] = {}
        self.links: list[MemoryLink] = []

    def link(self) -> "MemoryLink":
        """A transport for one station."""
        return MemoryLink(self)

    def route(self, publish: Publish) -> None:
        """Take a message in, and pass it on to all who listen."""
        retain(self.retained, publish)
        incoming = Incoming(publish.topic, publish.payload)
        for link in self.links:
            if link.listens_to(publish.topic):
                link.deliver_soon(incoming)


class MemoryLink:
    """One station's link to a `MemoryBroker`."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._filters: Sequence[str] = ()
        self._matches: dict[str, bool] = {}
        self._make_will: MakeWill | None = None
        self._will: Publish | None = None
        self._deliver: Deliver | None = None
        self.reachable = True

    async def open(self, topics: Sequence[str], make_will: MakeWill, deliver: Deliver) -> None:
        """Connect, subscribe, and deliver from then on."""
        if not self.reachable:
            raise BrokerUnreachable("the broker in memory cannot be reached: its link is cut")
        self._filters = topics
        self._make_will, self._deliver = make_will, deliver
        self.restore()

    async def publish(self, publish: Publish) -> None:
        """Hand a message to the broker; dropped while the link is cut."""
        if self in self._broker.links:
            self._broker.route(publish)

    async def close(self) -> None:
        """Leave without the last will."""
        if self in self._broker.links:
            self._broker.links.remove(self)

    async def abort(self) -> None:
        """Break off as a crash does."""
        self.cut("killed")
        self._deliver = None

    def cut(self, reason: str = "the link was cut") -> None:
        """Cut the link; the broker notices and publishes the last will."""
        if self not in self._broker.links:
            return
        self._broker.links.remove(self)
        self.deliver_soon(Down(reason))
        if self._will:
            self._broker.route(self._will)

    def restore(self) -> None:
        """Connect (again), as a client does that was cut off."""
        if self._make_will is None or self in self._broker.links:
            return
        self._will = self._make_will()
        self._broker.links.append(self)
        self.deliver_soon(Up())
        for topic, payload in self._broker.retained.items():
            if self.listens_to(topic):
                self.deliver_soon(Incoming(topic, payload, retained=True))

    def deliver_soon(self, arrival: Arrival) -> None:
        """Deliver from the event loop, never from within somebody's publish."""
        if self._deliver:
            asyncio.get_running_loop().call_soon(self._deliver, arrival)

    def listens_to(self, topic: str) -> bool:
        """Whether one of the filters takes this topic."""
        known = self._matches.get(topic)
        if known is None:
            known = self._matches[topic] = is_heard(topic, self._filters)
        return known


def retain(retained: dict[str, bytes], publish: Publish) -> None:
    """Keep a message by its topic, if it is to be kept; an empty one takes away the one before."""
    if publish.retain and publish.payload:
        retained[publish.topic] = publish.payload
    elif publish.retain:
        retained.pop(publish.topic, None)
