"""The judge is judged: every deliberate bug is found, and every invariant is tripped by one."""

import pytest

from sim.drawing import draw
from sim.oracle import INVARIANTS, WITH_A_TWIN, judge
from sim.swarm import try_seed
from sim.world import play
from tests.sim.bugs import BUGS, Bug

SEEDS = 100


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_swarm_finds_every_deliberate_bug(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line with this bug breaks its invariant within a bounded number of seeds."""
    bug(monkeypatch)
    found = (v.invariant for seed in range(SEEDS) for v in try_seed(seed).violations)
    assert any(invariant == BUGS[bug] for invariant in found), bug.__doc__


def test_every_invariant_is_tripped_by_a_bug() -> None:
    """One that none trips would be a defect of the oracle; on a sound line none is broken."""
    assert len(set(BUGS.values())) == len({*INVARIANTS, *WITH_A_TWIN})
    assert judge(play(draw(0))) == []
