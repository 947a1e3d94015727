"""The picture: what all journals, read together, say of every message and every flag.

A pure fold. Records of one journal come in their order; how the journals interleave does not
matter: equal heads, equal pictures.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from hotline.bodies import Body, Cancel, Check, Clear, Flag, Nonsense, Ref, Reply
from hotline.flagged import Flagged
from hotline.lifecycle import (
    ANSWER_MOVES,
    ANSWERS,
    AUTHOR_MOVES,
    Answering,
    AuthorMove,
    Message,
    Standing,
    Wait,
    from_cancel,
    from_check,
    from_notice,
)
from hotline.line import Line
from hotline.notice import FlightNotice
from hotline.past import Checkpoint, Early, FlagEntry, NoPast, Past
from hotline.records import Record
from hotline.times import MINUTE_MS

_CLOCKS_DIFFER_MS = 5 * MINUTE_MS  # at most; an answer earlier than that was meant for another


class What(StrEnum):
    """What a folded record changed."""

    OPENED = "opened"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    STOOD_BY = "stood_by"
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
                changes += self._answer(*early)
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
        early = [each for replies in self._early.values() for each in replies]
        messages = list(touched.values())
        flags = self.flagged.put_away()
        return Checkpoint(dict(self.heads), messages, flags, invalid, early)

    def take_up(self, checkpoint: Checkpoint) -> None:
        """Have in mind what this says; of what was put away that is all that waits or stands."""
        self.heads = dict(checkpoint.heads)
        for message in checkpoint.messages:
            self._have_in_mind(message)
        self._touched.clear()
        self.flagged.take_up(checkpoint.flags)
        self.invalid = dict(checkpoint.invalid)
        for early in checkpoint.early:
            self._early.setdefault(early.reply.refers_to.ref, []).append(early)

    def _fold_body(self, record: Record, body: Body) -> list[Change]:
        match body:
            case FlightNotice():
                return self._notice(record, body)
            case Cancel():
                return self._cancel(record, body)
            case Check():
                self._by_a_party(record)
                return [self._open(record, from_check(record, body))]
            case Reply():
                return self._reply(record, body)
            case Flag():
                return self._flag(record, body)
            case Clear():
                return self._clear(record, body)
            case Nonsense():
                raise _Invalid(body.reason)

    def _notice(self, record: Record, body: FlightNotice) -> list[Change]:
        self._by_a_party(record)
        last = self._last_of(record.station, body.notice)
        if last and last.standing is Standing.CANCELLED:
            raise _Invalid("notice_was_cancelled")
        if body.revision != (1 if last is None or last.revision is None else last.revision + 1):
            raise _Invalid("revision_out_of_order")
        changes = [self._move(record, last, AuthorMove.REVISE)] if last else []
        return [*changes, self._open(record, from_notice(record, body))]

    def _cancel(self, record: Record, body: Cancel) -> list[Change]:
        self._by_a_party(record)
        last = self._last_of(record.station, body.notice)
        if last is None:
            raise _Invalid("cancels_nothing")
        if last.standing is Standing.CANCELLED:
            raise _Invalid("notice_was_cancelled")
        return [
            self._move(record, last, AuthorMove.CANCEL),
            self._open(record, from_cancel(record, body, last)),
        ]

    def _reply(self, record: Record, body: Reply) -> list[Change]:
        self._by_a_party(record)
        target = body.refers_to.ref
        if target.station != self.line.other_party(record.station):
            raise _Invalid("answers_its_own_side")
        if target.seq > self.heads.get(target.station, 0):
            self._early.setdefault(target, []).append(Early(record, body))
            return []
        return self._answer(record, body)

    def _answer(self, record: Record, body: Reply) -> list[Change]:
        message = self.find(body.refers_to.ref)
        if message is None:
            return [self._mark(record, "answers_nothing")]
        if record.at_ms + _CLOCKS_DIFFER_MS < message.at_ms:
            return [self._mark(record, "answers_what_was_not_said_yet")]
        if body.answer not in ANSWERS[message.asks]:
            return [self._mark(record, "wrong_answer_for_kind")]
        state = ANSWER_MOVES.get((message.answering, body.answer))
        if state is None:
            return [self._mark(record, "answered_already")]
        waited = message.wait
        self._touched[message.ref] = message
        message.answering = state
        message.answered_by = record.ref
        message.answered_ms = record.at_ms
        message.answer = body.answer
        message.officer = body.officer
        if state is Answering.STANDBY:
            message.waits_since_ms = record.at_ms
            message.expected_ms = body.expected_at  # kept: a late answer is late by this promise
            return [Change(What.STOOD_BY, record, message, waited=waited)]
        return [Change(What.ANSWERED, record, message, waited=waited)]

    def _flag(self, record: Record, body: Flag) -> list[Change]:
        self._by_a_watchdog(record)
        self.flagged.fold_flag(record, body)
        return [Change(What.FLAGGED, record, self._subject(body))]

    def _clear(self, record: Record, body: Clear) -> list[Change]:
        self._by_a_watchdog(record)
        if not self.flagged.fold_clear(record, body):
            raise _Invalid("clears_nothing")
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

    def _last_of(self, station: str, notice: str) -> Message | None:
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

    def _move(self, record: Record, message: Message, move: AuthorMove) -> Change:
        waited = message.wait
        self._touched[message.ref] = message
        message.standing = AUTHOR_MOVES[message.standing, move]
        what = What.SUPERSEDED if move is AuthorMove.REVISE else What.CANCELLED
        return Change(what, record, message, waited=waited)

    def _mark(self, record: Record, reason: str) -> Change:
        self.invalid[record.ref] = reason
        return Change(What.INVALID, record, reason=reason)

    def _by_a_party(self, record: Record) -> None:
        if record.station not in self.line.parties:
            raise _Invalid("not_a_partys_to_say")

    def _by_a_watchdog(self, record: Record) -> None:
        if record.station not in self.line.watchdogs:
            raise _Invalid("not_a_watchdogs_to_say")
