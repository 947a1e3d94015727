"""The hunt through many seeds: what is told on the way, and what is kept of a seed that fails."""

import os
import pty
import re
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from hotline.commands.entry import INTERRUPTED
from hotline.errors import LocalError
from sim.swarm import hunt
from sim.swarm.plan import Plan
from sim.swarm.scale import Scale
from tests.sim.station_bugs import shown_twice

SWARM = [sys.executable, "-m", "sim", "swarm"]
FORKED = """
import multiprocessing, os, sys, threading
from hotline.commands import entry
from sim import cli
fork = os.fork
def alone():
    print("forks with", threading.active_count(), flush=True)  # once, and not by the child too
    return fork()
os.fork = alone
multiprocessing.set_start_method("forkserver")
sys.exit(entry.run(cli.app, ["swarm", "--seeds", "1..4", "--jobs", "2", "--keep", sys.argv[1]]))
"""


@pytest.mark.parametrize(("text", "seeds"), [("17", range(17, 18)), ("0..9", range(10))])
def test_seeds_are_one_or_a_span(text: str, seeds: range) -> None:
    """Both ends of a span are meant."""
    assert hunt.parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "x", "5..1", "1..", "1-3", f"0..{10**12}"])
def test_seeds_that_make_no_sense_are_refused(text: str) -> None:
    """With what was expected."""
    with pytest.raises(LocalError, match=re.escape(f"{text!r} makes no sense; expected 17 or")):
        hunt.parse_seeds(text)


def test_a_hunt_that_finds_nothing_says_how_far_it_came(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no bar can be drawn it says so on the way, too."""
    monkeypatch.setattr(hunt, "_SAYS_EVERY_S", 0)
    assert hunt.hunt(range(3), Scale.MINUTES, 1, None, tmp_path)
    told, aside = capsys.readouterr()
    assert "2 of 3 seeds, none failed\n" in aside
    assert re.search(
        r"^3 seeds, 0\.\d simulated hours in \d+ s \(\d+ times faster", told, re.MULTILINE
    )
    assert told.endswith("no violation\n")
    assert list(tmp_path.iterdir()) == []


def test_a_hunt_ends_when_its_time_is_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the seed that it is at."""
    assert hunt.hunt(range(10_000), Scale.MINUTES, 1, 1e-6, tmp_path)
    assert capsys.readouterr().out.startswith("1 seed, ")


def test_what_fails_is_told_kept_and_can_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seed, the invariant, the log around it, the command, and a smaller plan that fails."""
    with monkeypatch.context() as patch:
        shown_twice(patch)
        assert not hunt.hunt(range(20), Scale.MINUTES, 1, None, tmp_path)
        told = capsys.readouterr().out
        found = re.search(
            r"^seed (\d+): no_double at (2026-01-01T\S+Z): (.+) was shown 2 times",
            *(told, re.MULTILINE),
        )
        assert found
        seed, path = found[1], tmp_path / f"swarm-{found[1]}.json"
        assert f"replay: hotline-sim swarm --seeds {seed}\n" in told
        assert told.endswith(f"minutes: hotline-sim swarm --replay {path}\n")
        assert len(Plan.load(path).words) == 1, "one message is enough to be shown twice"
        assert not hunt.replay(path)
        assert f"replay: hotline-sim swarm --replay {path}\n" in capsys.readouterr().out
    assert hunt.replay(path), "without the bug it fails no more"
    assert capsys.readouterr().out == f"seed {seed}: no violation\n"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("loss", "lost"), "faults: 0: kind: 'lost' is none of loss, delay, "),
        (('"who"', '"whose"'), "words: 0: who: Field required; "),
        (("{", ""), "Invalid JSON: "),
    ],
)
def test_a_file_that_is_no_plan_is_refused(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    """With the place in it and what was expected."""
    plan = (Path(__file__).parent / "found" / "seed-200870.json").read_text()
    path = tmp_path / "plan.json"
    path.write_text(plan.replace(*change))
    with pytest.raises(LocalError, match=re.escape(f"{path}: {says}")):
        hunt.replay(path)


def test_a_file_that_is_not_there_and_a_folder_that_can_be_none_are_refused(tmp_path: Path) -> None:
    """Before anything is played."""
    nowhere, file = tmp_path / "nowhere", tmp_path / "file"
    with pytest.raises(LocalError, match=f"{nowhere}: No such file"):
        hunt.replay(nowhere)
    file.touch()
    for keep, says in ((file, "File exists"), (file / "plans", "Not a directory")):
        told = f"--keep {keep}: {says}; expected a folder that is there or can be made"
        with pytest.raises(LocalError, match=re.escape(told)):
            hunt.hunt(range(1), Scale.MINUTES, 1, None, keep)


def test_the_folder_for_plans_is_made(tmp_path: Path) -> None:
    """With all that is above it."""
    assert hunt.hunt(range(1), Scale.MINUTES, 1, None, tmp_path / "new" / "plans")
    assert (tmp_path / "new" / "plans").is_dir()


@pytest.mark.parametrize("folder", ["a folder", "a [b] folder", "it's"])
def test_the_printed_command_can_be_pasted(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the folder is called; from the file it prints the same again."""
    shown_twice(monkeypatch)
    assert not hunt.hunt(range(20), Scale.MINUTES, 1, None, tmp_path / folder)
    command = capsys.readouterr().out.rpartition("minutes: ")[2].strip()
    path = Path(shlex.split(command)[-1])
    assert shlex.split(command) == ["hotline-sim", "swarm", "--replay", str(path)]
    assert not hunt.replay(path)
    assert f"replay: {command}\n" in capsys.readouterr().out


def test_a_plan_that_cannot_be_kept_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the seed and its replay, which were told before it was shrunk."""
    shown_twice(monkeypatch)
    for seed in range(20):
        (tmp_path / f"swarm-{seed}.json").mkdir()
    with pytest.raises(LocalError, match=r"cannot keep the plan in .*json: Is a directory"):
        hunt.hunt(range(20), Scale.MINUTES, 1, None, tmp_path)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_hunt_after_the_seed_that_it_is_at(jobs: str) -> None:
    """With how far it came and no complaint; on a terminal its processes are told as well."""
    terminal, its_end = pty.openpty()
    words = [*SWARM, "--seeds", "0..99999", "--jobs", jobs]
    told = ""
    with subprocess.Popen(words, stdout=its_end, stderr=its_end, start_new_session=True) as swarm:
        os.close(its_end)
        try:
            while "seeds" not in told:
                told += os.read(terminal, 1_000).decode()
            os.killpg(swarm.pid, signal.SIGINT)
            with suppress(OSError):  # all have closed it
                while piece := os.read(terminal, 1_000):
                    told += piece.decode()
            assert swarm.wait(timeout=30) == INTERRUPTED
        finally:
            os.close(terminal)
            if swarm.poll() is None:
                os.killpg(swarm.pid, signal.SIGKILL)
    assert re.search(r"\d seeds?, .+ times faster than life\)", told)
    assert "Traceback" not in told
    assert "exception" not in told


def test_the_processes_of_a_hunt_begin_before_there_is_any_thread(tmp_path: Path) -> None:
    """And are forked, also where Python would have a server do that: one dies of a Ctrl-C."""
    hunting = [sys.executable, "-W", "error::DeprecationWarning", "-c", FORKED, str(tmp_path)]
    ended = subprocess.run(hunting, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    forks = [line for line in ended.stdout.splitlines() if line.startswith("forks with")]
    assert forks == ["forks with 1"] * 2
