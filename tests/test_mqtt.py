"""What only a broker of flesh and blood can do to a link: refuse it, die, and come back."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiomqtt
import pytest

from hotline import mqtt
from hotline.address import BrokerAddress
from hotline.errors import BrokerUnreachable
from hotline.mqtt import MqttLink
from hotline.transport import Arrival, Down, Up
from hotline.turn import Incoming, Publish
from tests.helpers import eventually
from tests.mosquitto import Mosquitto

ACCEPTED = b"\x20\x02\x00\x00"
SUBSCRIBED = b"\x90\x03\x00\x01\x01"  # to the first subscription
NOT_AUTHORISED = b"\x20\x02\x00\x05"


@asynccontextmanager
async def opened(
    url: str, *topics: str, make_will: Callable[[], Publish | None] = lambda: None
) -> AsyncIterator[tuple[MqttLink, list[Arrival]]]:
    """A link that is open, with what it delivers."""
    link = MqttLink(BrokerAddress.parse(url), "test")
    arrivals: list[Arrival] = []
    await link.open(topics, make_will, arrivals.append)
    try:
        yield link, arrivals
    finally:
        await link.close()


def payloads(arrivals: list[Arrival]) -> list[bytes]:
    """The messages that were delivered."""
    return [arrival.payload for arrival in arrivals if isinstance(arrival, Incoming)]


def ups_and_downs(arrivals: list[Arrival]) -> list[type]:
    """What was delivered of the link itself."""
    return [type(arrival) for arrival in arrivals if not isinstance(arrival, Incoming)]


@pytest.mark.mosquitto
async def test_a_link_comes_back_by_itself_when_its_broker_does(mosquitto: Mosquitto) -> None:
    """Down, then Up: it listens to the same topics as before, and can be heard again."""
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
    monkeypatch.setattr(mqtt, "_CONNECT_TIMEOUT_S", 90.0)
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


@pytest.mark.mosquitto
async def test_a_small_message_does_not_wait_for_the_next(mosquitto: Mosquitto) -> None:
    """The socket's Nagle is off: an exchange would take 40 ms longer with it."""
    await mosquitto.start()
    async with opened(mosquitto.url) as (link, _):
        assert link._client is not None
        wire = link._client._wire
        assert wire is not None
        assert wire._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


# A broker that takes its time


@asynccontextmanager
async def slow_broker(may_read: asyncio.Event) -> AsyncIterator[tuple[int, bytearray]]:
    """Somebody who lets everybody in, reads nothing until he may, and acknowledges nothing."""
    read, reading = bytearray(), asyncio.Lock()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with reading:
            await reader.read(1_024)
            writer.write(ACCEPTED)
            await may_read.wait()
            while chunk := await reader.read(1 << 20):
                read.extend(chunk)
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, limit=1_024) as listening:
        yield listening.sockets[0].getsockname()[1], read
    async with reading:
        pass


async def test_what_the_socket_does_not_take_is_written_when_it_does() -> None:
    """Megabytes to a broker that does not read block nobody, and arrive whole and in order."""
    may_read, letters = asyncio.Event(), b"abcdefghij"
    async with slow_broker(may_read) as (port, read):
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        await link.open([], lambda: None, lambda _: None)
        async with asyncio.timeout(10):
            for letter in letters:
                await link.publish(Publish("a", bytes([letter]) * 1_000_000))
        assert not read
        may_read.set()
        await eventually(lambda: len(read) >= 1_000_000 * len(letters))
        assert re.findall(rb"(\w)\1{999999}", read) == [bytes([letter]) for letter in letters]
        await link.abort()


async def test_who_speaks_waits_for_room_and_who_leaves_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A broker that acknowledges nothing is given so much and no more, and keeps nobody."""
    monkeypatch.setattr(mqtt, "_MAX_UNDERWAY", 3)
    monkeypatch.setattr(mqtt, "_CLOSE_TIMEOUT_S", 0.2)
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


@pytest.mark.parametrize("most", [1, 256])
async def test_a_broker_that_acknowledges_nothing_is_left(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever speaks does not wait for it for ever, with room left or without: it comes back."""
    monkeypatch.setattr(mqtt, "_MAX_UNDERWAY", most)
    monkeypatch.setattr(mqtt, "_STUCK_S", 0.2)
    async with (
        server(ACCEPTED, SUBSCRIBED) as port,
        opened(f"mqtt://127.0.0.1:{port}", "a") as (link, arrivals),
        asyncio.timeout(10),
    ):
        while Down not in ups_and_downs(arrivals):
            await link.publish(Publish("a", b"news"))
            await asyncio.sleep(0.05)
        assert Down("the broker acknowledges no more messages") in arrivals
        await eventually(lambda: ups_and_downs(arrivals)[:3] == [Up, Down, Up])


async def test_a_broker_that_is_kept_busy_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something waits for its acknowledgement all the time, but never the same for long."""
    monkeypatch.setattr(mqtt, "_STUCK_S", 0.3)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(ACCEPTED)
        before = b""
        with contextlib.suppress(asyncio.IncompleteReadError):
            while packet := await reader.readexactly(len(b"\x32\x09\0\1a\0\1news")):
                if before:
                    writer.write(b"\x40\x02" + before)
                before = packet[5:7]
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        arrivals: list[Arrival] = []
        link = MqttLink(BrokerAddress(*listening.sockets[0].getsockname()), "test")
        await link.open([], lambda: None, arrivals.append)
        for _ in range(15):
            await link.publish(Publish("a", b"news"))
            await asyncio.sleep(0.05)
            assert link._client is not None
            assert link._client.underway
        assert ups_and_downs(arrivals) == [Up]
        await link.abort()


# A broker that lets through what it should not


def published(topic: bytes, payload: bytes) -> bytes:
    """A message with QoS 0, as it comes from a broker."""
    body = len(topic).to_bytes(2) + topic + payload
    return bytes([0x30, len(body)]) + body


async def test_a_topic_that_is_no_text() -> None:
    """It is none of ours, and no reason to leave the broker."""
    says = SUBSCRIBED + published(b"a/\xff", b"what?") + published(b"a/b", b"news")
    async with server(ACCEPTED, says) as port, opened(f"mqtt://127.0.0.1:{port}", "a/#") as at:
        _, arrivals = at
        await eventually(lambda: payloads(arrivals) == [b"news"])
        assert ups_and_downs(arrivals) == [Up]


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


# Whom one cannot talk to


@asynccontextmanager
async def server(*says: bytes) -> AsyncIterator[int]:
    """Somebody who says one thing after each packet that he gets, and waits to be left."""
    served: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        for packet in says:
            await reader.read(1_024)
            writer.write(packet)
        while await reader.read(1_024):
            pass

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]
        for writer in served:
            writer.close()
            await writer.wait_closed()


async def refusal(host: str, port: int, *topics: str) -> str:
    """Why a broker cannot be used."""
    link = MqttLink(BrokerAddress(host, port, "isr", "secret"), "test")
    with pytest.raises(BrokerUnreachable) as refused:
        await link.open(topics, lambda: None, lambda _: None)
    return str(refused.value)


async def test_nobody_there(mosquitto: Mosquitto) -> None:
    """The error says where, why and what to do about it, and no password."""
    says = await refusal("127.0.0.1", mosquitto.port)
    where = f"mqtt://isr@127.0.0.1:{mosquitto.port}"
    assert says.startswith(f"no MQTT broker can be used at {where}: Connection refused; start one")
    assert "--broker" in says
    assert "secret" not in says


async def test_what_a_closed_socket_leaves_behind_is_no_error_of_the_program() -> None:
    """All else is told to whom the program has chosen, however he is called, and by one handler."""
    told: list[object] = []

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        told.append(context["exception"])

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handle)
    try:
        mqtt._forgive_closed_sockets(loop)
        ours = loop.get_exception_handler()
        mqtt._forgive_closed_sockets(loop)
        assert loop.get_exception_handler() is ours
        late = asyncio.Handle(loop.add_writer, (), loop)
        for context in (
            {"exception": OSError("closed"), "handle": late},
            {"exception": aiomqtt.MqttError("cut"), "future": loop.create_future()},
            {"exception": OSError("disk")},
        ):
            loop.call_exception_handler({"message": "", **context})
    finally:
        loop.set_exception_handler(None)
    assert [str(each) for each in told] == ["disk"]


async def test_a_name_that_cannot_be_a_hosts() -> None:
    """It is no crash and no endless wait, but nobody there."""
    assert "no MQTT broker can be used" in await refusal("x" * 64 + ".example", 1883)


async def test_somebody_who_does_not_let_us_in() -> None:
    """A broker that wants another password is said to refuse us."""
    async with server(NOT_AUTHORISED) as port:
        says = await refusal("127.0.0.1", port)
    assert "ot authori" in says
    assert "give the right user and password: --broker mqtt://USER:PASSWORD@HOST:PORT" in says
    assert "start one" not in says


@pytest.mark.parametrize("topics", [["a"], []], ids=["listening", "only speaking"])
async def test_somebody_who_hangs_up_at_once(topics: list[str]) -> None:
    """He lets us in and is gone: that is no link, and no matter of another password either."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(ACCEPTED)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        says = await refusal("127.0.0.1", listening.sockets[0].getsockname()[1], *topics)
    assert "password" not in says
    assert "start one" in says


@pytest.mark.parametrize("codes", [b"", b"\x01\x01"], ids=["too few", "too many"])
async def test_a_broker_that_answers_for_other_subscriptions_than_were_made(codes: bytes) -> None:
    """Nobody knows what it lets us hear: it cannot be used, and the error says so."""
    answered = bytes([0x90, 2 + len(codes), 0, 1]) + codes
    async with server(ACCEPTED, answered) as port:
        says = await refusal("127.0.0.1", port, "a")
    assert f"the broker answers {len(codes)} of 1 subscriptions" in says


async def test_a_link_tries_again_when_its_broker_answers_for_other_subscriptions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that came back confused is told of, and left until it is itself again."""
    monkeypatch.setattr(mqtt, "_RECONNECT_S", (0.05,))
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
            await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up, Down, Up])
    assert Down("the broker answers 2 of 1 subscriptions") in arrivals


async def test_a_broker_that_lets_us_in_no_more_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else nobody would know why a link does not come back after the password was changed."""
    monkeypatch.setattr(mqtt, "_RECONNECT_S", (0.05,))
    closes = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(NOT_AUTHORISED if closes.is_set() else ACCEPTED)
        await closes.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with opened(f"mqtt://127.0.0.1:{port}") as (_, arrivals):
            closes.set()
            await eventually(lambda: len(arrivals) >= 3)
    assert ups_and_downs(arrivals)[:3] == [Up, Down, Down]
    lost, refused = arrivals[1:3]
    assert isinstance(lost, Down)
    assert isinstance(refused, Down)
    assert "lost" in lost.reason
    assert "ot authori" in refused.reason


async def test_somebody_who_does_not_let_us_listen() -> None:
    """A refused subscription would leave us deaf: it is told with its topic."""
    refused_subscription = b"\x90\x03\x00\x01\x80"
    async with server(ACCEPTED, refused_subscription) as port:
        says = await refusal("127.0.0.1", port, "hotline/v1/isr-tur/tur/records")
    assert "refuses the subscription to hotline/v1/isr-tur/tur/records" in says


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
async def test_somebody_who_speaks_something_else(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever answers, or does not, within the time allowed: it is no broker of ours."""
    monkeypatch.setattr(mqtt, "_CONNECT_TIMEOUT_S", 0.3)
    async with server(answer) as port:
        assert "no MQTT broker can be used" in await refusal("127.0.0.1", port)


async def test_who_stops_waiting_for_a_connection_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cancelled `open` ends its attempts."""
    monkeypatch.setattr(mqtt, "_CONNECT_TIMEOUT_S", 0.3)
    before = asyncio.all_tasks()
    async with server(b"") as port:
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await link.close()
        await eventually(lambda: asyncio.all_tasks() <= before)


async def test_a_broker_that_goes_when_nobody_waits_for_it_is_no_error() -> None:
    """An attempt that was given up is not asked how it ended."""
    heard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    wires: list[asyncio.StreamWriter] = []
    quiet = await asyncio.start_server(lambda _, wire: wires.append(wire), "127.0.0.1", 0)
    link = MqttLink(BrokerAddress("127.0.0.1", quiet.sockets[0].getsockname()[1]), "test")
    opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
    async with quiet:
        await eventually(lambda: len(wires) == 1)
        await asyncio.sleep(0.05)  # CONNECT is written by a thread
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        wires[0].close()
        await asyncio.sleep(0.1)
    await link.close()
    assert heard == []
