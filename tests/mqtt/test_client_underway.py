"""How long a broker may take to acknowledge what was said."""

import asyncio
import contextlib

import pytest

from hotline.broker.address import BrokerAddress
from hotline.mqtt import client
from hotline.mqtt import link as links
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Publish
from hotline.transport import Arrival, Down, Up
from tests.helpers import PATIENCE_S, eventually
from tests.mqtt.brokers import (
    ACCEPTED,
    SUBSCRIBED,
    opened,
    server,
    ups_and_downs,
)


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
