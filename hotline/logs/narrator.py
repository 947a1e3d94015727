"""From what happens at a node to log lines: which events are told, and by whom."""

from collections.abc import Callable, Sequence
from dataclasses import asdict

from hotline.bodies import Clear, Flag, Handover, Reply, Voice
from hotline.line import Line
from hotline.logs.teller import Teller
from hotline.picture.changes import Change, What
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.turn import (
    Acknowledged,
    CameOnline,
    ClockAgrees,
    ClockJumped,
    ClockSkewed,
    DayEnded,
    Event,
    FellSilent,
    FlightChanged,
    ForkFound,
    ForkHealed,
    GapFound,
    GapRepaired,
    GapWithdrawn,
    Heard,
    HeardAgain,
    LinkDown,
    LinkUp,
    Refused,
    Said,
    Unheard,
)

_STATES: dict[type[Event], tuple[str, str]] = {
    GapFound: ("warning", "gap.found"),
    GapRepaired: ("info", "gap.repaired"),
    GapWithdrawn: ("info", "gap.withdrawn"),
    ForkHealed: ("info", "fork.healed"),
    ClockSkewed: ("warning", "clock.skewed"),
    ClockAgrees: ("info", "clock.agrees"),
    ClockJumped: ("warning", "clock.jumped"),
    Refused: ("warning", "record.refused"),
    LinkDown: ("warning", "link.down"),
    Unheard: ("error", "link.unheard"),
    HeardAgain: ("info", "link.heard"),
}
"""The severity and the name with which each is told; its facts are the event's own fields."""


class Narrator:
    """Tells the events of one node.

    Args:
        teller: puts them into words.
        line: who is on the line.
        name: the node's station.
        only_own: tell each fact only where it arises, because the other stations' narrators
            write to the same stream; else tell all that can be seen from this station.
        sees_for_all: whether it is now the one of them that tells what every watchdog sees: who is
            there, flights, and days.
    """

    def __init__(
        self,
        teller: Teller,
        line: Line,
        name: str,
        *,
        only_own: bool = False,
        sees_for_all: Callable[[], bool] = lambda: True,
    ) -> None:
        self._teller = teller
        self._line = line
        self._name = name
        self._only_own = only_own
        self._sees_for_all = sees_for_all
        self._acknowledged = 0  # how far the other party has our journal

    def __call__(self, event: Event) -> None:
        """Tell one event."""
        match event:
            case Said(record, changes):
                self._tell_record(record, changes, sent=True)
            case Heard(record, changes):
                self._tell_heard(record, changes)
            case Acknowledged(reader, of, _, upto):
                if of == self._name and {of, reader} <= set(self._line.parties):
                    self._acknowledged = upto
                    self._teller.delivered(of, upto, reader)
            case CameOnline(station):
                if self._sees_for_all():
                    self._teller.online(station)
            case FellSilent(station, reason):
                if self._sees_for_all():
                    self._teller.silent(station, reason)
            case _:
                self._tell_state(event)

    def take_up(self, picture: Picture, confirmed: int) -> None:
        """Its station starts, and knows its own records up to this number to be delivered."""
        unconfirmed = (
            message
            for message in picture.messages.values()
            if message.ref.station == self._name
            and message.ref.seq > confirmed
            and message.answered_by is None
        )
        self._teller.take_up(self._name, unconfirmed)

    def _tell_state(self, event: Event) -> None:
        """What is neither a record nor about one: links, journals and clocks, flights and days."""
        teller = self._teller
        match event:
            case LinkUp():
                if self._only_own and self._sees_for_all():  # nobody else would tell of it
                    teller.online(self._name)
                teller.state("debug" if self._only_own else "info", "link.up")
            case ForkFound(of, _, by):
                teller.state("error", "fork.found", of=of, by=by, reason=str(event))
            case DayEnded(party, availability) if self._sees_for_all():
                teller.day(party, availability)
            case FlightChanged(message, phase) if self._sees_for_all():
                teller.flight(message, phase)
            case _ if type(event) in _STATES:
                severity, name = _STATES[type(event)]
                teller.state(severity, name, **asdict(event))

    def _tell_heard(self, record: Record, changes: Sequence[Change]) -> None:
        if record.station == self._name:
            self._teller.adopted(record)
            self._tell_record(record, changes, sent=True)
            if record.seq <= self._acknowledged:  # the other side had it before we did
                self._teller.delivered(self._name, record.seq, self._line.other_party(self._name))
        elif not self._only_own or self._is_delayed(changes):
            self._tell_record(record, changes, sent=False)

    def _is_delayed(self, changes: Sequence[Change]) -> bool:
        """Whether this is the other party's message, and so late that the log must say so."""
        return self._name in self._line.parties and any(
            change.what is What.OPENED and change.message and self._teller.delay(change.message)
            for change in changes
        )

    def _tell_record(self, record: Record, changes: Sequence[Change], *, sent: bool) -> None:
        teller, body = self._teller, record.body
        for change in changes:
            message = change.message
            match change.what, change.record.body:
                case What.OPENED, _ if message:
                    to = self._line.other_party(message.ref.station)
                    teller.opened(record, message, sent=sent, to=to)
                case ((What.ANSWERED | What.STOOD_BY), Reply() as reply):
                    ours = change.record.station == self._name
                    teller.answered(change.record, reply, message, sent=ours)
                case What.INVALID, _:
                    teller.invalid(change.record, change.reason)
                case _:
                    self._tell_other(change)
        if not changes and isinstance(body, Reply):
            teller.answered(record, body, None, sent=sent)
        elif not changes and isinstance(body, Voice):
            teller.voiced(record, body, None, waiting=True)

    def _tell_other(self, change: Change) -> None:
        """Changes that are neither a message nor an answer to one."""
        teller, record, message = self._teller, change.record, change.message
        match change.what, record.body:
            case What.FLAGGED, Flag() as flag:
                teller.flagged(record, flag, message)
            case What.CLEARED, Clear() as clear:
                teller.cleared(record, clear, message)
            case What.VOICED, Voice() as voice:
                teller.voiced(record, voice, message)
            case What.HANDED_OVER, Handover() as handover:
                teller.handed_over(record, handover)
