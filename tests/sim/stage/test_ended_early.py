"""A run that ends before its time: by whom, and what it still does."""

import fcntl
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers import PATIENCE_S
from tests.processes import environment, processes_below
from tests.sim.plays import SMALL, write

COMMAND = [sys.executable, "-m", "sim"]
FILES = ("verdict.json", "debriefing.html")


def interrupted(*words: str) -> tuple[bytes, bytes]:
    """What a command printed that was told to end when its first notice was said."""
    command = [*COMMAND, *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"notice.sent" in line:
                break
        process.send_signal(signal.SIGINT)
        printed = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    return printed


@pytest.mark.mosquitto
def test_ctrl_c_ends_a_run_with_the_verdict_so_far(temp_folder: Path) -> None:
    """Long before its own end, with nothing left behind."""
    verdict = temp_folder / "verdict.json"
    interrupted("run", "strike-and-survey", "--json", str(verdict), "--speed", "5")
    told = json.loads(verdict.read_text())
    assert (told["verdict"], told["interrupted"]) == ("stopped", True)
    assert "the run was stopped" in told["expectations"][0]["detail"]
    assert [entry for entry in temp_folder.iterdir() if entry != verdict] == []


def test_ctrl_c_ends_a_virtual_run_too(temp_folder: Path) -> None:
    """A day takes seconds; whoever stops it gets the verdict on what was played."""
    out, err = interrupted("run", "routine-day", "--virtual", "--json", "-")
    assert json.loads(out)["interrupted"] is True
    assert b"scenario.interrupted" in err
    assert list(temp_folder.iterdir()) == []


def the_reader_leaves(log: int, _: subprocess.Popen[bytes]) -> None:
    """As when Ctrl-C in `run … 2>&1 | tee` ends `tee` first."""
    os.close(log)


def the_terminal_is_closed(log: int, process: subprocess.Popen[bytes]) -> None:
    """The system tells its processes, and nothing can be written there any more."""
    os.close(log)
    process.send_signal(signal.SIGHUP)


@pytest.mark.mosquitto
@pytest.mark.parametrize(
    ("ends", "opened"), [(the_reader_leaves, os.pipe), (the_terminal_is_closed, pty.openpty)]
)
def test_a_run_whose_reader_leaves_ends_with_the_verdict_so_far(
    ends: Callable[[int, subprocess.Popen[bytes]], None],
    opened: Callable[[], tuple[int, int]],
    temp_folder: Path,
) -> None:
    """The log and the tables are told to nobody; files are written, and journals kept."""
    reading, writing = opened()
    places = ("--json", FILES[0], "--html", FILES[1], "--keep", "kept")
    command = [*COMMAND, "run", "strike-and-survey", "--speed", "10", *places]
    with subprocess.Popen(
        command, stdout=writing, stderr=writing, cwd=temp_folder, env=environment()
    ) as process:
        os.close(writing)
        log = b""
        while b"notice.sent" not in log:
            log += os.read(reading, 65_536)
        ends(reading, process)
        assert process.wait(PATIENCE_S) != 0
    assert json.loads((temp_folder / FILES[0]).read_text())["interrupted"] is True
    assert {path.name for path in temp_folder.iterdir()} == {*FILES, "kept"}
    assert {path.name for path in (temp_folder / "kept").iterdir()} >= {"isr", "tur"}


@pytest.mark.mosquitto
def test_a_run_whose_private_broker_is_killed_ends_with_it(temp_folder: Path) -> None:
    """It has not passed: that nobody was flagged from then on proves nothing."""
    path = write(temp_folder, SMALL.replace("answer: ACCEPT, of: TUR-1", "never: {flag: silent}"))
    command = [*COMMAND, "run", str(path), "--speed", "10"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stderr is not None
        assert any(b"scenario.started" in line for line in process.stderr)
        for number in processes_below(temp_folder):
            os.kill(number, signal.SIGKILL)
        told = [json.loads(line) for line in process.stderr]
    assert process.returncode == 1
    assert "broker.ended" in [line["event"] for line in told]
    assert (told[-1]["event"], told[-1]["verdict"]) == ("scenario.ended", "stopped")


@pytest.mark.mosquitto
def test_a_run_does_not_wait_for_who_reads_its_log(temp_folder: Path) -> None:
    """He may stand still, as with Ctrl-S: its stations would stand still with him."""
    reading, writing = os.pipe()
    os.write(writing, bytes(fcntl.fcntl(writing, fcntl.F_GETPIPE_SZ)))  # it is full
    path = write(temp_folder, SMALL.replace("duration: 30m", "duration: 2m"))
    command = [*COMMAND, "run", str(path), "--speed", "20"]
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=writing, check=False, timeout=PATIENCE_S
    )
    os.close(reading)
    os.close(writing)
    assert done.returncode == 0


def test_a_verdict_is_the_exit_code_though_nobody_reads_the_tables(tmp_path: Path) -> None:
    """`run … | head` in a script that minds exit codes: what has failed has not passed."""
    path = write(tmp_path, SMALL.replace("{answer: ACCEPT,", "{answer: REJECT,"))
    reading, writing = os.pipe()
    os.close(reading)
    command = [*COMMAND, "run", str(path), "--virtual"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.DEVNULL, check=False)
    os.close(writing)
    assert done.returncode == 1
