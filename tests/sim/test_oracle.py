"""The judge is judged: every deliberate bug is found, and every invariant is tripped by one."""

import pytest

from sim.oracle import INVARIANTS, judge
from sim.plan import draw
from sim.swarm import try_seed
from sim.world import play
from tests.sim.bugs import BUGS, Bug

SEEDS = 60


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_swarm_finds_every_deliberate_bug(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line with this bug breaks an invariant within a bounded number of seeds."""
    bug(monkeypatch)
    assert any(try_seed(seed).violations for seed in range(SEEDS)), bug.__doc__


def test_the_oracle_has_one_function_for_each_invariant() -> None:
    """Each says which invariant of the design it holds, and finds nothing on a sound line."""
    assert all(invariant.__doc__ and invariant.__doc__[0].isdigit() for invariant in INVARIANTS)
    assert {invariant.__doc__[0] for invariant in INVARIANTS if invariant.__doc__} == set(
        "012345678"
    )
    assert judge(play(draw(0))) == []
