from collections import Counter
from itertools import pairwise

from tests.torture.line import BROKER, PARTIES, STATIONS, WATCHDOG
from tests.torture.plan import AWAY_S, LINK_VERBS, SILENCING, Manner, Verb, make_plan


def test_a_plan_is_a_pure_function_of_its_seed() -> None:
    """The same seed, the same run; another one, another."""
    assert make_plan(7, 3) == make_plan(7, 3)
    assert make_plan(7, 3) != make_plan(8, 3)


def test_nothing_happens_twice_to_one_victim_at_the_same_time() -> None:
    """What is undone was done, and only once."""
    plan = make_plan(7, 30)
    for lane in (*plan.processes.values(), *plan.links.values()):
        for fault, following in pairwise(lane):
            assert fault.at_s + fault.lasts_s < following.at_s


def test_half_an_hour_has_everything() -> None:
    """Every victim is killed, every verb is used, every manner is met, and often."""
    plan = make_plan(7, 30)
    kills = Counter(f.whom for f in plan.faults() if f.verb in {Verb.KILL, Verb.WIPE})
    assert kills.total() >= 500
    assert set(kills) == {*STATIONS, BROKER}
    assert {fault.verb for fault in plan.faults()} == set(Verb)
    assert {fault.verb for lane in plan.links.values() for fault in lane} == set(LINK_VERBS)
    for party in PARTIES:
        assert {say.manner for say in plan.says[party]} == set(Manner)
        assert {say.kind for say in plan.says[party]} == {"notice", "cancel", "check"}


def test_a_minute_sees_the_watchdog_die() -> None:
    """The run in the test suite also shows that a watchdog's death is noticed."""
    plan = make_plan(1, 1)
    away = [*plan.processes[WATCHDOG], *plan.links[WATCHDOG]]
    assert sum(fault.lasts_s == AWAY_S and fault.verb in SILENCING for fault in away) >= 2


def test_what_is_said_has_a_label_of_its_own() -> None:
    """By its label an officer knows how to treat it, and a party that it was said."""
    for says in make_plan(7, 30).says.values():
        labels = Counter(say.label for say in says)
        assert labels.most_common(1)[0][1] == 1
