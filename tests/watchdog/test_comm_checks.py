"""Comm checks: answered, missed, excused, and missed twice in a row."""

from hotline.bodies import Answer, Kind, Resume, Suspend
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.times import MINUTE_MS
from hotline.watchdog.comm_checks import Outcome, is_degraded, outcome_of
from tests.helpers import LINE, T0, TIMERS, Author, check, reply

EVERY_MS = 20 * MINUTE_MS
CHECK_MS = TIMERS.answer_check_ms


class Checked:
    """Checks of tur's, and what isr makes of them."""

    def __init__(self) -> None:
        self.tur, self.isr, self.picture = Author("tur"), Author("isr"), Picture(LINE)

    def check(self, at_ms: int, answered_ms: int | None = None) -> Message:
        """One check, and its answer."""
        record = self.tur.says(Kind.CHECK, check(), at_ms)
        self.picture.fold(record)
        if answered_ms is not None:
            body = reply("tur", record.seq, Answer.ROGER)
            self.picture.fold(self.isr.says(Kind.REPLY, body, answered_ms))
        return self.picture.messages[record.ref]

    def outcome(self, message: Message, now_ms: int) -> Outcome:
        """What became of it by then."""
        return outcome_of(message, self.picture, now_ms, TIMERS)


def test_a_check_is_answered_or_missed_by_its_time() -> None:
    """A late answer does not make it good."""
    line = Checked()
    in_time = line.check(T0, T0 + CHECK_MS)
    late = line.check(T0, T0 + CHECK_MS + 1)
    never = line.check(T0)
    assert line.outcome(in_time, T0 + CHECK_MS) is Outcome.ANSWERED
    assert line.outcome(late, T0 + 2 * CHECK_MS) is Outcome.MISSED
    assert line.outcome(never, T0 + CHECK_MS - 1) is Outcome.WAITS
    assert line.outcome(never, T0 + CHECK_MS) is Outcome.MISSED


def test_a_check_in_a_declared_silence_is_excused() -> None:
    """One that was over before the silence, or came after it, is not."""
    line = Checked()
    before = line.check(T0)
    line.picture.fold(line.isr.says(Kind.SUSPEND, Suspend(), T0 + CHECK_MS + 1))
    within = line.check(T0 + CHECK_MS + 2)
    line.picture.fold(line.isr.says(Kind.RESUME, Resume(), T0 + CHECK_MS + 3))
    after = line.check(T0 + CHECK_MS + 4)
    outcomes = [line.outcome(each, T0 + 9 * CHECK_MS) for each in (before, within, after)]
    assert outcomes == [Outcome.MISSED, Outcome.EXCUSED, Outcome.MISSED]


def test_two_missed_in_a_row_degrade_the_channel() -> None:
    """One does not, nor two with an answer between them."""
    line = Checked()
    first = line.check(T0)
    answered = line.check(T0 + EVERY_MS, T0 + EVERY_MS)
    third = line.check(T0 + 2 * EVERY_MS)
    fourth = line.check(T0 + 3 * EVERY_MS)
    now_ms = T0 + 3 * EVERY_MS + CHECK_MS
    degraded = [is_degraded(m, line.picture, now_ms, TIMERS) for m in (first, answered, third)]
    assert degraded == [False, False, False]
    assert is_degraded(fourth, line.picture, now_ms, TIMERS)
