"""Follows a line, or every line, on a broker, for whoever listens."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from hotline import topics
from hotline.broker.address import BrokerAddress
from hotline.errors import BrokerUnreachable
from hotline.inbox import Inbox
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming
from hotline.transport import Arrival, Down, Transport, Up

_NAME = "tail"
_QUIET_S = 3.0  # every station that was on the line in the last days has left a retained status
_LOOK_S = 0.5
_TICK_S = 0.2


class Listener(Protocol):
    """Whatever is given all that comes in."""

    def hear(self, incoming: Incoming) -> None:
        """One message came in."""

    def miss(self, after_s: float, others: Collection[str]) -> None:
        """Nobody was heard for this long, though these lines can be."""

    def cut(self, reason: str) -> None:
        """The link is lost, or does not come back for another reason: nothing is heard."""

    def restored(self) -> None:
        """The link is back; what was said meanwhile was not heard."""

    def tick(self, *, all_heard: bool) -> None:
        """Some time has passed; `all_heard`: whoever spoke has been heard."""


async def follow(
    address: BrokerAddress, line: str | None, listener: Listener, stopped: asyncio.Event
) -> None:
    """Have somebody follow a line (or, without a name, every line) until `stopped`.

    Raises:
        BrokerUnreachable: there is no broker to begin with.
    """
    inbox: Inbox[Arrival] = Inbox()
    link = MqttLink(address, _NAME)
    wanted = topics.every_topic_of(line) if line else topics.EVERY_LINE
    await link.open([wanted], lambda: None, inbox.put)
    clock = asyncio.get_running_loop().time
    quiet_s: float | None = clock() + _QUIET_S
    tick_s = clock() + _TICK_S
    is_cut = False
    try:
        while not stopped.is_set():
            ticks = clock() >= tick_s
            for arrival in await inbox.take(0 if ticks else _TICK_S):
                match arrival:
                    case Incoming():
                        quiet_s = None
                        listener.hear(arrival)
                    case Down(reason):
                        is_cut = True
                        listener.cut(reason)
                    case Up() if is_cut:
                        is_cut = False
                        listener.restored()
            if quiet_s is not None and clock() >= quiet_s:
                quiet_s = None
                listener.miss(_QUIET_S, await _lines_on(address) if line else ())
            if ticks:
                tick_s = clock() + _TICK_S
                dropped, inbox.dropped = inbox.dropped, 0
                listener.tick(all_heard=not (is_cut or dropped or inbox.is_behind))
    finally:
        await link.close()


async def _lines_on(address: BrokerAddress) -> set[str]:
    """Which lines can be heard on a broker, by what stations have said of themselves."""
    link = MqttLink(address, _NAME)
    try:
        came = await retained_by(link, topics.EVERY_STATUS)
    except BrokerUnreachable:
        return set()  # a user who may read only one line need not know of the others
    finally:
        await link.close()
    parsed = [topics.parse(each.topic) for each in came]
    return {topic.line for topic in parsed if topic}


async def retained_by(link: Transport, wanted: str) -> list[Incoming]:
    """Open a link, and look what its broker retains under a filter.

    Raises:
        BrokerUnreachable: it cannot be reached.
    """
    arrivals: list[Arrival] = []
    await link.open([wanted], lambda: None, arrivals.append)
    await asyncio.sleep(_LOOK_S)  # retained messages come at once
    return [each for each in arrivals if isinstance(each, Incoming) and each.retained]
