"""Plans that try one part of the line hard."""

import pytest

from sim.swarm import drawing
from sim.swarm.drawing import draw
from sim.swarm.plan import LEAVE, TWIN, WATCHDOG, WATCHDOGS, Plan
from sim.swarm.scale import Scale
from sim.swarm.stress import stressed


def test_two_of_three_seeds_are_under_stress_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known by what goes wrong together; the others have their own faults."""
    under_stress: list[bool] = []

    def watched(plan: Plan) -> Plan:
        made = stressed(plan)
        under_stress.append(made is not plan)
        return made

    monkeypatch.setattr(drawing, "stressed", watched)
    plans = [draw(seed) for seed in range(400)]
    assert 240 < sum(under_stress) < 280
    kinds = [[(f.kind, f.whom) for f in plan.faults if f.kind != LEAVE] for plan in plans]
    assert any({kind for kind, _ in faults} == {TWIN} for faults in kinds)
    assert any({kind for kind, _ in faults} == {TWIN, "cut"} for faults in kinds)
    assert any({kind for kind, _ in faults} == {TWIN, "kill"} for faults in kinds)
    twice = [[whom for kind, whom in faults if kind == TWIN] for faults in kinds]
    assert {len(whom) for whom in twice} == {0, 1, 2}
    assert all(len({*whom}) == len(whom) for whom in twice)
    lonely = [
        faults for faults in kinds if [kind for kind, _ in faults] == ["cut", "cut", "disk-loss"]
    ]
    assert lonely
    assert all(len({whom for _, whom in faults}) == 3 for faults in lonely)
    assert any(("kill", WATCHDOG) in faults and len(faults) == 2 for faults in kinds)
    left = [plan for plan in plans if plan.absent == 60 and len(plan.faults) == 1]
    assert any(len(p.watchdogs) > 1 and p.faults[0].whom in p.watchdogs for p in left)
    assert any(plan.absent == 80 and not plan.faults for plan in plans)
    assert any(
        plan.absent == 80 and plan.faults[0].kind.startswith("cut") for plan in plans if plan.faults
    )
    assert any(
        faults[0][0] == "kill" and faults[::2] == faults[:1] * 2 and len(faults) == 3
        for faults in kinds
        if faults
    )
    flown = [plan for plan in plans if (plan.absent, plan.checkpoint) == (0, 1)]
    assert any(
        {w.lasts_s // 2 + 20 for w in plan.words if w.lead_s} & {w.lead_s for w in plan.words}
        for plan in flown
    )
    bereft = [plan.faults for plan in plans if plan.absent == 20]
    assert any([f.from_ms - faults[0].from_ms for f in faults] == [0, 30_000] for faults in bereft)
    speechless = [*("kill", "kill", "disk-loss", "kill")]
    assert any([kind for kind, _ in faults] == speechless for faults in kinds)
    assert any([kind for kind, _ in faults] == [*speechless, "kill"] for faults in kinds)


def test_a_twin_is_alone_with_what_can_be_judged_beside_it() -> None:
    """Nothing else is wrong with such a line but a link, or a watchdog's process."""
    for scale in Scale:
        for seed in range(100):
            plan = draw(seed, scale)
            if any(fault.kind == TWIN for fault in plan.faults):
                assert {fault.kind for fault in plan.faults} <= {TWIN, "cut", "kill"}
                assert all(f.whom in WATCHDOGS for f in plan.faults if f.kind == "kill")


def test_some_flights_have_a_window() -> None:
    """That opens in time, too soon, or has opened; others have none."""
    words = [word for seed in range(20) for word in draw(seed).words if word.what == "notice"]
    leads = {word.lead_s for word in words}
    assert None in leads
    assert min(lead for lead in leads if lead is not None) < 0
    assert all(word.lasts_s > 0 for word in words if word.lead_s is not None)
