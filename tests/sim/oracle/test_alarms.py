"""The oracle's demands about missing answers, on histories written by hand."""

import pytest

from sim.oracle.alarms import (
    answered_is_delivered,
    late_answers_are_measured,
    no_false_alarm,
    repair_before_judgement,
    silences_flagged,
)
from sim.oracle.evidence import to_text
from sim.oracle.facts import Ref
from tests.sim.oracle.hand import Hand, ms


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


@pytest.mark.parametrize(("at_s", "wrong"), [(76, 0), (76.1, 1)])
def test_what_is_overdue_when_it_is_heard_is_flagged_then(at_s: float, wrong: int) -> None:
    """Its author's clock is behind by a minute."""
    hand = Hand()
    hand.was_said(hand.notice(10), 74.99)
    hand.flags("unanswered", Ref("isr", 1), "WARNING", 70, at_s)
    late = [each for each in hand.breaks(silences_flagged) if "after deadline" in each]
    assert len(late) == wrong


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


@pytest.mark.parametrize(("answered_s", "missed"), [(72.5, []), (72.501, ["not flagged"])])
def test_what_is_answered_while_it_may_be_flagged_need_not_be(
    answered_s: float, missed: list[str]
) -> None:
    """In the grace, in the tick after it, or as that is on its way."""
    hand = Hand()
    hand.answers(hand.notice(10), answered_s)
    assert hand.breaks(silences_flagged) == [f"isr/1 at WARNING: {what}" for what in missed]


@pytest.mark.parametrize(("heard_s", "levels"), [(198.51, 0), (198.5, 3)])
def test_a_wait_that_was_heard_of_when_it_was_over_is_not_flagged(
    heard_s: float, levels: int
) -> None:
    """If it was begun by a STANDBY; one that began with its message is flagged in hindsight."""
    hand = Hand()
    notice = hand.notice(10)
    standby = hand.answers(notice, 60, "STANDBY", expected_at=to_text(ms(500)))
    hand.evidence.stored["dog", standby] = ms(heard_s)
    assert len(hand.breaks(silences_flagged)) == 3, "it still waits"
    hand.answers(notice, 200)
    assert len(hand.breaks(silences_flagged)) == levels
    hand = Hand()
    notice = hand.notice(10)
    hand.evidence.stored["dog", notice] = ms(heard_s)
    hand.answers(notice, 200)
    assert len(hand.breaks(silences_flagged)) == 3


@pytest.mark.parametrize(("said_s", "levels"), [(72.49, 0), (72.5, 1)])
def test_an_answer_by_a_clock_that_is_ahead_is_given_when_it_is_heard(
    said_s: float, levels: int
) -> None:
    """Though by its own time it came too late."""
    hand = Hand()
    hand.was_said(hand.answers(hand.notice(10), 80), said_s)
    assert hand.breaks(silences_flagged) == ["isr/1 at WARNING: not flagged"][:levels]


@pytest.mark.parametrize(("said_s", "flagged"), [(70.5, 1), (70.501, 0)])
def test_an_answer_by_a_clock_that_is_behind_may_be_said_after_the_flag(
    said_s: float, flagged: int
) -> None:
    """Or just before it; a link that was cut until then has not held it up."""
    hand = Hand()
    notice = hand.notice(10)
    hand.was_said(hand.answers(notice, 65), said_s)
    hand.flags("unanswered", notice, "WARNING", 70)
    assert len(hand.breaks(no_false_alarm)) == flagged
    hand.suffers("cut", "tur", 5, 31)
    assert len(hand.breaks(no_false_alarm)) == flagged
    hand.suffers("cut", "tur", 71.5, 72)
    assert hand.breaks(no_false_alarm) == []


@pytest.mark.parametrize(("cut_s", "flagged"), [(61.5, 0), (61.502, 1)])
def test_an_answer_may_take_a_moment_to_come_through(cut_s: float, flagged: int) -> None:
    """What goes wrong in that moment may have held it up."""
    hand = Hand()
    notice = hand.notice(10)
    hand.answers(notice, 60)
    hand.flags("unanswered", notice, "WARNING", 70)
    hand.suffers("cut-out", "tur", cut_s, 65)
    assert len(hand.breaks(no_false_alarm)) == flagged


def judged_without(*, told_s: float = 69) -> Hand:
    """A notice that was answered in time and is flagged at 71 s by a watchdog that was told."""
    hand = Hand()
    notice = hand.notice(10)
    answer = hand.answers(notice, 60)
    hand.flags("unanswered", notice, "WARNING", 70)
    hand.is_told(answer, told_s)
    return hand


@pytest.mark.parametrize(
    ("told_s", "breaks"), [(65.999, False), (66, True), (70.999, True), (71, False)]
)
def test_who_was_told_of_an_answer_does_not_judge_without_it(told_s: float, breaks: bool) -> None:
    """Told within the last heartbeat, that is, of this answer or a later one."""
    text = ["dog/1 judges without tur/1"] if breaks else []
    assert judged_without(told_s=told_s).breaks(repair_before_judgement) == text
    hand = judged_without(told_s=told_s)
    [told] = hand.evidence.told
    for of, head in (("tur", 2), ("tur", 0), ("isr", 1)):
        hand.evidence.told = [told._replace(of=of, head=head)]
        assert hand.breaks(repair_before_judgement) == (text if head > 1 else [])


@pytest.mark.parametrize(
    ("whom", "from_s", "until_s", "breaks"),
    [
        ("dog", 69.5, 70, False),
        ("dog", 60, 66, False),
        ("dog", 60, 65.999, True),
        ("dog", 71, 80, False),
        ("dog", 71.001, 80, True),
        ("tur", 69.5, 70, True),
    ],
)
def test_what_it_was_told_in_an_earlier_life_a_watchdog_need_not_know(
    whom: str, from_s: float, until_s: float, breaks: bool
) -> None:
    """One that has died since the last heartbeat before it judged."""
    hand = judged_without()
    hand.suffers("kill", whom, from_s, until_s)
    assert bool(hand.breaks(repair_before_judgement)) == breaks


@pytest.mark.parametrize(("flagged_s", "breaks"), [(20, False), (21, True)])
def test_who_has_an_answer_misses_no_receipt(flagged_s: float, *, breaks: bool) -> None:
    """Of what was answered and of what was said before it, whatever else is wrong."""
    hand = Hand()
    first, second = hand.notice(10), hand.notice(11)
    hand.answers(second, 20)
    hand.suffers("cut", "tur", 0, 100)
    for ref in (first, second, hand.notice(12)):
        hand.flags("undelivered", ref, "WARNING", 15, flagged_s)
    expected = [f"dog/{n}: isr/{n} is undelivered, though isr/2 was answered" for n in (1, 2)]
    assert hand.breaks(answered_is_delivered) == (expected if breaks else [])
    for whom, forgets in (("tur", False), ("dog", True)):
        hand.suffers("disk-loss", whom, 0, 100)
        assert hand.breaks(answered_is_delivered) == (expected if breaks and not forgets else [])


def test_while_a_clock_is_wrong_no_time_of_a_flag_is_demanded() -> None:
    """Of what waits then, that is; other messages are judged. A lost disk may lack the answer."""
    hand = judged_without()
    hand.flags("unanswered", Ref("isr", 1), "WARNING", 75)
    hand.says("isr", 100, "check")
    demands = (silences_flagged, no_false_alarm, repair_before_judgement)
    assert all(hand.breaks(demand) for demand in demands)
    for whom, judged in (("tur", True), ("dog", False)):
        hand.suffers("disk-loss", whom, 500, 501)
        assert [bool(hand.breaks(demand)) for demand in demands] == [True, True, judged]
    hand.suffers("skew", "tur", 30, 31)
    in_vain = "isr/1: flagged for a deadline that it never had"
    assert hand.breaks(no_false_alarm) == [in_vain]
    assert len(hand.breaks(silences_flagged)) == 3
    hand.suffers("skew", "dog", 500, 501)
    assert [hand.breaks(demand) for demand in demands] == [[], [in_vain], []]


@pytest.mark.parametrize(("late_ms", "wrong"), [(10_000, 0), (9_999, 1), (70_000, 1), (0, 1)])
def test_how_late_an_answer_was_counts_from_its_deadline(late_ms: int, wrong: int) -> None:
    """Whatever is wrong with the line, but a clock: the times are those of the records."""
    hand = Hand()
    hand.answers(hand.notice(10), 80)
    hand.suffers("cut", "dog", 60, 100)
    about = {"rule": "unanswered", "subject": {"station": "isr", "seq": 1}}
    hand.says("dog", 101, "clear", **about, late_ms=late_ms)
    text = [f"dog/1 has isr/1 answered {late_ms} ms late, which is none of [(10000, 10000)]"]
    assert hand.breaks(late_answers_are_measured) == text[:wrong]
    hand.suffers("skew", "tur", 60, 100)
    assert hand.breaks(late_answers_are_measured) == []


@pytest.mark.parametrize(
    ("late_ms", "wrong"),
    [(10_009, 1), (10_010, 0), (10_500, 0), (10_501, 1), (19_999, 1), (20_000, 0)],
)
def test_an_answer_by_a_clock_that_is_ahead_is_late_by_when_it_came(
    late_ms: int, wrong: int
) -> None:
    """Or was read, as it may have waited for its message; or by its own time."""
    hand = Hand()
    notice = hand.notice(10)
    hand.was_said(hand.answers(notice, 90), 80)
    about = {"rule": "unanswered", "subject": notice._asdict()}
    hand.says("dog", 80.5, "clear", **about, late_ms=late_ms)
    assert len(hand.breaks(late_answers_are_measured)) == wrong


def test_of_two_answers_either_may_be_the_one_that_was_late() -> None:
    """And after a STANDBY its promise counts, or the first deadline; 0 if that is to come."""
    hand = Hand()
    notice = hand.notice(10)
    hand.answers(notice, 80, "STANDBY", expected_at=to_text(ms(100)))
    hand.answers(notice, 120)
    about = {"rule": "unanswered", "subject": notice._asdict()}
    for late_ms in (50_000, 20_000, 10_000, 0):
        hand.says("dog", 121, "clear", **about, late_ms=late_ms)
    assert hand.breaks(late_answers_are_measured) == []
    hand.says("dog", 122, "clear", **about, late_ms=110_000)
    assert len(hand.breaks(late_answers_are_measured)) == 1


@pytest.mark.parametrize("ends", ["ACCEPT", "STANDBY", "notice", "cancel"])
def test_what_only_an_answer_can_have_cleared_must_say_how_late_it_was(ends: str) -> None:
    """What is put off, revised or cancelled may be cleared for that."""
    hand = Hand()
    notice = hand.notice(10)
    if ends == "notice":
        hand.notice(75)
    elif ends == "cancel":
        hand.says("isr", 75, "cancel", notice="N")
    elif ends == "STANDBY":
        hand.answers(notice, 75, ends, expected_at=to_text(ms(100)))
    hand.answers(notice, 80)
    hand.clears("unanswered", notice, 81)
    wrong = ["dog/1 has isr/1 answered None ms late, which is none of [(10000, 10000)]"]
    assert hand.breaks(late_answers_are_measured) == (wrong if ends == "ACCEPT" else [])


@pytest.mark.parametrize(("heard_s", "wrong"), [(80, True), (80.1, False)])
def test_a_check_is_excused_if_nobody_knew_in_time_that_a_silence_had_ended(
    heard_s: float, *, wrong: bool
) -> None:
    """That is heard when the check has been answered, or a moment sooner."""
    hand = Hand()
    hand.says("tur", 1, "suspend", until=to_text(ms(500)))
    resumed = hand.says("tur", 5, "resume")
    hand.evidence.stored["dog", resumed] = ms(heard_s)
    check = hand.says("isr", 10, "check")
    hand.answers(check, 79.99, "ROGER")
    assert (f"{check} at WARNING: not flagged" in hand.breaks(silences_flagged)) == wrong


@pytest.mark.parametrize(("heard_s", "missing"), [(70, []), (80, ["WARNING"])])
def test_a_wait_is_over_with_the_first_that_is_heard_to_end_it(
    heard_s: float, missing: list[str]
) -> None:
    """A STANDBY by a clock that is ahead, before the revision that was said later."""
    hand = Hand()
    notice = hand.notice(10)
    standby = hand.answers(notice, 90, "STANDBY", expected_at=to_text(ms(900)))
    hand.was_said(standby, heard_s - 0.01)
    hand.answers(hand.notice(85), 86)
    texts = [f"{notice} at {level}: not flagged" for level in missing]
    assert hand.breaks(silences_flagged) == texts


@pytest.mark.parametrize(("raised_s", "wrong"), [(70.9, 1), (71, 0), (72, 0), (72.1, 1)])
def test_a_flag_is_late_by_when_it_was_raised(raised_s: float, wrong: int) -> None:
    """Whatever the watchdog's clock showed, if that was set back meanwhile."""
    hand = Hand()
    notice = hand.notice(10)
    hand.answers(notice, 75)
    hand.was_said(hand.flags("unanswered", notice, "WARNING", 70, 50), raised_s)
    assert len(hand.breaks(silences_flagged)) == wrong


def test_a_check_may_be_cleared_since_its_party_has_suspended() -> None:
    """A flag of another rule says nothing of an answer."""
    hand = Hand()
    check = hand.says("isr", 10, "check")
    hand.clears("undelivered", check, 60)
    assert hand.breaks(late_answers_are_measured) == []
    hand.clears("unanswered", check, 81)
    assert len(hand.breaks(late_answers_are_measured)) == 1
    hand.says("tur", 80, "suspend")
    assert hand.breaks(late_answers_are_measured) == []
