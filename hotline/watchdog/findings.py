"""What a watchdog finds, in the words of a flag."""

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.picture.declared import Suspension, Watch
from hotline.picture.message import Message
from hotline.station.turn import ClockSkewed, ForkFound
from hotline.status import GOODBYE
from hotline.timers import Timers
from hotline.times import format_duration, format_instant, writable

_LONGEST_NAME = 200


def _named(name: str) -> str:
    """A person as a flag names him, so that it stays readable whatever he is called."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def subject_of(ref: Ref) -> Subject:
    """A record as the subject of a flag."""
    return Subject(station=ref.station, seq=ref.seq)


def overdue(
    rule: Rule,
    ref: Ref,
    level: Level,
    *,
    due_ms: int,
    since_ms: int,
    seen_ms: int,
    detail: str,
    then: str = "",
) -> Flag:
    """Something did not come in time.

    `seen_ms` is how much later we noticed than we could have (0: in time), and `then` says who is
    called now.
    """
    detail += f" after {format_duration(due_ms - since_ms)}{then and f': {then}'}"
    if seen_ms:
        detail += f" (seen {format_duration(seen_ms)} after that)"
    return Flag(rule=rule, subject=subject_of(ref), level=level, due=due_ms, detail=detail)


def late_notice(message: Message, timers: Timers) -> Flag | None:
    """A notice was said too short a time before its flight starts, or even after that."""
    opens_ms = message.opens_ms
    if opens_ms is None or not timers.late_notice_ms:
        return None
    lead_ms = opens_ms - message.at_ms
    if lead_ms >= timers.late_notice_ms:
        return None
    said = f"said {format_duration(lead_ms)} before its window opens"
    if lead_ms <= 0:
        said = f"said {format_duration(-lead_ms)} after its window opened"
    return Flag(
        rule=Rule.LATE_NOTICE,
        subject=subject_of(message.ref),
        level=Level.WARNING if lead_ms > 0 else Level.ALARM,
        due=writable(opens_ms - timers.late_notice_ms),
        detail=f"{message.name}: {said}, {format_duration(timers.late_notice_ms)} are due",
    )


def called(watch: Watch | None, level: Level, at_ms: int) -> str:
    """Whom a silence of this level calls, as far as the party has said who is there."""
    if watch is None or not watch.stands(at_ms):
        return ""
    officer, deputy = _named(watch.officer), _named(watch.deputy or "")
    match level:
        case Level.WARNING:
            return f"{officer} is on watch"
        case Level.ALARM:
            return f"{deputy}, the deputy, is called" if deputy else f"{officer} has no deputy"
        case Level.VOICE_REQUIRED:
            return f"telephone {' or '.join(filter(None, (officer, deputy)))}"


def degraded(party: str, check: Message, due_ms: int) -> Flag:
    """Two comm checks in a row were missed."""
    return Flag(
        rule=Rule.DEGRADED,
        subject=Subject(station=party),
        level=Level.ALARM,
        due=due_ms,
        detail=f"channel degraded: {party} has missed {check.name} and the one before it",
    )


def silent(station: str, reason: str, now_ms: int, suspension: Suspension | None = None) -> Flag:
    """A station cannot be heard: a WARNING if it said so itself, an ALARM if it vanished."""
    left = reason == GOODBYE
    detail = f"{station} left the line" if left else f"{station}: {reason}"
    if suspension:
        detail += f" (suspended since {format_instant(suspension.since_ms)} by its own word)"
    return Flag(
        rule=Rule.SILENT,
        subject=Subject(station=station),
        level=Level.WARNING if left or suspension else Level.ALARM,
        due=now_ms,
        detail=detail,
    )


def blind(party: str, due_ms: int) -> Flag:
    """A party's records are known to exist and cannot be had."""
    return Flag(
        rule=Rule.BLIND,
        subject=Subject(station=party),
        level=Level.ALARM,
        due=due_ms,
        detail=f"cannot get the records of {party}: nothing is judged meanwhile",
    )


def invalid(ref: Ref, reason: str, now_ms: int) -> Flag:
    """A record makes no sense."""
    return Flag(
        rule=Rule.INVALID,
        subject=subject_of(ref),
        level=Level.WARNING,
        due=now_ms,
        detail=f"record {ref}: {reason}",
    )


def fork(found: ForkFound, now_ms: int) -> Flag:
    """One number of a journal was given to two records."""
    return Flag(
        rule=Rule.FORK,
        subject=Subject(station=found.of),
        level=Level.ALARM,
        due=now_ms,
        detail=str(found),
    )


def clock_skew(skew: ClockSkewed, now_ms: int) -> Flag:
    """A station's clock and ours differ."""
    side = "ahead of" if skew.ahead_ms > 0 else "behind"
    return Flag(
        rule=Rule.CLOCK_SKEW,
        subject=Subject(station=skew.of),
        level=Level.WARNING,
        due=now_ms,
        detail=f"the clock of {skew.of} is {format_duration(abs(skew.ahead_ms))} {side} ours",
    )
