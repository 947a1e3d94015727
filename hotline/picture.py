"""The picture: what all journals, read together, say of every message and every flag.

A pure fold. Records of one journal come in their order; how the journals interleave does not
matter: equal heads, equal pictures.
"""

from collections.abc import Iterable

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
    Subject,
    Suspend,
    Voice,
)
from hotline.changes import Change, What
from hotline.declared import Declared
from hotline.early import EarlyAnswers
from hotline.flagged import Flagged
from hotline.lifecycle import ANSWERS, Act, Answering, Standing
from hotline.line import Line
from hotline.message import Message, spoken_in
from hotline.messages import Messages
from hotline.misfits import Misfit
from hotline.notice import FlightNotice
from hotline.opening import from_call, from_cancel, from_notice
from hotline.past import Checkpoint, Early, FlagEntry, NoPast, Past
from hotline.records import Record
from hotline.times import MINUTE_MS

_CHECKS_KEPT = 24  # of each party
CLOCKS_DIFFER_MS = 5 * MINUTE_MS  # at most; an answer earlier than that was meant for another


class _Invalid(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason


class Picture:
    """Every message of a line with its state, every flag, and what made no sense.

    Args:
        line: who is on it.
        past: finds again what was put away. What is in mind is never older than what is there.
    """

    def __init__(self, line: Line, past: Past | None = None) -> None:
        self.line = line
        self.heads: dict[str, int] = {}
        self._mind = Messages(past or NoPast())
        self.messages = self._mind.by_ref
        self.flagged = Flagged()
        self.invalid: dict[Ref, str] = {}
        self.declared: dict[str, Declared] = dict.fromkeys(line.parties, Declared())
        self.stops: dict[str, int] = {}
        """When a stop was said about a notice last."""
        self.checks: dict[str, tuple[Ref, ...]] = {}
        """The last comm checks of each party."""
        self._early = EarlyAnswers()
        self._unsaved = 0  # records that were read since the last checkpoint

    @property
    def flags(self) -> list[FlagEntry]:
        """Every level of every flag that is in mind."""
        return self.flagged.entries()

    def fold(self, record: Record) -> list[Change]:
        """Read the next record of a journal; say what it changed."""
        self.heads[record.station] = record.seq
        self._unsaved += 1
        try:
            changes = self._fold_body(record, record.body)
        except _Invalid as invalid:
            changes = [self._mark(record, invalid.reason)]
        if self._early:
            for early in self._early.take(record.ref):
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

    def find(self, ref: Ref) -> Message | None:
        """The message that a record opened, from mind or from the past."""
        return self._mind.find(ref)

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a station's notice, from mind or from the past."""
        return self._mind.last_of(station, notice)

    def about(self, subject: Subject) -> Message | None:
        """The message that a flag is about, if it is about one and not about a station."""
        return self._mind.find(subject.ref) if subject.seq else None

    def flags_seen(self) -> list[FlagEntry]:
        """Every flag and level once, however many watchdogs raised it."""
        return self.flagged.seen()

    def is_worth_a_checkpoint(self, records: int) -> bool:
        """Whether at least so many were read since the last one, and few answers wait.

        At most three times as many wait for their messages: those are written anew with each
        checkpoint.
        """
        return self._unsaved >= records and len(self._early) <= 3 * records

    def ahead(self, most: int) -> dict[str, str]:
        """Parties with more than `most` answers to messages of the other that are not here yet."""
        return self._early.ahead(self.line, most)

    def put_away(self) -> Checkpoint:
        """All that has changed since the last time; what is settled is no longer in mind."""
        self._unsaved = 0
        invalid, self.invalid = self.invalid, {}
        return Checkpoint(
            heads=dict(self.heads),
            messages=self._mind.put_away(),
            flags=self.flagged.put_away(),
            invalid=invalid,
            declared=dict(self.declared),
            stops=dict(self.stops),
            checks=dict(self.checks),
            early=self._early.every(),
        )

    def take_up(self, checkpoint: Checkpoint) -> None:
        """Begin where a checkpoint ended: with all messages that wait and all flags that stand."""
        self.heads = dict(checkpoint.heads)
        self._mind.take_up(checkpoint.messages)
        self.flagged.take_up(checkpoint.flags)
        self.invalid = dict(checkpoint.invalid)
        self.declared |= checkpoint.declared
        self.stops = dict(checkpoint.stops)
        self.checks = dict(checkpoint.checks)
        self._early.take_up(checkpoint.early)

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
        last = self._mind.last_of(record.station, body.notice)
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
        last = self._mind.last_of(record.station, body.notice)
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
            self._early.put(Early(record, target))
            return []
        return [self._answer(record, body)]

    def _answer(self, record: Record, body: Reply) -> Change:
        message = self._answered(record, body.refers_to.ref, body.answer)
        waited = message.wait
        if not message.take_answer(record, body):
            raise _Invalid(Misfit.ANSWERED_ALREADY)
        self._mind.touched[message.ref] = message
        what = What.STOOD_BY if message.answering is Answering.STANDBY else What.ANSWERED
        return Change(what, record, message, waited=waited)

    def _voice(self, record: Record, body: Voice) -> list[Change]:
        target = body.refers_to.ref if body.refers_to else None
        if target is None or body.answer is None:
            return [Change(What.VOICED, record, self._mind.find(target) if target else None)]
        if target.station != record.station and target.seq > self.heads.get(target.station, 0):
            if target.station not in self.line.parties:
                raise _Invalid(Misfit.ANSWERS_NOTHING)
            self._early.put(Early(record, target))
            return []
        return [self._settle(record, body, target, body.answer)]

    def _settle(self, record: Record, body: Voice, target: Ref, answer: Answer) -> Change:
        """What was said by voice stands for an answer, whoever of the two writes it down."""
        message = self._answered(record, target, answer)
        waited = message.wait
        by = body.spoke_with if record.station == target.station else body.officer
        message.take_voice(spoken_in(record, body, answer, by=by))
        self._mind.touched[message.ref] = message
        return Change(
            What.VOICED, record, message, waited=None if message.wait == waited else waited
        )

    def _answered(self, record: Record, target: Ref, answer: Answer) -> Message:
        """The message that a record answers, if it is one that takes this answer."""
        message = self._mind.find(target)
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
        return [Change(What.FLAGGED, record, self.about(body.subject))]

    def _clear(self, record: Record, body: Clear) -> list[Change]:
        self._by_a_watchdog(record)
        if not self.flagged.fold_clear(record, body):
            raise _Invalid(Misfit.CLEARS_NOTHING)
        return [Change(What.CLEARED, record, self.about(body.subject))]

    def _open(self, record: Record, message: Message) -> Change:
        self._mind.put(message)
        return Change(What.OPENED, record, message)

    def _take_back(self, record: Record, message: Message, act: Act) -> Change:
        waited = message.wait
        if not message.take_back(act, record.at_ms):
            raise _Invalid(Misfit.NOTICE_WAS_CANCELLED)
        self._mind.touched[message.ref] = message
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
