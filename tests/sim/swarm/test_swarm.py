"""The swarm: random lines under random faults break no invariant, and each run can be repeated."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.times import HOUR_MS
from sim.swarm.drawing import draw
from sim.swarm.plan import (
    IMPORT,
    KINDS,
    LATE_WILL,
    LEAVE,
    OFFICERS_VANISH,
    SLEEPS,
    SLOW_DISK,
    TWIN,
    Plan,
    Word,
)
from sim.swarm.scale import Scale
from sim.swarm.swarm import shrink, try_plan, try_seed
from sim.swarm.world import play
from tests.sim import digests

FOUND = Path(__file__).parent / "found"
VARIED = (5, 7, 8, 11, 15, 19, 35, 49, 108, 195)  # seeds that have every kind of fault among them
DIGEST = """
import hashlib, sys
from sim.swarm.drawing import draw
from sim.oracle.oracle import judge
from sim.swarm.world import play
seen = hashlib.sha256()
for seed in map(int, sys.argv[1:]):
    history = play(draw(seed))
    facts = vars(history) | {
        "forged": sorted(history.forged),
        "disputed": sorted(history.disputed),
        "nonsense": sorted(history.nonsense),
        "boards": [(name, sorted(keys)) for name, keys in history.boards.items()],
    }
    seen.update(repr((facts, judge(history))).encode())
print(seen.hexdigest())
"""


@pytest.mark.parametrize("first", range(0, 240, 20))
def test_no_seed_breaks_an_invariant(first: int) -> None:
    """Whatever is drawn, the line keeps its promises; a failure names its replay."""
    for seed in range(first, first + 20):
        outcome = try_seed(seed)
        replay = f"replay: hotline-sim swarm --seeds {seed}\n{outcome.context}"
        assert outcome.violations == [], replay


@pytest.mark.parametrize("path", sorted(FOUND.glob("*.json")), ids=lambda path: path.stem)
def test_what_the_swarm_has_found_stays_mended(path: Path) -> None:
    """Plans that failed once."""
    assert try_plan(Plan.load(path)).violations == []


def test_a_run_is_the_same_whatever_the_hashes_are() -> None:
    """One seed, one history and one verdict, byte for byte, in every process."""
    plans = [draw(seed) for seed in VARIED]
    faults = {fault.kind for plan in plans for fault in plan.faults}
    assert faults == {*KINDS, *SLEEPS, LEAVE, SLOW_DISK, LATE_WILL, OFFICERS_VANISH, IMPORT, TWIN}
    assert {len(plan.watchdogs) for plan in plans} == {1, 2}
    found = {
        subprocess.run(
            [sys.executable, "-c", DIGEST, *map(str, VARIED)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(found) == 1


def test_a_seed_gives_the_same_journals_everywhere() -> None:
    """Byte for byte, on every version of Python; `tests/sim/digests.py` says when they change."""
    assert digests.found() == digests.expected()


def test_an_hour_breaks_no_invariant() -> None:
    """With the timers and the traffic of a real line; a failure names its replay."""
    for seed in range(20):
        outcome = try_seed(seed, Scale.HOUR)
        assert outcome.violations == [], f"replay: {outcome.plan.replay}\n{outcome.context}"


def test_the_replay_names_the_scale() -> None:
    """An hour's seed is another run than that of some minutes."""
    assert draw(7).replay == "hotline-sim swarm --seeds 7"
    assert draw(7, Scale.HOUR).replay == "hotline-sim swarm --scale hour --seeds 7"
    assert draw(7, Scale.HOUR).duration_ms == HOUR_MS
    names = [draw(7, scale).file_name for scale in Scale]
    assert names == ["swarm-7.json", "swarm-hour-7.json"], "neither overwrites the other"


def test_a_seed_has_something_to_judge() -> None:
    """Messages are said, shown, answered and flagged, and something goes wrong."""
    histories = [play(draw(seed)) for seed in range(18)]
    said = [e for h in histories for name in h.stations for e in h.journal(name)]
    assert {e.kind for e in said} == {*map(str, Kind), "greeting"}, "what is unknown too"
    assert {"notice" in e.body for e in said if e.kind == "stop"} == {False, True}
    officers = {e.body["officer"] for e in said if e.kind == "reply"}
    assert officers == {"duty officer", "automaton", "nonsense"}
    assert any(h.shown for h in histories)
    assert any(h.troubles for h in histories)


def test_a_plan_is_shrunk_to_what_fails() -> None:
    """Words and faults that do not matter are left out."""
    plan = next(plan for plan in map(draw, range(50)) if len(plan.words) > 20 and plan.faults)
    culprit = plan.words[11]
    small = shrink(plan, lambda smaller: culprit in smaller.words)
    assert (small.words, small.faults) == ((culprit,), ())


def test_a_plan_comes_back_from_its_file(tmp_path: Path) -> None:
    """What was saved can be replayed."""
    plan = draw(7)
    plan.save(tmp_path / "plan.json")
    assert Plan.load(tmp_path / "plan.json") == plan
    assert all(isinstance(word, Word) for word in plan.words)


def test_a_run_leaves_no_disk_open() -> None:
    """Also the one that all new disks are copies of is closed when the process ends."""
    script = """
import atexit, sqlite3
opened, connect = [], sqlite3.connect
def keep(*args, **kwargs):
    opened.append(connect(*args, **kwargs))
    return opened[-1]
sqlite3.connect = keep
@atexit.register
def look():
    for each in opened:
        try:
            print(each.total_changes)
        except sqlite3.ProgrammingError:
            print("closed")
from sim.swarm.swarm import try_seed
try_seed(7)
"""
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert set(ended.stdout.split()) == {"closed"}
