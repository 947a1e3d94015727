"""What a watchdog finds, in the words of a flag: one function for each rule."""

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.status import GOODBYE
from hotline.times import format_duration
from hotline.turn import ClockSkewed, ForkFound


def subject_of(ref: Ref) -> Subject:
    """A record as the subject of a flag."""
    return Subject(station=ref.station, seq=ref.seq)


def overdue(
    rule: Rule, ref: Ref, level: Level, *, due_ms: int, since_ms: int, seen_ms: int, detail: str
) -> Flag:
    """Something did not come in time. `seen_ms` is by how much later than it could we see that."""
    detail += f" after {format_duration(due_ms - since_ms)}"
    if seen_ms:
        detail += f" (seen {format_duration(seen_ms)} after that)"
    return Flag(rule=rule, subject=subject_of(ref), level=level, due=due_ms, detail=detail)


def silent(station: str, reason: str, now_ms: int) -> Flag:
    """A station cannot be heard; leaving with a goodbye is not as bad as vanishing."""
    left = reason == GOODBYE
    return Flag(
        rule=Rule.SILENT,
        subject=Subject(station=station),
        level=Level.WARNING if left else Level.ALARM,
        due=now_ms,
        detail=f"{station} left the line" if left else f"{station}: {reason}",
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
        subject=Subject(station=skew.station),
        level=Level.WARNING,
        due=now_ms,
        detail=f"the clock of {skew.station} is {format_duration(abs(skew.ahead_ms))} {side} ours",
    )
