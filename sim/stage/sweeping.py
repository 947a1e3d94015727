"""What a broker remembers of a line from before: a run begins on a line that is as new."""

import asyncio

from hotline import status
from hotline.address import BrokerAddress
from hotline.commands.following import retained_by
from hotline.errors import LocalError, RemoteError
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming, Publish
from hotline.timers import Timers
from hotline.times import SECOND_MS
from hotline.topics import Channel, Topic, every_topic_of
from hotline.transport import Arrival

_SPEAKS_AGAIN_S = Timers().heartbeat_ms / SECOND_MS + 1


async def sweep(address: BrokerAddress, line: str) -> int:
    """Have a broker forget what it retains of a line; how many messages that were.

    The goodbyes of an earlier run, and its flags, would be taken for news: whoever said goodbye
    is off the line, and that is flagged.

    Raises:
        BrokerUnreachable: it cannot be reached.
        LocalError: the line is in use there.
    """
    link = MqttLink(address, f"{line}-sweep")
    retained = await retained_by(link, every_topic_of(line))
    try:
        if any(_says_online(each.payload) for each in retained):
            await _expect_silence(address, line)
        for each in retained:
            await link.publish(Publish(each.topic, b"", retain=True))
    finally:
        await link.close()
    return len(retained)


def _says_online(payload: bytes) -> bool:
    try:
        return status.decode(payload).online
    except RemoteError:  # a flag, or somebody else's
        return False


async def _expect_silence(address: BrokerAddress, line: str) -> None:
    """Refuse a line whose stations speak: they and the scenario's would be two under one name.

    What a broker retains is not proof enough: it may have been killed with it, or a fault have
    kept a last will back. Nor is a will that comes while we listen.
    """
    spoken = asyncio.Event()

    def deliver(arrival: Arrival) -> None:
        if isinstance(arrival, Incoming) and not arrival.retained and _says_online(arrival.payload):
            spoken.set()

    link = MqttLink(address, f"{line}-sweep")
    await link.open([str(Topic(line, "+", Channel.STATUS))], lambda: None, deliver)
    try:
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
