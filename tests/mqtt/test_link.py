"""What only a broker of flesh and blood can do to a link: refuse it, die, and come back."""

import asyncio
import contextlib
import re

import pytest

from hotline.broker.address import BrokerAddress
from hotline.mqtt import backoff
from hotline.mqtt import link as links
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Down, Up
from tests.helpers import eventually
from tests.mosquitto import Mosquitto
from tests.mqtt.brokers import (
    ACCEPTED,
    NOT_AUTHORISED,
    SUBSCRIBED,
    opened,
    payloads,
    published,
    refusal,
    server,
    slow_broker,
    ups_and_downs,
)


@pytest.mark.mosquitto
async def test_a_link_comes_back_by_itself_when_its_broker_does(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down, then Up: it listens to the same topics as before, and can be heard again."""
    monkeypatch.setattr(backoff, "_STEADY_S", 0.0)
    await mosquitto.start()
    async with opened(mosquitto.url, "a") as (link, arrivals):
        await link.publish(Publish("a", b"before"))
        await eventually(lambda: payloads(arrivals) == [b"before"])
        mosquitto.kill()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down])
        await link.publish(Publish("a", b"into the void"))
        await mosquitto.start()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])
        async with opened(mosquitto.url) as (other, _):
            await other.publish(Publish("a", b"from another"))
            await link.publish(Publish("a", b"after"))
            await eventually(lambda: len(payloads(arrivals)) >= 3)
        assert sorted(payloads(arrivals)) == [b"after", b"before", b"from another"]
        down = next(arrival for arrival in arrivals if isinstance(arrival, Down))
        assert down.reason == "the connection to the broker was lost"


async def test_a_broker_is_told_who_comes() -> None:
    """A user and his password, a name that no other connection has, and when to say our will."""
    told: list[bytes] = []
    will = Publish("will", b"gone", retain=True)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.read(1_024))
        writer.write(ACCEPTED)
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        for _ in range(2):
            address = f"mqtt://isr:s%2Fcret@127.0.0.1:{port}"
            async with opened(address, make_will=lambda: will):
                pass
    # A clean session with all of these, and five seconds of keepalive.
    connect = (
        rb".+MQTT\x04\xee\x00\x05..test-(.{8})"
        rb"\x00\x04will\x00\x04gone\x00\x03isr\x00\x06s/cret"
    )
    names = {found[1] for each in told if (found := re.fullmatch(connect, each, re.DOTALL))}
    assert len(names) == len(told) == 2


@pytest.mark.mosquitto
async def test_every_connection_has_a_will_of_its_own(mosquitto: Mosquitto) -> None:
    """It is made anew when the connection is, so that a stale one can be told apart."""
    made: list[Publish] = []

    def make_will() -> Publish:
        made.append(Publish("will", b"%d" % len(made), retain=True))
        return made[-1]

    await mosquitto.start()
    async with opened(mosquitto.url, make_will=make_will) as (link, arrivals):
        mosquitto.kill()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down])
        await mosquitto.start()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])
        last = made[-1]
        await link.abort()
        async with opened(mosquitto.url, "will") as (_, onlooker):
            await eventually(lambda: payloads(onlooker))
            assert onlooker[1:] == [Incoming("will", last.payload, retained=True)]
        assert last != made[0]


@pytest.mark.mosquitto
async def test_a_dead_broker_never_blocks_who_speaks(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than may wait for its acknowledgement is handed over; death frees the room at once."""
    monkeypatch.setattr(links, "_CONNECT_TIMEOUT_S", 90.0)
    await mosquitto.start()
    async with opened(mosquitto.url) as (link, arrivals):
        many = [Publish("a", b"x" * 1_000)] * 2_000

        async def speak() -> None:
            for publish in many:
                await link.publish(publish)

        speaking = asyncio.create_task(speak())
        await asyncio.sleep(0)
        mosquitto.kill()
        async with asyncio.timeout(30):
            await speaking
            await speak()
        await eventually(lambda: Down in ups_and_downs(arrivals))


async def test_who_speaks_waits_for_room_and_who_leaves_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A broker that acknowledges nothing is given so much and no more, and keeps nobody."""
    monkeypatch.setattr(links, "_MAX_UNDERWAY", 3)
    monkeypatch.setattr(links, "_CLOSE_TIMEOUT_S", 0.2)
    loop, may_read = asyncio.get_running_loop(), asyncio.Event()
    may_read.set()
    async with slow_broker(may_read) as (port, read):
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        await link.open([], lambda: None, lambda _: None)
        for word in (b"one", b"two", b"three"):
            await link.publish(Publish("a", word))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await link.publish(Publish("a", b"four"))
        began_s = loop.time()
        await link.close()
        assert loop.time() - began_s >= 0.2
    assert b"three" in read
    assert b"four" not in read


async def test_a_connection_that_failed_is_closed() -> None:
    """Whatever went wrong with what came in: nothing more is heard through the old connection."""
    links: list[asyncio.StreamWriter] = []
    hung_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        links.append(writer)
        await reader.read(1_024)
        writer.write(ACCEPTED)
        await reader.read(1_024)
        writer.write(SUBSCRIBED + (published(b"a", b"news") if len(links) == 1 else b""))
        with contextlib.suppress(ConnectionError):
            while await reader.read(1_024):
                pass
        hung_up.set()
        writer.close()

    arrivals: list[Arrival] = []

    def deliver(arrival: Arrival) -> None:
        if isinstance(arrival, Incoming):
            raise TypeError("a bug")
        arrivals.append(arrival)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        link = MqttLink(BrokerAddress(*listening.sockets[0].getsockname()), "test")
        await link.open(["a"], lambda: None, deliver)
        async with asyncio.timeout(5):
            await hung_up.wait()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])
        await link.close()


@pytest.mark.mosquitto
async def test_a_machine_that_has_no_thread_left_is_no_end_of_the_link(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tries again as with a broker that is not there."""
    await mosquitto.start()
    async with opened(mosquitto.url, "a") as (_, arrivals):
        mosquitto.kill()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down])
        refused: list[object] = []

        def refuse(*wanted: object) -> None:
            refused.append(wanted)
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patched:
            patched.setattr(asyncio.get_running_loop(), "run_in_executor", refuse)
            await eventually(lambda: refused)
        await mosquitto.start()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])


async def test_a_name_that_cannot_be_a_hosts() -> None:
    """It is no crash and no endless wait, but nobody there."""
    assert "no MQTT broker can be used" in await refusal("x" * 64 + ".example", 1883)


async def test_a_link_tries_again_when_its_broker_answers_for_other_subscriptions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that came back confused is told of, and left until it is itself again: we were not up."""
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.05,))
    answers = [SUBSCRIBED, b"\x90\x04\x00\x01\x01\x01", SUBSCRIBED]
    hangs_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(ACCEPTED)
        await reader.read(1_024)
        writer.write(answers.pop(0))
        if len(answers) == 2:
            await hangs_up.wait()
        else:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals):
            hangs_up.set()
            await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])
    assert Down(f"mqtt://127.0.0.1:{port}: the broker answers 2 of 1 subscriptions") in arrivals


@pytest.mark.parametrize(
    ("answer", "says"),
    [(NOT_AUTHORISED, "Not authorized"), (b"", "the broker hung up without an answer")],
    ids=["password", "hangs up"],
)
async def test_a_broker_that_lets_us_in_no_more_says_so(
    answer: bytes, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would know why a link does not come back after the password was changed."""
    monkeypatch.setattr(backoff, "_STEADY_S", 0.0)
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.05,))
    closes = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(answer if closes.is_set() else ACCEPTED)
        await closes.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with opened(f"mqtt://127.0.0.1:{port}") as (_, arrivals):
            closes.set()
            await eventually(lambda: len(arrivals) >= 3)
    lost = Down("the connection to the broker was lost")
    assert arrivals[:3] == [Up(), lost, Down(f"mqtt://127.0.0.1:{port}: {says}")]


async def test_why_a_link_does_not_come_back_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker has gone, or is no longer believed: whatever it is, it is not what cut us off."""
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.05,))
    closes = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(ACCEPTED)
        await closes.wait()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with opened(f"mqtt://127.0.0.1:{port}") as (_, arrivals):
        listening.close()
        closes.set()
        refused = Down(f"mqtt://127.0.0.1:{port}: Connection refused")
        await eventually(lambda: refused in arrivals)
        await asyncio.sleep(0.3)
    assert arrivals.count(refused) == 1, "each reason once"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
async def test_somebody_who_speaks_something_else(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever answers, or does not, within the time allowed: it is no broker of ours."""
    monkeypatch.setattr(links, "_CONNECT_TIMEOUT_S", 0.3)
    async with server(answer) as port:
        assert "no MQTT broker can be used" in await refusal("127.0.0.1", port)
