"""The oracle's demands about missing answers, on histories written by hand."""

import pytest

from sim.oracle.alarms import no_false_alarm, repair_before_judgement, silences_flagged
from tests.sim.oracle.hand import Hand


def a_late_answer(late_s: float = 0) -> Hand:
    """A FLASH that is answered after its WARNING, which comes some time after it must."""
    hand = Hand()
    notice = hand.notice(10)
    hand.flags("unanswered", notice, "WARNING", 70, 71 + late_s)
    hand.clears("unanswered", notice, 80)
    hand.answers(notice, 80)
    return hand


@pytest.mark.parametrize("late_s", [0, 0.5, 1])
def test_a_flag_may_come_a_tick_after_deadline_and_grace(late_s: float) -> None:
    """And breaks nothing."""
    hand = a_late_answer(late_s)
    assert hand.breaks(silences_flagged) == []
    assert hand.breaks(no_false_alarm) == []


@pytest.mark.parametrize("late_s", [-0.001, 1.001])
def test_a_flag_comes_neither_before_the_grace_is_over_nor_later_than_a_tick(late_s: float) -> None:
    """On a line with which nothing is wrong."""
    late_ms = round(late_s * 1_000)
    text = f"isr/1 at WARNING: flagged {late_ms} ms after deadline and grace"
    hand = a_late_answer(late_s)
    assert hand.breaks(silences_flagged) == [text]
    hand.suffers("cut", "tur", 60, 72)
    assert hand.breaks(silences_flagged) == ([text] if late_s < 0 else [])


def test_a_silence_is_flagged_at_each_level_and_once() -> None:
    """Nobody answers: three levels are demanded, and no fourth flag is allowed."""
    hand = Hand()
    notice = hand.notice(10)
    hand.flags("unanswered", notice, "WARNING", 70)
    hand.flags("unanswered", notice, "ALARM", 100)
    assert hand.breaks(silences_flagged) == ["isr/1 at VOICE_REQUIRED: not flagged"]
    hand.flags("unanswered", notice, "VOICE_REQUIRED", 130)
    assert hand.breaks(silences_flagged) == []
    hand.flags("unanswered", notice, "ALARM", 100, 101.5)
    assert hand.breaks(silences_flagged) == ["isr/1 at ALARM: flagged twice"]


def test_what_was_answered_in_time_is_not_flagged() -> None:
    """Unless the answer may not have come through; nor is a deadline that there never was."""
    hand = Hand()
    notice = hand.notice(10)
    hand.answers(notice, 60)
    assert hand.breaks(no_false_alarm) == []
    hand.flags("unanswered", notice, "WARNING", 70)
    assert hand.breaks(no_false_alarm) == ["isr/1 flagged at WARNING, though tur spoke in time"]
    hand.suffers("cut-out", "tur", 55, 65)
    assert hand.breaks(no_false_alarm) == []
    hand.flags("unanswered", notice, "WARNING", 75)
    assert hand.breaks(no_false_alarm) == ["isr/1: flagged for a deadline that it never had"]


def test_who_was_told_of_an_answer_does_not_judge_without_it() -> None:
    """Told within the last heartbeat and in this life, that is."""
    hand = Hand()
    notice = hand.notice(10)
    answer = hand.answers(notice, 60)
    hand.flags("unanswered", notice, "WARNING", 70)
    assert hand.breaks(repair_before_judgement) == []
    hand.is_told(answer, 69)
    assert hand.breaks(repair_before_judgement) == ["dog/1 judges without tur/1"]
    hand.suffers("kill", "dog", 69.5, 70)
    assert hand.breaks(repair_before_judgement) == []
