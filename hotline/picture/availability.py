"""How much of a day a party could be heard, by what the watchdogs have flagged."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hotline.bodies import Rule
from hotline.picture.declared import Suspension
from hotline.picture.flagged import FlagEntry
from hotline.picture.picture import Picture
from hotline.times import DAY_MS

Span = tuple[int, int]

_DAYS = 7  # how many are shown


class Availability(NamedTuple):
    """A stretch of time: how long it was, how much of it was silent, and how much of that declared.

    What nobody watched counts as heard: there is no flag that says otherwise.
    """

    from_ms: int
    until_ms: int
    silent_ms: int
    declared_ms: int

    @property
    def heard(self) -> float:
        """The share of the time in which the party could be heard."""
        return 1 - self.silent_ms / (self.until_ms - self.from_ms)

    @property
    def declared(self) -> float:
        """The share of the time in which it was silent by its own word."""
        return self.declared_ms / (self.until_ms - self.from_ms)


def availability(
    flags: Iterable[FlagEntry],
    suspensions: Sequence[Suspension],
    party: str,
    from_ms: int,
    until_ms: int,
) -> Availability:
    """How much of this time a party could be heard. All in epoch ms."""
    silent = [
        (max(entry.raised_ms, from_ms), min(entry.cleared_ms or until_ms, until_ms))
        for entry in flags
        if entry.flag.rule is Rule.SILENT and entry.flag.subject.station == party
    ]
    spans = _joined(silent)
    declared = [
        (max(begin, s.since_ms), min(end, until_ms if s.ends_ms is None else s.ends_ms))
        for begin, end in spans
        for s in suspensions
    ]
    return Availability(from_ms, until_ms, _length(spans), _length(_joined(declared)))


def days_heard(picture: Picture, now_ms: int) -> Iterator[tuple[str, Availability]]:
    """How much of each of the last days each party could be heard, as far as anybody watched."""
    first_ms = min((message.at_ms for message in picture.messages.values()), default=now_ms)
    first_ms = max(first_ms, day_of(now_ms) - (_DAYS - 1) * DAY_MS)
    flags = picture.flags_seen()
    for party, declared in picture.declared.items():
        for day_ms in range(day_of(first_ms), now_ms, DAY_MS):
            span = (max(day_ms, first_ms), min(day_ms + DAY_MS, now_ms))
            if span[0] < span[1]:
                yield party, availability(flags, declared.suspensions, party, *span)


def day_of(at_ms: int) -> int:
    """When the UTC day of this time began."""
    return at_ms - at_ms % DAY_MS


def _joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that do not overlap: two levels, or two watchdogs, see one silence."""
    joined: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def _length(spans: Iterable[Span]) -> int:
    return sum(end - begin for begin, end in spans)
