"""A start that does not come to its end: who stops it, and how often it is told."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from hotline import live
from hotline.blocking import in_thread
from hotline.journal.disk import JournalFailed
from hotline.live import Company, Service
from tests.helpers import PATIENCE_S
from tests.lines import Kept
from tests.services import serves


async def test_who_is_stopped_while_he_connects_ends_in_good_order(tmp_path: Path) -> None:
    """A broker that takes the connection may say nothing for long."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        stopped, log = asyncio.Event(), Kept()
        service = serves(tmp_path, broker=f"mqtt://127.0.0.1:{mute.getsockname()[1]}", log=log)
        running = asyncio.create_task(service.run(stopped))
        connection, _ = await asyncio.to_thread(mute.accept)
        with closing(connection):
            stopped.set()
            async with asyncio.timeout(PATIENCE_S):
                await running
    assert log.events == ["station.stopped"]


async def test_who_is_stopped_before_his_turn_to_start_begins_nothing(tmp_path: Path) -> None:
    """Of many lines, most may still wait for it."""
    starting, stopped = asyncio.Semaphore(0), asyncio.Event()
    service = serves(tmp_path, "watchdog", company=Company(starting, in_thread))
    running = asyncio.create_task(service.run(stopped))
    await asyncio.sleep(0)
    stopped.set()
    starting.release()
    await running
    assert not service.state.exists()


@pytest.mark.mosquitto
async def test_who_is_cancelled_when_the_link_stands_keeps_no_link(
    tmp_path: Path, mosquitto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node does not run yet, so nobody else would break the link off."""

    async def connected(opening: asyncio.Task[None], _: asyncio.Event) -> bool:
        await opening
        raise asyncio.CancelledError

    monkeypatch.setattr(live, "_is_open", connected)
    running = asyncio.create_task(serves(tmp_path, broker=mosquitto_url).run(asyncio.Event()))
    await asyncio.wait([running])
    assert running.cancelled()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def failing(stopped: asyncio.Event, *reasons: str) -> Callable[..., Awaitable[None]]:
    """What fails for each of these reasons, and then has the service stop."""
    tries = iter(reasons)

    async def fail(*_: object) -> None:
        if said := next(tries, None):
            raise JournalFailed(said)
        stopped.set()

    return fail


async def test_a_complaint_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the same goes wrong in a row; another one is news."""
    stopped = asyncio.Event()
    fails = failing(stopped, "no room", "no room", "gone", "no room")
    monkeypatch.setattr(Service, "_start_and_stay", fails)
    monkeypatch.setattr(live, "RETRY_S", 0.001)
    log = Kept()
    await serves(tmp_path, log=log).run(stopped)
    reasons = [line["reason"] for line in log.lines if line["event"] == "station.failed"]
    assert reasons == ["no room", "gone", "no room"]


@pytest.mark.mosquitto
async def test_a_complaint_is_told_again_once_all_was_well_meanwhile(
    tmp_path: Path, mosquitto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is another trouble, though it has the same cause."""
    stopped = asyncio.Event()
    monkeypatch.setattr(live, "_be_on_line", failing(stopped, "no room", "no room"))
    monkeypatch.setattr(live, "RETRY_S", 0.001)
    log = Kept()
    await serves(tmp_path, broker=mosquitto_url, log=log).run(stopped)
    assert log.events.count("station.failed") == 2
