"""The judge is judged: every deliberate bug is found, and every invariant is tripped by one."""

import pytest

from sim.oracle import INVARIANTS, judge
from sim.plan import draw
from sim.swarm import try_seed
from sim.world import play
from tests.sim import bugs
from tests.sim.bugs import BUGS, Bug

SEEDS = 60
# Each invariant, and a bug that breaks it.
TRIPS: dict[str, Bug] = {
    "honest run": bugs.dies_of_garbage,
    "no loss": bugs.no_resend,
    "no double": bugs.shown_twice,
    "in order": bugs.chain_not_written,
    "nothing before the disk": bugs.publish_before_commit,
    "silences flagged": bugs.no_escalation,
    "no false alarm": bugs.deadline_too_late,
    "repair before judgement": bugs.judges_while_behind,
    "no idle flag": bugs.flags_in_vain,
    "flags live": bugs.never_cleared,
    "blindness is visible": bugs.silence_unseen,
    "convergence": bugs.answer_to_the_notice,
    "nobody else's words": bugs.anybody_may_speak,
}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_the_swarm_finds_every_deliberate_bug(bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line with this bug breaks an invariant within a bounded number of seeds."""
    bug(monkeypatch)
    assert any(try_seed(seed).violations for seed in range(SEEDS)), bug.__doc__


@pytest.mark.parametrize("invariant", TRIPS)
def test_every_invariant_is_tripped(invariant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invariant that no bug trips would be a defect of the oracle."""
    TRIPS[invariant](monkeypatch)
    found = (v.invariant for seed in range(SEEDS) for v in try_seed(seed).violations)
    assert any(each == invariant for each in found)


def test_the_oracle_has_one_function_for_each_invariant() -> None:
    """Each says which invariant of the design it holds, and finds nothing on a sound line."""
    assert all(invariant.__doc__ and invariant.__doc__[0].isdigit() for invariant in INVARIANTS)
    assert {invariant.__doc__[0] for invariant in INVARIANTS if invariant.__doc__} == set(
        "012345678"
    )
    assert judge(play(draw(0))) == []
