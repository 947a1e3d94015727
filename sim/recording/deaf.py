"""Who heard nobody, though his link was open: no journal tells it, but flags show it.

A watchdog says so itself; and a party whose heartbeats come while it acknowledges nothing hears
nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hotline.bodies import Ref, Rule
from hotline.line import Line
from hotline.picture.flagged import FlagEntry
from hotline.timers import Timers
from hotline.times import SECOND_MS
from hotline.watchdog.rules.blind import DEAF
from sim.recording.absences import HEARD_NOBODY, Absence

_LATE_MS = 2 * SECOND_MS  # what a watchdog and the way to it may take


def watchdogs(flags: Iterable[FlagEntry], timers: Timers) -> list[Absence]:
    """The watchdogs that said themselves that they may hear nothing.

    From before the first of their statuses that did not come back to the first that did.
    """
    deaf = (entry for entry in flags if is_of_deaf(entry))
    return list(dict.fromkeys(_deaf(entry, timers) for entry in deaf))  # one flag for each party


def is_of_deaf(entry: FlagEntry) -> bool:
    """Whether it is the flag of a watchdog that may hear nothing."""
    return entry.flag.rule is Rule.BLIND and entry.flag.detail.startswith(DEAF)


def _deaf(entry: FlagEntry, timers: Timers) -> Absence:
    late_ms = timers.heartbeat_ms + timers.grace_ms
    from_ms = entry.flag.due - timers.receipt_ms - late_ms - 1
    until_ms = None if entry.cleared_ms is None else entry.cleared_ms - 1
    return Absence(entry.by, from_ms, until_ms, HEARD_NOBODY)


def parties(
    line: Line,
    flags: Iterable[FlagEntry],
    said_ms: Mapping[Ref, int],
    answers: Sequence[tuple[Ref, Ref, int]],
    *,
    known: Sequence[Absence],
    timers: Timers,
) -> Iterator[Absence]:
    """The parties that acknowledged nothing for a while, though nobody was away.

    Args:
        line: who is on it.
        flags: all that were raised.
        said_ms: when each record was said.
        answers: which record answers which other one, and when.
        known: who was away.
        timers: the line's timers.
    """
    flagged: dict[Ref, list[FlagEntry]] = {}
    for entry in flags:
        if entry.flag.rule is Rule.UNDELIVERED and entry.flag.subject.ref in said_ms:
            flagged.setdefault(entry.flag.subject.ref, []).append(entry)
    for party in line.parties:
        author = line.other_party(party)
        waits = [
            _wait(party, said_ms[ref], entries, timers)
            for ref, entries in flagged.items()
            if ref.station == author and not _is_explained(said_ms[ref], entries, known, timers)
        ]
        for absence in _joined(waits):
            came = {ref: at_ms for ref, at_ms in said_ms.items() if ref not in flagged}
            if not _heard(absence, author, came, answers, timers):
                yield absence


def _wait(party: str, said_ms: int, entries: Sequence[FlagEntry], timers: Timers) -> Absence:
    """How long it did not hear this record, which comes with the next heartbeat after that."""
    ends_ms = [entry.cleared_ms for entry in entries if entry.cleared_ms is not None]
    until_ms = None
    if len(ends_ms) == len(entries):
        last_level_ms = max(entry.raised_ms for entry in entries)
        until_ms = max(max(ends_ms) - timers.heartbeat_ms, last_level_ms + 1)
    return Absence(party, said_ms - 1, until_ms, HEARD_NOBODY)


def _is_explained(
    said_ms: int, entries: Sequence[FlagEntry], known: Iterable[Absence], timers: Timers
) -> bool:
    """Whether somebody was away, the watchdog too, which then flags too late."""
    raised_ms = min(entry.raised_ms for entry in entries)
    on_time_ms = said_ms + timers.receipt_ms + timers.grace_ms + _LATE_MS
    return raised_ms > on_time_ms or any(
        each.nothing_since_ms(timers.silent_ms) <= raised_ms
        and (each.until_ms is None or each.until_ms >= said_ms)
        for each in known
    )


def _joined(waits: Iterable[Absence]) -> list[Absence]:
    joined: list[Absence] = []
    for wait in sorted(waits, key=lambda wait: wait.from_ms):
        if not joined or not joined[-1].overlaps(wait):
            joined.append(wait)
            continue
        ends_ms = [joined[-1].until_ms, wait.until_ms]
        until_ms = None if None in ends_ms else max(ms for ms in ends_ms if ms is not None)
        joined[-1] = joined[-1]._replace(until_ms=until_ms)
    return joined


def _heard(
    absence: Absence,
    author: str,
    came: Mapping[Ref, int],
    answers: Iterable[tuple[Ref, Ref, int]],
    timers: Timers,
) -> bool:
    """Whether it heard something meanwhile: it answered that, or acknowledged it in time."""
    in_time_ms = timers.receipt_ms + timers.grace_ms + _LATE_MS
    return any(
        ref.station == author and absence.covers(at_ms) and absence.covers(at_ms + in_time_ms)
        for ref, at_ms in came.items()
    ) or answered(absence, came, answers)


def answered(
    absence: Absence, said_ms: Mapping[Ref, int], answers: Iterable[tuple[Ref, Ref, int]]
) -> bool:
    """Whether a station answered while it was away what was said then: it could hear."""
    return any(
        by.station == absence.station
        and of in said_ms
        and absence.covers(said_ms[of])
        and absence.covers(at_ms)
        for by, of, at_ms in answers
    )
