"""What the plan of a seed is drawn from."""

import pytest

from hotline.timers import Timers
from sim.swarm.drawing import draw
from sim.swarm.plan import (
    DISK_FAULTS,
    IMPORT,
    LEAVE,
    LINK_FAULTS,
    NEWER,
    NONSENSE,
    OFFICERS_VANISH,
    PARTIES,
    SECOND,
    SLEEPS,
    SLOW_DISK,
    STATION_FAULTS,
    TWIN,
    WATCHDOG,
    WATCHDOGS,
    WAYS,
)
from sim.swarm.scale import LENGTHS, Scale


@pytest.mark.parametrize("scale", Scale)
def test_the_timers_of_every_line_are_such_as_a_line_may_have(scale: Scale) -> None:
    """On half of them each one but those that follow from others is drawn."""
    plans = [draw(seed, scale) for seed in range(100)]
    for plan in plans:
        timers = Timers.model_validate({name: f"{ms}ms" for name, ms in plan.timers_ms.items()})
        assert timers == plan.timers
        assert timers.grace_ms <= timers.receipt_ms < timers.receipt_alarm_ms
    names = {name.removesuffix("_ms") for name in Timers.model_fields}
    assert 30 < sum(plan.timers_ms.keys() == names for plan in plans) < 70
    for name in ("receipt", "receipt_alarm", "grace", "resend", "clock_skew"):
        drawn = {plan.timers_ms[name] for plan in plans if name in plan.timers_ms}
        assert len(drawn) == len(getattr(LENGTHS[scale], _field(name))), name


def _field(timer: str) -> str:
    return "grace_ms" if timer == "grace" else f"{timer}_s"


def test_what_is_wrong_with_a_link_is_so_in_one_direction_or_in_both() -> None:
    """Of a cut, its kind says which."""
    faults = [fault for seed in range(200) for fault in draw(seed).faults]
    for kind in LINK_FAULTS:
        ways = {fault.way for fault in faults if fault.kind == kind}
        assert ways == ({""} if kind.startswith("cut") else {"", *WAYS}), kind
    assert not any(fault.way for fault in faults if fault.kind not in LINK_FAULTS)


def test_in_a_quarter_of_the_plans_the_clocks_differ() -> None:
    """A little in half of these; in the others, as far as their line tolerates."""
    plans = [plan for plan in map(draw, range(400)) if plan.clocks_ms]
    assert 60 < len(plans) < 140
    assert all(plan.clocks_ms.keys() == set(plan.line.stations) for plan in plans)
    apart_ms = []
    for plan in plans:
        shown_ms = plan.clocks_ms.values()
        apart_ms.append(max(shown_ms) - min(shown_ms))
        assert apart_ms[-1] + 2_000 <= plan.timers.clock_skew_ms
    assert 25 < sum(ms > 800 for ms in apart_ms) < 75
    assert max(apart_ms) > 4_000


def test_officers_vanish_in_a_third_of_all_seeds() -> None:
    """From the desk of either party."""
    away = [
        {fault.whom for fault in draw(seed).faults if fault.kind == OFFICERS_VANISH}
        for seed in range(200)
    ]
    assert 40 < sum(map(bool, away)) < 80
    assert set().union(*away) == set(PARTIES)


def test_somebody_says_what_he_should_not_in_a_third_of_all_seeds() -> None:
    """Not where a journal is lost or doubled."""
    plans = [{fault.kind for fault in draw(seed).faults} for seed in range(200)]
    noisy = [kinds for kinds in plans if "garbage" in kinds]
    assert 40 < len(noisy) < 80
    assert not any(TWIN in kinds for kinds in noisy)


def test_what_makes_no_sense_is_said_in_half_of_all_seeds() -> None:
    """By a party, or in its name by a newer program while it is gone."""
    plans = [{word.what for word in draw(seed).words} for seed in range(200)]
    assert 80 < sum(bool({NONSENSE, NEWER} & said) for said in plans) < 120
    assert {NONSENSE} in [{NONSENSE, NEWER} & said for said in plans]
    assert {NEWER} in [{NONSENSE, NEWER} & said for said in plans]


def test_a_line_in_four_has_two_watchdogs_and_either_may_be_in_trouble() -> None:
    """Now and then both; what there is not, nothing happens to."""
    plans = [draw(seed) for seed in range(200)]
    assert 30 < sum(plan.watchdogs == WATCHDOGS for plan in plans) < 70
    whom = [{fault.whom for fault in plan.faults} & {WATCHDOG, SECOND} for plan in plans]
    for plan, in_trouble in zip(plans, whom, strict=True):
        assert in_trouble <= set(plan.watchdogs)
    assert {SECOND} in whom
    assert {WATCHDOG, SECOND} in whom


@pytest.mark.parametrize(
    "kinds",
    [SLEEPS, (SLOW_DISK,), (LEAVE,)],
    ids=["a process sleeps", "slow disk", "it leaves in order"],
)
def test_a_station_stands_still_in_one_seed_of_four_or_five(kinds: tuple[str, ...]) -> None:
    """Its process, or its disk, any station's; not where a journal is lost or doubled."""
    plans = [draw(seed) for seed in range(600)]
    still = [plan for plan in plans if any(fault.kind in kinds for fault in plan.faults)]
    assert 100 < len(still) < 180
    whom = {f.whom for plan in still for f in plan.faults if f.kind in kinds}
    assert whom == {*PARTIES, WATCHDOG, SECOND}
    assert not any(fault.kind in (TWIN, *DISK_FAULTS) for plan in still for fault in plan.faults)


@pytest.mark.parametrize("scale", Scale)
def test_what_is_promised_lasts_as_long_as_faults_do(scale: Scale) -> None:
    """A silence that is declared, now and then without an end, and an answer that is put off."""
    words = [word for seed in range(200) for word in draw(seed, scale).words]
    lengths = set(LENGTHS[scale].fault_s)
    assert {w.lasts_s for w in words if w.what == "voice-standby"} == lengths
    assert {w.lasts_s for w in words if w.what == "suspend"} >= {0, *lengths}
    assert {w.lasts_s for w in words if w.what in ("voice", "voice-reject", "resume")} == {0}


@pytest.mark.parametrize("scale", Scale)
def test_in_half_of_the_plans_whoever_dies_or_leaves_is_given_what_he_missed(scale: Scale) -> None:
    """Each station once, while it may be gone; not where a journal is lost or doubled."""
    plans = [draw(seed, scale) for seed in range(300)]
    deadly = [
        (
            [fault for fault in plan.faults if fault.kind in (LEAVE, *STATION_FAULTS)],
            [fault for fault in plan.faults if fault.kind == IMPORT],
        )
        for plan in plans
        if not any(fault.kind in (TWIN, *DISK_FAULTS) for fault in plan.faults)
    ]
    given = [(deaths, imports) for deaths, imports in deadly if imports]
    assert 0.4 < len(given) / sum(bool(deaths) for deaths, _ in deadly) < 0.6
    for deaths, imports in given:
        assert sorted(f.whom for f in imports) == sorted(f.whom for f in deaths)
    assert {fault.whom for _, imports in given for fault in imports} == {*PARTIES, *WATCHDOGS}
