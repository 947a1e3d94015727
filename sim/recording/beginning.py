"""Where a part of a recording begins: at a moment when nothing from before still waited."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hotline.bodies import Clear, Flag, Kind, Level, Ref, RefersTo, Reply, Rule, Voice
from hotline.picture.lifecycle import Answering
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import SECOND_MS, format_instant
from hotline.watchdog.deadlines import answer_due_ms
from sim.recording.absences import Absence

_MANY = 5


class Waiting(NamedTuple):
    """Something that a beginning between its two times (epoch ms) would tear apart."""

    what: str
    from_ms: int
    until_ms: int

    def is_torn(self, at_ms: int) -> bool:
        """Whether it came before that, and something follows from it then or later."""
        return self.from_ms < at_ms <= self.until_ms

    def __str__(self) -> str:
        return f"{self.what} (from {format_instant(self.from_ms)} on)"


class Beginning(NamedTuple):
    """When to begin, in epoch ms, and what would have been torn apart later."""

    at_ms: int
    waited: Sequence[Waiting]

    def remarks(self, asked_ms: int) -> Iterator[str]:
        """Why it is not the time that was asked for, if it is not."""
        if self.at_ms == asked_ms:
            return
        yield f"It begins before {format_instant(asked_ms)}, with what still waited then:"
        yield from (f"- {each}" for each in self.waited[:_MANY])
        if len(self.waited) > _MANY:
            yield f"- and {len(self.waited) - _MANY} more."


def begin(asked_ms: int, first_ms: int, waiting: Iterable[Waiting]) -> Beginning:
    """The last moment, at `asked_ms` or whole seconds before, at which nothing waited.

    The recording has nothing before `first_ms`.
    """
    at_ms, first_ms = asked_ms, min(first_ms, asked_ms)
    waited = dict[Waiting, None]()
    left = list(waiting)
    while torn := [each for each in left if each.is_torn(at_ms)]:
        waited |= dict.fromkeys(torn)
        earliest_ms = max(min(each.from_ms for each in torn), first_ms)
        back_ms = -(-(asked_ms - earliest_ms) // SECOND_MS) * SECOND_MS
        at_ms = max(asked_ms - back_ms, first_ms)
        left = [each for each in left if each not in waited]
    return Beginning(at_ms, list(waited))


def all_that_waits(
    picture: Picture,
    records: Iterable[Record],
    away: Iterable[Absence],
    ends_ms: int,
    timers: Timers,
) -> Iterator[Waiting]:
    """All that ever waited until `ends_ms`, by the `records` until then."""
    last_ms = _last_words_ms(records)
    for message in picture.messages.values():
        wanted_ms = min(_wanted_until_ms(message, timers), ends_ms)
        until_ms = max(wanted_ms, last_ms.get(message.ref, message.at_ms))
        yield Waiting(message.name, message.at_ms, until_ms)
    for party, declared in picture.declared.items():
        for silence in declared.suspensions:
            until_ms = silence.resumed_ms or silence.until_ms or ends_ms
            yield Waiting(f"the silence that {party} had declared", silence.since_ms, until_ms)
    for entry in picture.flags_seen():
        if entry.flag.rule is Rule.DEGRADED:
            station = entry.flag.subject.station
            checks_ms = _checks_ms(picture, station, entry.raised_ms)
            from_ms = min(checks_ms[-2:], default=entry.raised_ms)  # two in a row were missed
            yield Waiting(f"the checks that {station} missed", from_ms, entry.cleared_ms or ends_ms)
    for absence in away:
        from_ms = absence.nothing_since_ms(timers.silent_ms)
        what = f"{absence.station}, which {absence.what}"
        yield Waiting(what, from_ms, absence.until_ms or ends_ms)


def _last_words_ms(records: Iterable[Record]) -> Mapping[Ref, int]:
    """When each record was answered, flagged or cleared for the last time."""
    last_ms: dict[Ref, int] = {}
    for record in records:
        match record.body:
            case Reply(refers_to=about) | Voice(refers_to=RefersTo() as about):
                ref = about.ref
            case Flag(subject=about) | Clear(subject=about):
                ref = about.ref
            case _:
                continue
        last_ms[ref] = max(record.at_ms, last_ms.get(ref, record.at_ms))
    return last_ms


def _wanted_until_ms(message: Message, timers: Timers) -> int:
    """Until when something may still come of an unanswered message: the last level of its flag."""
    due_ms = answer_due_ms(message, message.last_wait, Level.VOICE_REQUIRED, timers)
    given_up_ms = (due_ms or message.at_ms) + timers.grace_ms
    if message.outcome not in (Answering.OPEN, Answering.STANDBY):
        return message.at_ms  # its answer was the last word
    return min(given_up_ms, message.taken_back_ms or given_up_ms)


def _checks_ms(picture: Picture, missed_by: str, until_ms: int) -> list[int]:
    """When a party was asked for comm checks until then."""
    author = picture.line.other_party(missed_by)
    checks = (m for m in picture.messages.values() if m.kind == Kind.CHECK)
    return sorted(m.at_ms for m in checks if m.ref.station == author and m.at_ms < until_ms)
