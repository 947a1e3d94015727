"""What becomes of stations, links and officers with which something goes wrong."""

import pytest

from sim.oracle.evidence import Evidence, key_of
from sim.oracle.facts import Ref
from sim.oracle.oracle import judge
from sim.swarm.plan import IMPORT, SLOW_DISK, START_MS, Fault, Word
from sim.swarm.world import play
from tests.sim.swarm.plans import CHECKS, planned

AGAIN = (*CHECKS, Word(20_000, "tur", "check"))


def answered_ms(evidence: Evidence, by: str) -> int:
    """How long after the start a party answered, in ms."""
    (at_ms,) = [entry.at_ms for entry in evidence.journal(by) if entry.kind == "reply"]
    return at_ms - START_MS


def last_check(evidence: Evidence) -> Ref:
    """The last check that tur has said."""
    return [entry.ref for entry in evidence.journal("tur") if entry.kind == "check"][-1]


@pytest.mark.parametrize(("way", "out", "into"), [("", 1, 1), ("out", 1, 0), ("in", 0, 1)])
def test_a_link_may_be_slow_in_one_direction_only(way: str, out: int, into: int) -> None:
    """What a party says comes late, or what it hears, or both."""
    stored = play(planned(Fault("slow", "tur", 0, 60_000, 20, way))).stored
    said, heard = Ref("tur", 1), Ref("isr", 1)
    took_ms = [
        stored["isr", said] - stored["tur", said],
        stored["tur", heard] - stored["isr", heard],
    ]
    assert [ms // 1_000 for ms in took_ms] == [2 * out, 2 * into]


def test_officers_who_vanish_answer_when_they_are_back() -> None:
    """What is shown to one of them meanwhile, and what he was reading; his station is well."""
    at_their_desks = play(planned(absent=0))
    assert all(answered_ms(at_their_desks, by) < 30_000 for by in ("isr", "tur"))
    away = [Fault("officers-vanish", "isr", from_ms, 40_000) for from_ms in (5_000, 10_050)]
    for fault in away:
        evidence = play(planned(fault, absent=0))
        assert answered_ms(evidence, "tur") == answered_ms(at_their_desks, "tur")
        assert answered_ms(evidence, "isr") >= 40_000
        assert not [seen for seen in evidence.seen if seen.silent]
        assert judge(evidence) == []


def test_officers_who_have_vanished_are_away_whatever_becomes_of_their_station() -> None:
    """A station that is killed and starts again has an empty desk until they are back."""
    away = Fault("officers-vanish", "isr", 5_000, 40_000)
    for kill in (Fault("kill", "isr", 8_000, 9_000), Fault("kill", "isr", 12_000, 15_000)):
        assert answered_ms(play(planned(away, kill, absent=0)), "isr") >= 40_000


@pytest.mark.parametrize("reads_first", [0, 1])
@pytest.mark.parametrize("kind", ["sleep", "deep-sleep"])
def test_who_sleeps_hears_and_says_all_at_once_when_he_wakes(kind: str, reads_first: int) -> None:
    """The others see that he is gone: by his will, if the broker has given him up."""
    sleep = Fault(kind, "isr", 15_000, 50_000, 2 + reads_first)
    evidence = play(planned(sleep, words=AGAIN, absent=0))
    heard_ms = evidence.stored["isr", last_check(evidence)] - START_MS
    assert (52_500 if kind == "deep-sleep" else 50_010) > heard_ms >= 50_000
    gone_ms = [seen.at_ms - START_MS for seen in evidence.seen if seen.silent]
    assert len(gone_ms) == 2
    assert all((ms < 20_000) is (kind == "deep-sleep") for ms in gone_ms)
    assert judge(evidence) == []


def test_who_sleeps_can_be_killed() -> None:
    """And is awake when he starts again; a short sleep within a longer one ends nothing."""
    sleeps = [Fault("sleep", "isr", 15_000, 50_000), Fault("deep-sleep", "isr", 16_000, 18_000, 9)]
    slept = play(planned(*sleeps, words=AGAIN, absent=0))
    assert slept.stored["isr", last_check(slept)] >= START_MS + 50_000
    killed = play(planned(*sleeps, Fault("kill", "isr", 25_000, 30_000), words=AGAIN, absent=0))
    assert killed.stored["isr", last_check(killed)] < START_MS + 40_000
    assert judge(killed) == []


def test_who_is_killed_before_his_first_step_comes_back() -> None:
    """Although he has no step left in which to end."""
    kill = Fault("kill", "isr", 0, 10_000)
    evidence = play(planned(kill, absent=0))
    starts = [at_ms - START_MS for at_ms, text in evidence.log if "isr starts" in text]
    assert starts == [0, 10_000]
    assert judge(evidence) == []


def test_who_leaves_says_goodbye_and_comes_back() -> None:
    """What he had to hear meanwhile he hears then; nobody is alarmed by a goodbye."""
    leave = Fault("leave", "isr", 15_000, 30_000)
    evidence = play(planned(leave, words=AGAIN, absent=0))
    assert [(gone.station, gone.from_ms - START_MS) for gone in evidence.gone] == [("isr", 15_000)]
    assert evidence.gone[0].until_ms == START_MS + 30_000
    assert 30_000 <= evidence.stored["isr", last_check(evidence)] - START_MS < 31_000
    gone_ms = [seen.at_ms - START_MS for seen in evidence.seen if seen.silent]
    assert len(gone_ms) == 2
    assert all(15_000 < ms < 15_100 for ms in gone_ms)
    about = [e.body for e in evidence.journal("watchdog") if key_of(e) == "silent-isr"]
    assert [body.get("level") for body in about] == ["WARNING", None]
    assert judge(evidence) == []


def test_who_sleeps_leaves_when_he_wakes() -> None:
    """If he should be back by then, he starts anew at once; killed in his sleep, he never left."""
    faults = [Fault("sleep", "isr", 15_000, 40_000), Fault("leave", "isr", 16_000, 20_000)]
    evidence = play(planned(*faults, absent=0))
    spans = [(gone.from_ms - START_MS, gone.until_ms - START_MS) for gone in evidence.gone]
    assert spans == [(40_000, 40_000)]
    assert judge(evidence) == []
    killed = play(planned(*faults, Fault("kill", "isr", 18_000, 30_000), absent=0))
    assert killed.gone == []
    starts = [at_ms - START_MS for at_ms, text in killed.log if "isr starts" in text]
    assert starts == [0, 30_000]
    assert judge(killed) == []


@pytest.mark.parametrize(("killed_ms", "back_ms"), [(20_000, 30_000), (40_000, 40_000)])
def test_who_has_left_is_back_when_nothing_keeps_him(killed_ms: int, back_ms: int) -> None:
    """Whoever is told to kill him meanwhile: nobody is there."""
    faults = [Fault("leave", "isr", 15_000, 30_000), Fault("kill", "isr", 18_000, killed_ms)]
    [gone] = play(planned(*faults, absent=0)).gone
    assert gone.until_ms - START_MS == back_ms


def test_a_slow_disk_lets_nothing_out_sooner() -> None:
    """A word is stored when it is said, and told when the commit is over; two faults do not add."""
    slow = [Fault(SLOW_DISK, "tur", 15_000, 50_000, 5), Fault(SLOW_DISK, "tur", 16_000, 18_000, 0)]
    evidence = play(planned(*slow, words=AGAIN, absent=0))
    ref = last_check(evidence)
    assert 20_000 <= evidence.stored["tur", ref] - START_MS < 23_000
    for other in ("isr", "watchdog"):
        assert 3_000 <= evidence.stored[other, ref] - evidence.stored["tur", ref] < 3_500
    assert judge(evidence) == []


@pytest.mark.parametrize(("dead", "where"), [("watchdog", 1), ("isr", 0)])
def test_who_is_dead_is_given_what_another_station_has(dead: str, where: int) -> None:
    """Before it starts again, and as if it had heard it; who lives is given nothing."""
    faults = [Fault("kill", dead, 15_000, 50_000)]
    faults += [Fault(IMPORT, dead, at_ms, at_ms, where) for at_ms in (12_000, 30_000)]
    evidence = play(planned(*faults, words=AGAIN, absent=0))
    assert evidence.stored[dead, last_check(evidence)] == START_MS + 30_000
    imported = [text for _, text in evidence.log if " imports " in text]
    assert len(imported) == 1
    assert imported[0].endswith(" of tur's")
    assert judge(evidence) == []
