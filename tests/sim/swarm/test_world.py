"""What a plan does to a simulated line."""

from dataclasses import replace

import pytest

from hotline.times import DAY_MS
from sim.oracle.evidence import Evidence, key_of, to_ms
from sim.oracle.facts import Ref
from sim.oracle.oracle import judge
from sim.swarm import nonsense, words, world
from sim.swarm.drawing import draw
from sim.swarm.plan import START_MS, WATCHDOGS, Fault, Word
from sim.swarm.world import play
from tests.sim.swarm.plans import planned


def flags_of(evidence: Evidence, watchdog: str) -> list[str]:
    """The keys of the flags that a watchdog has raised, in order."""
    return [key_of(entry) for entry in evidence.journal(watchdog) if entry.kind == "flag"]


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


def test_a_watchdog_is_judged_by_its_own_clock() -> None:
    """Here they differ by more than a tick; what is wrong is said to be at the true time."""
    clocks_ms = {"watchdog": 1_500, "hound": -1_500}
    evidence = play(replace(draw(3), clocks_ms=clocks_ms, watchdogs=WATCHDOGS))
    assert judge(evidence) == []
    evidence.flown.clear()
    untold_ms = [each.at_ms for each in judge(evidence) if each.invariant == "ends_are_told"]
    half = len(untold_ms) // 2
    assert half
    assert [at_ms + 3_000 for at_ms in untold_ms[:half]] == untold_ms[half:]


@pytest.mark.parametrize("seed", [0, 2, 11, 23])
def test_what_a_watchdog_is_told_of_is_there(seed: int) -> None:
    """By statuses and by records that are live, whatever garbage is thrown."""
    evidence = play(draw(seed))
    committed = {told.ref: told.at_ms for told in evidence.committed}
    assert {told.to for told in evidence.told} == {*evidence.watchdogs}
    assert {told.of for told in evidence.told} == {*evidence.parties}
    for told in (told for told in evidence.told if told.head):
        assert committed[Ref(told.of, told.head)] <= told.at_ms


@pytest.mark.parametrize("seed", range(8))
def test_a_line_in_the_years_before_1970_is_like_any_other(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its times are numbers below zero: no rule of a station may take 0 for long ago."""
    for module in (nonsense, words, world):
        monkeypatch.setattr(module, "START_MS", START_MS - 70 * 365 * DAY_MS)
    assert judge(play(draw(seed))) == []


def test_by_telephone_something_may_be_put_off_or_refused() -> None:
    """What waits longest of what takes such an answer; a check takes none of them."""
    words = [
        Word(5_000, "tur", "check"),
        Word(10_001, "tur", "notice"),
        Word(15_000, "isr", "voice-standby", lasts_s=30),
        Word(20_000, "isr", "voice-reject"),
        Word(25_000, "isr", "voice-reject"),
    ]
    evidence = play(planned(words=words))
    said = [entry.body for entry in evidence.journal("isr")]
    assert [body["answer"] for body in said] == ["STANDBY", "REJECT"]
    assert {body["refers_to"]["seq"] for body in said} == {2}
    assert to_ms(said[0]["expected_at"]) == START_MS + 45_000
    assert said[1]["reason"]


def test_a_silence_may_be_declared_until_a_time() -> None:
    """Or for as long as it lasts."""
    words = (Word(5_000, "isr", "suspend"), Word(5_000, "tur", "suspend", lasts_s=10))
    evidence = play(planned(words=words))
    ((isr,), (tur,)) = (list(evidence.journal(party)) for party in evidence.parties)
    assert "until" not in isr.body
    assert to_ms(tur.body["until"]) == START_MS + 15_000


def test_the_log_says_what_was_said_from_its_beginning() -> None:
    """Who and when stand before it; what is too long is cut off at its end, and shows it."""
    said = (Word(10_000, "isr", "check"), Word(20_000, "tur", "notice", lead_s=30, lasts_s=60))
    evidence = play(planned(words=said))
    check, notice = [text for _, text in evidence.log if " commits " in text][:2]
    assert check == "isr commits isr/1 check {}"
    assert notice.startswith('tur commits tur/1 notice {"notice":"TUR-1","revision":1,')
    assert notice.endswith("…")
