"""The evidence of a simulated run: all that the oracle looks at, and how it reads a record.

Neither this nor the oracle imports anything of `hotline`, so that no mistake is made twice.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sim.oracle.facts import (
    Claim,
    Committed,
    Day,
    Failure,
    Flown,
    Gone,
    Ref,
    Row,
    Seen,
    Shown,
    Told,
    Trouble,
)

LONG_AGO_MS = -(1 << 62)  # before every run
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, as far as the oracle reads it."""

    ref: Ref
    at_ms: int
    prev: str
    kind: str
    body: dict[str, Any]


@dataclass
class Evidence:
    """All that happened in a run. `disks` is by holder, then by author.

    `watchdog` is the one whose flags are judged.
    """

    parties: tuple[str, str]
    watchdogs: tuple[str, ...]
    timers_ms: dict[str, int]
    committed: list[Committed] = field(default_factory=list)
    doubled: list[Committed] = field(default_factory=list)  # by a station's twin
    stored: dict[tuple[str, Ref], int] = field(default_factory=dict)  # when first, by holder
    claims: list[Claim] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    flown: list[Flown] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    forged: set[bytes] = field(default_factory=set)  # words that somebody said in another's name
    disputed: set[str] = field(default_factory=set)  # authors somebody has contradicted
    nonsense: set[Ref] = field(default_factory=set)  # records that were said so on purpose
    senseless: frozenset[Ref] | None = None  # those of them that make no sense, once that was read
    boards: dict[str, set[str]] = field(default_factory=dict)  # the keys on each in the end
    flags_seen: list[tuple[str, str, int]] = field(default_factory=list)  # key, level, due in ms
    failures: list[Failure] = field(default_factory=list)
    disks: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    in_memory: dict[str, str] = field(default_factory=dict)  # pictures of what waits and stands
    pictures: dict[str, str] = field(default_factory=dict)  # pictures of everything
    log: list[tuple[int, str]] = field(default_factory=list)
    finished_ms: int = 0
    clocks_ms: dict[str, int] = field(default_factory=dict)  # how far ahead they are, never set
    watchdog: str = ""

    @property
    def stations(self) -> tuple[str, ...]:
        """Everyone who keeps a journal."""
        return (*self.parties, *self.watchdogs)

    def watched_by(self, watchdog: str) -> "Evidence":
        """The same, to judge this watchdog by: trouble of another watchdog excuses nothing.

        But not if false records were replayed: a watchdog that is away cannot take back what it was
        made to claim.
        """
        others = {name for name in self.watchdogs if name != watchdog and not self.disputed}
        troubles = [trouble for trouble in self.troubles if trouble.whom not in others]
        told = [told for told in self.told if told.to == watchdog]
        return replace(self, watchdog=watchdog, troubles=troubles, told=told)

    def by_its_clock(self) -> "Evidence":
        """The same, with everything that happened at the time that the watchdog's clock showed.

        What is said has the times of its author's clock, whatever that showed.
        """
        by_ms = self.clocks_ms.get(self.watchdog, 0)
        return replace(
            self,
            stored={copy: at_ms + by_ms for copy, at_ms in self.stored.items()},
            told=[told._replace(at_ms=told.at_ms + by_ms) for told in self.told],
            seen=[seen._replace(at_ms=seen.at_ms + by_ms) for seen in self.seen],
            flown=[flown._replace(at_ms=flown.at_ms + by_ms) for flown in self.flown],
            days=[day._replace(at_ms=day.at_ms + by_ms) for day in self.days],
            gone=[
                gone._replace(from_ms=gone.from_ms + by_ms, until_ms=gone.until_ms + by_ms)
                for gone in self.gone
            ],
            troubles=[
                trouble._replace(from_ms=trouble.from_ms + by_ms, until_ms=trouble.until_ms + by_ms)
                for trouble in self.troubles
            ],
            finished_ms=self.finished_ms + by_ms,
        )

    def ahead_ms(self, station: str) -> int:
        """How far a station's clock is ahead of the watchdog's, if neither was ever set."""
        return self.clocks_ms.get(station, 0) - self.clocks_ms.get(self.watchdog, 0)

    @property
    def twice(self) -> set[str]:
        """Who was on the line twice at one time."""
        return {trouble.whom for trouble in self.troubles_of("twin")}

    def troubles_of(self, *kinds: str, whom: str | None = None) -> Iterator[Trouble]:
        """All trouble of these kinds; if `whom` is given, only that station's."""
        found = (trouble for trouble in self.troubles if trouble.kind in kinds)
        return (trouble for trouble in found if whom in (None, trouble.whom))

    def had(self, *kinds: str, whom: str | None = None) -> bool:
        """Whether any trouble of these kinds came; if `whom` is given, to that station."""
        return any(self.troubles_of(*kinds, whom=whom))

    def when(self, entry: Entry) -> int:
        """When its author committed a record, whatever his clock showed.

        If he never committed it, the time in the record itself.
        """
        return self.stored.get((entry.ref.station, entry.ref), entry.at_ms)

    def stored_ms(self, holder: str, ref: Ref) -> int:
        """When this station got this record; if it never did, the end of the run."""
        return self.stored.get((holder, ref), self.finished_ms)

    def heard_ms(self, ref: Ref) -> int:
        """The same for the watchdog that is judged."""
        return self.stored_ms(self.watchdog, ref)

    def journal(self, author: str) -> Iterator[Entry]:
        """The author's own records."""
        for row in self.disks[author].get(author, ()):
            yield open_row(row)

    def flagged_by(self, watchdog: str) -> Iterator[Entry]:
        """The flags and clears in a watchdog's own journal."""
        return (entry for entry in self.journal(watchdog) if entry.kind in ("flag", "clear"))

    def flagged_until(self, rule: str, station: str) -> list[tuple[Entry, int]]:
        """Each flag of one rule about a station, and when it was cleared or became worse."""
        about = self.flagged_about(rule, station)
        times_ms = [*map(self.when, about), self.finished_ms]
        spans = zip(about, times_ms[1:], strict=True)
        return [(entry, until_ms) for entry, until_ms in spans if entry.kind == "flag"]

    def flagged_about(self, rule: str, station: str) -> list[Entry]:
        """The flags and clears of one rule about a station, by the watchdog that is judged."""
        entries = self.flagged_by(self.watchdog)
        return [e for e in entries if (e.body["rule"], subject_of(e).station) == (rule, station)]


def flags_of(evidence: Evidence, rule: str) -> Iterator[Entry]:
    """The flags of one rule that the watchdog raised, in its order."""
    for entry in evidence.flagged_by(evidence.watchdog):
        if entry.kind == "flag" and entry.body["rule"] == rule:
            yield entry


def flags_by_due(evidence: Evidence, rule: str) -> dict[tuple[Ref, int], list[Entry]]:
    """The same, by the record they are about and the deadline that passed."""
    flags: dict[tuple[Ref, int], list[Entry]] = defaultdict(list)
    for flag in flags_of(evidence, rule):
        flags[subject_of(flag), to_ms(flag.body["due"])].append(flag)
    return flags


def stands(evidence: Evidence, rule: str, station: str, at_ms: int) -> bool:
    """Whether the watchdog has a flag of this rule about a station standing then."""
    entries = evidence.flagged_about(rule, station)
    kinds = [entry.kind for entry in entries if evidence.when(entry) <= at_ms]
    return kinds[-1:] == ["flag"]


Broken = Iterator[tuple[int, str]]
"""Yields when an invariant was broken, and by what."""


class Violation(NamedTuple):
    """An invariant that was broken: which, what by, and when.

    `at_ms` is when it happened (epoch ms), whatever the clocks of the stations showed; if something
    did not happen, when it should have. `what` names the records that it is about.
    """

    invariant: str
    at_ms: int
    what: str


@lru_cache(maxsize=4_096)  # every invariant reads the same journals
def open_row(row: Row) -> Entry:
    """Read a record's line."""
    fields = json.loads(row.raw)
    ref = Ref(fields["station"], fields["seq"])
    return Entry(ref, to_ms(fields["at"]), fields.get("prev", ""), fields["kind"], fields["body"])


def breaks(author: str, rows: Iterable[Row]) -> Iterator[Ref]:
    """The records at which a copy of a journal is no chain, from its first record to its last."""
    before = ""
    for number, row in enumerate(rows, 1):
        entry = open_row(row)
        if row.seq != number or entry.ref != Ref(author, number) or entry.prev != before:
            yield Ref(author, row.seq)
        before = row.digest


def subject_of(entry: Entry) -> Ref:
    """The record, or station, that a flag or a clear is about."""
    subject = entry.body["subject"]
    return Ref(subject["station"], subject.get("seq", 0))


def key_of(entry: Entry) -> str:
    """The key of a flag or a clear on its watchdog's board."""
    about = subject_of(entry)
    return f"{entry.body['rule']}-{about.station}" + (f"-{about.seq}" if about.seq else "")


def to_ms(instant: str) -> int:
    """An RFC 3339 instant in epoch ms."""
    return (datetime.fromisoformat(instant) - _EPOCH) // timedelta(milliseconds=1)


def to_text(instant_ms: int) -> str:
    """Epoch ms as an RFC 3339 instant."""
    moment = _EPOCH + timedelta(milliseconds=instant_ms)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant_ms % 1_000:03}Z"
