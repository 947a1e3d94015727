"""The oracle's demands about declared silences, on histories written by hand."""

import pytest

from sim.oracle.evidence import to_text
from sim.oracle.facts import Gone, Ref, Seen
from sim.oracle.silences import (
    declared_silences_are_no_alarm,
    other_silences_are_alarms,
    silences_are_as_declared,
    silences_of,
    who_is_not_back_is_missed,
)
from tests.sim.oracle.hand import Hand, ms

TUR = Ref("tur", 0)


def suspended() -> Hand:
    """Tur suspends its channel at 100 s and resumes at 300 s."""
    hand = Hand()
    hand.says("tur", 100, "suspend")
    hand.says("tur", 300, "resume")
    return hand


def test_a_silence_lasts_until_it_is_ended() -> None:
    """The last one, which nobody ended, to the end of the run."""
    hand = suspended()
    hand.says("tur", 500, "suspend")
    spans = [(silence.since_ms, silence.until_ms) for silence in silences_of(hand.evidence, "tur")]
    assert spans == [(ms(100), ms(300)), (ms(500), hand.evidence.finished_ms)]
    assert silences_of(hand.evidence, "isr") == []


@pytest.mark.parametrize(
    ("at_s", "level", "is_wrong"),
    [(200, "ALARM", True), (200, "WARNING", False), (50, "ALARM", False), (400, "ALARM", False)],
)
def test_a_declared_silence_is_no_alarm(at_s: float, level: str, is_wrong: bool) -> None:
    """While it lasts, and the watchdog knows of it."""
    hand = Hand()
    said = [(100, "suspend"), (300, "resume")]
    for when_s, kind in said:
        if when_s < at_s:
            hand.says("tur", when_s, kind)
    flag = hand.flags("silent", TUR, level, at_s - 1)
    for when_s, kind in said:
        if when_s > at_s:
            hand.says("tur", when_s, kind)
    text = f"{flag} flags silent tur/0 ALARM in the silence that tur/1 declares"
    assert hand.breaks(declared_silences_are_no_alarm) == ([text] if is_wrong else [])


def test_who_had_not_heard_of_it_may_raise_an_alarm() -> None:
    """The declaration came later."""
    hand = suspended()
    hand.evidence.stored["dog", Ref("tur", 1)] = ms(250)
    hand.flags("silent", TUR, "ALARM", 199)
    assert hand.breaks(declared_silences_are_no_alarm) == []


def test_what_the_watchdogs_own_clock_shows_does_not_matter() -> None:
    """The flag bears a time within the silence, and was raised after it."""
    hand = suspended()
    flag = hand.flags("silent", TUR, "ALARM", 199)
    hand.evidence.stored["dog", flag] = ms(310)
    assert hand.breaks(declared_silences_are_no_alarm) == []


@pytest.mark.parametrize(
    ("kind", "by", "is_wrong"),
    [("check", "isr", True), ("suspend", "isr", True), ("check", "tur", False)],
)
def test_what_is_asked_of_who_is_silent_is_not_missed(kind: str, by: str, is_wrong: bool) -> None:
    """Comm checks and the like; what he asks of the others is."""
    hand = suspended()
    hand.flags("unanswered", hand.says(by, 110, kind), "WARNING", 170)
    assert len(hand.breaks(declared_silences_are_no_alarm)) == is_wrong


def test_a_flight_is_asked_of_who_is_silent_all_the_same() -> None:
    """A declared silence excuses the channel only."""
    hand = suspended()
    hand.flags("unanswered", hand.notice(110), "WARNING", 170)
    assert hand.breaks(declared_silences_are_no_alarm) == []


def test_nobody_is_excused_who_has_declared_nothing() -> None:
    """A silence that is only a WARNING is one of which the watchdog knows."""
    hand = Hand()
    hand.flags("silent", TUR, "WARNING", 199)
    text = "dog/1 excuses tur, who had neither suspended nor said goodbye"
    assert hand.breaks(other_silences_are_alarms) == [text]


@pytest.mark.parametrize(
    ("seq", "heard_s", "flagged_s", "is_wrong"),
    [(1, 250, 199, True), (1, 150, 199, False), (2, 310, 399, True), (2, 450, 399, False)],
)
def test_it_is_excused_from_when_the_watchdog_knows_of_it_until_it_knows_of_its_end(
    seq: int, heard_s: float, flagged_s: float, is_wrong: bool
) -> None:
    """Of what it has not heard it cannot know; after the end, silence is what it is."""
    hand = suspended()
    hand.evidence.stored["dog", Ref("tur", seq)] = ms(heard_s)
    hand.flags("silent", TUR, "WARNING", flagged_s)
    assert len(hand.breaks(other_silences_are_alarms)) == is_wrong


def test_it_is_excused_when_the_watchdog_never_hears_of_its_end() -> None:
    """The record that ends it is missed by another demand; this one must not blame the watchdog."""
    hand = suspended()
    hand.flags("silent", TUR, "WARNING", 350)
    del hand.evidence.stored["dog", Ref("tur", 2)]
    assert hand.breaks(other_silences_are_alarms) == []


def promised(until_s: float) -> Hand:
    """Tur suspends its channel at 100 s until a time, and is gone from 150 s to 300 s."""
    hand = Hand()
    hand.says("tur", 100, "suspend", until=to_text(ms(until_s)))
    hand.suffers("kill", "tur", 150, 300)
    return hand


def test_a_silence_is_over_at_the_time_that_was_promised() -> None:
    """Unless it was ended before."""
    hand = promised(200)
    hand.says("tur", 300, "resume")
    hand.says("tur", 400, "suspend", until=to_text(ms(500)))
    hand.says("tur", 450, "resume")
    spans = [(silence.since_ms, silence.until_ms) for silence in silences_of(hand.evidence, "tur")]
    assert spans == [(ms(100), ms(200)), (ms(400), ms(450))]


@pytest.mark.parametrize(
    ("level", "at_s", "wrong"),
    [("ALARM", 190, 1), ("WARNING", 190, 0), ("ALARM", 210, 0), ("WARNING", 210, 1)],
)
def test_what_is_silent_after_that_is_an_alarm_and_was_none_before(
    level: str, at_s: float, wrong: int
) -> None:
    """Of a watchdog whose clock is wrong then it cannot be said."""
    hand = promised(200)
    demand = declared_silences_are_no_alarm if level == "ALARM" else other_silences_are_alarms
    hand.flags("silent", TUR, level, at_s - 1)
    for whom, from_s, judged in (("tur", 180, wrong), ("dog", 300, wrong), ("dog", 180, 0)):
        hand.suffers("skew", whom, from_s, from_s + 50)
        assert len(hand.breaks(demand)) == judged


def test_who_is_not_back_when_he_said_is_missed_then() -> None:
    """After the grace, if all others are well; not who is back by then, or was to come later."""
    text = "tur/1: tur is not back as promised, and no alarm"
    assert promised(200).breaks(who_is_not_back_is_missed) == [text]
    for late_s, wrong in ((0, []), (2, [text])):
        hand = promised(200)
        hand.flags("silent", TUR, "ALARM", 200, 201 + late_s)
        assert hand.breaks(who_is_not_back_is_missed) == wrong
    for until_s in (160, 299, 400):
        assert promised(until_s).breaks(who_is_not_back_is_missed) == []
    unsound = promised(200)
    unsound.suffers("cut", "isr", 150, 160)
    assert unsound.breaks(who_is_not_back_is_missed) == []
    unheard = promised(200)
    unheard.evidence.stored["dog", Ref("tur", 1)] = ms(160)
    assert unheard.breaks(who_is_not_back_is_missed) == []


@pytest.mark.parametrize(("heard_s", "says"), [(301, 1), (181, 0)])
def test_who_resumes_unheard_is_not_back(heard_s: float, says: int) -> None:
    """He is awaited at the time that he had promised, unless the watchdog knows better."""
    hand = promised(200)
    hand.says("tur", 180, "resume")
    hand.evidence.stored["dog", Ref("tur", 2)] = ms(heard_s)
    assert len(hand.breaks(who_is_not_back_is_missed)) == says


@pytest.mark.parametrize(
    ("heard_s", "cleared_s", "wrong"), [(150, 400, 1), (398, 400, 1), (399, 400, 0), (450, 400, 0)]
)
@pytest.mark.parametrize("level", ["ALARM", "WARNING"])
def test_a_silence_is_what_was_heard_of_it_late(
    level: str, heard_s: float, cleared_s: float, wrong: int
) -> None:
    """A declared one is no alarm any more, and one that is over is; half a second and a tick later.

    Unless something was wrong with the watchdog.
    """
    hand = Hand()
    said = hand.says("tur", 90, "suspend")
    if level == "WARNING":
        said = hand.says("tur", 120, "resume")
    hand.evidence.stored["dog", said] = ms(heard_s)
    flag = hand.flags("silent", TUR, level, 100, 110)
    hand.clears("silent", TUR, cleared_s)
    other = {"ALARM": "WARNING", "WARNING": "ALARM"}[level]
    text = f"{flag} flags tur, which is {other} by its own word"
    assert hand.breaks(silences_are_as_declared) == [text] * wrong
    hand.suffers("cut", "dog", 390, 391)
    assert hand.breaks(silences_are_as_declared) == []


def test_a_silence_may_be_flagged_as_it_is() -> None:
    """Also as a warning after its party has resumed, or when the time that it gave is over."""
    hand = Hand()
    assert hand.breaks(silences_are_as_declared) == []
    hand.flags("silent", TUR, "ALARM", 50)
    hand.clears("silent", TUR, 90)
    hand.says("tur", 100, "suspend")
    hand.flags("silent", TUR, "WARNING", 150)
    hand.clears("silent", TUR, 200)
    hand.says("tur", 220, "resume")
    hand.flags("silent", TUR, "WARNING", 250)
    hand.clears("silent", TUR, 300)
    hand.says("tur", 320, "suspend", until=to_text(ms(400)))
    hand.flags("silent", TUR, "WARNING", 350)
    hand.flags("silent", TUR, "ALARM", 400)
    assert hand.breaks(silences_are_as_declared) == []


def test_a_silence_that_is_soon_over_is_judged_by_when_it_was_flagged() -> None:
    """Flagged as the time that its party gave is over, and cleared at once, it is an alarm."""
    hand = Hand()
    hand.says("tur", 100, "suspend", until=to_text(ms(400)))
    hand.flags("silent", TUR, "ALARM", 400)
    hand.clears("silent", TUR, 400.3)
    assert hand.breaks(silences_are_as_declared) == []


@pytest.mark.parametrize(("skewed", "wrong"), [(True, 0), (False, 1)])
def test_by_a_wrong_clock_a_party_may_seem_to_resume_after_it_was_flagged(
    wrong: int, *, skewed: bool
) -> None:
    """It had left by then, and so is flagged for that."""
    hand = Hand()
    hand.says("tur", 100, "suspend")
    hand.was_said(hand.says("tur", 170, "resume"), 150)
    hand.flags("silent", TUR, "WARNING", 160, 160)
    hand.clears("silent", TUR, 300)
    if skewed:
        hand.suffers("skew", "tur", 140, 155)
    assert len(hand.breaks(silences_are_as_declared)) == wrong


@pytest.mark.parametrize(("ahead_ms", "wrong"), [(9_999, 1), (10_001, 0)])
def test_by_a_clock_that_is_ahead_a_party_resumes_after_it_left(ahead_ms: int, wrong: int) -> None:
    """It is flagged for its goodbye, 10 s before the time that its resume bears."""
    hand = Hand()
    hand.evidence.clocks_ms |= {"tur": ahead_ms + 50, "dog": 50}
    hand.says("tur", 100, "suspend")
    hand.was_said(hand.says("tur", 170, "resume"), 159)
    hand.flags("silent", TUR, "WARNING", 160, 160)
    hand.clears("silent", TUR, 300)
    assert len(hand.breaks(silences_are_as_declared)) == wrong


def test_a_silence_that_was_over_before_it_could_be_flagged_is_judged_by_nobody() -> None:
    """A watchdog that may not speak yet sees a party leave, come back, be lost and come back."""
    hand = Hand()
    hand.evidence.gone.append(Gone("tur", ms(10), ms(20)))
    hand.evidence.seen.append(Seen(ms(40), "dog", "tur", silent=False))
    hand.flags("silent", TUR, "WARNING", 50, 50)
    assert len(hand.breaks(other_silences_are_alarms)) == 1
    hand.clears("silent", TUR, 50)
    assert hand.breaks(other_silences_are_alarms) == []
