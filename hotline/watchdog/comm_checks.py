"""Comm checks: what became of each, and whether that degrades a channel."""

from enum import StrEnum

from hotline.bodies import Rule
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.timers import Timers
from hotline.watchdog.deadlines import first_due_ms


class Outcome(StrEnum):
    """What became of a comm check."""

    ANSWERED = "answered"
    MISSED = "missed"
    EXCUSED = "excused"
    WAITS = "waits"


def outcome_of(check: Message, picture: Picture, now_ms: int, timers: Timers) -> Outcome:
    """What has become of a check by now; one that was answered late counts as missed."""
    due_ms = first_due_ms(check, check.last_wait, timers)
    if check.given and check.given.at_ms <= due_ms:
        return Outcome.ANSWERED
    if any(s.overlaps(check.at_ms, due_ms) for s in picture.asked_of(check).suspensions):
        return Outcome.EXCUSED
    return Outcome.WAITS if now_ms < due_ms else Outcome.MISSED


def history(picture: Picture, author: str) -> list[tuple[Message, Outcome]]:
    """What became of the last checks of one party, the oldest first, by the watchdogs' word."""
    flagged = {e.flag.subject.ref for e in picture.flags if e.flag.rule is Rule.UNANSWERED}
    other = picture.declared[picture.line.other_party(author)]
    found = []
    for ref in picture.checks.get(author, ()):
        check = picture.find(ref)
        if check is None:
            continue
        if ref in flagged:
            outcome = Outcome.MISSED
        elif check.given:
            outcome = Outcome.ANSWERED
        else:
            outcome = Outcome.EXCUSED if other.excuses(check.at_ms) else Outcome.WAITS
        found.append((check, outcome))
    return found


def is_degraded(check: Message, picture: Picture, now_ms: int, timers: Timers) -> bool:
    """Whether this check and the one before it were missed: two in a row."""
    last_two = (check, picture.find(check.previous) if check.previous else None)
    return all(
        each is not None and outcome_of(each, picture, now_ms, timers) is Outcome.MISSED
        for each in last_two
    )


def stood_degraded(check: Message, picture: Picture, due_ms: int, timers: Timers) -> bool:
    """Whether the check before it degraded the channel, and none was answered until `due_ms`."""
    before = picture.find(check.previous) if check.previous else None
    if before is None:
        return False
    since_ms = first_due_ms(before, before.last_wait, timers)
    if not is_degraded(before, picture, since_ms, timers):
        return False
    checks = filter(None, map(picture.find, picture.checks[check.ref.station]))
    return not any(each.given and since_ms <= each.given.at_ms < due_ms for each in checks)
