"""The tail: follows what is said on a line, or on every line, and tells it as a log stream.

An observer keeps no journal and writes nothing. It joins in the middle, so it takes every record
as it comes and judges none. What it misses it cannot ask for: it hears what is replayed to others,
and says what did not come.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from hotline import status, topics
from hotline.bodies import (
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
from hotline.clock import Clock
from hotline.commands.line_clock import LineClock
from hotline.commands.missing import Missing
from hotline.logs.teller import Log, Teller
from hotline.notice import FlightNotice
from hotline.picture.message import Message
from hotline.picture.opening import from_call, from_cancel, from_notice
from hotline.records import NotARecord, Record, digest, open_all, read
from hotline.station.presence import Presences
from hotline.station.refusals import Refusals
from hotline.station.turn import CameOnline, Incoming, Refused
from hotline.status import LINK_LOST, NotAStatus, Role, Status
from hotline.times import ON_THE_WIRE, SECOND_MS, format_duration
from hotline.topics import Channel, Topic

_TELLER = "tail"
_MOST_KEPT = 20_000  # messages, notices, records and flags on boards, of each line
_SOON_MS = 3 * SECOND_MS  # by then everybody's retained status has come in


class _Followed:
    """One line: what the tail knows of it, and tells."""

    def __init__(self, line: str, log: Log, ours: Clock, silent_ms: int) -> None:
        self._clock = LineClock(ours)
        self._teller = Teller(log, line, _TELLER, self._clock.now_ms)
        self._presences = Presences((), silent_ms)
        self._refusals = Refusals(line)
        self._missing: dict[str, Missing] = defaultdict(lambda: Missing(silent_ms))
        self._speakers: set[str] = set()
        self._told: dict[str, None] = {}
        self._messages: dict[Ref, Message] = {}
        self._notices: dict[tuple[str, str], Message] = {}
        self._roles: dict[str, Role] = {}
        self._board: dict[Topic, bytes] = {}
        self._cleared: dict[tuple[str, str], int] = {}  # whose flag and its key; by which record

    @property
    def there(self) -> set[str]:
        """Who has been heard, or has left a status."""
        return self._speakers | self._roles.keys()

    def hear(self, topic: Topic, incoming: Incoming, now_ms: int) -> None:
        """One message came in."""
        if topic.channel is Channel.STATUS and incoming.payload:
            self._hear_status(topic, incoming, now_ms)
        elif topic.channel in (Channel.RECORDS, Channel.REPLAY):
            for opened in open_all(incoming.payload):
                if isinstance(opened, NotARecord):
                    self.refuse(topic, str(opened))
                else:
                    self._hear_record(topic, read(opened), now_ms)
        elif topic.channel is Channel.FLAGS:
            self._hear_board(topic, incoming)

    def refuse(self, topic: Topic | str, reason: str) -> None:
        """Tell of something that cannot be taken."""
        self._tell_refused(self._refusals.tell(str(topic), reason))

    def miss(self, now_ms: int, *, all_heard: bool) -> None:
        """Tell who has not been heard for too long, and is not among what is still to be heard.

        And how much was refused since the last time, beyond what was told one by one.
        """
        self._tell_refused(self._refusals.tell_rest("at once"))
        if all_heard:
            for of, missing in self._missing.items():
                for gap in missing.due(now_ms):
                    self._teller.missed(of, held=gap.first - 1, upto=gap.last)
        else:
            self._presences.excuse(now_ms)
        for fell in self._presences.miss(now_ms):
            self._teller.silent(fell.station, fell.reason)

    def _hear_status(self, topic: Topic, incoming: Incoming, now_ms: int) -> None:
        try:
            told = status.decode_from(topic, incoming.payload)
        except NotAStatus as error:
            self.refuse(topic, str(error))
            return
        if not incoming.retained and told.reason != LINK_LOST:  # else it was said long ago
            self._clock.learn(told.at_ms)
            self._missing[told.station].learn(told.head, now_ms)
        self._roles[told.station] = told.role
        self._tell_presence(told, retained=incoming.retained, now_ms=now_ms)
        if told.role is Role.PARTY:
            for of, upto in told.held.items():
                if self._roles.get(of) is not Role.WATCHDOG:
                    self._teller.delivered(of, upto, told.station)

    def _tell_presence(self, told: Status, *, retained: bool, now_ms: int) -> None:
        self._presences.expect(told.station, now_ms)
        change = self._presences.hear(told, retained=retained, now_ms=now_ms)
        if isinstance(change, CameOnline):
            self._teller.online(change.station)
        elif change:
            self._teller.silent(change.station, change.reason)

    def _hear_record(self, topic: Topic, record: Record, now_ms: int) -> None:
        is_replayed, missing = topic.channel is Channel.REPLAY, self._missing[record.station]
        if record.line != topic.line or (record.station != topic.station and not is_replayed):
            self.refuse(topic, f"speaks in the name of {record.line}/{record.station}")
            return
        if is_replayed and record.seq not in missing:
            return
        missing.hear(record.seq, now_ms)
        self._speakers.add(record.station)
        if self._is_new(record) and not (is_replayed and self._is_over(record)):
            self._tell(record)

    def _is_new(self, record: Record) -> bool:
        """Whether this record has not been told yet.

        Its number does not show that: it may be mistyped, and a journal can begin anew.
        """
        text = digest(record.raw)
        if text in self._told:
            return False
        self._told[text] = None
        _forget_oldest(self._told)
        return True

    def _is_over(self, record: Record) -> bool:
        """Whether it is about a flag of which we have heard already that it was cleared since."""
        if not isinstance(record.body, (Flag, Clear)):
            return False
        return record.seq <= self._cleared.get((record.station, record.body.key), 0)

    def _tell(self, record: Record) -> None:
        teller, body = self._teller, record.body
        if message := self._opened(record, body):
            self._remember(message)
            to = self._other_party(record.station)
            teller.opened(record, message, sent=True, to=to)
            return
        match body:
            case Reply():
                asked = self._messages.get(body.refers_to.ref)
                teller.answered(record, body, asked, sent=True)
            case Voice():
                about = self._messages.get(body.refers_to.ref) if body.refers_to else None
                teller.voiced(record, body, about)
            case Handover():
                teller.handed_over(record, body)
            case Flag():
                teller.flagged(record, body, self._messages.get(body.subject.ref))
            case Clear():
                self._cleared[record.station, body.key] = record.seq
                _forget_oldest(self._cleared)
                teller.cleared(record, body, self._messages.get(body.subject.ref))
            case Nonsense():
                teller.invalid(record, body.reason)

    def _opened(self, record: Record, body: Body) -> Message | None:
        """The message that a record opens, if it opens one."""
        match body:
            case FlightNotice():
                return from_notice(record, body)
            case Cancel():
                cancelled = self._notices.get((record.station, body.notice))
                return from_cancel(record, body, cancelled)
            case Stop() | Check() | Suspend() | Resume():
                return from_call(record, body)
            case _:
                return None

    def _remember(self, message: Message) -> None:
        """Keep a message for what is said about it later; in a long watch, drop the oldest ones."""
        self._messages[message.ref] = message
        if message.is_notice and message.notice is not None:
            self._notices[message.ref.station, message.notice] = message
        _forget_oldest(self._messages)
        _forget_oldest(self._notices)

    def _other_party(self, party: str) -> str | None:
        others = [s for s, role in self._roles.items() if role is Role.PARTY and s != party]
        return others[0] if len(others) == 1 else None

    def _hear_board(self, topic: Topic, incoming: Incoming) -> None:
        """Tell of a flag that was raised before we came; the watchdog's records tell of others."""
        before = self._board.pop(topic, None)
        if not incoming.payload:
            return
        self._board[topic] = incoming.payload
        _forget_oldest(self._board)
        if not incoming.retained or incoming.payload == before:
            return
        try:
            flag = Flag.model_validate_json(incoming.payload, context=ON_THE_WIRE)
        except ValidationError:
            self.refuse(topic, "is not a flag")
            return
        self._teller.standing(topic.station, flag, self._messages.get(flag.subject.ref))

    def _tell_refused(self, refused: Refused | None) -> None:
        if refused:
            topic, reason = refused.topic, refused.reason
            self._teller.state("warning", "record.refused", topic=topic, reason=reason)


def _forget_oldest(kept: dict[Any, Any]) -> None:
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]


class Tail:
    """Tells what comes in, of each line by itself.

    Args:
        log: where it is told.
        clock: our time.
        silent_ms: no status for that long, and a station is silent.
        expected: whom it is about; those that are not there are reported soon.
    """

    def __init__(
        self, log: Log, clock: Clock, silent_ms: int, expected: Collection[str] = ()
    ) -> None:
        self._log = log
        self._clock = clock
        self._silent_ms = silent_ms
        self._expected = expected
        self._lines: dict[str, _Followed] = {}
        self._soon_ms: int | None = None

    def hear(self, incoming: Incoming) -> None:
        """One message came in."""
        topic, name = topics.parse(incoming.topic), topics.line_of(incoming.topic)
        if not topics.is_name(name):  # it would stand in front of what we say
            return
        line = self._lines.get(name)
        if line is None:
            line = _Followed(name, self._log, self._clock, self._silent_ms)
            self._lines[name] = line
        if topic is None:
            line.refuse(incoming.topic, "no station hears this topic")
        else:
            line.hear(topic, incoming, self._clock.now_ms())

    def miss(self, after_s: float, others: Collection[str]) -> None:
        """Nobody was heard for this long, though these lines can be."""
        after = format_duration(round(after_s * SECOND_MS))
        heard = {"others": ", ".join(sorted(others))} if others else {}
        self._log("warning", "tail.quiet", after=after, **heard)

    def cut(self, reason: str) -> None:
        """We hear nothing, which is nobody's fault who is followed."""
        self._log("warning", "tail.cut", reason=reason)

    def restored(self) -> None:
        """We hear again."""
        self._log("info", "tail.restored")

    def tick(self, *, all_heard: bool) -> None:
        """Notice who has not been heard for too long; nobody is while we cannot hear all."""
        now_ms = self._clock.now_ms()
        if self._lines and (self._soon_ms is None or not all_heard):
            self._soon_ms = now_ms + _SOON_MS
        if self._expected and self._soon_ms is not None and now_ms >= self._soon_ms:
            self._miss_expected()
        for line in self._lines.values():
            line.miss(now_ms, all_heard=all_heard)

    def _miss_expected(self) -> None:
        there = {station for line in self._lines.values() for station in line.there}
        for party in sorted({*self._expected} - there):
            others = ", ".join(sorted(there))
            self._log("warning", "tail.unheard", party=party, others=others)
        self._expected = ()
