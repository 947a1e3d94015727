import asyncio

from hotline.memory import MemoryBroker, MemoryLink
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Down, Up


async def opened(
    broker: MemoryBroker, *topics: str, will: str = ""
) -> tuple[MemoryLink, list[Arrival]]:
    """A link that listens, and what it delivers; its will tells how often it connected."""
    link = broker.link()
    arrivals: list[Arrival] = []
    wills: list[Publish] = []

    def make_will() -> Publish:
        wills.append(Publish(will, b"%d" % (len(wills) + 1), retain=True))
        return wills[-1]

    await link.open(topics, make_will if will else lambda: None, arrivals.append)
    await asyncio.sleep(0)
    return link, arrivals


async def test_a_cut_link_is_told_down_and_its_will_is_said() -> None:
    """Both ends notice at once, and what is said meanwhile is lost for good."""
    broker = MemoryBroker()
    _, heard = await opened(broker, "will")
    link, arrivals = await opened(broker, "a", will="will")
    link.cut("a ship's anchor")
    await link.publish(Publish("will", b"dropped"))
    broker.route(Publish("a", b"missed"))
    await asyncio.sleep(0)
    assert arrivals == [Up(), Down("a ship's anchor")]
    assert heard == [Up(), Incoming("will", b"1")]
    link.cut()
    await asyncio.sleep(0)
    assert len(arrivals) == 2, "it is cut once"


async def test_a_restored_link_listens_again_with_a_new_will() -> None:
    """It hears what is retained by then, and the broker has the will of this connection."""
    broker = MemoryBroker()
    link, arrivals = await opened(broker, "a", will="will")
    link.cut()
    broker.route(Publish("a", b"kept", retain=True))
    broker.route(Publish("a", b"passing"))
    link.restore()
    link.restore()
    await asyncio.sleep(0)
    assert arrivals[2:] == [Up(), Incoming("a", b"kept", retained=True)]
    await link.abort()
    assert broker.retained["will"] == b"2"


async def test_nothing_is_delivered_from_within_a_publish() -> None:
    """A node is never called while it or another is still talking."""
    broker = MemoryBroker()
    link, arrivals = await opened(broker, "a")
    await link.publish(Publish("a", b"x"))
    assert arrivals == [Up()]
    await asyncio.sleep(0)
    assert arrivals == [Up(), Incoming("a", b"x")]


async def test_a_link_that_was_never_opened_cannot_be_restored() -> None:
    """There is nothing to restore."""
    broker = MemoryBroker()
    broker.link().restore()
    assert broker.links == []


async def test_after_a_close_nothing_is_heard() -> None:
    """Who has left hears nobody."""
    broker = MemoryBroker()
    link, arrivals = await opened(broker, "#")
    await link.close()
    broker.route(Publish("a", b"x"))
    await asyncio.sleep(0)
    assert arrivals == [Up()]
