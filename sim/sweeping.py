"""What a broker remembers of a line from before: a run begins on a line that is as new."""

import asyncio

from hotline.address import BrokerAddress
from hotline.mqtt import MqttLink
from hotline.topics import every_topic_of
from hotline.transport import Arrival
from hotline.turn import Incoming, Publish

_LOOK_S = 0.3  # what is retained comes at once


async def sweep(address: BrokerAddress, line: str) -> int:
    """Have a broker forget what it retains of a line; how many messages that were.

    The goodbyes of an earlier run, and its flags, would be taken for news: whoever said goodbye
    is off the line, and that is flagged.

    Raises:
        BrokerUnreachable: it cannot be reached.
    """
    retained: list[str] = []

    def note(arrival: Arrival) -> None:
        if isinstance(arrival, Incoming) and arrival.retained and arrival.payload:
            retained.append(arrival.topic)

    link = MqttLink(address, f"{line}-sweep")
    await link.open([every_topic_of(line)], lambda: None, note)
    await asyncio.sleep(_LOOK_S)
    for topic in retained:
        await link.publish(Publish(topic, b"", retain=True))
    await link.close()
    return len(retained)
