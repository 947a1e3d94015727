"""When an answer or a receipt is due, and when its absence becomes worse: pure arithmetic."""

from collections.abc import Iterator

from hotline.bodies import Level
from hotline.picture.message import Message, Wait
from hotline.timers import Timers

LEVELS = (Level.WARNING, Level.ALARM, Level.VOICE_REQUIRED)

# In halves of the time allowed: WARNING when it has passed, ALARM at 1.5 ×, VOICE_REQUIRED at 2 ×.
_HALVES = {Level.WARNING: 2, Level.ALARM: 3, Level.VOICE_REQUIRED: 4}


def allowed_ms(message: Message, wait: Wait, timers: Timers) -> int:
    """How long the officer has, from the beginning of the wait on.

    The speed of service of its precedence, but not more than half the time left to the
    flight's start (then not less than the floor), nor past what a STANDBY promised.
    """
    if message.precedence is None:
        return timers.answer_check_ms
    allowed = timers.answer_by_precedence_ms(message.precedence)
    if message.starts_ms is not None:
        half_the_lead = (message.starts_ms - wait.since_ms) // 2
        allowed = min(allowed, max(half_the_lead, timers.answer_floor_ms))
    if wait.expected_ms is not None:
        allowed = min(allowed, max(wait.expected_ms - wait.since_ms, 0))
    return allowed


def answer_due_ms(message: Message, wait: Wait, level: Level, timers: Timers) -> int | None:
    """When a missing answer is flagged with `level`, in epoch ms.

    A notice that nobody has answered when its window opens is the worst case: VOICE_REQUIRED comes
    then at the latest, and a lower level that would come later never does (None).
    """
    allowed = allowed_ms(message, wait, timers)
    due_ms = wait.since_ms + allowed * _HALVES[level] // 2
    opens_ms = message.opens_ms
    if opens_ms is None:
        return due_ms
    if opens_ms <= wait.since_ms:  # it was open before: an officer still gets his time
        opens_ms = wait.since_ms + allowed
    if level is Level.VOICE_REQUIRED:
        return min(due_ms, opens_ms)
    return due_ms if due_ms < opens_ms else None


def answer_dues(message: Message, wait: Wait, timers: Timers) -> Iterator[tuple[Level, int]]:
    """Each level that a missing answer reaches, and when: VOICE_REQUIRED is always among them."""
    for level in LEVELS:
        due_ms = answer_due_ms(message, wait, level, timers)
        if due_ms is not None:
            yield level, due_ms


def first_due_ms(message: Message, wait: Wait, timers: Timers) -> int:
    """When an answer is due: its absence is flagged from then on."""
    _, due_ms = next(answer_dues(message, wait, timers))
    return due_ms


def receipt_dues(at_ms: int, timers: Timers) -> tuple[tuple[Level, int], tuple[Level, int]]:
    """Each level that a missing receipt reaches, and when, in epoch ms.

    A telephone does not help a station that does not store.
    """
    return (
        (Level.WARNING, at_ms + timers.receipt_ms),
        (Level.ALARM, at_ms + timers.receipt_alarm_ms),
    )
