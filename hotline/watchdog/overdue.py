"""What is overdue, in the words of a flag, and whom that calls."""

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.picture.declared import Watch
from hotline.timers import Timers
from hotline.times import format_duration

_LONGEST_NAME = 200


def overdue(
    rule: Rule,
    ref: Ref,
    level: Level,
    *,
    due_ms: int,
    since_ms: int,
    late_ms: int,
    timers: Timers,
    detail: str,
    then: str = "",
) -> Flag:
    """Something did not come in time.

    `late_ms` is how long after its deadline we noticed, mentioned if it is more than a grace and a
    tick; `then` says who is called now.
    """
    detail += f" after {format_duration(due_ms - since_ms)}{then and f': {then}'}"
    if late_ms > 2 * timers.grace_ms:
        detail += f" (seen {format_duration(late_ms)} after that)"
    return Flag(rule=rule, subject=Subject.of(ref), level=level, due=due_ms, detail=detail)


def called(watch: Watch | None, level: Level) -> str:
    """Whom a silence of this level calls, as far as the party has said who is there."""
    if watch is None:
        return ""
    officer, deputy = _named(watch.officer), _named(watch.deputy or "")
    match level:
        case Level.WARNING:
            return f"{officer} is on watch"
        case Level.ALARM:
            return f"{deputy}, the deputy, is called" if deputy else f"{officer} has no deputy"
        case Level.VOICE_REQUIRED:
            return f"telephone {' or '.join(filter(None, (officer, deputy)))}"


def _named(name: str) -> str:
    """A person as a flag names him, so that it stays readable whatever he is called."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
