"""Who heard nobody, though his link was open: no journal tells it, but flags show it.

Watchdogs see only who cannot be heard. One that misses everybody at the same time is more likely
deaf itself; and a party whose heartbeats come while it acknowledges nothing hears nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.bodies import Ref, Rule
from hotline.line import Line
from hotline.picture.flag_entry import FlagEntry
from hotline.status import NOT_HEARD
from hotline.timers import Timers
from hotline.times import SECOND_MS
from sim.recording.absences import HEARD_NOBODY, Absence

_LATE_MS = 2 * SECOND_MS  # what a watchdog and the way to it may take


@dataclass(frozen=True)
class DeafWatchdog:
    """When a watchdog heard nobody, and its flags that come of that alone."""

    absence: Absence
    flags: Sequence[FlagEntry]


def watchdogs(line: Line, flags: Iterable[FlagEntry], timers: Timers) -> Iterator[DeafWatchdog]:
    """The watchdogs that missed everybody at the same time, and heard them again at the same time.

    If something that was said meanwhile was not delivered even then, the parties were away indeed.
    """
    undelivered_ms = []
    silences: dict[str, list[FlagEntry]] = {watchdog: [] for watchdog in line.watchdogs}
    for entry in sorted(flags, key=lambda entry: entry.raised_ms):
        if entry.flag.rule is Rule.SILENT and entry.by in silences:
            silences[entry.by].append(entry)
        elif entry.flag.rule is Rule.UNDELIVERED and _stood(entry):
            undelivered_ms.append(entry.flag.due)
    for watchdog, found in silences.items():
        others = set(line.stations) - {watchdog}
        until_ms = 0
        for first in found:
            if first.raised_ms < until_ms or NOT_HEARD not in first.flag.detail:
                continue
            missed = _with(first, found, timers)
            if not missed or not _all(others, missed, found):
                continue
            absence = _deaf(watchdog, missed, timers)
            if not any(absence.covers(due_ms) for due_ms in undelivered_ms):
                yield DeafWatchdog(absence, missed)
                until_ms = missed[-1].raised_ms + 1


def _stood(entry: FlagEntry) -> bool:
    """Whether it was not taken back as soon as the watchdog had heard everybody again."""
    return entry.cleared_ms is None or entry.cleared_ms - entry.raised_ms > _LATE_MS


def _with(first: FlagEntry, found: Iterable[FlagEntry], timers: Timers) -> list[FlagEntry]:
    """The silences that began with this one; none if they did not end together."""
    apart_ms = timers.heartbeat_ms + _LATE_MS  # each had its last heartbeat at another time
    missed = [
        entry
        for entry in found
        if 0 <= entry.raised_ms - first.raised_ms <= apart_ms and NOT_HEARD in entry.flag.detail
    ]
    ends_ms = [entry.cleared_ms for entry in missed if entry.cleared_ms is not None]
    if ends_ms and (len(ends_ms) < len(missed) or max(ends_ms) - min(ends_ms) > apart_ms):
        return []
    return missed


def _all(others: set[str], missed: Sequence[FlagEntry], found: Iterable[FlagEntry]) -> bool:
    """Whether nobody else was left, several of them having been there until then."""
    at_ms = missed[0].raised_ms
    gone = {
        entry.flag.subject.station
        for entry in found
        if entry.raised_ms < at_ms and (entry.cleared_ms is None or entry.cleared_ms > at_ms)
    }
    they = {entry.flag.subject.station for entry in missed}
    return len(they) > 1 and they | gone == others


def _deaf(watchdog: str, missed: Sequence[FlagEntry], timers: Timers) -> Absence:
    """From the last heartbeat that it heard to the first that it heard again."""
    from_ms = max(entry.raised_ms for entry in missed) - timers.silent_ms + 1
    until_ms = min((e.cleared_ms - 1 for e in missed if e.cleared_ms is not None), default=None)
    return Absence(watchdog, from_ms, until_ms, HEARD_NOBODY)


def parties(
    line: Line,
    flags: Iterable[FlagEntry],
    said_ms: Mapping[Ref, int],
    answers: Iterable[tuple[Ref, Ref, int]],
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
    told = list(answers)
    for party in line.parties:
        author = line.other_party(party)
        waits = [
            _wait(party, said_ms[ref], entries, timers)
            for ref, entries in flagged.items()
            if ref.station == author and not _is_explained(said_ms[ref], entries, known, timers)
        ]
        for absence in _joined(waits):
            came = {ref: at_ms for ref, at_ms in said_ms.items() if ref not in flagged}
            if not _heard(absence, author, came, told, timers):
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
