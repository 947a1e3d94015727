import pytest

from hotline.bodies import Kind, Level
from hotline.notice import Precedence
from hotline.picture.message import Message, Wait
from hotline.picture.opening import from_call, from_cancel, from_notice
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from hotline.watchdog.deadlines import (
    LEVELS,
    allowed_ms,
    answer_due_ms,
    answer_dues,
    first_due_ms,
    receipt_dues,
)
from tests.helpers import T0, TIMERS, Author, cancel, check, notice

DAY_MS = 24 * HOUR_MS


def message(precedence: Precedence = Precedence.ROUTINE, lead_ms: int | None = DAY_MS) -> Message:
    """A request whose flight starts so long after it was said."""
    body = notice(precedence=precedence, starts_ms=None if lead_ms is None else T0 + lead_ms)
    return from_notice(Author("tur").says(Kind.NOTICE, body), body)


def wait_of(asked: Message) -> Wait:
    """The wait that goes on."""
    assert asked.open_wait
    return asked.open_wait


def time_for(asked: Message, timers: Timers) -> int:
    """How long the officer has for the wait that goes on."""
    return allowed_ms(asked, wait_of(asked), timers)


@pytest.mark.parametrize(
    ("precedence", "allowed"),
    [
        (Precedence.FLASH, 2 * MINUTE_MS),
        (Precedence.IMMEDIATE, 30 * MINUTE_MS),
        (Precedence.PRIORITY, 3 * HOUR_MS),
        (Precedence.ROUTINE, 6 * HOUR_MS),
    ],
)
def test_each_precedence_has_its_speed_of_service(precedence: Precedence, allowed: int) -> None:
    """With enough time before the flight, or no time given, precedence alone decides."""
    assert time_for(message(precedence), TIMERS) == allowed
    assert time_for(message(precedence, lead_ms=None), TIMERS) == allowed


@pytest.mark.parametrize(
    ("precedence", "lead_ms", "allowed"),
    [
        (Precedence.ROUTINE, 12 * HOUR_MS, 6 * HOUR_MS),
        (Precedence.ROUTINE, 12 * HOUR_MS - 2, 6 * HOUR_MS - 1),
        (Precedence.ROUTINE, 12 * HOUR_MS - 1, 6 * HOUR_MS - 1),
        (Precedence.PRIORITY, 2 * HOUR_MS, HOUR_MS),
        (Precedence.IMMEDIATE, 4 * MINUTE_MS, 2 * MINUTE_MS),
        (Precedence.IMMEDIATE, 3 * MINUTE_MS, 2 * MINUTE_MS),
        (Precedence.ROUTINE, 0, 2 * MINUTE_MS),
        (Precedence.ROUTINE, -DAY_MS, 2 * MINUTE_MS),
        (Precedence.FLASH, MINUTE_MS, 2 * MINUTE_MS),
    ],
)
def test_half_the_lead_caps_the_time_but_not_below_the_floor(
    precedence: Precedence, lead_ms: int, allowed: int
) -> None:
    """The other half is for what the author does with the answer; two minutes are always given."""
    assert time_for(message(precedence, lead_ms), TIMERS) == allowed


def test_the_floor_never_makes_a_flash_slower() -> None:
    """On a line whose FLASH is faster than the floor, it stays so."""
    timers = TIMERS.model_copy(update={"answer_flash_ms": 30 * SECOND_MS})
    assert time_for(message(Precedence.FLASH, 20 * SECOND_MS), timers) == 30 * SECOND_MS


@pytest.mark.parametrize(
    ("promised_ms", "allowed"),
    [(HOUR_MS, HOUR_MS), (9 * HOUR_MS, 6 * HOUR_MS), (0, 0), (-HOUR_MS, 0)],
)
def test_a_standby_waits_no_longer_than_it_promised(promised_ms: int, allowed: int) -> None:
    """The timer that a STANDBY restarts ends when the answer was promised, or with its own time."""
    standing_by = message()
    standing_by.waits_since_ms = T0 + HOUR_MS
    standing_by.expected_ms = standing_by.waits_since_ms + promised_ms
    assert time_for(standing_by, TIMERS) == allowed
    wait = wait_of(standing_by)
    assert answer_due_ms(standing_by, wait, Level.WARNING, TIMERS) == T0 + HOUR_MS + allowed


def test_a_standby_leaves_less_of_the_lead() -> None:
    """Half the lead is counted from where the timer was restarted."""
    standing_by = message(lead_ms=12 * HOUR_MS)
    standing_by.waits_since_ms = T0 + 4 * HOUR_MS
    assert time_for(standing_by, TIMERS) == 4 * HOUR_MS


def test_a_comm_check_has_its_own_timer() -> None:
    """A check has no precedence; it is answered within minutes."""
    said = from_call(Author("tur").says(Kind.CHECK, check()), check())
    assert time_for(said, TIMERS) == 5 * MINUTE_MS


def test_a_missing_answer_gets_worse_three_times() -> None:
    """WARNING when the time has passed, ALARM at one and a half of it, VOICE_REQUIRED at twice."""
    flash = message(Precedence.FLASH)
    assert dues(flash) == [2 * MINUTE_MS, 3 * MINUTE_MS, 4 * MINUTE_MS]


def dues(asked: Message) -> list[int | None]:
    """When each level is reached, from T0 on."""
    found = [answer_due_ms(asked, wait_of(asked), level, TIMERS) for level in LEVELS]
    return [None if due_ms is None else due_ms - T0 for due_ms in found]


@pytest.mark.parametrize(
    ("lead_ms", "expected"),
    [
        (4 * MINUTE_MS, [2 * MINUTE_MS, 3 * MINUTE_MS, 4 * MINUTE_MS]),
        (3 * MINUTE_MS, [2 * MINUTE_MS, None, 3 * MINUTE_MS]),
        (2 * MINUTE_MS, [None, None, 2 * MINUTE_MS]),
        (50 * SECOND_MS, [None, None, 50 * SECOND_MS]),
        (0, [None, None, 2 * MINUTE_MS]),
        (-HOUR_MS, [None, None, 2 * MINUTE_MS]),
        (None, [2 * MINUTE_MS, 3 * MINUTE_MS, 4 * MINUTE_MS]),
    ],
)
def test_an_unanswered_notice_whose_window_opens_is_the_worst(
    lead_ms: int | None, expected: list[int | None]
) -> None:
    """VOICE_REQUIRED comes then at the latest, and what would come later never does.

    Of one that was open before, the officer's time is all that there is.
    """
    flash = message(Precedence.FLASH, lead_ms)
    assert dues(flash) == expected
    levels = zip(LEVELS, expected, strict=True)
    reached = [(level, T0 + due_ms) for level, due_ms in levels if due_ms is not None]
    assert list(answer_dues(flash, wait_of(flash), TIMERS)) == reached
    assert first_due_ms(flash, wait_of(flash), TIMERS) == reached[0][1]


def test_the_window_of_a_flight_that_was_cancelled_opens_for_nobody() -> None:
    """A cancellation is as urgent as the notice was, and no more so."""
    asked = message(Precedence.FLASH, MINUTE_MS)
    body = cancel()
    said = from_cancel(Author("tur").says(Kind.CANCEL, body), body, asked)
    assert dues(said) == [2 * MINUTE_MS, 3 * MINUTE_MS, 4 * MINUTE_MS]


def test_a_missing_receipt_gets_worse_once() -> None:
    """WARNING, then ALARM; a telephone does not help a station that does not store."""
    assert receipt_dues(T0, TIMERS) == (
        (Level.WARNING, T0 + 5 * SECOND_MS),
        (Level.ALARM, T0 + 40 * SECOND_MS),
    )
