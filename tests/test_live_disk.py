"""A disk that takes no more, under a real station: a limit on the size of its files."""

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiomqtt
import pytest

from hotline.address import BrokerAddress
from hotline.commands import entry
from hotline.journal.journal import Journal
from hotline.times import format_instant

TOML = """
line = "isr-tur"
parties = {isr = {display = "Israel"}, tur = {display = "Türkiye"}}
[broker]
url = "%s"
"""
PATIENCE_S = 20.0


def check(seq: int) -> bytes:
    """A record of `tur`, as somebody would type it."""
    now = format_instant(time.time_ns() // 1_000_000)
    body = {"remarks": "." * 1_000}
    record = {"v": 1, "line": "isr-tur", "station": "tur", "seq": seq, "at": now}
    return json.dumps(record | {"kind": "check", "body": body}).encode()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something, for as long as a busy machine may need."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.05)


def events(log: Path) -> list[str]:
    """What a station has told so far."""
    return [json.loads(line)["event"] for line in log.read_text().splitlines()]


@pytest.fixture
def station(tmp_path: Path, mosquitto_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The station `isr`, running; its log is in `isr.log`."""
    (tmp_path / "line.toml").write_text(TOML % mosquitto_url)
    command = [sys.executable, "-m", "hotline", "station", "isr", "--line", "line.toml"]
    with (tmp_path / "isr.log").open("wb") as log:
        process = subprocess.Popen([*command, "--state", "isr"], cwd=tmp_path, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@pytest.mark.mosquitto
async def test_a_full_disk_is_told_and_nothing_is_lost(
    station: subprocess.Popen[bytes], tmp_path: Path, mosquitto_url: str
) -> None:
    """The station leaves the line without an acknowledgement, and comes back with everything."""

    def told() -> list[str]:
        return events(tmp_path / "isr.log")

    await until(lambda: "link.up" in told())
    resource.prlimit(station.pid, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    address = BrokerAddress.parse(mosquitto_url)
    async with aiomqtt.Client(address.host, address.port) as client:
        status = "hotline/v1/isr-tur/isr/status"
        await client.subscribe(status, qos=1)
        for seq in range(1, 101):
            await client.publish("hotline/v1/isr-tur/tur/records", check(seq), qos=1)
        await until(lambda: "station.failed" in told())
        second = await _start_once_more(tmp_path)
        assert b"another process uses the state directory" in second, "also while it waits for room"
        held = 0
        async with asyncio.timeout(PATIENCE_S):
            async for message in client.messages:
                last = json.loads(message.payload)
                held = max(held, last["held"]["tur"])
                if not last["online"]:
                    break
    assert held < 100
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(station.pid, resource.RLIMIT_FSIZE, unlimited)
    await until(lambda: told().count("station.started") == 2)
    station.terminate()
    assert station.wait() == os.EX_OK
    journal = Journal.look_at(tmp_path / "isr")
    stored = journal.heads()["tur"].seq
    journal.close()
    assert held <= stored  # all that was acknowledged is there
    lines = [json.loads(line) for line in (tmp_path / "isr.log").read_text().splitlines()]
    reasons = [line["reason"] for line in lines if line["event"] == "station.failed"]
    assert len(set(reasons)) == len(reasons), "each is told once"


@pytest.mark.mosquitto
@pytest.mark.usefixtures("station")
async def test_a_directory_that_was_taken_away_is_a_lost_disk(
    tmp_path: Path, mosquitto_url: str
) -> None:
    """What nobody will find again is not acknowledged; then all is as after a lost disk."""
    log, address = tmp_path / "isr.log", BrokerAddress.parse(mosquitto_url)
    await until(lambda: "link.up" in events(log))
    async with aiomqtt.Client(address.host, address.port) as client:
        for seq in (1, 2):
            await client.publish("hotline/v1/isr-tur/tur/records", check(seq), qos=1)
            await until(lambda: b"check.received" in log.read_bytes())
            if seq == 1:
                shutil.move(tmp_path / "isr", tmp_path / "taken-away")
        await until(lambda: events(log).count("station.started") == 2)
        assert b"was moved or deleted" in log.read_bytes()
        for seq in (1, 2):
            await client.publish("hotline/v1/isr-tur/tur/records", check(seq), qos=1)
        await until(lambda: events(log).count("check.received") == 3)
    journal = Journal.look_at(tmp_path / "isr")
    assert journal.heads()["tur"].seq == 2
    journal.close()
    assert b"another process uses" in await _start_once_more(tmp_path)


async def _start_once_more(folder: Path) -> bytes:
    """What a second process says that is started in the same state directory, and ends with 2."""
    command = ["-m", "hotline", "station", "isr", "--line", "line.toml", "--state", "isr"]
    second = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, said = await second.communicate()
    finally:
        if second.returncode is None:
            second.kill()
    assert second.returncode == entry.USAGE
    return said
