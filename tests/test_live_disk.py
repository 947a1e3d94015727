"""A disk that takes no more, under a real station: a limit on the size of its files."""

import asyncio
import json
import os
import resource
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiomqtt
import pytest

from hotline.broker.address import BrokerAddress
from hotline.commands import entry
from hotline.desk import sockets
from hotline.desk.client import ask
from hotline.errors import Declined
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.times import format_instant
from tests.config_files import minimal
from tests.helpers import PATIENCE_S, eventually
from tests.processes import Process, Several, several

pytestmark = pytest.mark.mosquitto

RECORDS = "hotline/v1/isr-tur/tur/records"


def now() -> str:
    """The time, as a record says it."""
    return format_instant(time.time_ns() // 1_000_000)


def check(seq: int) -> bytes:
    """A record of `tur`, as somebody would type it."""
    body = {"remarks": "." * 1_000}
    record = {"v": 1, "line": "isr-tur", "station": "tur", "seq": seq, "at": now()}
    return json.dumps(record | {"kind": "check", "body": body}).encode()


@pytest.fixture
def here(tmp_path: Path, mosquitto_url: str) -> Iterator[Several]:
    """A folder with a line.toml, and the processes that are started there."""
    minimal(tmp_path, f'[broker]\nurl = "{mosquitto_url}"\n')
    with several(tmp_path) as processes:
        yield processes


def start(here: Several, log: str) -> Process:
    """Start the station `isr`; its log is told apart by its name."""
    return here.start(log, "hotline", "station", "isr", "--line", "line.toml", "--state", "isr")


async def is_in_use(here: Several) -> bool:
    """Whether a second process in the same state directory says so, and ends with 2."""
    second = start(here, "second")
    assert await second.ends() == entry.USAGE
    return "another process uses the state directory" in second.stderr.read_text()


def held_in(folder: Path) -> int:
    """How far a journal has `tur`'s."""
    journal = Journal.look_at(folder)
    try:
        return journal.heads()["tur"].seq
    finally:
        journal.close()


async def test_a_full_disk_is_told_and_nothing_is_lost(here: Several, mosquitto_url: str) -> None:
    """The station leaves the line without an acknowledgement, and comes back with everything."""
    station = start(here, "isr")
    await station.tells("link.up")
    resource.prlimit(station.pid, resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    address = BrokerAddress.parse(mosquitto_url)
    async with aiomqtt.Client(address.host, address.port) as client:
        await client.subscribe("hotline/v1/isr-tur/isr/status", qos=1)
        for seq in range(1, 101):
            await client.publish(RECORDS, check(seq), qos=1)
        await station.tells("station.failed")
        assert await is_in_use(here), "also while it waits for room"
        with pytest.raises(Declined, match=r"off the line: .*journal"):
            await ask(here.folder / "isr", {"do": "inbox"})
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
    await eventually(lambda: len(station.told("station.started")) == 2)
    station.signal(signal.SIGTERM)
    assert await station.ends() == os.EX_OK
    assert held <= held_in(here.folder / "isr"), "all that was acknowledged is there"
    assert not (here.folder / "isr" / sockets.FILE).exists()
    reasons = [line["reason"] for line in station.told("station.failed")]
    assert len(set(reasons)) == len(reasons), "each is told once"


async def test_a_directory_that_was_taken_away_is_a_lost_disk(
    here: Several, mosquitto_url: str
) -> None:
    """What nobody will find again is not acknowledged; then all is as after a lost disk."""
    station, address = start(here, "isr"), BrokerAddress.parse(mosquitto_url)
    await station.tells("link.up")
    async with aiomqtt.Client(address.host, address.port) as client:
        await client.publish(RECORDS, check(1), qos=1)
        await station.tells("check.received")
        shutil.move(here.folder / "isr", here.folder / "taken-away")
        await client.publish(RECORDS, check(2), qos=1)
        await eventually(lambda: len(station.told("station.started")) == 2)
        assert "was moved or deleted" in station.stderr.read_text()
        for seq in (1, 2):
            await client.publish(RECORDS, check(seq), qos=1)
        await eventually(lambda: len(station.told("check.received")) == 3)
    assert held_in(here.folder / "isr") == 2
    assert await is_in_use(here)


async def test_who_waited_for_his_disk_has_read_what_came_before_he_judges(
    here: Several, mosquitto_url: str
) -> None:
    """An answer that came in time is not missed, though the watchdog could not look for it."""
    minimal(here.folder, f'[broker]\nurl = "{mosquitto_url}"\n[timers]\nanswer_flash = "2s"\n')
    watchdog = here.start("dog", "hotline", "watchdog", "--line", "line.toml", "--state", "dog")
    await watchdog.tells("link.up")
    address = BrokerAddress.parse(mosquitto_url)
    async with aiomqtt.Client(address.host, address.port) as client:

        async def say(at: str, station: str, seq: int, kind: str, **body: object) -> None:
            topic = f"hotline/v1/isr-tur/{station}"
            about = {"v": 1, "line": "isr-tur", "station": station, "at": at}
            if seq:
                record = about | {"seq": seq, "kind": kind, "body": body}
                await client.publish(f"{topic}/records", json.dumps(record))
            told = about | {"since": began, "online": True, "head": seq, "role": "party"}
            await client.publish(f"{topic}/status", json.dumps(told))

        began = now()
        await say(began, "isr", 0, "")
        await say(began, "tur", 0, "")
        await asyncio.sleep(1.5)  # until it judges
        await say(now(), "tur", 1, "stop", text="break off")
        await watchdog.tells("stop.received")
        await asyncio.sleep(1.0)
        with closing(sqlite3.connect(here.folder / "dog" / FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # its next commit waits, for five seconds at most
            said, asked = now(), {"station": "tur", "seq": 1}
            for seq in range(2, 302):  # more than a turn takes of what does not press
                await say(said, "tur", seq, "handover", officer="Demir")
            await say(said, "isr", 1, "reply", refers_to=asked, answer="ROGER", officer="Levi")
            await asyncio.sleep(2.5)
            assert not watchdog.told("stop.answered")
            other.execute("ROLLBACK")
        await watchdog.tells("stop.answered")
        assert watchdog.told("flag.raised", rule="unanswered") == []
