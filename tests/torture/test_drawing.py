from collections import Counter
from itertools import pairwise

from tests.torture.drawing import AWAY_S, make_plan
from tests.torture.line import BROKER, PARTIES, STATIONS, WATCHDOG
from tests.torture.plan import DEADLY, LINK_VERBS, LOSSES, PROCESS_VERBS, SILENCING, Manner, Verb
from tests.torture.test_torture import MINUTES, SEED


def test_a_plan_is_a_pure_function_of_its_seed() -> None:
    """The same seed, the same run; another one, another."""
    assert make_plan(7, 3) == make_plan(7, 3)
    assert make_plan(7, 3) != make_plan(8, 3)


def test_nothing_happens_twice_to_one_victim_at_the_same_time() -> None:
    """A fault is undone once, after it was done."""
    plan = make_plan(7, 30)
    for lane in (*plan.processes.values(), *plan.links.values()):
        for fault, following in pairwise(lane):
            assert fault.at_s + fault.lasts_s < following.at_s


def test_half_an_hour_has_everything() -> None:
    """Every victim is killed, every verb is used, every manner is met, and often."""
    plan = make_plan(7, 30)
    kills = Counter(f.whom for f in plan.faults() if f.verb in {*DEADLY, Verb.WIPE})
    assert kills.total() >= 450
    assert set(kills) == {*STATIONS, BROKER}
    assert {fault.verb for fault in plan.faults()} == set(Verb)
    assert {fault.verb for lane in plan.links.values() for fault in lane} == set(LINK_VERBS)
    for party in PARTIES:
        assert {say.manner for say in plan.says[party]} == set(Manner)
        assert {say.kind for say in plan.says[party]} == {"notice", "cancel", "check"}


def test_a_minute_sees_the_watchdog_die_and_every_harm_to_a_disk() -> None:
    """The run in the test suite has a bit of everything, and is about a minute of faults."""
    plan = make_plan(SEED, MINUTES)
    away = [*plan.processes[WATCHDOG], *plan.links[WATCHDOG]]
    assert sum(fault.lasts_s == AWAY_S and fault.verb in SILENCING for fault in away) >= 2
    assert set(PROCESS_VERBS) <= {fault.verb for fault in plan.faults()}
    harmed = {fault.whom for fault in plan.faults() if fault.verb in LOSSES}
    assert WATCHDOG in harmed
    assert harmed & set(PARTIES)
    assert max(fault.at_s + fault.lasts_s for fault in plan.faults()) < 85


def test_disks_are_lost_one_at_a_time_in_good_weather() -> None:
    """A station that loses its disk finds the others well for long enough to get its words back."""
    plan = make_plan(7, 30)
    losses = [fault for fault in plan.faults() if fault.verb in LOSSES]
    assert {(fault.verb, fault.whom) for fault in losses} == {
        (verb, station) for verb in LOSSES for station in STATIONS
    }
    for loss in losses:
        for fault in plan.faults():
            if fault.whom not in {loss.whom, BROKER}:
                over_s = fault.at_s + fault.lasts_s
                assert over_s + 8 < loss.at_s or loss.at_s + loss.lasts_s + 5 < fault.at_s


def test_a_restored_disk_is_some_seconds_old() -> None:
    """The last thing that happens to a disk before it is restored is that it is copied."""
    for lane in make_plan(7, 30).processes.values():
        for before, fault in pairwise(lane):
            if fault.verb is Verb.RESTORE:
                assert before.verb is Verb.COPY
                assert 0.5 <= fault.at_s - before.at_s <= 4.0


def test_what_is_said_has_a_label_of_its_own() -> None:
    """The label tells an officer how to treat it, and a party that it was said."""
    for says in make_plan(7, 30).says.values():
        labels = Counter(say.label for say in says)
        assert labels.most_common(1)[0][1] == 1
