"""The first seed that finds each deliberate bug: `python -m tests.sim.finders` looks for all anew.

A test tries that one before all others. If it does not find its bug any more, because something
else is drawn by now, the others are tried: an old file only costs time.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.oracle.evidence import Violation
from sim.oracle.oracle import Invariant
from sim.swarm.swarm import Outcome, try_seed
from tests.sim.bugs import ALSO, BUGS
from tests.sim.deliberate import Bug

FILE = Path(__file__).parent / "finders.json"
SEEDS = 200  # at most are tried
Demand = tuple[Bug, Invariant, str]
DEMANDS: list[Demand] = [*((bug, invariant, "") for bug, invariant in BUGS.items()), *ALSO]


def name_of(demand: Demand) -> str:
    """The name of a bug, what it breaks, and how."""
    bug, invariant, says = demand
    return "-".join(filter(None, (bug.__name__, invariant.__name__, says)))


def breaks(violation: Violation, demand: Demand) -> bool:
    """Whether this is what the bug must break, in the words that it must have."""
    _, invariant, says = demand
    return violation.invariant == invariant.__name__ and says in violation.what


def known() -> dict[str, int]:
    """The seeds that are committed."""
    seeds: dict[str, int] = json.loads(FILE.read_text(encoding="utf-8"))
    return seeds


def found(demand: Demand, seeds: Iterator[int]) -> Outcome | None:
    """The outcome of the first of these seeds that finds the bug that is patched in."""
    outcomes = (try_seed(seed) for seed in seeds)
    return next((o for o in outcomes if any(breaks(v, demand) for v in o.violations)), None)


def likely(demand: Demand) -> Iterator[int]:
    """The seeds to try; the one that found it last comes first."""
    last = known().get(name_of(demand), 0)
    assert last < SEEDS
    yield last
    yield from (seed for seed in range(SEEDS) if seed != last)


def _write() -> None:
    seeds = {}
    for demand in DEMANDS:
        with pytest.MonkeyPatch.context() as patch:
            demand[0](patch)
            outcome = found(demand, iter(range(SEEDS)))
        if outcome:
            seeds[name_of(demand)] = outcome.plan.seed
    FILE.write_text(json.dumps(seeds, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
