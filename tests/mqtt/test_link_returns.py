"""How soon a link comes back, and that one which was broken off does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hotline.mqtt import backoff
from hotline.station.turn import Incoming
from hotline.transport import Down, Up
from tests.helpers import eventually
from tests.mqtt.brokers import (
    ACCEPTED,
    SUBSCRIBED,
    opened,
    payloads,
    published,
    ups_and_downs,
)


@asynccontextmanager
async def letting_go(times: int) -> AsyncIterator[tuple[int, list[str]]]:
    """A broker that lets everybody in and hangs up on the first so many; and who came."""
    came: list[str] = []
    left: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append("somebody")
        is_let_go = len(came) <= times
        for answer in (ACCEPTED, SUBSCRIBED):
            await reader.read(1_024)
            writer.write(answer)
        with contextlib.suppress(ConnectionError):
            if is_let_go:
                await asyncio.sleep(0.05)  # the answers have been read
            else:
                await reader.read()
            writer.close()
            await writer.wait_closed()
        left.append("somebody")

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1], came
        await eventually(lambda: left == came)


async def test_each_loss_of_a_link_is_a_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it was lost before, it tries again soon; only who fails in a row waits."""
    monkeypatch.setattr(backoff, "_STEADY_S", 0.0)
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.01, 60.0))
    async with (
        letting_go(3) as (port, _),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals),
    ):
        await eventually(lambda: len(ups_and_downs(arrivals)) == 7)
        assert ups_and_downs(arrivals) == [Up, Down] * 3 + [Up]
        await asyncio.sleep(0.05)  # it listens, and is in the middle of nothing


async def test_who_is_let_in_and_thrown_out_again_waits_longer_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stations who throw each other out would do nothing else; and the log says where to look."""
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.01, 60.0))
    async with (
        letting_go(9) as (port, came),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals),
    ):
        await eventually(lambda: len(ups_and_downs(arrivals)) == 4)
        await asyncio.sleep(0.05)
        assert len(came) == 2
    assert Down("the broker hung up soon after it had let us in") in arrivals


async def test_a_broker_that_was_away_for_long_is_not_left_alone_when_it_falters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What failed before a link was up is forgotten, though that link is soon cut."""
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.01, 0.01, 0.01, 60.0))
    lets_in = [True, False, False, True, True]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (ACCEPTED, SUBSCRIBED) if lets_in.pop(0) else ():
            await reader.read(1_024)
            writer.write(answer)
        await (asyncio.sleep(0.05) if lets_in else reader.read())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals):
            await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up, Down, Up])


async def test_what_comes_before_a_subscription_is_granted_is_heard_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A broker may send what it retained first; a link that may not listen was never up."""
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.01,))
    refused, kept = b"\x90\x03\x00\x01\x80", published(b"a", b"kept")
    answers = [SUBSCRIBED, refused, refused, kept + SUBSCRIBED + kept]
    hangs_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (ACCEPTED, answers.pop(0)):
            await reader.read(1_024)
            writer.write(answer)
        await (hangs_up.wait() if len(answers) == 3 else reader.read())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        async with opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals):
            hangs_up.set()
            await eventually(lambda: len(payloads(arrivals)) == 2)
    refusal = Down(f"mqtt://127.0.0.1:{port}: the broker refuses the subscription to a")
    assert arrivals[2:] == [refusal, Up(), *[Incoming("a", b"kept")] * 2]


async def test_a_link_that_is_broken_off_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a station that died would not."""
    monkeypatch.setattr(backoff, "_PAUSES_S", (0.01,))
    async with (
        letting_go(0) as (port, came),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (link, arrivals),
    ):
        await link.abort()
        assert ups_and_downs(arrivals) == [Up, Down]
        assert len(came) == 1
