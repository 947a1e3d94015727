"""How soon a link comes back, and that one which was broken off does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hotline.mqtt import link as links
from hotline.transport import Down, Up
from tests.helpers import eventually
from tests.mqtt.brokers import ACCEPTED, SUBSCRIBED, opened, ups_and_downs


@asynccontextmanager
async def letting_go(may_let_go: asyncio.Event) -> AsyncIterator[tuple[int, list[str]]]:
    """A broker that lets everybody in and then, if it may, hangs up; and who came."""
    came: list[str] = []
    left: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append("somebody")
        for answer in (ACCEPTED, SUBSCRIBED):
            await reader.read(1_024)
            writer.write(answer)
        await may_let_go.wait()
        await asyncio.sleep(0.05)  # the answers have been read
        writer.close()
        await writer.wait_closed()
        left.append("somebody")

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1], came
        may_let_go.set()
        await eventually(lambda: left == came)


async def test_each_loss_of_a_link_is_a_first_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it was lost before, it tries again soon; only who fails in a row waits."""
    monkeypatch.setattr(links, "_RECONNECT_S", (0.01, 60.0))
    lets_go = asyncio.Event()
    async with (
        letting_go(lets_go) as (port, _),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (_, arrivals),
    ):
        lets_go.set()
        await eventually(lambda: len(ups_and_downs(arrivals)) >= 6, within_s=10)
    assert ups_and_downs(arrivals)[:6] == [Up, Down] * 3


async def test_a_link_that_is_broken_off_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a station that died would not."""
    monkeypatch.setattr(links, "_RECONNECT_S", (0.01,))
    async with (
        letting_go(asyncio.Event()) as (port, came),
        opened(f"mqtt://127.0.0.1:{port}", "a") as (link, arrivals),
    ):
        await link.abort()
        assert ups_and_downs(arrivals) == [Up, Down]
        assert len(came) == 1
