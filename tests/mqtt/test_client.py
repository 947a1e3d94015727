"""What is written and read at a broker, and what of it is none of ours."""

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hotline.broker.address import BrokerAddress
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
    REFUSED,
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


async def test_what_the_socket_does_not_take_is_written_when_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Megabytes to a broker that does not read block nobody, and arrive whole and in order."""
    monkeypatch.setattr(client, "_KEEPALIVE_S", 60)  # a ping would take the rest along
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
        assert link._client is not None
        assert link._client._wire is not None
        number = link._client._wire.fileno()
        assert not asyncio.get_running_loop().remove_writer(number), "nothing waits for room"
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


@pytest.mark.parametrize("act", ["loop_read", "loop_write"])
async def test_whatever_goes_wrong_cuts_the_link(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and tried again; else a link would stand that brings nothing."""

    def fail() -> None:
        raise TypeError("a bug")

    async with (
        server(ACCEPTED, SUBSCRIBED, published(b"a", b"news")) as port,
        opened(f"mqtt://127.0.0.1:{port}", "a") as (link, arrivals),
    ):
        assert link._client is not None
        monkeypatch.setattr(link._client._client, act, fail)
        await link.publish(Publish("a", b"let it come"))
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])
    assert Down("a bug") in arrivals


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


async def test_a_broker_that_falls_silent_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who only listens asks it for a sign of life; without that, it would miss him, too."""
    monkeypatch.setattr(client, "_KEEPALIVE_S", 1)
    async with (
        server(ACCEPTED) as port,
        opened(f"mqtt://127.0.0.1:{port}") as (_, arrivals),
    ):
        await eventually(lambda: arrivals[1:] == [Down("the broker is no longer heard")])


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
    async with server(ACCEPTED, REFUSED) as port:
        says = await refusal("127.0.0.1", port, "hotline/v1/isr-tur/tur/records")
    assert "refuses the subscription to hotline/v1/isr-tur/tur/records" in says


async def test_who_refuses_and_hangs_up_is_quoted() -> None:
    """That tells more than that he has left."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for packet in (ACCEPTED, REFUSED):
            await reader.read(1_024)
            writer.write(packet)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        says = await refusal("127.0.0.1", listening.sockets[0].getsockname()[1], "a")
    assert "refuses the subscription to a" in says


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
