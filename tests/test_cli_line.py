"""A whole line by hand, as a user runs it: broker, stations, watchdog and tail as processes."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from hotline.broker.address import BrokerAddress
from hotline.status import GOODBYE
from hotline.times import format_instant
from tests.config_files import minimal
from tests.helpers import PATIENCE_S, eventually
from tests.lines import misfits
from tests.processes import Process, Several, children, environment, finished, several
from tests.test_fleet import write_line

pytestmark = pytest.mark.mosquitto

# Everything takes seconds, so that what nobody answers is flagged while we wait.
TABLES = """\
[timers]
answer_check = "1s"
grace = "500ms"
heartbeat = "500ms"
silent = "2500ms"
greeting = "2500ms"
resend = "500ms"
[broker]
url = "mqtt://127.0.0.1:{port}"
"""
LEVELS = ["WARNING", "ALARM", "VOICE_REQUIRED"]


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Several]:
    """A folder with a line.toml, and the processes that are started there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    minimal(tmp_path, TABLES.format(port=port))
    with several(tmp_path) as processes:
        processes.port = port
        yield processes


def station(line: Several, name: str, *options: str, log: str = "") -> Process:
    """Start a party's station."""
    command = ["hotline", "station", name, "--line", "line.toml", "--state", name]
    return line.start(log or name, *command, "--log-level", "debug", *options)


def picture(line: Several, state: str) -> dict[str, Any]:
    """What a journal says, for programs."""
    shown = finished("hotline", "picture", "--state", state, "--json", cwd=line.folder)
    assert (shown.returncode, shown.stderr) == (0, "")
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


async def speak(line: Several, station: str, seq: int) -> None:
    """Type a comm check in a station's name."""
    record = {"v": 1, "line": "isr-tur", "station": station, "seq": seq}
    record["at"] = format_instant(time.time_ns() // 1_000_000)
    typed = json.dumps(record | {"kind": "check", "body": {"remarks": "by hand"}})
    async with aiomqtt.Client("127.0.0.1", line.port) as client:
        await client.publish(f"hotline/v1/isr-tur/{station}/records", typed, qos=1)


async def test_a_broker_that_is_killed_is_told(line: Several) -> None:
    """Nobody waits at a command whose broker is gone: it says so, and ends with 3."""
    broker = line.start("broker", "hotline", "broker", "--port", str(line.port))
    await eventually(lambda: "Ctrl-C stops it" in broker.stdout.read_text())
    [guard] = children(broker.pid)
    [program] = children(guard)
    os.kill(program, signal.SIGKILL)
    assert await broker.ends() == 3
    assert "has ended: start it again" in broker.stderr.read_text()


async def test_a_station_whose_log_nobody_reads_any_more_stays_on_the_line(
    tmp_path: Path, mosquitto_url: str
) -> None:
    """Until it is stopped: it says goodbye then."""
    file = write_line(tmp_path, "unread", mosquitto_url)
    command = ["station", "isr", "--line", str(file), "--state", str(tmp_path / "isr")]
    reading, writing = os.pipe()
    os.close(reading)
    address = BrokerAddress.parse(mosquitto_url)
    async with aiomqtt.Client(address.host, address.port) as client, asyncio.timeout(PATIENCE_S):
        await client.subscribe("hotline/v1/unread/isr/status", qos=1)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hotline", *command), stderr=writing, env=environment()
        )
        os.close(writing)
        try:
            async for message in client.messages:
                status = json.loads(message.payload)
                if not status["online"]:
                    break
                process.send_signal(signal.SIGINT)
            assert await process.wait() == 0
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    assert status["reason"] == GOODBYE


async def test_a_line_that_is_run_by_hand(line: Several) -> None:
    """Words typed by hand count, silences are flagged, a killed station comes back whole."""
    broker = line.start("broker", "hotline", "broker", "--port", str(line.port))
    await eventually(lambda: "Ctrl-C stops it" in broker.stdout.read_text())
    assert f" at mqtt://127.0.0.1:{line.port} (Ctrl-C stops it)\n" in broker.stdout.read_text()

    tail = line.start("tail", "hotline", "tail", "--line", "line.toml")
    everything = line.start(
        "flags", "hotline", "tail", "--broker", f"mqtt://127.0.0.1:{line.port}", "--kind", "flag"
    )
    dog = line.start("dog", "hotline", "watchdog", "--line", "line.toml", "--state", "dog")
    isr = station(line, "isr")
    await tail.tells("station.online", station="isr")
    await dog.tells("station.online", station="isr")

    # For a station that has no process: accepted, delivered, and missed when nobody answers.
    await dog.tells("flag.raised", rule="silent", subject="tur")
    await speak(line, "tur", 1)
    await isr.tells("check.received", record="tur/1", text="by hand")
    await tail.tells("check.delivered", record="tur/1", to="isr")
    for level in LEVELS:
        await tail.tells("flag.raised", rule="unanswered", subject="tur/1", level=level)

    # For one that runs: its journal takes the words in.
    await speak(line, "isr", 1)
    await isr.tells("record.adopted", record="isr/1")
    await dog.tells("flag.raised", rule="unanswered", subject="isr/1")

    # The other station comes: it reads what was said in its name, and an officer answers.
    tur = station(line, "tur", "--officer", "Demir", "--reading", "1s")
    await tur.tells("record.adopted", record="tur/1")
    await tail.tells("check.answered", station="tur", message="check isr/1", officer="Demir")
    await dog.tells("flag.cleared", rule="unanswered", subject="isr/1")
    await dog.tells("flag.cleared", rule="silent", subject="tur")

    # Nobody else may use a journal that is in use.
    second = station(line, "isr", log="second")
    assert await second.ends() == 2
    assert "another process uses the state directory isr" in second.stderr.read_text()

    # Killed: missed. Back again: nothing is missing.
    tur.signal(signal.SIGKILL)
    await tail.tells("station.silent", station="tur", reason="link lost")
    await everything.tells("flag.raised", rule="silent", subject="tur", detail="tur: link lost")
    cleared = len(everything.told("flag.cleared", rule="silent", subject="tur"))
    await speak(line, "isr", 2)
    await isr.tells("record.adopted", record="isr/2")
    again = station(line, "tur", "--officer", "Demir", "--reading", "0s", log="again")
    await eventually(
        lambda: len(everything.told("flag.cleared", rule="silent", subject="tur")) > cleared
    )
    for process in (isr, again, tail):
        await process.tells("check.answered", station="tur", message="check isr/2")
    messages = picture(line, "isr")["messages"]
    assert {f"{told['station']}/{told['seq']} {told['state']}" for told in messages} == {
        "tur/1 open",
        "isr/1 acknowledged",
        "isr/2 acknowledged",
    }
    assert picture(line, "tur")["messages"] == messages
    shown = finished("hotline", "picture", "--state", "isr", cwd=line.folder)
    rows = [" ".join(row.split()) for row in shown.stdout.splitlines()]
    assert any(row.startswith("isr/2 check isr/2 ") for row in rows)
    assert any(row.startswith("unanswered check tur/1 VOICE_REQUIRED ") for row in rows)

    # Everybody leaves in good order, and is heard to leave.
    assert await again.stops() == 0
    await tail.tells("station.silent", station="tur", reason="goodbye")
    for process in (isr, dog, tail, everything, broker):
        assert await process.stops() == 0
    await isr.tells("station.stopped", station="isr")
    assert {told["event"] for told in everything.lines()} == {
        "tail.started",
        "flag.raised",
        "flag.cleared",
    }
    for process in (tail, everything, dog, isr, tur, again):
        assert misfits(process.lines()) == []
        other = process.stderr if process in (tail, everything) else process.stdout
        assert other.read_text() == ""
