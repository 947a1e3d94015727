"""The port's contract, kept by every adapter: in memory, on Mosquitto and on nats-server."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable

import pytest

from hotline.broker.address import BrokerAddress
from hotline.errors import BrokerUnreachable
from hotline.memory import MemoryBroker
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Transport, Up
from tests.helpers import PATIENCE_S, eventually

MakeLink = Callable[[], Transport]
MOSQUITTO = pytest.param("mosquitto", marks=pytest.mark.mosquitto)
TLS = pytest.param("tls", marks=pytest.mark.mosquitto)
NATS = pytest.param("nats", marks=pytest.mark.nats)
NOBODY_LISTENS = 1  # a port that needs root's rights and has no server on any machine of ours


class End:
    """One end of the line: a link with what it delivered, opened and closed by the test."""

    def __init__(self, link: Transport, root: str) -> None:
        self.link = link
        self.root = root
        self.arrivals: list[Arrival] = []

    async def open(self, *topics: str, will: Publish | None = None) -> "End":
        """Listen to these topics of the test's."""
        await self.link.open([self.root + t for t in topics], lambda: will, self.arrivals.append)
        return self

    async def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> None:
        """Publish on a topic of the test's."""
        await self.link.publish(Publish(self.root + topic, payload, retain))

    def messages(self) -> list[tuple[str, bytes, bool]]:
        """What was delivered: topic, payload, retained."""
        return [
            (arrival.topic.removeprefix(self.root), arrival.payload, arrival.retained)
            for arrival in self.arrivals
            if isinstance(arrival, Incoming)
        ]

    def payloads(self) -> list[bytes]:
        """What was delivered, without where."""
        return [payload for _, payload, _ in self.messages()]


class Ends:
    """Makes the ends of one test, all on one broker, and closes those that it left open."""

    def __init__(self, make_link: MakeLink) -> None:
        self._make_link = make_link
        self._root = f"test-{secrets.token_hex(4)}/"
        self._made: list[End] = []

    def end(self) -> End:
        """Make an end that is not open yet."""
        end = End(self._make_link(), self._root)
        self._made.append(end)
        return end

    async def open(self, *topics: str, will: str | None = None) -> End:
        """Make an end that listens; `will` is the topic of its last will."""
        last_will = Publish(self._root + will, b"gone", retain=True) if will else None
        return await self.end().open(*topics, will=last_will)

    async def late(self, *topics: str, finds: list[tuple[str, bytes, bool]]) -> End:
        """Make an end that comes when the broker keeps just this.

        nats-server acknowledges a retained message, or the end of one, before it keeps to it; so
        an end that came too soon goes, and another one looks.
        """
        async with asyncio.timeout(PATIENCE_S):
            while True:
                end = await self.open(*topics)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        while len(end.messages()) < len(finds):
                            await asyncio.sleep(0.01)
                        if end.messages() == finds:
                            return end
                await end.link.close()

    async def close(self) -> None:
        """Close all."""
        for end in self._made:
            await end.link.close()


@pytest.fixture(params=["memory", MOSQUITTO, TLS, NATS])
def make_link(request: pytest.FixtureRequest) -> MakeLink:
    """Make links to one broker, of each kind in turn."""
    if request.param == "memory":
        return MemoryBroker().link
    address = BrokerAddress.parse(request.getfixturevalue(f"{request.param}_url"))
    return lambda: MqttLink(address, "test")


@pytest.fixture
async def ends(make_link: MakeLink) -> AsyncIterator[Ends]:
    """The ends of one line."""
    ends = Ends(make_link)
    yield ends
    await ends.close()


async def test_up_comes_before_the_first_message(ends: Ends) -> None:
    """A machine is told of its connection before it hears what is retained."""
    speaker = await ends.open()
    await speaker.say("a", b"kept", retain=True)
    end = await ends.late("a", finds=[("a", b"kept", True)])
    assert end.arrivals[0] == Up()
    assert len(end.arrivals) == 2


async def test_what_is_said_now_is_not_retained(ends: Ends) -> None:
    """Only what was said before one listened is marked as retained."""
    listener = await ends.open("a")
    speaker = await ends.open()
    await speaker.say("a", b"live", retain=True)
    await eventually(listener.payloads)
    assert listener.messages() == [("a", b"live", False)]
    assert not any(isinstance(arrival, Up) for arrival in listener.arrivals[1:])


async def test_what_was_not_retained_is_gone(ends: Ends) -> None:
    """Who comes late has not heard it; an emptied retained message is gone as well."""
    listener = await ends.open("a", "b", "c")
    speaker = await ends.open()
    await speaker.say("a", b"1")
    await speaker.say("b", b"2", retain=True)
    await speaker.say("b", b"", retain=True)
    await speaker.say("c", b"3", retain=True)
    await eventually(lambda: len(listener.messages()) == 4)
    late = await ends.late("a", "b", "c", finds=[("c", b"3", True)])
    await speaker.say("a", b"end")
    await eventually(lambda: b"end" in late.payloads())
    assert late.messages() == [("c", b"3", True), ("a", b"end", False)]


async def test_everybody_who_listens_hears_it_himself_included(ends: Ends) -> None:
    """A topic has many listeners, and a filter with + or # hears what it covers."""
    filters = [("x/+/status",), ("x/#",), ("x/b/status", "x/c/records")]
    listeners = [await ends.open(*topics) for topics in filters]
    for topic in ("x/a/status", "x/b/status", "x/c/records", "y/a/status", "x/end/status"):
        await listeners[1].say(topic)
    await listeners[1].say("x/c/records", b"end")
    await eventually(lambda: len(listeners[0].messages()) == 3)
    await eventually(lambda: len(listeners[1].messages()) == 5)
    await eventually(lambda: len(listeners[2].messages()) == 3)
    assert {topic for topic, _, _ in listeners[0].messages()} == {
        "x/a/status",
        "x/b/status",
        "x/end/status",
    }
    assert {topic for topic, _, _ in listeners[2].messages()} == {"x/b/status", "x/c/records"}


# Not on nats-server, which now and then swaps two messages: copies repair that.
@pytest.mark.parametrize("make_link", ["memory", MOSQUITTO], indirect=True)
async def test_the_order_of_a_speaker_is_kept(ends: Ends) -> None:
    """A thousand messages, more than may wait for an acknowledgement, arrive as they were said."""
    listener = await ends.open("a")
    speaker = await ends.open()
    said = [b"%d" % number for number in range(1_000)]
    for payload in said:
        await speaker.say("a", payload)
    await eventually(lambda: len(listener.messages()) >= len(said))
    assert listener.payloads() == said


async def test_a_clean_close_leaves_no_will(ends: Ends) -> None:
    """Who leaves in peace has said what he had to say, and nobody says more for him."""
    listener = await ends.open("will", "a")
    speaker = await ends.open(will="will")
    await speaker.say("a", b"last word")
    await speaker.link.close()
    witness = await ends.open()
    await witness.say("a", b"later")
    await eventually(lambda: b"later" in listener.payloads())
    assert listener.payloads() == [b"last word", b"later"]
    await speaker.link.close()


async def test_a_broken_off_connection_leaves_its_will(ends: Ends) -> None:
    """As a crash does: the broker says it, and keeps it for who comes later."""
    listener = await ends.open("will")
    speaker = await ends.open(will="will")
    await speaker.link.abort()
    await eventually(listener.payloads)
    assert listener.messages() == [("will", b"gone", False)]
    late = await ends.open("will")
    await eventually(late.payloads)
    assert late.messages() == [("will", b"gone", True)]


async def test_without_a_link_what_is_said_is_dropped(ends: Ends) -> None:
    """Before it is open, after it was closed or broken off: no error, and no message."""
    listener = await ends.open("a")
    closed, aborted, speaker = await ends.open(), await ends.open(), await ends.open()
    await ends.end().say("a", b"too early")
    await closed.link.close()
    await closed.say("a", b"too late")
    await aborted.link.abort()
    await aborted.say("a", b"too late")
    await speaker.say("a", b"now")
    await eventually(listener.payloads)
    assert listener.payloads() == [b"now"]


async def test_a_link_can_be_opened_again(ends: Ends) -> None:
    """After it was closed, and after it was broken off."""
    link, listener = await ends.open("a"), await ends.open("a")
    for leave in (link.link.close, link.link.abort):
        await leave()
        await link.open("a")
        await link.say("a", b"back")
    await eventually(lambda: len(listener.messages()) == 2)
    assert listener.payloads() == [b"back"] * 2


@pytest.mark.parametrize("kind", ["memory", "mqtt"])
async def test_a_broker_that_cannot_be_reached_is_said_in_a_sentence(kind: str) -> None:
    """The first connection must be made; the error says where, and what to do."""
    if kind == "memory":
        link: Transport = MemoryBroker().link()
        link.reachable = False  # type: ignore[attr-defined]
    else:
        link = MqttLink(BrokerAddress("127.0.0.1", NOBODY_LISTENS), "test")
    with pytest.raises(BrokerUnreachable, match=r"the broker in memory|127.0.0.1:1: .*--broker"):
        await link.open([], lambda: None, lambda _: None)
    await link.publish(Publish("a", b"x"))
    await link.close()


# The inbox
