"""From silences to faults: when a station was away, as far as a recorded line shows it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hotline.bodies import Flag, Ref, Rule
from hotline.line import Line
from hotline.picture.flagged import FlagEntry
from hotline.records import Record
from hotline.status import GOODBYE, NOT_HEARD
from hotline.timers import Timers
from hotline.times import LONG_AGO_MS, MINUTE_MS, SECOND_MS

_LATE_MS = 2 * SECOND_MS  # after its deadline; by then a watchdog that is there has flagged
_TOO_LATE = "flagged later than it was due"
HEARD_NOBODY = "heard nobody, as it seems, though its link was open"
"""Why a deaf station is away: it can be heard all the while."""
CLOSING_MS = 2 * MINUTE_MS
"""Stations that leave within this, with nothing said after, close the line: none is missed."""


class Absence(NamedTuple):
    """A station could not be heard from `from_ms` on, for this reason. Times in epoch ms.

    `until_ms` is None if it has not come back.
    """

    station: str
    from_ms: int
    until_ms: int | None
    reason: str

    @property
    def what(self) -> str:
        """What became of it, in words."""
        return self.reason if self.is_deaf else f"could not be heard: {self.why}"

    @property
    def why(self) -> str:
        """The reason, in words; a lost link and a crash look alike."""
        return self.reason.removeprefix(f"{self.station}: ")

    @property
    def is_missed(self) -> bool:
        """Whether its heartbeats stopped, and no last will told of it."""
        return NOT_HEARD in self.reason

    @property
    def is_deaf(self) -> bool:
        """Whether it heard nobody, and was heard."""
        return self.reason == HEARD_NOBODY

    @property
    def is_concluded(self) -> bool:
        """Whether nobody noticed it then: it shows only in what a watchdog did later."""
        return self.reason == _TOO_LATE

    @property
    def has_left(self) -> bool:
        """Whether it said goodbye."""
        return self.reason in (GOODBYE, f"{self.station} left the line")

    def nothing_since_ms(self, silent_ms: int) -> int:
        """When its last word came: if nothing told of its going, some time before it was missed."""
        return self.from_ms - silent_ms + 1 if self.is_missed else self.from_ms

    def overlaps(self, other: "Absence") -> bool:
        """Whether both are one silence, or two of one station at the same time."""
        return (
            self.station == other.station
            and (other.until_ms is None or self.from_ms <= other.until_ms)
            and (self.until_ms is None or other.from_ms <= self.until_ms)
        )

    def covers(self, at_ms: int) -> bool:
        """Whether the station was away then."""
        return self.from_ms <= at_ms and (self.until_ms is None or at_ms < self.until_ms)


def flagged(flags: Iterable[FlagEntry]) -> list[Absence]:
    """The silences that a watchdog has flagged."""
    return [
        Absence(entry.flag.subject.station, entry.raised_ms, entry.cleared_ms, entry.flag.detail)
        for entry in flags
        if entry.flag.rule is Rule.SILENT
    ]


def all_of(told: Sequence[Absence], seen: Iterable[Absence]) -> list[Absence]:
    """The absences that watchdogs tell of, and others that were seen on the line."""
    more = [absence for absence in seen if not any(absence.overlaps(each) for each in told)]
    return sorted([*told, *more], key=lambda absence: absence.from_ms)


def apart(away: Iterable[Absence], by_watchdogs: Sequence[Record]) -> list[Absence]:
    """The same, corrected where two watchdogs were away at one time, and flagged each other later.

    A watchdog that speaks is back, even if the other is not there to hear it. A station that it
    misses when it comes back left before. That shows only if a will or a broken link told of it.
    """
    ended = [_until_it_spoke(absence, by_watchdogs) for absence in away]
    backs = {(each.station, each.until_ms) for each in ended}
    flags = {(r.station, r.at_ms) for r in by_watchdogs if isinstance(r.body, Flag)}
    back_ms = {at_ms for _, at_ms in backs & flags}
    return [
        each._replace(from_ms=each.from_ms - 1)
        if each.from_ms in back_ms and not (each.is_missed or each.has_left)
        else each
        for each in ended
    ]


def _until_it_spoke(absence: Absence, by_watchdogs: Sequence[Record]) -> Absence:
    if absence.is_missed or absence.has_left:
        return absence
    spoke_ms = [
        record.at_ms
        for record in by_watchdogs
        if record.station == absence.station
        and absence.from_ms < record.at_ms
        and (absence.until_ms is None or record.at_ms < absence.until_ms)
    ]
    return absence._replace(until_ms=min(spoke_ms)) if spoke_ms else absence


def last_words_first(
    away: Iterable[Absence], answers: Sequence[tuple[Ref, Ref, int]], said_ms: Mapping[Ref, int]
) -> list[Absence]:
    """The same, each a moment later if its station was heard in that moment.

    That is so if it said something just at `from_ms` which was answered while it was away.
    `answers` say which record answers which other one, and when.
    """
    return [
        each._replace(from_ms=each.from_ms + 1)
        if not (each.is_missed or each.has_left)
        and any(
            ref.station == each.station and said_ms.get(ref) == each.from_ms and each.covers(at_ms)
            for _, ref, at_ms in answers
        )
        else each
        for each in away
    ]


def without_words(
    away: Iterable[Absence], said_ms: Mapping[Ref, int], skew_ms: int
) -> list[Absence]:
    """The same, each so short that its station says nothing between its goodbye and its return.

    What it said up to `skew_ms` after the goodbye, by its clock, it said before that: the clocks
    differ. What it said later shows that it was back.
    """
    return [_without_words(each, said_ms, skew_ms) if each.has_left else each for each in away]


def _without_words(absence: Absence, said_ms: Mapping[Ref, int], skew_ms: int) -> Absence:
    words_ms = [
        at_ms
        for ref, at_ms in said_ms.items()
        if ref.station == absence.station and absence.covers(at_ms)
    ]
    soon_ms = absence.from_ms + skew_ms
    from_ms = max((at_ms + 1 for at_ms in words_ms if at_ms <= soon_ms), default=absence.from_ms)
    back_ms = min((at_ms for at_ms in words_ms if at_ms > soon_ms), default=absence.until_ms)
    return absence._replace(from_ms=from_ms, until_ms=back_ms)


def of_watchdogs(
    line: Line,
    flags: Sequence[FlagEntry],
    by_watchdogs: Sequence[Record],
    said_ms: Mapping[Ref, int],
    *,
    known: Sequence[Absence],
    timers: Timers,
) -> Iterator[Absence]:
    """When all watchdogs must have been away: even the first of them raised flags too late.

    For example, the whole line stood still. `by_watchdogs` is all that they said: then they were
    there. `said_ms` says when each record was said: a late notice was due before that.
    """

    def due(entry: FlagEntry) -> int:
        return max(entry.flag.due, said_ms.get(entry.flag.subject.ref, LONG_AGO_MS))

    for watchdog in line.watchdogs:
        words = [record for record in by_watchdogs if record.station == watchdog]
        flagged_ms = {  # the first time that it flagged each thing
            record.body.subject.ref: record.at_ms
            for record in reversed(words)
            if isinstance(record.body, Flag)
        }
        gone_ms = [absence.from_ms for absence in known if absence.station == watchdog]
        until_ms = LONG_AGO_MS
        for entry in sorted(flags, key=due):
            due_ms, back_ms = due(entry), entry.raised_ms - timers.grace_ms
            matter = {watchdog, *line.parties} - _known_by(flagged_ms, entry, due_ms)
            explained = any(each.station in matter and each.covers(due_ms) for each in known)
            on_way_ms = timers.receipt_ms if entry.flag.rule is Rule.LATE_NOTICE else _LATE_MS
            if back_ms - due_ms <= on_way_ms or explained or due_ms < until_ms:
                continue
            # It was back when it spoke, or when others lost it, after it should have flagged.
            last_ms = due_ms + timers.grace_ms
            words_ms = [record.at_ms for record in words]
            there_ms = max((at_ms for at_ms in words_ms if at_ms <= last_ms), default=LONG_AGO_MS)
            from_ms = max(due_ms, there_ms + 1)
            signs_ms = (at_ms - 1 for at_ms in (*words_ms, *gone_ms) if at_ms > last_ms)
            until_ms = min([back_ms, *signs_ms])
            if from_ms < until_ms:
                yield Absence(watchdog, from_ms, until_ms, _TOO_LATE)


def _known_by(flagged_ms: Mapping[Ref, int], entry: FlagEntry, due_ms: int) -> set[str]:
    """The author of a flag's message, if the watchdog had it, as it had flagged it before."""
    subject = entry.flag.subject
    had_come = subject.seq is not None and flagged_ms.get(subject.ref, due_ms) < due_ms
    return {subject.station} if had_come else set()
