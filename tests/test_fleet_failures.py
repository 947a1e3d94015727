"""What goes wrong inside a process that watches many lines, and harms none of them."""

import asyncio
import signal
import threading
from pathlib import Path

import pytest

from hotline import fleet
from hotline.config.config import load
from hotline.fleet import WatchedLine, serve_all
from hotline.journal.journal import Journal
from hotline.live import Service
from hotline.logs.stream import LogFormat, LogLevel, LogStream
from tests.helpers import eventually
from tests.test_fleet import speak, write_line


async def test_a_bug_on_one_line_blinds_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and that line is tried again, until all are stopped."""
    monkeypatch.setattr(fleet, "RETRY_S", 0.001)
    tried: list[str] = []
    told: list[str] = []

    async def run(service: Service, stopped: asyncio.Event) -> None:
        tried.append(service.state.name)
        if service.state.name == "wrong":
            raise ZeroDivisionError
        await stopped.wait()

    monkeypatch.setattr(Service, "run", run)
    asyncio.get_running_loop().set_exception_handler(lambda _, what: told.append(what["message"]))
    config = load(write_line(tmp_path, "isr-tur", "mqtt://127.0.0.1:1"))
    lines = [WatchedLine(config, "watchdog", tmp_path / name) for name in ("wrong", "well")]
    watching = asyncio.create_task(serve_all(lines, LogStream(LogFormat.JSON, LogLevel.ERROR)))
    await eventually(lambda: tried.count("wrong") >= 3)
    assert tried.count("well") == 1
    signal.raise_signal(signal.SIGTERM)
    await watching
    assert {*told} == {"the watch of isr-tur failed"}


async def test_who_cancels_the_watch_waits_for_all_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes longest needs the threads for the disk, and would go on without them."""
    begun: list[str] = []
    ended: list[str] = []

    async def run(service: Service, stopped: asyncio.Event) -> None:
        begun.append(service.state.name)
        try:
            await stopped.wait()
        finally:
            if service.state.name == "slow":
                await asyncio.sleep(0.05)
            ended.append(service.state.name)

    monkeypatch.setattr(Service, "run", run)
    config = load(write_line(tmp_path, "isr-tur", "mqtt://127.0.0.1:1"))
    lines = [WatchedLine(config, "watchdog", tmp_path / name) for name in ("slow", "quick")]
    watching = asyncio.create_task(serve_all(lines, LogStream(LogFormat.JSON, LogLevel.ERROR)))
    await eventually(lambda: len(begun) == len(lines))
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    assert ended == ["quick", "slow"]


@pytest.mark.mosquitto
async def test_who_cancels_the_watch_closes_no_journal_under_a_commit(
    mosquitto_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would end the process: what a thread has begun comes to its end first."""
    begun, may_end = threading.Event(), threading.Event()
    under_way: list[str] = []
    closed_under: list[list[str]] = []
    commit, close = Journal.commit, Journal.close

    def slow_commit(self: Journal) -> None:
        under_way.append("commit")
        begun.set()
        may_end.wait(10)
        commit(self)
        under_way.clear()

    def watched_close(self: Journal) -> None:
        closed_under.append(list(under_way))
        if not under_way:
            close(self)

    monkeypatch.setattr(Journal, "commit", slow_commit)
    monkeypatch.setattr(Journal, "close", watched_close)
    config = load(write_line(tmp_path, "cancelled", mosquitto_url))
    timers = config.timers.model_copy(update={"greeting_ms": 200})
    config = config.model_copy(update={"timers": timers})
    log = LogStream(LogFormat.JSON, LogLevel.ERROR)
    line = WatchedLine(config, "watchdog", tmp_path / "state")
    watching = asyncio.create_task(serve_all([line], log))
    while not begun.is_set():
        await speak(mosquitto_url, "cancelled")
        await asyncio.sleep(0.1)
    watching.cancel()
    asyncio.get_running_loop().call_later(1.5, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await watching
    assert closed_under == [[]]
