"""One process that watches many lines: each keeps its own journal, and fails alone."""

import contextlib
import json
import resource
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import aiomqtt
import pytest

from hotline.broker.address import BrokerAddress
from hotline.cli import app
from hotline.commands import entry
from hotline.journal.journal import Journal
from hotline.times import format_instant
from tests.helpers import eventually
from tests.processes import Process, Several, finished, several

# Who has not been heard for three seconds is given up: no flag is waited for any longer.
LINE = """\
line = "{name}"
parties = {{isr = {{display = "Israel"}}, tur = {{display = "Türkiye"}}}}
[timers]
answer_check = "1s"
grace = "500ms"
heartbeat = "1s"
silent = "3s"
greeting = "3s"
[broker]
url = "{url}"
"""
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def write_line(folder: Path, name: str, url: str, file: str = "") -> Path:
    """A line's configuration in a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / (file or f"{name}.toml")
    path.write_text(LINE.format(name=name, url=url), encoding="utf-8")
    return path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Several]:
    """A folder and the processes that are started there."""
    with several(tmp_path) as processes:
        yield processes


def watch(here: Several, *options: str) -> Process:
    """Start a watchdog for all lines in `lines`."""
    return here.start("dog", "hotline", "watchdog", "--line", "lines", "--state", "state", *options)


async def speak(url: str, line: str, count: int = 1, size: int = 10) -> None:
    """Type some comm checks in the name of `tur`."""
    address = BrokerAddress.parse(url)
    async with aiomqtt.Client(address.host, address.port) as client:
        for seq in range(1, count + 1):
            record = {"v": 1, "line": line, "station": "tur", "seq": seq, "kind": "check"}
            record |= {"at": format_instant(time.time_ns() // 1_000_000)}
            record |= {"body": {"remarks": "." * size}}
            await client.publish(f"hotline/v1/{line}/tur/records", json.dumps(record), qos=1)


def stored(journal: Path) -> int:
    """How many records of `tur` a journal has."""
    opened = Journal.look_at(journal)
    try:
        heads = opened.heads()
        return heads["tur"].seq if "tur" in heads else 0
    finally:
        opened.close()


@pytest.mark.usefixtures("no_variables")
def test_all_mistakes_of_all_files_are_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong fields, a name that two lines have, a folder without lines: told together, code 2."""
    monkeypatch.chdir(tmp_path)
    lines = tmp_path / "lines"
    write_line(lines, "north", "mqtt://127.0.0.1:1", "a.toml")
    write_line(lines, "north", "mqtt://127.0.0.1:1", "b.toml")
    write_line(lines, "no good", "mqtt://127.0.0.1:1", "c.toml")
    write_line(lines, "south", "ftp://127.0.0.1", "d.toml")
    (tmp_path / "none").mkdir()
    command = ["watchdog", "--line", "lines", "--line", "none", "--state", "state"]
    assert entry.run(app, command) == entry.USAGE
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 4
    assert (
        told[0]
        == "error: lines/b.toml:1: line: 'north' is the name of the line in lines/a.toml too"
    )
    assert told[1].startswith("error: lines/c.toml:1: line: ")
    assert told[2].startswith("error: lines/d.toml:10: broker.url: ")
    assert told[3] == "error: none: expected a directory with *.toml files"
    assert not (tmp_path / "state").exists()


@pytest.mark.usefixtures("no_variables")
def test_a_watchdog_must_be_on_every_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All lines that have no watchdog of the wanted name are told at once."""
    files = [write_line(tmp_path, name, "mqtt://127.0.0.1:1") for name in ("north", "south")]
    options = [option for file in files for option in ("--line", str(file))]
    assert entry.run(app, ["watchdog", "hound", *options]) == entry.USAGE
    assert [line.split(";")[0] for line in capsys.readouterr().err.splitlines()] == [
        f"error: {files[0]}: watchdogs: 'hound' is not a watchdog of north",
        f"error: {files[1]}: watchdogs: 'hound' is not a watchdog of south",
    ]


@pytest.mark.mosquitto
async def test_a_line_that_cannot_be_watched_disturbs_no_other(
    here: Several, mosquitto_url: str
) -> None:
    """One line has no broker, one no room for its journal: the third flags; the second comes."""
    write_line(here.folder / "lines", "deaf", "mqtt://127.0.0.1:1")
    for name in ("stuck", "well"):
        write_line(here.folder / "lines", f"fleet-{name}", mosquitto_url)
    in_the_way = here.folder / "state" / "fleet-stuck"
    in_the_way.parent.mkdir()
    in_the_way.write_text("a file where a directory should be")
    dog = watch(here)
    await dog.tells("link.up", line="fleet-well")
    await dog.tells("station.failed", line="deaf")
    await dog.tells("station.failed", line="fleet-stuck")
    await speak(mosquitto_url, "fleet-well")
    await dog.tells("flag.raised", line="fleet-well", rule="unanswered", subject="tur/1")
    in_the_way.unlink()
    await dog.tells("link.up", line="fleet-stuck")
    assert len(dog.told("station.failed")) == 2
    assert await dog.stops() == 0
    assert stored(here.folder / "state" / "fleet-well" / "watchdog") == 1
    assert stored(here.folder / "state" / "fleet-stuck" / "watchdog") == 0


@pytest.mark.mosquitto
async def test_a_wrong_file_keeps_no_other_line_from_being_watched(
    here: Several, mosquitto_url: str
) -> None:
    """It is told where alarms are looked for; with nothing else there, it is an error."""
    wrong = here.folder / "lines" / "wrong.toml"
    write_line(wrong.parent, "no good", mosquitto_url, wrong.name)
    found = finished("hotline", "watchdog", "--line", "lines", cwd=here.folder)
    assert found.returncode == 2
    assert found.stderr.startswith("error: lines/wrong.toml:1: line: ")
    write_line(wrong.parent, "fleet-well", mosquitto_url)
    dog = watch(here)
    await dog.tells("link.up", line="fleet-well")
    [refused] = dog.told("line.refused")
    assert refused["reason"].startswith("lines/wrong.toml:1: line: ")
    assert await dog.stops() == 0


@pytest.mark.mosquitto
async def test_brokers_that_say_nothing_keep_no_other_line_waiting(
    here: Several, mosquitto_url: str
) -> None:
    """Two dozen take a connection and are silent; the last line is watched before they fail."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        for number in range(24):
            write_line(here.folder / "lines", f"a-mute-{number}", f"mqtt://127.0.0.1:{port}")
        write_line(here.folder / "lines", "well", mosquitto_url)
        dog = watch(here)
        await dog.tells("station.started", line="well")
        assert dog.told("station.failed") == []
        assert await dog.stops() == 0


@pytest.fixture
def nowhere() -> Iterator[int]:
    """The port of a machine that answers no connection, as one behind a firewall does."""
    with contextlib.ExitStack() as sockets:
        full = sockets.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # what it takes without having accepted anybody, and a few to spare
            waiting = sockets.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]


@pytest.mark.mosquitto
async def test_machines_that_answer_nothing_keep_no_other_line_waiting(
    here: Several, mosquitto_url: str, nowhere: int
) -> None:
    """Each attempt takes seconds and is made again and again; the last line does not queue."""
    for number in range(40):
        write_line(here.folder / "lines", f"a-lost-{number}", f"mqtt://127.0.0.1:{nowhere}")
    write_line(here.folder / "lines", "well", mosquitto_url)
    dog = watch(here)
    await dog.tells("link.up", line="well")
    assert dog.told("link.up") == dog.told("link.up", line="well")
    assert await dog.stops() == 0


@pytest.mark.mosquitto
async def test_a_disk_that_is_full_for_one_line_is_that_lines_trouble(
    here: Several, mosquitto_url: str
) -> None:
    """The line leaves and comes back by itself with everything; the other one is always there."""
    for name in ("fleet-full", "fleet-other"):
        write_line(here.folder / "lines", name, mosquitto_url)
    dog = watch(here)
    for name in ("fleet-full", "fleet-other"):
        await dog.tells("link.up", line=name)
    journals = (here.folder / "state").rglob("*")
    room = max(path.stat().st_size for path in journals if path.is_file()) + 40_000
    resource.prlimit(dog.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    await speak(mosquitto_url, "fleet-full", count=200, size=1_000)
    await dog.tells("station.failed", line="fleet-full")
    await speak(mosquitto_url, "fleet-other")
    await dog.tells("flag.raised", line="fleet-other", rule="unanswered")
    resource.prlimit(dog.pid, resource.RLIMIT_FSIZE, UNLIMITED)
    await eventually(lambda: len(dog.told("station.started", line="fleet-full")) == 2)
    assert await dog.stops() == 0
    assert dog.told("station.failed", line="fleet-other") == []
    assert len(dog.told("station.started", line="fleet-other")) == 1
    assert stored(here.folder / "state" / "fleet-other" / "watchdog") == 1


@pytest.mark.mosquitto
@pytest.mark.parametrize("after", ["link.up", "station.started"])
async def test_one_signal_stops_all_lines(here: Several, mosquitto_url: str, after: str) -> None:
    """Ctrl-C, be it while many lines still connect, ends all with a goodbye, and soon.

    They take more files than a process may open that does not ask for more.
    """
    names = [f"fleet-{number:03}" for number in range(60)]
    for name in names:
        write_line(here.folder / "lines", name, mosquitto_url)
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, 2 * len(names)), most))
    dog = watch(here)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    wanted = len(names) if after == "link.up" else 1
    await eventually(lambda: len(dog.told(after)) >= wanted)
    began_s = time.monotonic()
    dog.signal(signal.SIGINT)
    assert await dog.ends() == 0
    took_s = time.monotonic() - began_s
    connected = {told["line"] for told in dog.told("station.started")}
    assert {told["line"] for told in dog.told("station.stopped")} == set(names)
    address, gone = BrokerAddress.parse(mosquitto_url), {}
    async with aiomqtt.Client(address.host, address.port) as client:
        for name in sorted(connected):
            await client.subscribe(f"hotline/v1/{name}/watchdog/status", qos=1)
        async for message in client.messages:
            status = json.loads(message.payload)
            gone[status["line"]] = (status["online"], status.get("reason"))
            if len(gone) == len(connected):
                break
    assert set(gone.values()) == {(False, "goodbye")}
    assert took_s < 10, "stopping takes far too long, even for a busy machine"
