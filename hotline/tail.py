"""The tail: follows what is said on a line, or on every line, and tells it as the log stream.

An observer keeps no journal and writes nothing. It joins in the middle, so it takes every record
as it comes and judges none.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from hotline import status, topics
from hotline.address import BrokerAddress
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
    Subject,
    Suspend,
    Voice,
)
from hotline.clock import Clock
from hotline.lifecycle import Message
from hotline.mqtt import MqttLink
from hotline.notice import FlightNotice
from hotline.opening import from_call, from_cancel, from_notice
from hotline.presence import Presences
from hotline.records import NotARecord, Record, decode
from hotline.status import NotAStatus, Role, Status
from hotline.teller import Log, Teller
from hotline.times import format_duration
from hotline.topics import Channel, Topic
from hotline.transport import Arrival, Down, Inbox, Up
from hotline.turn import CameOnline, Incoming

K = TypeVar("K")

_TELLER = "tail"
_MOST_KEPT = 20_000  # messages, and notices, of each line


@dataclass
class _Followed:
    """What the tail knows of one line."""

    teller: Teller
    presences: Presences
    seen: dict[str, int] = field(default_factory=dict)
    messages: dict[Ref, Message] = field(default_factory=dict)
    notices: dict[tuple[str, str], Message] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    def remember(self, message: Message) -> None:
        """Keep a message for what is said about it later; of a long watch not the oldest ones."""
        self.messages[message.ref] = message
        if message.is_notice and message.notice is not None:
            self.notices[message.ref.station, message.notice] = message
        _forget_oldest(self.messages)
        _forget_oldest(self.notices)

    def other_party(self, party: str) -> str | None:
        others = [s for s, role in self.roles.items() if role is Role.PARTY and s != party]
        return others[0] if len(others) == 1 else None


def _forget_oldest(kept: dict[K, Message]) -> None:
    if len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]


class Tail:
    """Tells what comes in. `silent_ms`: no status for that long, and a station is silent."""

    def __init__(self, log: Log, clock: Clock, silent_ms: int) -> None:
        self._log = log
        self._clock = clock
        self._silent_ms = silent_ms
        self._lines: dict[str, _Followed] = {}
        self._quiet_ms: int | None = clock.now_ms() + silent_ms

    def hear(self, incoming: Incoming) -> None:
        """One message came in."""
        topic = topics.parse(incoming.topic)
        if topic is None:
            return
        line = self._lines.get(topic.line)
        if line is None:
            teller = Teller(self._log, topic.line, _TELLER, self._clock)
            line = self._lines[topic.line] = _Followed(teller, Presences((), self._silent_ms))
        if topic.channel is Channel.STATUS and incoming.payload:
            self._hear_status(line, topic, incoming)
        elif topic.channel is Channel.RECORDS:
            for raw in incoming.payload.split(b"\n"):
                if raw:
                    self._hear_record(line, topic, raw)

    def tick(self) -> None:
        """Notice who has not been heard for too long."""
        now_ms = self._clock.now_ms()
        if self._quiet_ms is not None and (self._lines or now_ms >= self._quiet_ms):
            self._quiet_ms = None
            if not self._lines:
                self._log("warning", "tail.quiet", after=format_duration(self._silent_ms))
        for line in self._lines.values():
            for fell in line.presences.miss(now_ms):
                line.teller.silent(fell.station, fell.reason)

    def _hear_status(self, line: _Followed, topic: Topic, incoming: Incoming) -> None:
        try:
            told = status.decode_from(topic, incoming.payload)
        except NotAStatus as error:
            _refuse(line, topic, str(error))
            return
        now_ms = self._clock.now_ms()
        line.roles[told.station] = told.role
        line.presences.expect(told.station, now_ms)
        change = line.presences.hear(told, retained=incoming.retained, now_ms=now_ms)
        if isinstance(change, CameOnline):
            line.teller.online(change.station)
        elif change:
            line.teller.silent(change.station, change.reason)
        self._hear_receipts(line, told)

    def _hear_receipts(self, line: _Followed, told: Status) -> None:
        if told.role is Role.PARTY:
            for of, upto in told.held.items():
                if line.roles.get(of) is not Role.WATCHDOG:
                    line.teller.delivered(of, upto, told.station)

    def _hear_record(self, line: _Followed, topic: Topic, raw: bytes) -> None:
        try:
            record = decode(raw)
        except NotARecord as error:
            _refuse(line, topic, str(error))
            return
        if (record.line, record.station) != (topic.line, topic.station):
            _refuse(line, topic, f"speaks in the name of {record.line}/{record.station}")
            return
        if record.seq > line.seen.get(record.station, 0):  # else it is a duplicate
            line.seen[record.station] = record.seq
            self._tell(line, record)

    def _tell(self, line: _Followed, record: Record) -> None:
        teller, body = line.teller, record.body
        if message := _opened(line, record, body):
            line.remember(message)
            to = line.other_party(record.station)
            teller.opened(record, message, sent=True, to=to)
            return
        match body:
            case Reply():
                asked = line.messages.get(body.refers_to.ref)
                teller.answered(record, body, asked, sent=True)
            case Voice():
                about = line.messages.get(body.refers_to.ref) if body.refers_to else None
                teller.voiced(record, body, about)
            case Handover():
                teller.handed_over(record, body)
            case Flag():
                teller.flagged(record, body, _about(line, body.subject))
            case Clear():
                teller.cleared(record, body, _about(line, body.subject))
            case Nonsense():
                teller.invalid(record, f"{body.reason}: {body.detail}")


def _refuse(line: _Followed, topic: Topic, reason: str) -> None:
    line.teller.state("warning", "record.refused", topic=str(topic), reason=reason)


def _opened(line: _Followed, record: Record, body: Body) -> Message | None:
    """The message that a record opens, if it opens one."""
    match body:
        case FlightNotice():
            return from_notice(record, body)
        case Cancel():
            cancelled = line.notices.get((record.station, body.notice))
            return from_cancel(record, body, cancelled)
        case Stop() | Check() | Suspend() | Resume():
            return from_call(record, body)
        case _:
            return None


def _about(line: _Followed, subject: Subject) -> Message | None:
    return line.messages.get(Ref(subject.station, subject.seq)) if subject.seq else None


class Only:
    """A log that lets through what is about some parties, kinds of event or notices.

    An empty collection lets everything through. What is about no station at all passes always.
    """

    def __init__(
        self,
        log: Log,
        *,
        parties: Collection[str] = (),
        kinds: Collection[str] = (),
        notices: Collection[str] = (),
    ) -> None:
        self._log = log
        self._parties, self._kinds, self._notices = set(parties), set(kinds), set(notices)

    def __call__(self, severity: str, event: str, **fields: Any) -> None:  # noqa: ANN401 -- as Log has it
        """Pass one line on, or not."""
        about = {fields.get("station"), fields.get("to"), str(fields.get("subject")).split("/")[0]}
        if self._parties and not about & self._parties:
            return
        if self._kinds and event.split(".", maxsplit=1)[0] not in self._kinds:
            return
        if self._notices and fields.get("notice") not in self._notices:
            return
        self._log(severity, event, **fields)


class Listener(Protocol):
    """Whoever is told all that comes in."""

    def hear(self, incoming: Incoming) -> None:
        """One message came in."""

    def tick(self) -> None:
        """Some time has passed."""


async def follow(
    address: BrokerAddress, line: str | None, listener: Listener, stopped: asyncio.Event
) -> None:
    """Have somebody follow a line (or, without a name, every line) until `stopped`.

    Raises:
        BrokerUnreachable: there is no broker to begin with.
    """
    inbox: Inbox[Arrival] = Inbox()
    link = MqttLink(address, _TELLER)
    wanted = topics.every_topic_of(line) if line else topics.EVERY_LINE
    await link.open([wanted], lambda: None, inbox.put)
    try:
        while not stopped.is_set():
            for arrival in await inbox.take(0.2):
                match arrival:
                    case Incoming():
                        listener.hear(arrival)
                    case Up() | Down():
                        pass  # the silence of all stations tells it
            listener.tick()
    finally:
        await link.close()
