"""The picture: what all journals, read together, say of every message and every flag.

A pure fold. Records of one journal come in their order; how the journals interleave does not
matter: equal heads, equal pictures.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hotline.bodies import Body, Cancel, Check, Clear, Flag, Level, Nonsense, Ref, Reply
from hotline.lifecycle import (
    ANSWER_MOVES,
    ANSWERS,
    AUTHOR_MOVES,
    Answering,
    AuthorMove,
    Message,
    from_cancel,
    from_check,
    from_notice,
)
from hotline.line import Line
from hotline.notice import FlightNotice
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


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a record did to the picture.

    `message` is the message concerned, if any; `reason` is the code of an INVALID. `waited` is
    the message as it was until then, when it was waiting and this record ended that.
    """

    what: What
    record: Record
    message: Message | None = None
    reason: str = ""
    waited: Message | None = None


@dataclass(slots=True)
class FlagEntry:
    """One level of one flag by one watchdog, and when that came and went (epoch ms)."""

    by: str
    flag: Flag
    raised_ms: int
    cleared_ms: int | None = None


@dataclass(slots=True)
class _Thread:
    """All revisions of one notice."""

    revisions: list[Message]
    cancelled: bool = False


class _Invalid(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason


@dataclass
class Picture:
    """Every message of a line with its state, every flag, and what made no sense."""

    line: Line
    heads: dict[str, int] = field(default_factory=dict)
    messages: dict[Ref, Message] = field(default_factory=dict)
    flags: list[FlagEntry] = field(default_factory=list)
    invalid: dict[Ref, str] = field(default_factory=dict)
    _threads: dict[tuple[str, str], _Thread] = field(default_factory=dict)
    _raised: dict[tuple[str, str], list[FlagEntry]] = field(default_factory=dict)
    _early: dict[Ref, list[tuple[Record, Reply]]] = field(
        default_factory=dict
    )  # replies before their message

    def fold(self, record: Record) -> list[Change]:
        """Read the next record of a journal; say what it changed."""
        self.heads[record.station] = record.seq
        try:
            changes = self._fold_body(record, record.body)
        except _Invalid as invalid:
            changes = [self._mark(record, invalid.reason)]
        for early, reply in self._early.pop(record.ref, ()):
            changes += self._answer(early, reply)
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

    def raised_by(self, watchdog: str) -> dict[str, list[FlagEntry]]:
        """The flags that `watchdog` has raised and not cleared: key to its levels, in order."""
        return {key: entries for (by, key), entries in self._raised.items() if by == watchdog}

    def flags_seen(self) -> list[FlagEntry]:
        """Every flag and level once, however many watchdogs raised it; cleared when any did."""
        merged: dict[tuple[str, Level, int], FlagEntry] = {}
        # By watchdog, because how their journals interleaved must not show in the details.
        for entry in sorted(self.flags, key=lambda entry: entry.by):
            known = merged.setdefault((entry.flag.key, entry.flag.level, entry.flag.due), entry)
            if known is not entry:
                cleared = [e.cleared_ms for e in (known, entry) if e.cleared_ms is not None]
                merged[entry.flag.key, entry.flag.level, entry.flag.due] = FlagEntry(
                    min(known.by, entry.by),
                    known.flag,
                    min(known.raised_ms, entry.raised_ms),
                    min(cleared, default=None),
                )
        return sorted(merged.values(), key=lambda e: (e.raised_ms, e.flag.key, e.flag.due))

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
        key = (record.station, body.notice)
        thread = self._threads.get(key)
        if thread and thread.cancelled:
            raise _Invalid("notice_was_cancelled")
        if body.revision != (len(thread.revisions) + 1 if thread else 1):
            raise _Invalid("revision_out_of_order")
        thread = self._threads.setdefault(key, _Thread([]))
        changes = []
        if thread.revisions:
            changes.append(self._move(record, thread.revisions[-1], AuthorMove.REVISE))
        message = from_notice(record, body)
        thread.revisions.append(message)
        return [*changes, self._open(record, message)]

    def _cancel(self, record: Record, body: Cancel) -> list[Change]:
        self._by_a_party(record)
        thread = self._threads.get((record.station, body.notice))
        if thread is None:
            raise _Invalid("cancels_nothing")
        if thread.cancelled:
            raise _Invalid("notice_was_cancelled")
        thread.cancelled = True
        last = thread.revisions[-1]
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
            self._early.setdefault(target, []).append((record, body))
            return []
        return self._answer(record, body)

    def _answer(self, record: Record, body: Reply) -> list[Change]:
        message = self.messages.get(body.refers_to.ref)
        if message is None:
            return [self._mark(record, "answers_nothing")]
        if record.at_ms + _CLOCKS_DIFFER_MS < message.at_ms:
            return [self._mark(record, "answers_what_was_not_said_yet")]
        if body.answer not in ANSWERS[message.asks]:
            return [self._mark(record, "wrong_answer_for_kind")]
        state = ANSWER_MOVES.get((message.answering, body.answer))
        if state is None:
            return [self._mark(record, "answered_already")]
        waited = _waiting(message)
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
        entry = FlagEntry(record.station, body, record.at_ms)
        self.flags.append(entry)
        self._raised.setdefault((record.station, body.key), []).append(entry)
        return [Change(What.FLAGGED, record, self._subject(body))]

    def _clear(self, record: Record, body: Clear) -> list[Change]:
        self._by_a_watchdog(record)
        entries = self._raised.pop((record.station, body.key), None)
        if entries is None:
            raise _Invalid("clears_nothing")
        for entry in entries:
            entry.cleared_ms = record.at_ms
        return [Change(What.CLEARED, record, self._subject(body))]

    def _subject(self, body: Flag | Clear) -> Message | None:
        subject = body.subject
        return self.messages.get(Ref(subject.station, subject.seq)) if subject.seq else None

    def _open(self, record: Record, message: Message) -> Change:
        self.messages[record.ref] = message
        return Change(What.OPENED, record, message)

    def _move(self, record: Record, message: Message, move: AuthorMove) -> Change:
        waited = _waiting(message)
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


def _waiting(message: Message) -> Message | None:
    """The message as it is now, if an answer to it is wanted."""
    return replace(message) if message.waits else None
