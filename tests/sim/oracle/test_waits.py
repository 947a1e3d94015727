"""The oracle's own arithmetic of deadlines, on histories written by hand."""

from sim.oracle.evidence import to_text
from sim.oracle.waits import deadlines
from tests.sim.oracle.hand import T0_MS, Hand, ms


def dues(hand: Hand) -> list[tuple[str, str, float]]:
    """The record, the level and the second of each deadline."""
    return [
        (str(message.entry.ref), level, (due_ms - T0_MS) / 1_000)
        for message, _, level, due_ms in deadlines(hand.evidence)
    ]


def test_levels_are_at_one_time_one_and_a_half_and_twice_the_time_allowed() -> None:
    """Of a FLASH it is a minute."""
    hand = Hand()
    hand.notice(10)
    assert dues(hand) == [
        ("isr/1", "WARNING", 70),
        ("isr/1", "ALARM", 100),
        ("isr/1", "VOICE_REQUIRED", 130),
    ]


def test_before_a_flight_begins_there_is_half_of_the_time_that_is_left() -> None:
    """And from its beginning on the telephone is called for; never is there less than the floor."""
    hand = Hand()
    hand.notice(10, opens_s=90)
    assert dues(hand) == [
        ("isr/1", "WARNING", 50),
        ("isr/1", "ALARM", 70),
        ("isr/1", "VOICE_REQUIRED", 90),
    ]
    hand = Hand()
    hand.notice(10, opens_s=22)
    assert dues(hand) == [("isr/1", "WARNING", 20), ("isr/1", "VOICE_REQUIRED", 22)]


def test_a_standby_begins_a_wait_that_ends_when_it_promised() -> None:
    """The first wait has its deadlines all the same: it may have been too long."""
    hand = Hand()
    notice = hand.notice(10)
    standby = hand.answers(notice, 30, "STANDBY", expected_at=to_text(ms(50)))
    answer = hand.answers(notice, 45)
    waits = [
        (wait.since_ms, wait.ended and wait.ended.ref) for _, wait, _, _ in deadlines(hand.evidence)
    ]
    assert waits == [(ms(10), standby)] * 3 + [(ms(30), answer)] * 3
    assert [due_s for _, _, due_s in dues(hand)] == [70, 100, 130, 50, 60, 70]


def test_nobody_waits_for_an_answer_to_what_was_taken_back() -> None:
    """A cancellation ends the wait, and asks for an answer itself."""
    hand = Hand()
    notice = hand.notice(10)
    cancel = hand.says("isr", 40, "cancel", notice="N")
    ends = {m.entry.ref: w.ended and w.ended.ref for m, w, _, _ in deadlines(hand.evidence)}
    assert ends == {notice: cancel, cancel: None}
    assert dues(hand)[3:] == [
        ("isr/2", "WARNING", 100),
        ("isr/2", "ALARM", 130),
        ("isr/2", "VOICE_REQUIRED", 160),
    ]
