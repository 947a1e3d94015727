"""What is written and read at a broker, and what of it is none of ours."""

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hotline.address import BrokerAddress
from hotline.errors import BrokerUnreachable
from hotline.mqtt import client
from hotline.mqtt import link as links
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Down, Up
from tests.helpers import PATIENCE_S, eventually
from tests.mosquitto import Mosquitto
from tests.mqtt.brokers import (
    ACCEPTED,
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
async def test_a_small_message_does_not_wait_for_the_next(mosquitto: Mosquitto) -> None:
    """The socket's Nagle is off: an exchange would take 40 ms longer with it."""
    await mosquitto.start()
    async with opened(mosquitto.url) as (link, _):
        assert link._client is not None
        wire = link._client._wire
        assert wire is not None
        assert wire._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_what_the_socket_does_not_take_is_written_when_it_does() -> None:
    """Megabytes to a broker that does not read block nobody, and arrive whole and in order."""
    may_read, letters = asyncio.Event(), b"abcdefghij"
    async with slow_broker(may_read) as (port, read):
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        await link.open([], lambda: None, lambda _: None)
        async with asyncio.timeout(PATIENCE_S):
            for letter in letters:
                await link.publish(Publish("a", bytes([letter]) * 1_000_000))
        assert not read
        may_read.set()
        await eventually(lambda: len(read) >= 1_000_000 * len(letters))
        assert re.findall(rb"(\w)\1{999999}", read) == [bytes([letter]) for letter in letters]
        await link.abort()


@pytest.mark.parametrize("most", [1, 256])
async def test_a_broker_that_acknowledges_nothing_is_left(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever speaks does not wait for it for ever, with room left or without: it comes back."""
    monkeypatch.setattr(links, "_MAX_UNDERWAY", most)
    monkeypatch.setattr(client, "_STUCK_S", 0.2)
    async with (
        server(ACCEPTED, SUBSCRIBED) as port,
        opened(f"mqtt://127.0.0.1:{port}", "a") as (link, arrivals),
        asyncio.timeout(PATIENCE_S),
    ):
        while Down not in ups_and_downs(arrivals):
            await link.publish(Publish("a", b"news"))
            await asyncio.sleep(0.05)
        assert Down("the broker acknowledges no more messages") in arrivals
        await eventually(lambda: ups_and_downs(arrivals)[:3] == [Up, Down, Up])


async def test_a_broker_is_left_without_the_last_will(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes back at once is not lost: the broker is told that he leaves, as at a goodbye."""
    monkeypatch.setattr(client, "_STUCK_S", 0.05)
    calls: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(ACCEPTED)
        calls.append(await reader.read())  # to the end of the connection
        writer.close()

    async with (
        await asyncio.start_server(serve, "127.0.0.1", 0) as listening,
        asyncio.timeout(PATIENCE_S),
    ):
        link = MqttLink(BrokerAddress(*listening.sockets[0].getsockname()), "test")
        await link.open([], lambda: Publish("a", b"lost"), lambda _: None)
        while not calls:
            await link.publish(Publish("a", b"news"))
            await asyncio.sleep(0.02)
        await link.abort()
    assert calls[0].endswith(b"news\xe0\x00")


async def test_a_broker_that_is_kept_busy_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something waits for its acknowledgement all the time, but never the same for long."""
    monkeypatch.setattr(client, "_STUCK_S", 60.0)
    loop, ahead_s = asyncio.get_running_loop(), 0.0
    time_s = loop.time
    monkeypatch.setattr(loop, "time", lambda: time_s() + ahead_s)

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
        for _ in range(5):
            await link.publish(Publish("a", b"news"))
            assert link._client is not None
            while len(link._client.underway) > 1:
                await asyncio.sleep(0)
            ahead_s += 40
        assert ups_and_downs(arrivals) == [Up]
        await link.abort()


async def test_a_flood_leaves_the_loop_its_turns() -> None:
    """What is in the socket is read piece by piece, though no piece ends where a message does."""
    loop = asyncio.get_running_loop()
    flood = published(b"a", b"news") * 20_000
    counts = [0]

    def turn() -> None:
        counts.append(0)
        loop.call_soon(turn)

    def deliver(arrival: Arrival) -> None:
        counts[-1] += isinstance(arrival, Incoming)

    async with server(ACCEPTED, SUBSCRIBED, flood) as port:
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        turn()
        await link.open(["a"], lambda: None, deliver)
        await link.publish(Publish("a", b"let it come"))
        await eventually(lambda: sum(counts) == 20_000)
        assert max(counts) <= 3_000
        await link.abort()


async def test_a_topic_that_is_no_text() -> None:
    """It is none of ours, and no reason to leave the broker."""
    says = SUBSCRIBED + published(b"a/\xff", b"what?") + published(b"a/b", b"news")
    async with server(ACCEPTED, says) as port, opened(f"mqtt://127.0.0.1:{port}", "a/#") as at:
        _, arrivals = at
        await eventually(lambda: payloads(arrivals) == [b"news"])
        assert ups_and_downs(arrivals) == [Up]


@pytest.mark.mosquitto
async def test_a_host_that_takes_its_time_to_be_found(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a keepalive, as with a name server that is dead: the link stands all the same."""
    await mosquitto.start()
    monkeypatch.setattr(client, "_KEEPALIVE_S", 1)
    create_connection = socket.create_connection

    def connect_late(*args: Any, **kwargs: Any) -> socket.socket:
        time.sleep(1.1)
        return create_connection(*args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", connect_late)
    async with opened(mosquitto.url, "a") as (link, arrivals):
        await link.publish(Publish("a", b"news"))
        await eventually(lambda: payloads(arrivals) == [b"news"])


@asynccontextmanager
async def hanging_up() -> AsyncIterator[int]:
    """Somebody who lets everybody in, and is gone."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.write(ACCEPTED)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]


async def test_somebody_who_hangs_up_at_once() -> None:
    """That is no link, no matter of another password either, and one is started already."""
    async with hanging_up() as port:
        says = await refusal("127.0.0.1", port, "a")
    assert "password" not in says
    assert "start one" not in says
    assert "its own log may say why" in says


async def test_who_only_speaks_is_not_up_for_ever_with_somebody_who_hangs_up_at_once() -> None:
    """If the end is read with the beginning there is no link; if a moment later, it is down."""
    arrivals: list[Arrival] = []
    async with hanging_up() as port:
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        try:
            await link.open([], lambda: None, arrivals.append)
        except BrokerUnreachable:
            assert arrivals == []
        else:
            await eventually(lambda: ups_and_downs(arrivals)[:2] == [Up, Down])
        await link.abort()


@pytest.mark.parametrize("codes", [b"", b"\x01\x01"], ids=["too few", "too many"])
async def test_a_broker_that_answers_for_other_subscriptions_than_were_made(codes: bytes) -> None:
    """Nobody knows what it lets us hear: it cannot be used, and the error says so."""
    answered = bytes([0x90, 2 + len(codes), 0, 1]) + codes
    async with server(ACCEPTED, answered) as port:
        says = await refusal("127.0.0.1", port, "a")
    assert f"the broker answers {len(codes)} of 1 subscriptions" in says


async def test_somebody_who_does_not_let_us_listen() -> None:
    """A refused subscription would leave us deaf: it is told with its topic."""
    refused_subscription = b"\x90\x03\x00\x01\x80"
    async with server(ACCEPTED, refused_subscription) as port:
        says = await refusal("127.0.0.1", port, "hotline/v1/isr-tur/tur/records")
    assert "refuses the subscription to hotline/v1/isr-tur/tur/records" in says


async def test_only_the_first_under_way_shows_that_it_goes_on() -> None:
    """A broker has to acknowledge in order: one that passes over a message has dropped it."""
    ours = client.Client(lambda _: None, "127.0.0.1", 1)
    ours.underway |= {1: None, 2: None, 3: None}
    ours._first_since_s = since_s = ours._loop.time() - 10
    ours._on_publish(ours._client, None, 2)
    assert (list(ours.underway), ours._first_since_s) == ([1, 3], since_s)
    ours._on_publish(ours._client, None, 1)
    assert list(ours.underway) == [3]
    assert ours._first_since_s >= since_s + 10


async def test_a_connection_that_ends_waits_for_no_room_any_more() -> None:
    """The number of its socket may be another's next."""
    may_read = asyncio.Event()
    async with slow_broker(may_read) as (port, _):
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        await link.open([], lambda: None, lambda _: None)
        ours = link._client
        assert ours is not None
        while not ours._awaits_room:
            await link.publish(Publish("a", b"x" * 1_000_000))
        assert ours._wire is not None
        number = ours._wire.fileno()
        await link.abort()
        assert not asyncio.get_running_loop().remove_writer(number)
        may_read.set()


async def test_who_is_hung_up_on_does_not_wait_for_an_answer() -> None:
    """Some do that to who is one too many, or may retain nothing; it is no time that is up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_024)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        async with asyncio.timeout(links._CONNECT_TIMEOUT_S / 2):
            says = await refusal(*listening.sockets[0].getsockname())
    assert "the broker hung up without an answer; its own log may say why: a line needs" in says


async def test_who_speaks_something_else_is_told_so_at_once() -> None:
    """A broker that wants TLS answers with an alert: more of it would be no MQTT either."""
    async with server(b"\x15\x03\x03\x00\x02\x02\x46") as port:
        async with asyncio.timeout(links._CONNECT_TIMEOUT_S / 2):
            says = await refusal("127.0.0.1", port)
    assert "what the broker says is not MQTT; start one" in says


async def test_who_is_given_up_while_connecting_watches_no_socket_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The thread that connects asks for its socket to be watched when that is closed already.

    The next connection of this process has the same file descriptor.
    """
    loop, others = asyncio.get_running_loop(), list[socket.socket]()
    tried, may_connect = threading.Event(), threading.Event()
    connect = socket.create_connection

    def connect_late(*args: Any, **kwargs: Any) -> socket.socket:
        tried.set()
        may_connect.wait(10)
        return connect(*args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", connect_late)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        link = MqttLink(BrokerAddress("127.0.0.1", listening.getsockname()[1]), "test")
        opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
        await eventually(tried.is_set)
        opening.cancel()
        await asyncio.sleep(0)  # the keeper is about to give up
        loop.call_soon(lambda: others.extend(socket.socketpair()))
        may_connect.set()
        with listening.accept()[0]:
            time.sleep(0.1)  # noqa: ASYNC251 -- the loop must not go on before the thread has asked
            with pytest.raises(asyncio.CancelledError):
                await opening
            await link.close()
    assert not any(loop.remove_reader(other) or loop.remove_writer(other) for other in others)
    for other in others:
        other.close()
