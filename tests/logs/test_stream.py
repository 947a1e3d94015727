"""The log stream: console or JSON, the line's time beside the wall's, and nothing too quiet."""

import errno
import json
import os
import pty
import subprocess
import sys

import pytest

from hotline.logs.stream import LogFormat, LogLevel, LogStream
from hotline.times import parse_instant
from tests.clocks import HandClock
from tests.helpers import T0

SEVERITIES = ("debug", "info", "warning", "error", "critical")
ONE_LINE = """
from hotline.logs.stream import LogStream
LogStream()("info", "station.online", line="isr-tur", told_by="isr", station="tur")
"""


def test_json_lines_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line on stderr, the four common fields first, umlauts as they are.

    It can be looked at, too: nothing in it moves a cursor or turns a text round.
    """
    log = LogStream(LogFormat.JSON)
    log("warning", "scenario.note", line="isr-tur", text="Türkiye\nspeaks\u202e")
    log("info", "broker.stopped", broker="memory")
    out, err = capsys.readouterr()
    assert out == ""
    first, second = (json.loads(line) for line in err.splitlines())
    assert list(first) == ["wall", "at", "severity", "event", "line", "text"]
    assert first["text"] == "Türkiye\nspeaks\u202e"
    assert "\u202e" not in err
    assert (first["severity"], second["event"]) == ("warning", "broker.stopped")
    assert "Türkiye" in err


def test_on_a_live_line_both_times_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a scenario's clock the line's time is the wall's, to the millisecond."""
    LogStream(LogFormat.JSON)("info", "broker.stopped", broker="memory")
    line = json.loads(capsys.readouterr().err)
    assert line["wall"] == line["at"]
    assert parse_instant(line["at"]) > T0


def test_in_a_scenario_the_lines_time_stands_beside_the_walls(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Once the stream has the scenario's clock, `at` is the scenario's time."""
    log = LogStream(LogFormat.JSON)
    log.clock = HandClock()
    log("info", "broker.stopped", broker="memory")
    line = json.loads(capsys.readouterr().err)
    assert line["at"] == "2026-01-12T06:00:00.000Z"
    assert line["wall"] != line["at"]


@pytest.mark.parametrize("level", list(LogLevel))
def test_what_is_quieter_than_the_level_is_not_told(
    level: LogLevel, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stream tells its own level and all that is louder."""
    log = LogStream(LogFormat.JSON, level)
    for severity in SEVERITIES:
        log(severity, "broker.stopped", broker="memory")
    told = [json.loads(line)["severity"] for line in capsys.readouterr().err.splitlines()]
    assert told == list(SEVERITIES[SEVERITIES.index(level) :])


def test_the_console_tells_the_same_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for the console, it tells a story whoever reads; on stderr too."""
    monkeypatch.setenv("COLUMNS", "80")
    log = LogStream(LogFormat.CONSOLE)
    log.clock = HandClock()
    log("info", "station.online", line="isr-tur", told_by="watchdog", station="tur")
    out, err = capsys.readouterr()
    assert out == ""
    rule, line = err.splitlines()
    assert rule.startswith("── 2026-01-12 ──")
    assert line.endswith("06:00:00 tur      station.online   is on the line")


def test_piped_the_automatic_format_is_json() -> None:
    """A program that reads our stderr gets JSON without asking."""
    ran = subprocess.run(
        [sys.executable, "-c", ONE_LINE], capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stderr)["event"] == "station.online"


def test_on_a_terminal_the_automatic_format_is_the_console() -> None:
    """A person at a terminal gets the story without asking."""
    ours, theirs = pty.openpty()
    environment = {name: os.environ[name] for name in ("PATH",)} | {"TERM": "xterm"}
    subprocess.run(
        [sys.executable, "-c", ONE_LINE], stdin=theirs, stderr=theirs, check=True, env=environment
    )
    os.close(theirs)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "is on the line" in told
    assert "{" not in told


FLOOD = """
import os, sys
from hotline.logs.stream import LogFormat, LogStream
log = LogStream(LogFormat.JSON, must_go_on={goes_on})
for number in range(2000):
    log("info", "station.online", line="isr-tur", told_by="isr", station="tur", n=number)
os.write(1, os.readlink("/proc/self/fd/2").encode())
"""


@pytest.mark.parametrize("closed", ["2>&-", "<&- >&- 2>&-"])
def test_a_log_whose_stderr_is_closed_is_told_to_nobody(closed: str) -> None:
    """Nor is it written to stdout, where results go; and no station ends for that."""
    words = ["sh", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, ONE_LINE]
    ran = subprocess.run(words, stdout=subprocess.PIPE, check=False)
    assert (ran.stdout, ran.returncode) == (b"", 0)


def test_a_station_outlives_the_reader_of_its_log() -> None:
    """Nobody reads it any more: it tells nobody and goes on; who only tells something ends."""
    for goes_on, told in ((True, b"/dev/null"), (False, b"")):
        reading, writing = os.pipe()
        os.close(reading)
        words = [sys.executable, "-c", FLOOD.format(goes_on=goes_on)]
        ended = subprocess.run(words, stdout=subprocess.PIPE, stderr=writing, check=False)
        os.close(writing)
        assert (ended.stdout, ended.returncode == 0) == (told, goes_on)


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EIO])
def test_what_finds_no_room_in_the_log_is_counted_and_told_of(
    reason: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the first line that can be written again; a disk that fails may be well again too."""
    log = LogStream(LogFormat.JSON, must_go_on=True)
    written = sys.stderr.write

    def full(_: str) -> int:
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(sys.stderr, "write", full)
    for _ in range(3):
        log("info", "station.online", line="isr-tur", told_by="isr", station="tur")
    monkeypatch.setattr(sys.stderr, "write", written)
    for _ in range(2):
        log("info", "station.stopped", line="isr-tur", told_by="isr", station="isr")
    gap, *others = map(json.loads, capsys.readouterr().err.splitlines())
    assert (gap["event"], gap["lines"], gap["severity"]) == ("log.gap", 3, "warning")
    assert [line["event"] for line in others] == ["station.stopped"] * 2
