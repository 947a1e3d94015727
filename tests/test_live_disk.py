"""A disk that takes no more, under a real station: a limit on the size of its files."""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import aiomqtt
import pytest

from hotline.address import BrokerAddress
from hotline.journal import Journal
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
        lines = (tmp_path / "isr.log").read_text().splitlines()
        return [json.loads(line)["event"] for line in lines]

    await until(lambda: "link.up" in told())
    resource.prlimit(station.pid, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    address = BrokerAddress.parse(mosquitto_url)
    async with aiomqtt.Client(address.host, address.port) as client:
        status = "hotline/v1/isr-tur/isr/status"
        await client.subscribe(status, qos=1)
        for seq in range(1, 101):
            await client.publish("hotline/v1/isr-tur/tur/records", check(seq), qos=1)
        await until(lambda: "station.failed" in told())
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
    assert told().count("station.failed") == 1
