"""The oracle's demands about comm checks that are missed, on histories written by hand."""

import pytest

from sim.oracle.facts import Ref
from sim.oracle.windows import missed_checks_degrade
from tests.sim.oracle.hand import Hand

TUR = Ref("tur", 0)
NOT_MISSED = "dog/1: no two checks in a row were missed then"


def checks(*answered_s: float | None) -> Hand:
    """Isr checks the line at 10 s and every 100 s from then on; tur answers some, then."""
    hand = Hand()
    for number, at_s in enumerate(answered_s):
        check = hand.says("isr", 10 + 100 * number, "check")
        if at_s is not None:
            hand.answers(check, at_s, "ROGER")
    return hand


def test_two_missed_checks_in_a_row_degrade_the_channel() -> None:
    """The flag's deadline is that of the second one."""
    hand = checks(None, None)
    assert hand.breaks(missed_checks_degrade) == [
        "isr/1 and isr/2 were missed, and no flag says so"
    ]
    hand.flags("degraded", TUR, "ALARM", 170)
    assert hand.breaks(missed_checks_degrade) == []


def test_what_stands_is_not_flagged_again() -> None:
    """A third miss finds the channel degraded."""
    hand = checks(None, None, None)
    hand.flags("degraded", TUR, "ALARM", 170)
    assert hand.breaks(missed_checks_degrade) == []
    hand.clears("degraded", TUR, 200)
    assert hand.breaks(missed_checks_degrade) == [
        "isr/2 and isr/3 were missed, and no flag says so"
    ]


def test_a_channel_is_degraded_once_by_the_same_checks() -> None:
    """What mended it has not come undone."""
    hand = checks(None, None)
    for at_s in (170, 200):
        hand.flags("degraded", TUR, "ALARM", 170)
        hand.clears("degraded", TUR, at_s)
    assert hand.breaks(missed_checks_degrade) == ["dog/3: what dog/1 flags is flagged again"]


def test_a_row_is_flagged_once_even_if_it_was_mended_before_its_last_check_was_judged() -> None:
    """Or before its first flag could be raised, if it is due a moment before the last check."""
    hand = checks(None, None, None)
    hand.flags("degraded", TUR, "ALARM", 170)
    hand.clears("degraded", TUR, 270.5)
    assert hand.breaks(missed_checks_degrade) == []
    hand = Hand()
    for at_s in (10, 110, 110.5):
        hand.says("isr", at_s, "check")
    hand.flags("degraded", TUR, "ALARM", 170)
    hand.clears("degraded", TUR, 171)
    assert hand.breaks(missed_checks_degrade) == []


@pytest.mark.parametrize("answered_s", [(20, None), (None, 120)])
def test_one_missed_check_degrades_nothing(answered_s: tuple[float | None, ...]) -> None:
    """Whichever of two it is."""
    hand = checks(*answered_s)
    assert hand.breaks(missed_checks_degrade) == []
    hand.flags("degraded", TUR, "ALARM", 170)
    assert hand.breaks(missed_checks_degrade) == [NOT_MISSED]
    hand.suffers("cut", "tur", 160, 165)
    assert hand.breaks(missed_checks_degrade) == [], "the answer may not have come through"


def test_an_answer_within_the_grace_may_be_counted_either_way() -> None:
    """It was late, and there when the watchdog judged."""
    hand = checks(None, 170.5)
    assert hand.breaks(missed_checks_degrade) == []
    hand.flags("degraded", TUR, "ALARM", 170)
    assert hand.breaks(missed_checks_degrade) == []


def test_a_declared_silence_excuses_missed_checks() -> None:
    """Whose silence it is matters."""
    hand = checks(None, None)
    hand.says("tur", 50, "suspend")
    assert hand.breaks(missed_checks_degrade) == []
    hand = checks(None, None)
    hand.says("isr", 50, "suspend")
    assert len(hand.breaks(missed_checks_degrade)) == 1


@pytest.mark.parametrize(("said_s", "wrong"), [(171.5, 0), (180, 1)])
def test_a_silence_by_a_clock_that_is_ahead_excuses_from_when_it_was_heard(
    said_s: float, wrong: int
) -> None:
    """The second check is due at 170 s, and is judged when its grace is over."""
    hand = checks(None, None)
    hand.was_said(hand.says("tur", 180, "suspend"), said_s)
    assert len(hand.breaks(missed_checks_degrade)) == wrong


def test_of_checks_that_are_due_at_one_time_two_must_be_missed() -> None:
    """As many are said at once, the last ones may be missed, and others not."""
    for missed, says in ((2, []), (1, [NOT_MISSED])):
        hand = Hand()
        said = [hand.says("isr", 10, "check") for _ in range(4)]
        for check in said[:-missed]:
            hand.answers(check, 20, "ROGER")
        hand.flags("degraded", TUR, "ALARM", 70)
        assert hand.breaks(missed_checks_degrade) == says


def test_a_degraded_channel_for_which_no_check_was_due_is_false() -> None:
    """There was one check, and a flag of another time."""
    hand = checks(None)
    hand.flags("degraded", TUR, "ALARM", 70)
    assert hand.breaks(missed_checks_degrade) == [NOT_MISSED]


def test_an_answer_that_was_late_by_one_clock_alone_may_have_been_missed() -> None:
    """Though the watchdog heard it in time, or it bears an earlier time."""
    for at_s, said_s in ((75, 69), (69, 75)):
        hand = Hand()
        for check_s in (10, 110):
            answer = hand.answers(hand.says("isr", check_s, "check"), at_s + check_s - 10, "ROGER")
            hand.was_said(answer, said_s + check_s - 10)
        assert hand.breaks(missed_checks_degrade) == []
        hand.flags("degraded", TUR, "ALARM", 170)
        assert hand.breaks(missed_checks_degrade) == []


@pytest.mark.parametrize(("ahead_ms", "wrong"), [(0, 1), (999, 1), (1_000, 0)])
def test_what_was_mended_by_a_clock_ahead_stood_until_what_it_showed(
    ahead_ms: int, wrong: int
) -> None:
    """The watchdog clears the flag a second before the third check is due."""
    hand = checks(None, None, None)
    hand.evidence.clocks_ms |= {"tur": ahead_ms - 500, "dog": -500}
    hand.flags("degraded", TUR, "ALARM", 170)
    hand.clears("degraded", TUR, 269)
    assert len(hand.breaks(missed_checks_degrade)) == wrong


@pytest.mark.parametrize(("answered_s", "wrong"), [(169.9, 1), (170, 0), (172, 0), (172.1, 1)])
def test_a_channel_that_was_mended_before_it_was_judged_need_not_be_flagged(
    answered_s: float, wrong: int
) -> None:
    """An older check is answered when the second of two missed ones is due, or a moment after."""
    hand = Hand()
    old = hand.says("isr", 5, "check")
    for at_s in (10, 110):
        hand.says("isr", at_s, "check")
    hand.flags("degraded", TUR, "ALARM", 70)
    hand.clears("degraded", TUR, 80)
    hand.answers(old, answered_s, "ROGER")
    assert len(hand.breaks(missed_checks_degrade)) == wrong
