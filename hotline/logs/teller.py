"""The log lines of a line: which event, how loud, with which facts."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from hotline.bodies import Answer, Clear, Flag, Handover, Kind, Level, Nonsense, Ref, Reply, Voice
from hotline.logs.delays import Delay, delay_of
from hotline.notice import Category
from hotline.picture.availability import Availability
from hotline.picture.lifecycle import Asks, Phase
from hotline.picture.message import Message
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import format_duration, format_instant

_AWAITED = 10_000  # records whose receipts are told one by one; after long absence, the last
_SEVERITY = {Level.WARNING: "warning", Level.ALARM: "error", Level.VOICE_REQUIRED: "critical"}


class Log(Protocol):
    """What a teller needs of a logger."""

    def __call__(self, severity: str, event: str, **fields: Any) -> None:
        """Write one line."""


class Teller:
    """Puts facts into log lines; whoever learns them (a node, a tail) calls it.

    What is told of a record long after that was said is told as DELAYED. Without `timers`
    nothing is: a tail joins in the middle, and does not know the line's time at first.
    """

    def __init__(
        self,
        log: Log,
        line: str,
        told_by: str,
        now_ms: Callable[[], int],
        timers: Timers | None = None,
    ) -> None:
        self._timers = timers
        self._write = log
        self._line = line
        self._told_by = told_by
        self._now_ms = now_ms
        self._on_their_way: dict[str, deque[tuple[Ref, Message | None]]] = {}

    def opened(self, record: Record, message: Message, *, sent: bool, to: str | None) -> None:
        """A message was said, or (`sent` is False) has come in."""
        if sent:
            self._await_receipt(record.ref, message)
        verb = "sent" if sent else "received"
        if sent and message.revision is not None and message.revision > 1:
            verb = "revised"
        category = _category(message) if message.is_notice else None
        delay = None if sent else self.delay(message)
        expired = delay and delay.expired_ms and format_instant(delay.expired_ms)
        self._tell(
            "critical" if message.kind == Kind.STOP else "info",
            f"{message.kind}.{verb}",
            record,
            **_named(message),
            **_present(precedence=message.precedence, revision=message.revision, to=to),
            **_present(category=category, expired=expired),
            text=message.text,
            is_late=delay is not None,
        )

    def delay(self, message: Message) -> Delay | None:
        """How late a message is that comes in now, if it is not fresh."""
        return delay_of(message, self._now_ms(), self._timers) if self._timers else None

    def answered(
        self, record: Record, reply: Reply, message: Message | None, *, sent: bool
    ) -> None:
        """An officer's answer was said, or (`sent` is False) has come in."""
        if sent:
            self._await_receipt(record.ref, None)
        if message is None:
            self._tell(
                "info",
                "reply.waiting",
                record,
                message=f"record {reply.refers_to.ref}",
                to=reply.refers_to.station,
                answer=reply.answer,
                **_present(officer=reply.officer),
            )
            return
        self._tell(
            "info",
            f"{message.kind}.answered",
            record,
            **_named(message),
            to=message.ref.station,
            answer=reply.answer,
            after=format_duration(record.at_ms - message.at_ms),
            **_present(
                officer=reply.officer,
                reason=reply.reason,
                expected_at=reply.expected_at and format_instant(reply.expected_at),
            ),
        )

    def voiced(
        self, record: Record, voice: Voice, message: Message | None, *, waiting: bool = False
    ) -> None:
        """Somebody wrote down what was said by voice; `waiting`: its message is not here yet."""
        about: dict[str, Any] = {}
        if voice.refers_to:
            name = message.name if message else f"record {voice.refers_to.ref}"
            about = {"message": name, **_present(notice=message and message.notice)}
        self._tell(
            "info",
            "voice.waiting" if waiting else "voice.logged",
            record,
            **about,
            officer=voice.officer,
            spoke_with=voice.spoke_with,
            text=voice.text,
            **_present(
                answer=voice.answer,
                reason=voice.reason,
                expected_at=voice.expected_at and format_instant(voice.expected_at),
            ),
        )

    def handed_over(self, record: Record, handover: Handover) -> None:
        """A party says who is on watch."""
        self._tell(
            "info",
            "handover.said",
            record,
            officer=handover.officer,
            until=format_instant(record.at_ms + handover.lasts_ms),
            **_present(deputy=handover.deputy),
        )

    def delivered(self, of: str, upto: int, to: str) -> None:
        """`to`'s station acknowledges what `of` said; told only for messages told as sent."""
        awaited = self._on_their_way.get(of, ())
        while awaited and awaited[0][0].seq <= upto:
            ref, message = awaited.popleft()
            if message is None:
                self._say("debug", "reply.delivered", station=of, record=str(ref), to=to)
            else:
                after = format_duration(max(self._now_ms() - message.at_ms, 0))
                name = f"{message.kind}.delivered"
                facts = {"record": str(ref), **_named(message), "to": to, "after": after}
                self._say("info", name, station=of, **facts)

    def take_up(self, of: str, unconfirmed: Iterable[Message]) -> None:
        """A process begins: these messages were told as sent before, and their receipts were not.

        Of a later start in the same process it learns nothing: it has told all of it itself.
        """
        if of not in self._on_their_way:
            awaited = sorted((message.ref, message) for message in unconfirmed)
            self._on_their_way[of] = deque(awaited, maxlen=_AWAITED)

    def _await_receipt(self, ref: Ref, message: Message | None) -> None:
        awaited = self._on_their_way.setdefault(ref.station, deque(maxlen=_AWAITED))
        awaited.append((ref, message))
        if len(awaited) > 1 and ref.seq < awaited[-2][0].seq:  # as after a mistyped number
            in_order = sorted(awaited, key=lambda each: each[0].seq)
            self._on_their_way[ref.station] = deque(in_order, maxlen=_AWAITED)

    def flagged(self, record: Record, flag: Flag, message: Message | None) -> None:
        """A watchdog raised a flag, or one more level of it."""
        self._tell(_SEVERITY[flag.level], "flag.raised", record, **_raised(flag, message))

    def standing(self, watchdog: str, flag: Flag, message: Message | None) -> None:
        """A watchdog's board shows a flag that was raised before anybody listened."""
        raised = _raised(flag, message)
        self._say(_SEVERITY[flag.level], "flag.standing", station=watchdog, **raised)

    def cleared(self, record: Record, clear: Clear, message: Message | None) -> None:
        """A watchdog cleared a flag."""
        self._tell(
            "info",
            "flag.cleared",
            record,
            **_flagged(clear, message),
            reason=clear.reason,
            **_present(late_ms=clear.late_ms),
        )

    def flight(self, message: Message, phase: Phase) -> None:
        """A flight's window has opened or closed, or the flight does not go as announced."""
        given = message.given
        severity, name = "info", "flight.active"
        if phase is Phase.OFF_NOMINAL:
            severity, name = "error", "flight.offnominal"
        elif phase is not Phase.ACTIVE:
            name = "flight.ended"
        elif message.waits:
            severity, name = "critical", "flight.unanswered"
        elif given and given.answer is Answer.REJECT:
            severity = "warning"
        self._say(
            severity,
            name,
            station=message.ref.station,
            record=str(message.ref),
            **_named(message),
            phase=phase,
            text=message.text,
            **_present(answer=given and given.answer),
        )

    def day(self, party: str, availability: Availability) -> None:
        """A UTC day is over."""
        self._say(
            "info",
            "channel.availability",
            station=party,
            day=format_instant(availability.from_ms)[:10],
            heard=round(availability.heard, 5),
            heard_percent=f"{availability.heard:.2%}",
            declared=round(availability.declared, 5),
            declared_percent=f"{availability.declared:.2%}",
        )

    def invalid(self, record: Record, reason: str) -> None:
        """A record makes no sense; `reason` is the code; an unreadable body says more."""
        body = record.body
        detail = body.detail if isinstance(body, Nonsense) else None
        self._tell("warning", "record.invalid", record, reason=reason, **_present(detail=detail))

    def adopted(self, record: Record) -> None:
        """Somebody spoke in our name."""
        self._tell("warning", "record.adopted", record)

    def online(self, station: str) -> None:
        """A station can be heard."""
        self._say("info", "station.online", station=station)

    def silent(self, station: str, reason: str) -> None:
        """A station cannot be heard."""
        self._say("warning", "station.silent", station=station, reason=reason)

    def missed(self, of: str, *, held: int, upto: int) -> None:
        """Records of a station did not come in."""
        self._say("warning", "tail.missed", of=of, held=held, upto=upto)

    def state(self, severity: str, name: str, **facts: object) -> None:
        """Something about the teller itself."""
        self._say(severity, name, station=self._told_by, **facts)

    def _tell(
        self, severity: str, name: str, record: Record, *, is_late: bool = False, **facts: object
    ) -> None:
        by_ms = self._now_ms() - record.at_ms
        if is_late or (self._timers and by_ms >= self._timers.receipt_alarm_ms):
            severity = "warning" if severity == "info" else severity
            facts |= {"delayed": format_duration(by_ms), "sent_at": format_instant(record.at_ms)}
        self._say(severity, name, station=record.station, record=str(record.ref), **facts)

    def _say(self, severity: str, name: str, **facts: object) -> None:
        self._write(severity, name, line=self._line, told_by=self._told_by, **facts)


def _category(message: Message) -> Category:
    return Category.REQUEST if message.asks is Asks.DECISION else Category.INFORMATION


def _flagged(said: Flag | Clear, message: Message | None) -> dict[str, Any]:
    """The flag, and the message that it is about: these tie its events together."""
    about = _named(message) if message else {}
    return {"rule": said.rule, "subject": str(said.subject), **about}


def _raised(flag: Flag, message: Message | None) -> dict[str, Any]:
    """The same, and how bad it is."""
    how_bad = {"level": flag.level, "due": format_instant(flag.due), "detail": flag.detail}
    return _flagged(flag, message) | how_bad


def _named(message: Message) -> dict[str, Any]:
    return {"message": message.name, **_present(notice=message.notice)}


def _present(**facts: object) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact is not None}
