"""The messages of a line: those in memory, what moves them, and how one put away is found again."""

from collections.abc import Iterable

from hotline.bodies import Answer, Cancel, Ref, Reply, Voice
from hotline.misfits import MakesNoSense, Misfit
from hotline.notice import FlightNotice
from hotline.picture.changes import Change, What
from hotline.picture.lifecycle import ANSWERS, Act, Answering, Standing
from hotline.picture.message import Message, spoken_in
from hotline.picture.opening import from_cancel, from_notice
from hotline.picture.past import Past
from hotline.records import Record
from hotline.times import MINUTE_MS

CLOCKS_DIFFER_MS = 5 * MINUTE_MS  # at most; an answer even earlier was meant for another message


class Messages:
    """What was said and is not settled, and what was settled since the last checkpoint.

    Whatever moves a message raises `MakesNoSense` if the message cannot be moved that way.

    Args:
        past: finds again what was put away. What is in memory is never older than what is there.
    """

    def __init__(self, past: Past) -> None:
        self.by_ref: dict[Ref, Message] = {}
        self._touched: dict[Ref, Message] = {}  # what has changed since the last checkpoint
        self._past = past
        self._last: dict[str, dict[str, Message]] = {}  # the last revision of each author's notices

    def find(self, ref: Ref) -> Message | None:
        """The message that a record opened, from memory or from the past."""
        message = self.by_ref.get(ref)
        if message is None and (message := self._past.message(ref)):
            self.by_ref[ref] = self._touched[ref] = message
        return message

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a station's notice, from memory or from the past."""
        last = self._last.get(station, {}).get(notice)
        if last is None and (last := self._past.last_of(station, notice)):
            last = self.by_ref.get(last.ref, last)
            self._put(last)
        return last

    # What is said, and taken back

    def open(self, record: Record, message: Message) -> Change:
        """A record asks for an answer; if it is a notice, it is now its last revision."""
        self._put(message)
        return Change(What.OPENED, record, message)

    def notice(self, record: Record, body: FlightNotice) -> list[Change]:
        """A notice, or the next revision of one, is said."""
        last = self.last_of(record.station, body.notice)
        if last and last.standing is Standing.CANCELLED:
            raise MakesNoSense(Misfit.NOTICE_WAS_CANCELLED)
        if body.revision != (1 if last is None or last.revision is None else last.revision + 1):
            raise MakesNoSense(Misfit.REVISION_OUT_OF_ORDER)
        message = from_notice(record, body)
        if last is None:
            return [self.open(record, message)]
        message.off_nominal_ms = last.off_nominal_ms
        if last.is_open(record.at_ms):
            message.off_nominal_ms = record.at_ms
        return [self._take_back(record, last, Act.REVISE), self.open(record, message)]

    def cancel(self, record: Record, body: Cancel) -> list[Change]:
        """A notice is cancelled."""
        last = self.last_of(record.station, body.notice)
        if last is None:
            raise MakesNoSense(Misfit.CANCELS_NOTHING)
        return [
            self._take_back(record, last, Act.CANCEL),
            self.open(record, from_cancel(record, body, last)),
        ]

    def _take_back(self, record: Record, message: Message, act: Act) -> Change:
        waited = message.open_wait
        if not message.take_back(act, record.at_ms):
            raise MakesNoSense(Misfit.NOTICE_WAS_CANCELLED)
        self._touched[message.ref] = message
        what = What.SUPERSEDED if act is Act.REVISE else What.CANCELLED
        return Change(what, record, message, waited=waited)

    # What is answered

    def answer(self, record: Record, body: Reply) -> Change:
        """The other party's officer answers in writing."""
        message = self._answered(record, body.refers_to.ref, body.answer)
        waited = message.open_wait
        if not message.take_answer(record, body):
            raise MakesNoSense(Misfit.ANSWERED_ALREADY)
        self._touched[message.ref] = message
        what = What.STOOD_BY if message.answering is Answering.STANDBY else What.ANSWERED
        return Change(what, record, message, waited=waited)

    def settle(self, record: Record, body: Voice, target: Ref, answer: Answer) -> Change:
        """What was said by voice stands for an answer, whichever party writes it down."""
        message = self._answered(record, target, answer)
        waited = message.open_wait
        by = body.spoke_with if record.station == target.station else body.officer
        message.take_voice(spoken_in(record, body, answer, by=by))
        self._touched[message.ref] = message
        return Change(
            What.VOICED, record, message, waited=None if message.open_wait == waited else waited
        )

    def _answered(self, record: Record, target: Ref, answer: Answer) -> Message:
        """The message that a record answers, if it is one that takes this answer."""
        message = self.find(target)
        if message is None:
            raise MakesNoSense(Misfit.ANSWERS_NOTHING)
        if record.at_ms + CLOCKS_DIFFER_MS < message.at_ms:
            raise MakesNoSense(Misfit.ANSWERS_TOO_EARLY)
        if answer not in ANSWERS[message.asks]:
            raise MakesNoSense(Misfit.WRONG_ANSWER)
        return message

    # What is put away

    def put_away(self) -> list[Message]:
        """Hand out what has changed since the last time, and forget those that are settled."""
        touched, self._touched = self._touched, {}
        for ref, message in touched.items():
            if not message.waits:
                del self.by_ref[ref]
                last = self._last.get(ref.station, {})
                if message.notice and last.get(message.notice) is message:
                    del last[message.notice]
        return list(touched.values())

    def take_up(self, messages: Iterable[Message]) -> None:
        """Have these in memory again, as they were put away."""
        for message in messages:
            self._put(message)
        self._touched.clear()

    def _put(self, message: Message) -> None:
        """Have a message in memory; if it is a notice, it is the last revision."""
        self.by_ref[message.ref] = self._touched[message.ref] = message
        if message.is_notice and message.notice is not None:
            self._last.setdefault(message.ref.station, {})[message.notice] = message
