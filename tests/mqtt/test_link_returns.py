"""How soon a link comes back, and that one which was broken off does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hotline.mqtt import link as links
from hotline.transport import Down, Up
from tests.helpers import eventually
from tests.mqtt.brokers import ACCEPTED, SUBSCRIBED, opened, ups_and_downs


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
    monkeypatch.setattr(links, "_RECONNECT_S", (0.01, 60.0))
    async with (
        letting_go(3) as (port, _),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals),
    ):
        await eventually(lambda: len(ups_and_downs(arrivals)) == 7)
        assert ups_and_downs(arrivals) == [Up, Down] * 3 + [Up]
        await asyncio.sleep(0.05)  # it listens, and is in the middle of nothing


async def test_a_link_that_is_broken_off_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a station that died would not."""
    monkeypatch.setattr(links, "_RECONNECT_S", (0.01,))
    async with (
        letting_go(0) as (port, came),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (link, arrivals),
    ):
        await link.abort()
        assert ups_and_downs(arrivals) == [Up, Down]
        assert len(came) == 1
