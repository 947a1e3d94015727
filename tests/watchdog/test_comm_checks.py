"""Comm checks: answered, missed, excused, and missed twice in a row."""

import pytest

from hotline.bodies import Answer, Kind, Resume, Suspend
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.times import MINUTE_MS, SECOND_MS
from hotline.watchdog.comm_checks import Outcome, is_degraded, outcome_of
from tests.helpers import LINE, T0, TIMERS, Author, check, reply
from tests.watch import GRACE_MS, Watch

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


@pytest.fixture
def wire() -> Watch:
    """A line on which nothing has happened yet."""
    return Watch()


def test_a_degraded_channel_is_an_alarm_until_a_check_is_answered(wire: Watch) -> None:
    """It is about the party that does not answer."""
    wire.say("tur", Kind.CHECK, check())
    wire.go(CHECK_MS + GRACE_MS)
    assert wire.board() == {"unanswered-tur-1"}
    wire.say("tur", Kind.CHECK, check())
    wire.go(CHECK_MS + GRACE_MS)
    assert "degraded isr ALARM" in wire.flags()
    assert wire.last_flag().detail == (
        "channel degraded: isr has missed check tur/2 and the one before it"
    )
    wire.crash("dog")
    wire.start("dog")
    wire.go(SECOND_MS)
    wire.say("isr", Kind.REPLY, reply("tur", 2, Answer.ROGER))
    wire.settle()
    assert "degraded-isr" not in wire.board()


@pytest.mark.parametrize("watches", ["all the time", "afterwards"])
def test_a_channel_that_was_mended_is_not_degraded_for_a_start(wire: Watch, watches: str) -> None:
    """Two old checks that nobody will ever answer are no reason: a later one was answered."""
    if watches == "afterwards":
        wire.crash("dog")
    for _ in range(3):
        wire.say("tur", Kind.CHECK, check())
        wire.go(CHECK_MS - 1)
    wire.say("isr", Kind.REPLY, reply("tur", 3, Answer.ROGER))
    wire.go(CHECK_MS)
    if watches == "all the time":
        wire.crash("dog")
    wire.start("dog")
    wire.go(GRACE_MS)
    flags = [flag for flag in wire.flags() if "degraded" in flag]
    assert flags == ["degraded isr ALARM", "degraded isr cleared"]
    assert wire.board() == {"unanswered-tur-1", "unanswered-tur-2"}


def test_a_channel_that_is_suspended_is_degraded_no_more(wire: Watch) -> None:
    """The silence is declared now."""
    for _ in range(2):
        wire.say("tur", Kind.CHECK, check())
        wire.go(CHECK_MS + GRACE_MS)
    assert "degraded-isr" in wire.board()
    wire.say("isr", Kind.SUSPEND, Suspend())
    wire.settle()
    assert wire.board() == set()
