"""What a plan does to a simulated line."""

from dataclasses import replace

import pytest

from sim.oracle.evidence import Evidence, Ref, key_of, to_ms
from sim.oracle.oracle import judge
from sim.swarm.drawing import draw
from sim.swarm.plan import SLOW_DISK, START_MS, WATCHDOGS, Fault, Plan, Word
from sim.swarm.world import play

CHECKS = (Word(10_000, "isr", "check"), Word(10_000, "tur", "check"))


def planned(*faults: Fault, absent: int = 100) -> Plan:
    """A minute in which both parties check the line, and nobody answers or everybody does."""
    return Plan(0, 60_000, draw(0).timers_ms, absent, CHECKS, faults)


def flags_of(evidence: Evidence, watchdog: str) -> list[str]:
    """The keys of the flags that a watchdog has raised, in order."""
    return [key_of(entry) for entry in evidence.journal(watchdog) if entry.kind == "flag"]


def answered_ms(evidence: Evidence, by: str) -> int:
    """How long after the start a party answered, in ms."""
    (at_ms,) = [entry.at_ms for entry in evidence.journal(by) if entry.kind == "reply"]
    return at_ms - START_MS


def last_check(evidence: Evidence, by: str) -> Ref:
    """The last check that a party has said."""
    return [entry.ref for entry in evidence.journal(by) if entry.kind == "check"][-1]


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


def test_two_watchdogs_watch_the_line_and_one_another() -> None:
    """What is wrong with one of them is no excuse for the other."""
    quiet = replace(planned(), watchdogs=WATCHDOGS)
    evidence = play(quiet)
    assert flags_of(evidence, "watchdog") == flags_of(evidence, "hound") != []
    assert len(evidence.flags_seen) == len(flags_of(evidence, "hound"))
    killed = play(replace(quiet, faults=(Fault("kill", "hound", 5_000, 60_000),)))
    seen = [key for key in flags_of(killed, "watchdog") if key != "silent-hound"]
    assert seen == flags_of(evidence, "watchdog")
    assert "silent-hound" in flags_of(killed, "watchdog")
    assert judge(killed) == []


def test_a_watchdog_is_not_excused_by_what_is_wrong_with_the_other() -> None:
    """Its flags are judged as if the other were not there."""
    killed = play(replace(planned(Fault("kill", "hound", 5_000, 60_000)), watchdogs=WATCHDOGS))
    view = killed.watched_by("watchdog")
    assert view.troubles == []
    assert {told.to for told in killed.told} == {*WATCHDOGS}
    assert {told.to for told in view.told} == {"watchdog"}


@pytest.mark.parametrize("seed", [0, 2, 11, 23])
def test_what_a_watchdog_is_told_of_is_there(seed: int) -> None:
    """By statuses and by records that are live, whatever garbage is thrown."""
    evidence = play(draw(seed))
    committed = {told.ref: told.at_ms for told in evidence.committed}
    assert {told.to for told in evidence.told} == {*evidence.watchdogs}
    assert {told.of for told in evidence.told} == {*evidence.parties}
    for told in (told for told in evidence.told if told.head):
        assert committed[Ref(told.of, told.head)] <= told.at_ms


@pytest.mark.parametrize("reads_first", [0, 1])
@pytest.mark.parametrize("kind", ["sleep", "deep-sleep"])
def test_who_sleeps_hears_and_says_all_at_once_when_he_wakes(kind: str, reads_first: int) -> None:
    """The others see that he is gone: by his will, if the broker has given him up."""
    words = (*CHECKS, Word(20_000, "tur", "check"))
    sleep = Fault(kind, "isr", 15_000, 50_000, 2 + reads_first)
    evidence = play(Plan(0, 60_000, draw(0).timers_ms, 0, words, (sleep,)))
    heard_ms = evidence.stored["isr", last_check(evidence, "tur")] - START_MS
    assert (52_500 if kind == "deep-sleep" else 50_010) > heard_ms >= 50_000
    gone_ms = [seen.at_ms - START_MS for seen in evidence.seen if seen.silent]
    assert len(gone_ms) == 2
    assert all((ms < 20_000) is (kind == "deep-sleep") for ms in gone_ms)
    assert judge(evidence) == []


def test_who_sleeps_can_be_killed() -> None:
    """And is awake when he starts again; a short sleep within a longer one ends nothing."""
    sleeps = [Fault("sleep", "isr", 15_000, 50_000), Fault("deep-sleep", "isr", 16_000, 18_000, 9)]
    words = (*CHECKS, Word(20_000, "tur", "check"))
    plan = Plan(0, 60_000, draw(0).timers_ms, 0, words, ()).with_faults(sleeps)
    slept = play(plan)
    assert slept.stored["isr", last_check(slept, "tur")] >= START_MS + 50_000
    killed = play(plan.with_faults([*sleeps, Fault("kill", "isr", 25_000, 30_000)]))
    assert killed.stored["isr", last_check(killed, "tur")] < START_MS + 40_000
    assert judge(killed) == []


def test_a_slow_disk_lets_nothing_out_sooner() -> None:
    """A word is stored when it is said, and told when the commit is over; two faults do not add."""
    slow = [Fault(SLOW_DISK, "tur", 15_000, 50_000, 5), Fault(SLOW_DISK, "tur", 16_000, 18_000, 0)]
    words = (*CHECKS, Word(20_000, "tur", "check"))
    evidence = play(Plan(0, 60_000, draw(0).timers_ms, 0, words, ()).with_faults(slow))
    ref = last_check(evidence, "tur")
    assert 20_000 <= evidence.stored["tur", ref] - START_MS < 23_000
    for other in ("isr", "watchdog"):
        assert 3_000 <= evidence.stored[other, ref] - evidence.stored["tur", ref] < 3_500
    assert judge(evidence) == []


def test_by_telephone_something_may_be_put_off_or_refused() -> None:
    """What waits longest of what takes such an answer; a check takes none of them."""
    words = [
        Word(5_000, "tur", "check"),
        Word(10_001, "tur", "notice"),
        Word(15_000, "isr", "voice-standby", lasts_s=30),
        Word(20_000, "isr", "voice-reject"),
        Word(25_000, "isr", "voice-reject"),
    ]
    evidence = play(Plan(0, 60_000, draw(0).timers_ms, 100, tuple(words), ()))
    said = [entry.body for entry in evidence.journal("isr")]
    assert [body["answer"] for body in said] == ["STANDBY", "REJECT"]
    assert {body["refers_to"]["seq"] for body in said} == {2}
    assert to_ms(said[0]["expected_at"]) == START_MS + 45_000
    assert said[1]["reason"]


def test_a_silence_may_be_declared_until_a_time() -> None:
    """Or for as long as it lasts."""
    words = (Word(5_000, "isr", "suspend"), Word(5_000, "tur", "suspend", lasts_s=10))
    evidence = play(Plan(0, 60_000, draw(0).timers_ms, 100, words, ()))
    ((isr,), (tur,)) = (list(evidence.journal(party)) for party in evidence.parties)
    assert "until" not in isr.body
    assert to_ms(tur.body["until"]) == START_MS + 15_000


def test_the_log_says_what_was_said_from_its_beginning() -> None:
    """Who and when stand before it; what is too long is cut off at its end, and shows it."""
    said = (Word(10_000, "isr", "check"), Word(20_000, "tur", "notice", lead_s=30, lasts_s=60))
    evidence = play(Plan(0, 60_000, draw(0).timers_ms, 100, said, ()))
    check, notice = [text for _, text in evidence.log if " commits " in text][:2]
    assert check == "isr commits isr/1 check {}"
    assert notice.startswith('tur commits tur/1 notice {"notice":"TUR-1","revision":1,')
    assert notice.endswith("…")
