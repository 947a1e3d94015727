"""What a broker remembers of a line from before: a run begins on a line that is as new."""

from hotline.address import BrokerAddress
from hotline.commands.following import retained_by
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Publish
from hotline.topics import every_topic_of


async def sweep(address: BrokerAddress, line: str) -> int:
    """Have a broker forget what it retains of a line; how many messages that were.

    The goodbyes of an earlier run, and its flags, would be taken for news: whoever said goodbye
    is off the line, and that is flagged.

    Raises:
        BrokerUnreachable: it cannot be reached.
    """
    link = MqttLink(address, f"{line}-sweep")
    retained = await retained_by(link, every_topic_of(line))
    for topic in retained:
        await link.publish(Publish(topic, b"", retain=True))
    await link.close()
    return len(retained)
