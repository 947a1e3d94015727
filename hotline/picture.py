"""The picture: what all journals, read together, say of every message and every flag.

A pure fold. Records of one journal come in their order; how the journals interleave does not
matter: equal heads, equal pictures.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from hotline.bodies import (
    Answer,
    Body,
    Cancel,
    Check,
    Clear,
    Flag,
    Handover,
    Nonsense,
    Ref,
    Reply,
    Resume,
    Stop,
    Suspend,
    Voice,
)
from hotline.declared import Declared
from hotline.flagged import Flagged
from hotline.lifecycle import ANSWERS, Act, Answering, Message, Standing, Wait, spoken_in
from hotline.line import Line
from hotline.misfits import Misfit
from hotline.notice import FlightNotice
from hotline.opening import from_call, from_cancel, from_notice
from hotline.past import Checkpoint, Early, FlagEntry, NoPast, Past
from hotline.records import Record
from hotline.times import MINUTE_MS

_CHECKS_KEPT = 24  # of each party
CLOCKS_DIFFER_MS = 5 * MINUTE_MS  # at most; an answer earlier than that was meant for another


class What(StrEnum):
    """What a folded record changed."""

    OPENED = "opened"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    STOOD_BY = "stood_by"
    VOICED = "voiced"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    HANDED_OVER = "handed_over"
    FLAGGED = "flagged"
    CLEARED = "cleared"
    INVALID = "invalid"


class Change(NamedTuple):
    """One thing that a record did to the picture.

    `message` is the message concerned, if any; `reason` is the code of an INVALID. `waited` is
    the wait for an answer that this record ended, if it ended one.
    """

    what: What
    record: Record
    message: Message | None = None
    reason: str = ""
    waited: Wait | None = None


class _Invalid(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason


class Picture:
    """Every message of a line with its state, every flag, and what made no sense.

    Args:
        line: who is on it.
        past: where that is which was put away; what is in mind is never there more freshly.
    """

    def __init__(self, line: Line, past: Past | None = None) -> None:
        self.line = line
        self.heads: dict[str, int] = {}
        self.messages: dict[Ref, Message] = {}
        self.flagged = Flagged()
        self.invalid: dict[Ref, str] = {}
        self.declared: dict[str, Declared] = dict.fromkeys(line.parties, Declared())
        self.stops: dict[str, int] = {}
        """When a stop was said about a notice last."""
        self.checks: dict[str, tuple[Ref, ...]] = {}
        """The last comm checks of each party."""
        self._past = past or NoPast()
        self._last: dict[str, dict[str, Message]] = {}  # of each author's notices the last revision
        self._early: dict[Ref, list[Early]] = {}
        self._touched: dict[Ref, Message] = {}  # since the last checkpoint
        self.unsaved = 0
        """How many records were read since the last checkpoint."""

    @property
    def flags(self) -> list[FlagEntry]:
        """Every level of every flag that is in mind."""
        return self.flagged.entries()

    def fold(self, record: Record) -> list[Change]:
        """Read the next record of a journal; say what it changed."""
        self.heads[record.station] = record.seq
        self.unsaved += 1
        try:
            changes = self._fold_body(record, record.body)
        except _Invalid as invalid:
            changes = [self._mark(record, invalid.reason)]
        if self._early:
            for early in self._early.pop(record.ref, ()):
                changes += self._take_early(early)
        return changes

    def fold_all(self, records: Iterable[Record]) -> None:
        """Read many records, for their sum only."""
        for record in records:
            self.fold(record)

    def waiting_for(self, party: str) -> list[Message]:
        """The messages that `party`'s officer has yet to answer, in the order of their times."""
        return sorted(
            (m for m in self.messages.values() if m.waits and m.ref.station != party),
            key=lambda message: (message.at_ms, message.ref),
        )

    def flags_seen(self) -> list[FlagEntry]:
        """Every flag and level once, however many watchdogs raised it."""
        return self.flagged.seen()

    def put_away(self) -> Checkpoint:
        """All that has changed since the last time; what is settled is no longer in mind."""
        self.unsaved = 0
        invalid, self.invalid = self.invalid, {}
        touched, self._touched = self._touched, {}
        for ref, message in touched.items():
            if not message.waits:
                del self.messages[ref]
                last = self._last.get(ref.station, {})
                if message.notice and last.get(message.notice) is message:
                    del last[message.notice]
        return Checkpoint(
            heads=dict(self.heads),
            messages=list(touched.values()),
            flags=self.flagged.put_away(),
            invalid=invalid,
            declared=dict(self.declared),
            stops=dict(self.stops),
            checks=dict(self.checks),
            early=[early for waiting in self._early.values() for early in waiting],
        )

    def take_up(self, checkpoint: Checkpoint) -> None:
        """Have in mind what this says; of what was put away that is all that waits or stands."""
        self.heads = dict(checkpoint.heads)
        for message in checkpoint.messages:
            self._have_in_mind(message)
        self._touched.clear()
        self.flagged.take_up(checkpoint.flags)
        self.invalid = dict(checkpoint.invalid)
        self.declared |= checkpoint.declared
        self.stops = dict(checkpoint.stops)
        self.checks = dict(checkpoint.checks)
        for early in checkpoint.early:
            self._early.setdefault(early.to, []).append(early)

    def _fold_body(self, record: Record, body: Body) -> list[Change]:
        match body:  # what comes most often first
            case FlightNotice():
                return self._notice(record, body)
            case Reply():
                return self._reply(record, body)
            case Flag():
                return self._flag(record, body)
            case Clear():
                return self._clear(record, body)
            case Nonsense():
                raise _Invalid(body.reason)
            case _:
                return self._fold_seldom(record, body)

    def _fold_seldom(
        self, record: Record, body: Cancel | Stop | Check | Suspend | Resume | Voice | Handover
    ) -> list[Change]:
        self._by_a_party(record)
        match body:
            case Cancel():
                return self._cancel(record, body)
            case Voice():
                return self._voice(record, body)
            case Stop():
                if body.notice:
                    stopped_ms = self.stops.get(body.notice, record.at_ms)
                    self.stops[body.notice] = max(stopped_ms, record.at_ms)
                return [self._open(record, from_call(record, body))]
            case Check():
                before = self.checks.get(record.station, ())
                self.checks[record.station] = (*before[1 - _CHECKS_KEPT :], record.ref)
                return [self._open(record, from_call(record, body))]
            case Suspend() | Resume() | Handover():
                return self._declare(record, body)

    def _declare(self, record: Record, body: Suspend | Resume | Handover) -> list[Change]:
        """A party says something of itself."""
        before = self.declared[record.station]
        match body:
            case Suspend():
                now, what = before.suspend(record, body), What.SUSPENDED
                wrong = Misfit.SUSPENDED_ALREADY
            case Resume():
                now, what = before.resume(record), What.RESUMED
                wrong = Misfit.RESUMES_NOTHING
            case Handover():
                self.declared[record.station] = before.hand_over(record, body)
                return [Change(What.HANDED_OVER, record)]
        if now is None:
            raise _Invalid(wrong)
        self.declared[record.station] = now
        return [self._open(record, from_call(record, body)), Change(what, record)]

    def _notice(self, record: Record, body: FlightNotice) -> list[Change]:
        self._by_a_party(record)
        last = self.last_of(record.station, body.notice)
        if last and last.standing is Standing.CANCELLED:
            raise _Invalid(Misfit.NOTICE_WAS_CANCELLED)
        if body.revision != (1 if last is None or last.revision is None else last.revision + 1):
            raise _Invalid(Misfit.REVISION_OUT_OF_ORDER)
        message = from_notice(record, body)
        if last is None:
            return [self._open(record, message)]
        message.off_nominal_ms = last.off_nominal_ms
        if last.is_open(record.at_ms):
            message.off_nominal_ms = record.at_ms
        return [self._take_back(record, last, Act.REVISE), self._open(record, message)]

    def _cancel(self, record: Record, body: Cancel) -> list[Change]:
        last = self.last_of(record.station, body.notice)
        if last is None:
            raise _Invalid(Misfit.CANCELS_NOTHING)
        return [
            self._take_back(record, last, Act.CANCEL),
            self._open(record, from_cancel(record, body, last)),
        ]

    def _reply(self, record: Record, body: Reply) -> list[Change]:
        self._by_a_party(record)
        target = body.refers_to.ref
        if target.station != self.line.other_party(record.station):
            raise _Invalid(Misfit.ANSWERS_ITS_OWN_SIDE)
        if target.seq > self.heads.get(target.station, 0):
            self._early.setdefault(target, []).append(Early(record, target))
            return []
        return [self._answer(record, body)]

    def _answer(self, record: Record, body: Reply) -> Change:
        message = self._answered(record, body.refers_to.ref, body.answer)
        waited = message.wait
        if not message.take_answer(record, body):
            raise _Invalid(Misfit.ANSWERED_ALREADY)
        self._touched[message.ref] = message
        what = What.STOOD_BY if message.answering is Answering.STANDBY else What.ANSWERED
        return Change(what, record, message, waited=waited)

    def _voice(self, record: Record, body: Voice) -> list[Change]:
        target = body.refers_to.ref if body.refers_to else None
        if target is None or body.answer is None:
            return [Change(What.VOICED, record, self.find(target) if target else None)]
        if target.station != record.station and target.seq > self.heads.get(target.station, 0):
            if target.station not in self.line.parties:
                raise _Invalid(Misfit.ANSWERS_NOTHING)
            self._early.setdefault(target, []).append(Early(record, target))
            return []
        return [self._settle(record, body, target, body.answer)]

    def _settle(self, record: Record, body: Voice, target: Ref, answer: Answer) -> Change:
        """What was said by voice stands for an answer, whoever of the two writes it down."""
        message = self._answered(record, target, answer)
        waited = message.wait
        by = body.spoke_with if record.station == target.station else body.officer
        message.take_voice(spoken_in(record, body, answer, by=by))
        self._touched[message.ref] = message
        return Change(
            What.VOICED, record, message, waited=None if message.wait == waited else waited
        )

    def _answered(self, record: Record, target: Ref, answer: Answer) -> Message:
        """The message that a record answers, if it is one that takes this answer."""
        message = self.find(target)
        if message is None:
            raise _Invalid(Misfit.ANSWERS_NOTHING)
        if record.at_ms + CLOCKS_DIFFER_MS < message.at_ms:
            raise _Invalid(Misfit.ANSWERS_TOO_EARLY)
        if answer not in ANSWERS[message.asks]:
            raise _Invalid(Misfit.WRONG_ANSWER)
        return message

    def _take_early(self, early: Early) -> list[Change]:
        """What an answer refers to is here."""
        record, body = early.record, early.record.body
        try:
            match body:
                case Reply():
                    return [self._answer(record, body)]
                case Voice(answer=Answer() as answer):
                    return [self._settle(record, body, early.to, answer)]
        except _Invalid as invalid:
            return [self._mark(record, invalid.reason)]
        return []

    def _flag(self, record: Record, body: Flag) -> list[Change]:
        self._by_a_watchdog(record)
        self.flagged.fold_flag(record, body)
        return [Change(What.FLAGGED, record, self._subject(body))]

    def _clear(self, record: Record, body: Clear) -> list[Change]:
        self._by_a_watchdog(record)
        if not self.flagged.fold_clear(record, body):
            raise _Invalid(Misfit.CLEARS_NOTHING)
        return [Change(What.CLEARED, record, self._subject(body))]

    def _subject(self, body: Flag | Clear) -> Message | None:
        subject = body.subject
        return self.find(Ref(subject.station, subject.seq)) if subject.seq else None

    def find(self, ref: Ref) -> Message | None:
        """The message that a record opened, from mind or from the past."""
        message = self.messages.get(ref)
        if message is None and (message := self._past.message(ref)):
            self.messages[ref] = self._touched[ref] = message
        return message

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a station's notice, from mind or from the past."""
        last = self._last.get(station, {}).get(notice)
        if last is None and (last := self._past.last_of(station, notice)):
            last = self.messages.get(last.ref, last)
            self._have_in_mind(last)
        return last

    def _open(self, record: Record, message: Message) -> Change:
        self._have_in_mind(message)
        return Change(What.OPENED, record, message)

    def _have_in_mind(self, message: Message) -> None:
        """Have a message in mind that, if it is a notice, is its last revision."""
        self.messages[message.ref] = self._touched[message.ref] = message
        if message.revision is not None and message.notice is not None:
            self._last.setdefault(message.ref.station, {})[message.notice] = message

    def _take_back(self, record: Record, message: Message, act: Act) -> Change:
        waited = message.wait
        if not message.take_back(act, record.at_ms):
            raise _Invalid(Misfit.NOTICE_WAS_CANCELLED)
        self._touched[message.ref] = message
        what = What.SUPERSEDED if act is Act.REVISE else What.CANCELLED
        return Change(what, record, message, waited=waited)

    def _mark(self, record: Record, reason: str) -> Change:
        self.invalid[record.ref] = reason
        return Change(What.INVALID, record, reason=reason)

    def _by_a_party(self, record: Record) -> None:
        if record.station not in self.line.parties:
            raise _Invalid(Misfit.NOT_A_PARTYS)

    def _by_a_watchdog(self, record: Record) -> None:
        if record.station not in self.line.watchdogs:
            raise _Invalid(Misfit.NOT_A_WATCHDOGS)
