"""The picture: what all journals, read together, say of every message and every flag.

A pure fold. Records of one journal come in their order; how the journals interleave does not
matter: equal heads, equal pictures. How a message is moved is in `messages`.
"""

from collections.abc import Iterable

from hotline.bodies import (
    Body,
    Cancel,
    Check,
    Clear,
    Flag,
    Handover,
    Kind,
    Nonsense,
    Ref,
    Reply,
    Resume,
    Stop,
    Subject,
    Suspend,
    Voice,
)
from hotline.line import Line
from hotline.misfits import MakesNoSense, Misfit
from hotline.notice import FlightNotice
from hotline.picture.changes import Change, What
from hotline.picture.declared import Declared
from hotline.picture.early import EarlyAnswers
from hotline.picture.flagged import FlagEntry, Flagged
from hotline.picture.message import Message
from hotline.picture.messages import Messages
from hotline.picture.opening import from_call
from hotline.picture.past import AnsweredCheck, Checkpoint, Past
from hotline.records import Record

_CHECKS_KEPT = 24  # of each party, to be shown to people


class Picture:
    """Every message of a line with its state, every flag, and what made no sense.

    Args:
        line: who is on it.
        past: finds again what was put away. What is in memory is never older than what is there.
    """

    def __init__(self, line: Line, past: Past | None = None) -> None:
        self.line = line
        self.heads: dict[str, int] = {}
        """How far each journal has been read."""
        self.past = past or Past()
        """What is on disk and not in memory."""
        self._messages = Messages(self.past)
        self.messages = self._messages.by_ref
        """Those in memory; `find` has the others too."""
        self.flagged = Flagged()
        self.invalid: dict[Ref, str] = {}
        """Those in memory that made no sense, and why; the past has the others."""
        self.declared: dict[str, Declared] = dict.fromkeys(line.parties, Declared())
        """What each party has said of itself."""
        self.stops: dict[str, int] = {}
        """When a stop about a notice was said last, epoch ms."""
        self.checks: dict[str, tuple[Ref, ...]] = {}
        """The last comm checks of each party."""
        self.answered_checks: dict[str, AnsweredCheck] = {}
        """Which of each party's comm checks was answered last, by the time of its answer."""
        self.early = EarlyAnswers()
        """The answers that came before what they answer."""
        self._unsaved = 0  # records that were read since the last checkpoint

    @property
    def flags(self) -> list[FlagEntry]:
        """Every level of every flag that is in memory."""
        return self.flagged.entries()

    def fold(self, record: Record) -> list[Change]:
        """Read the next record of a journal; say what it changed."""
        self.heads[record.station] = record.seq
        self._unsaved += 1
        changes = self._read(record)
        if self.early:
            for answer in self.early.take(record.ref):
                changes += self._read(answer)
        return changes

    def fold_all(self, records: Iterable[Record]) -> None:
        """Read many records, if only the outcome matters."""
        for record in records:
            self.fold(record)

    def waiting_for(self, party: str) -> list[Message]:
        """The messages that `party`'s officer has yet to answer, in the order of their times."""
        waiting = (m for m in self.messages.values() if m.waits and m.ref.station != party)
        return sorted(waiting, key=_by_time)

    def in_order(self) -> list[Message]:
        """The messages in memory, in the order of their times."""
        return sorted(self.messages.values(), key=_by_time)

    def find(self, ref: Ref) -> Message | None:
        """The message that a record opened, from memory or from the past."""
        return self._messages.find(ref)

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a station's notice, from memory or from the past."""
        return self._messages.last_of(station, notice)

    def about(self, subject: Subject) -> Message | None:
        """The message that a flag is about, if it is about one and not about a station."""
        return self._messages.find(subject.ref) if subject.seq else None

    def name_of(self, subject: Subject) -> str:
        """What people call the subject of a flag: by its message, if it is about one."""
        message = self.about(subject)
        return message.name if message else str(subject)

    def asked_of(self, message: Message) -> Declared:
        """What the party that has to answer a message says of itself."""
        return self.declared[self.line.other_party(message.ref.station)]

    def is_excused(self, message: Message) -> bool:
        """Whether a service message need not be answered: its channel was suspended meanwhile."""
        return message.is_service and self.asked_of(message).excuses(message.at_ms)

    def flags_seen(self) -> list[FlagEntry]:
        """Every flag and level once, however many watchdogs raised it."""
        return self.flagged.seen()

    def is_worth_a_checkpoint(self, records: int) -> bool:
        """Whether this many records were read since the last one; more, if many answers wait.

        Answers that wait for their messages are written anew with each checkpoint: at most three
        for each record that was read since, even if their messages never come.
        """
        return self._unsaved >= max(records, len(self.early) / 3)

    def put_away(self) -> Checkpoint:
        """Hand out all that has changed since the last time, and forget what is settled."""
        self._unsaved = 0
        invalid, self.invalid = self.invalid, {}
        return Checkpoint(
            heads=dict(self.heads),
            messages=self._messages.put_away(),
            flags=self.flagged.put_away(),
            invalid=invalid,
            declared=dict(self.declared),
            stops=dict(self.stops),
            checks=dict(self.checks),
            answered_checks=dict(self.answered_checks),
            early=self.early.every(),
        )

    def take_up(self, checkpoint: Checkpoint) -> None:
        """Begin where a checkpoint ended: with all messages that wait and all flags that stand."""
        self.heads = dict(checkpoint.heads)
        self._messages.take_up(checkpoint.messages)
        # Nobody could clear the flags of a watchdog that has left the line.
        self.flagged.take_up(e for e in checkpoint.flags if e.by in self.line.watchdogs)
        self.invalid = dict(checkpoint.invalid)
        self.declared |= checkpoint.declared
        self.stops = dict(checkpoint.stops)
        self.checks = dict(checkpoint.checks)
        self.answered_checks = dict(checkpoint.answered_checks)
        for answer in checkpoint.early:  # its message is still not here: it waits again
            self._read(answer)

    def _read(self, record: Record) -> list[Change]:
        try:
            return self._fold_body(record, record.body)
        except MakesNoSense as error:
            self.invalid[record.ref] = error.reason
            return [Change(What.INVALID, record, reason=error.reason)]

    def _fold_body(self, record: Record, body: Body) -> list[Change]:
        match body:  # what comes most often first
            case FlightNotice():
                self._by_a_party(record)
                return self._messages.notice(record, body)
            case Reply():
                return self._reply(record, body)
            case Flag():
                return self._flag(record, body)
            case Clear():
                return self._clear(record, body)
            case Nonsense():
                raise MakesNoSense(body.reason)
            case _:
                return self._fold_seldom(record, body)

    def _fold_seldom(
        self, record: Record, body: Cancel | Stop | Check | Suspend | Resume | Voice | Handover
    ) -> list[Change]:
        self._by_a_party(record)
        match body:
            case Cancel():
                return self._messages.cancel(record, body)
            case Voice():
                return self._voice(record, body)
            case Stop():
                if body.notice:
                    stopped_ms = self.stops.get(body.notice, record.at_ms)
                    self.stops[body.notice] = max(stopped_ms, record.at_ms)
                return [self._messages.open(record, from_call(record, body))]
            case Check():
                before = self.checks.get(record.station, ())
                self.checks[record.station] = (*before[1 - _CHECKS_KEPT :], record.ref)
                message = from_call(record, body)
                message.previous = before[-1] if before else None
                return [self._messages.open(record, message)]
            case Suspend() | Resume() | Handover():
                return self._declare(record, body)

    def _declare(self, record: Record, body: Suspend | Resume | Handover) -> list[Change]:
        """A party says something of itself."""
        before = self.declared[record.station]
        match body:
            case Suspend():
                now, what = before.suspend(record, body), What.SUSPENDED
            case Resume():
                now, what = before.resume(record), What.RESUMED
            case Handover():
                self.declared[record.station] = before.hand_over(record, body)
                return [Change(What.HANDED_OVER, record)]
        self.declared[record.station] = now
        return [self._messages.open(record, from_call(record, body)), Change(what, record)]

    def _reply(self, record: Record, body: Reply) -> list[Change]:
        self._by_a_party(record)
        target = body.refers_to.ref
        if target.station != self.line.other_party(record.station):
            raise MakesNoSense(Misfit.ANSWERS_ITS_OWN_SIDE)
        if target.seq > self.heads.get(target.station, 0):
            self.early.put(record, target)
            return []
        return [self._note(self._messages.answer(record, body))]

    def _voice(self, record: Record, body: Voice) -> list[Change]:
        target = body.refers_to.ref if body.refers_to else None
        if target is None or body.answer is None:
            return [Change(What.VOICED, record, self._messages.find(target) if target else None)]
        if target.station != record.station and target.seq > self.heads.get(target.station, 0):
            if target.station not in self.line.parties:
                raise MakesNoSense(Misfit.ANSWERS_NOTHING)
            self.early.put(record, target)
            return []
        return [self._note(self._messages.settle(record, body, target, body.answer))]

    def _note(self, answer: Change) -> Change:
        """If it was a comm check that was answered, it may be the last that was, in any order."""
        if answer.message and answer.message.kind == Kind.CHECK:
            this = AnsweredCheck(answer.record.at_ms, answer.message.ref)
            last = self.answered_checks.get(this.ref.station, this)
            self.answered_checks[this.ref.station] = max(last, this)
        return answer

    def _flag(self, record: Record, body: Flag) -> list[Change]:
        self._by_a_watchdog(record)
        self.flagged.fold_flag(record, body)
        return [Change(What.FLAGGED, record, self.about(body.subject))]

    def _clear(self, record: Record, body: Clear) -> list[Change]:
        self._by_a_watchdog(record)
        if not self.flagged.fold_clear(record, body):
            raise MakesNoSense(Misfit.CLEARS_NOTHING)
        return [Change(What.CLEARED, record, self.about(body.subject))]

    def _by_a_party(self, record: Record) -> None:
        if record.station not in self.line.parties:
            raise MakesNoSense(Misfit.AUTHOR_IS_NO_PARTY)

    def _by_a_watchdog(self, record: Record) -> None:
        if record.station not in self.line.watchdogs:
            raise MakesNoSense(Misfit.AUTHOR_IS_NO_WATCHDOG)


def _by_time(message: Message) -> tuple[int, Ref]:
    return message.at_ms, message.ref
