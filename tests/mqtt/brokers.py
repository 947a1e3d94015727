"""Brokers that behave as a test wants, and links to them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import groupby

import pytest

from hotline.broker.address import BrokerAddress
from hotline.errors import BrokerUnreachable
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming
from hotline.transport import Arrival, MakeWill

ACCEPTED = b"\x20\x02\x00\x00"
SUBSCRIBED = b"\x90\x03\x00\x01\x01"  # to the first subscription
REFUSED = b"\x90\x03\x00\x01\x80"  # it, too
NOT_AUTHORISED = b"\x20\x02\x00\x05"


@asynccontextmanager
async def opened(
    url: str, *topics: str, make_will: MakeWill = lambda: None
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
    """What became of the link itself; while it stays down, each reason says so once."""
    types = (type(arrival) for arrival in arrivals if not isinstance(arrival, Incoming))
    return [each for each, _ in groupby(types)]


@asynccontextmanager
async def server(*says: bytes) -> AsyncIterator[int]:
    """A server that says one thing after each packet that it gets, and waits until it is left."""
    served: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(writer)
        with contextlib.suppress(ConnectionError):
            for packet in says:
                await reader.read(1_024)
                writer.write(packet)
            while await reader.read(1_024):
                pass

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]
        for writer in served:
            writer.close()
            with contextlib.suppress(ConnectionError):  # reset: something was left unread
                await writer.wait_closed()


@asynccontextmanager
async def slow_broker(may_read: asyncio.Event) -> AsyncIterator[tuple[int, bytearray]]:
    """A broker that lets everybody in, reads nothing until it may, and acknowledges nothing."""
    read, reading = bytearray(), asyncio.Lock()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with reading:
            await reader.read(1_024)
            writer.write(ACCEPTED)
            await may_read.wait()
            with contextlib.suppress(ConnectionError):
                while chunk := await reader.read(1 << 20):
                    read.extend(chunk)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, limit=1_024) as listening:
        yield listening.sockets[0].getsockname()[1], read
    async with reading:
        pass


def published(topic: bytes, payload: bytes) -> bytes:
    """A message with QoS 0, as it comes from a broker."""
    body = len(topic).to_bytes(2) + topic + payload
    return bytes([0x30, len(body)]) + body


async def refusal(host: str, port: int, *topics: str) -> str:
    """Why a broker cannot be used."""
    link = MqttLink(BrokerAddress(host, port, "isr", "secret"), "test")
    with pytest.raises(BrokerUnreachable) as refused:
        await link.open(topics, lambda: None, lambda _: None)
    return str(refused.value)
