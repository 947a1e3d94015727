"""Has a broker forget what it remembers of a line, so that a run begins as on a new line."""

import asyncio
from collections.abc import Mapping

from hotline import status
from hotline.broker.address import BrokerAddress
from hotline.commands.following import retained_by
from hotline.errors import LocalError, RemoteError
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming, Publish
from hotline.status import LINK_LOST, Status
from hotline.timers import Timers
from hotline.times import SECOND_MS
from hotline.topics import Channel, Topic, every_topic_of
from hotline.transport import Arrival

_SPEAKS_AGAIN_S = Timers().heartbeat_ms / SECOND_MS + 1


async def sweep(address: BrokerAddress, line: str) -> int:
    """Have a broker forget what it retains of a line; return how many messages that were.

    The goodbyes and flags of an earlier run would be taken for news: a station that said goodbye
    is off the line, and that is flagged.

    Raises:
        BrokerUnreachable: it cannot be reached.
        LocalError: the line is in use there.
    """
    link = MqttLink(address, f"{line}-sweep")
    retained = await retained_by(link, every_topic_of(line))
    try:
        online = {each.topic: told for each in retained if (told := _online(each.payload))}
        if online:
            await _expect_silence(address, line, online)
        for each in retained:
            await link.publish(Publish(each.topic, b"", retain=True))
    finally:
        await link.close()
    return len(retained)


def _online(payload: bytes) -> Status | None:
    """The status in this payload, if its station says that it is there."""
    try:
        told = status.decode(payload)
    except RemoteError:  # a flag, or somebody else's
        return None
    return told if told.online else None


async def _expect_silence(address: BrokerAddress, line: str, online: Mapping[str, Status]) -> None:
    """Refuse a line whose stations speak: they and the scenario's would be two under one name.

    A retained status does not prove that its station is there: the broker may have been killed with
    it, or a fault have kept its last will back. Nor does a will that comes while we listen prove
    that it is gone. So the stations are asked, however long it is between their heartbeats: one
    that finds an old will in the place of its status says it anew at once, and nobody else takes
    such a will for news.
    """
    spoken = asyncio.Event()

    def deliver(arrival: Arrival) -> None:
        if isinstance(arrival, Incoming) and not arrival.retained and _online(arrival.payload):
            spoken.set()

    link = MqttLink(address, f"{line}-sweep")
    await link.open([str(Topic(line, "+", Channel.STATUS))], lambda: None, deliver)
    try:
        for topic, told in online.items():
            since_ms = told.since_ms - 1
            will = told._replace(online=False, reason=LINK_LOST, since_ms=since_ms)
            await link.publish(Publish(topic, will.encode(), retain=True))
        async with asyncio.timeout(_SPEAKS_AGAIN_S):
            await spoken.wait()
    except TimeoutError:
        return
    finally:
        await link.close()
    raise LocalError(
        f"the line {line} is in use on the broker at {address}: stop its stations, or leave"
        " --broker out to play on a private one"
    )
