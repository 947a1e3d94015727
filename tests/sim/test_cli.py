"""`hotline-sim` as its users run it: what it prints and how it ends, as a process too."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hotline.commands import entry
from sim import catalogue
from sim.cli import app
from tests.helpers import eventually
from tests.processes import finished, processes_below
from tests.sim.plays import SMALL, write

COMMAND = [sys.executable, "-m", "sim"]
Output = pytest.CaptureFixture[str]


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return finished("sim", *map(str, words))


def test_a_scenario_that_passes_exits_with_0() -> None:
    """Results on stdout, the log on stderr as JSON lines."""
    done = run("run", "strike-and-survey", "--virtual")
    assert done.returncode == 0
    assert "PASS" in done.stdout
    events = [json.loads(line)["event"] for line in done.stderr.splitlines()]
    assert events[-1] == "scenario.ended"


def test_an_expectation_that_fails_exits_with_1(tmp_path: Path) -> None:
    """The table and the log name it."""
    path = write(tmp_path, SMALL.replace("{answer: ACCEPT,", "{answer: REJECT,"))
    done = run("run", path, "--virtual")
    assert done.returncode == 1
    assert "FAIL" in done.stdout
    assert "expectation.failed" in done.stderr


def test_json_is_all_that_stdout_has() -> None:
    """`--json -` writes the verdict there, and no table."""
    done = run("run", "strike-and-survey", "--virtual", "--json", "-", "--log-level", "error")
    verdict = json.loads(done.stdout)
    assert set(verdict) == {
        "scenario",
        "verdict",
        "interrupted",
        "seed",
        "speed",
        "broker",
        "played",
        "started",
        "ended",
        "notices",
        "flags",
        "expectations",
    }
    assert (verdict["verdict"], verdict["speed"], verdict["broker"]) == (
        "pass",
        "virtual",
        "memory",
    )
    assert [flag["level"] for flag in verdict["flags"]] == ["WARNING", "ALARM", "VOICE_REQUIRED"]
    assert set(verdict["flags"][0]) == {
        "rule",
        "subject",
        "message",
        "level",
        "due",
        "detail",
        "raised_at",
        "cleared_at",
        "late_ms",
    }
    assert verdict["flags"][0]["due"] == "2026-01-12T06:04:00.000Z"
    assert verdict["notices"][1]["flags"] == [
        "unanswered WARNING",
        "unanswered ALARM",
        "unanswered VOICE_REQUIRED",
    ]


def test_a_verdict_that_cannot_be_written_is_still_shown(tmp_path: Path) -> None:
    """A run is not played for nothing because the disk turns out to be full."""
    done = run("run", write(tmp_path), "--virtual", "--json", "/dev/full")
    assert done.returncode == 2
    assert "PASS" in done.stdout
    assert "error: cannot write the verdict to /dev/full: No space left on device\n" in done.stderr


def test_what_the_verdict_cannot_be_written_to_is_told_before_the_run(
    tmp_path: Path, capsys: Output
) -> None:
    """Nobody waits a day of the scenario to learn that a folder is no file."""
    words = ["run", str(write(tmp_path)), "--virtual", "--json", str(tmp_path)]
    assert entry.run(app, words) == entry.USAGE
    says = "it is a folder; expected a file"
    assert capsys.readouterr() == ("", f"error: cannot write the verdict to {tmp_path}: {says}\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_told_before_the_run(tmp_path: Path) -> None:
    """An old one that is read-only, and a new one in a folder that is."""
    old = tmp_path / "old.json"
    old.touch(mode=0o400)
    for place in (old, Path("/verdict.json")):
        done = run("run", write(tmp_path), "--virtual", "--json", place)
        says = "you may not write there"
        assert done.stderr == f"error: cannot write the verdict to {place}: {says}\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "nosuch"], "no scenario is called 'nosuch'"),
        (["run"], "SCENARIO"),
        (["run", "strike-and-survey", "--sped", "3"], "--speed"),
        (["run", "strike-and-survey", "--virtual", "--speed", "3"], "leave --broker and --speed"),
        (["run", "strike-and-survey", "--virtual", "--broker", "nats"], "leave --broker and --sp"),
        (["run", "strike-and-survey", "--speed", "0"], "expected a number above 0"),
        (["run", "strike-and-survey", "--speed", "inf"], "expected a number above 0"),
        (["run", "strike-and-survey", "--play", "isr", "--play", "tr"], "did you mean 'tur'?"),
        (["run", "strike-and-survey", "--virtual", "--play", "tur"], "leave --virtual out"),
        (["run", "strike-and-survey", "--broker", "http://x"], "mqtt://host:port"),
        (
            ["run", "strike-and-survey", "--virtual", "--json", "/none/x"],
            "cannot write the verdict to /none/x: there is no such folder",
        ),
        (["check", "/none/x.yaml"], "cannot be read"),
    ],
)
def test_a_wrong_command_line_exits_with_2(words: list[str], says: str, capsys: Output) -> None:
    """With a sentence, and never a traceback."""
    assert entry.run(app, words) == entry.USAGE
    assert says in capsys.readouterr().err


def test_no_broker_exits_with_3() -> None:
    """One clear line."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        done = run("run", "strike-and-survey", "--broker", f"mqtt://127.0.0.1:{port}")
    assert done.returncode == 3
    assert done.stderr == (
        f"error: no MQTT broker can be used at mqtt://127.0.0.1:{port}: Connection refused;"
        " start one (`hotline broker`), or give another address with --broker\n"
    )


def test_check_tells_every_mistake(tmp_path: Path, capsys: Output) -> None:
    """A line for each, on stderr; what is right is told too."""
    text = SMALL.replace("who: tur", "who: fra").replace("FLASH", "FLUSH")
    assert entry.run(app, ["check", str(write(tmp_path, text)), "routine-day"]) == entry.USAGE
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 2
    assert out.startswith("ok ")


def test_check_shows_no_title_that_moves_the_cursor(tmp_path: Path, capsys: Output) -> None:
    """Scenarios are passed on, and checked before anybody has read them."""
    text = SMALL.replace("title: A", 'title: "\\e[2J" # A')
    assert entry.run(app, ["check", str(write(tmp_path, text))]) == entry.OK
    assert capsys.readouterr().out.endswith(":  [2J\n")


def test_check_tells_mistakes_of_all_kinds_each_on_a_line(capsys: Output) -> None:
    """However many there are: a line each with file, line and field, and no traceback."""
    path = Path(__file__).parent / "scenario" / "everything_wrong.yaml"
    assert entry.run(app, ["check", str(path)]) == entry.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == len(set(lines)) > 50
    assert all(re.match(rf"error: {path}:[1-9]\d*: [\w.\[\]-]+: \S", line) for line in lines)


def test_list_shows_what_is_shipped(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Each with the line that says what it teaches."""
    monkeypatch.setenv("COLUMNS", "80")
    assert entry.run(app, ["list"]) == entry.OK
    out = capsys.readouterr().out
    for path in catalogue.shipped():
        assert path.stem in out
    row = next(line for line in out.splitlines() if "thirty-day-campaign" in line)
    assert row.split()[-2:] == ["30d", "17"]


def test_schema_prints_what_editors_read(capsys: Output) -> None:
    """The same text as the file that is shipped beside the seeds."""
    assert entry.run(app, ["schema"]) == entry.OK
    shipped = catalogue.shipped()[0].with_name("scenario.schema.json")
    assert capsys.readouterr() == (shipped.read_text(encoding="utf-8"), "")


@pytest.mark.mosquitto
def test_a_speed_that_cannot_be_sound_is_refused() -> None:
    """The highest one that is gets named."""
    done = run("run", "strike-and-survey", "--speed", "1000000")
    assert done.returncode == 2
    assert "The highest sound speed is" in done.stderr


@pytest.mark.mosquitto
def test_a_killed_run_leaves_no_broker_behind(temp_folder: Path) -> None:
    """Not even SIGKILL does."""
    command = [*COMMAND, "run", "strike-and-survey"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if b"scenario.started" in line:
                break
        assert processes_below(temp_folder)
        process.kill()
    asyncio.run(eventually(lambda: not processes_below(temp_folder)))
    assert process.returncode == -signal.SIGKILL


def test_the_seeds_travel_in_the_wheel(tmp_path: Path) -> None:
    """Installed from a wheel, far from the repository, they are listed and played."""
    project = Path(__file__).parents[2]
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*build, "--wheel-dir", tmp_path, project], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sim", "run", "strike-and-survey", "--virtual"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = subprocess.run(
        [sys.executable, "-P", "-c", "import sim.catalogue as c; print(c.shipped()[0])"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(tmp_path / "site"))
