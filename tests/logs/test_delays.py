from hotline.bodies import Kind
from hotline.logs.delays import Delay, delay_of
from hotline.notice import Precedence
from hotline.picture.message import Message
from hotline.picture.opening import from_notice
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import T0, TIMERS, Author, notice


def said(precedence: Precedence = Precedence.ROUTINE, ends_ms: int | None = None) -> Message:
    """A notice that was said at T0."""
    body = notice(precedence=precedence)
    message = from_notice(Author("tur").says(Kind.NOTICE, body), body)
    message.ends_ms = ends_ms
    return message


def test_what_comes_at_once_is_fresh() -> None:
    """Seconds on the wire are nothing."""
    assert delay_of(said(), T0, TIMERS) is None
    assert delay_of(said(), T0 + TIMERS.receipt_alarm_ms - 1, TIMERS) is None
    assert delay_of(said(), T0 - SECOND_MS, TIMERS) is None, "his clock is ahead"


def test_what_comes_long_after_it_was_sent_is_delayed() -> None:
    """When a missing receipt would have been an ALARM."""
    came_ms = T0 + TIMERS.receipt_alarm_ms
    assert delay_of(said(), came_ms, TIMERS) == Delay(TIMERS.receipt_alarm_ms, None)


def test_what_comes_after_its_answer_was_due_is_delayed() -> None:
    """However fast that must be answered."""
    timers = TIMERS.model_copy(update={"answer_flash_ms": 5 * SECOND_MS})
    late_ms = T0 + 5 * SECOND_MS
    assert delay_of(said(Precedence.FLASH), late_ms - 1, timers) is None
    assert delay_of(said(Precedence.FLASH), late_ms, timers) == Delay(5 * SECOND_MS, None)


def test_what_comes_when_its_window_has_closed_is_expired() -> None:
    """That is told, too."""
    message = said(ends_ms=T0 + HOUR_MS)
    assert delay_of(message, T0 + HOUR_MS, TIMERS) == Delay(HOUR_MS, T0 + HOUR_MS)
    assert delay_of(message, T0 + MINUTE_MS, TIMERS) == Delay(MINUTE_MS, None)


def test_what_is_said_after_its_window_is_not_delayed_by_that() -> None:
    """A flight is cancelled when it is over: the word comes at once, and is as fresh as any."""
    message = said(ends_ms=T0 - HOUR_MS)
    assert delay_of(message, T0 + SECOND_MS, TIMERS) is None
    came_ms = T0 + TIMERS.receipt_alarm_ms
    assert delay_of(message, came_ms, TIMERS) == Delay(TIMERS.receipt_alarm_ms, None)
