"""When an answer or a receipt is due, and when its absence becomes worse: pure arithmetic."""

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


def next_level(
    message: Message, wait: Wait, timers: Timers, *, after: int = -1
) -> tuple[int, int] | None:
    """The level (counted from 0) that a silence reaches after this one, and when."""
    for index in range(after + 1, len(LEVELS)):
        due_ms = answer_due_ms(message, wait, LEVELS[index], timers)
        if due_ms is not None:
            return index, due_ms
    return None


def first_due_ms(message: Message, wait: Wait, timers: Timers) -> int:
    """When an answer is due: its absence is flagged from then on."""
    first = next_level(message, wait, timers)
    return first[1] if first else wait.since_ms


def receipt_due_ms(at_ms: int, level: Level, timers: Timers) -> int | None:
    """When a missing receipt is flagged with `level`, in epoch ms; None: that level is unused."""
    match level:
        case Level.WARNING:
            return at_ms + timers.receipt_ms
        case Level.ALARM:
            return at_ms + timers.receipt_alarm_ms
        case Level.VOICE_REQUIRED:
            return None
