"""One station of a wire, and what can be read from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hotline.bodies import Kind
from hotline.picture.changes import What
from hotline.picture.doubts import Doubt
from hotline.records import Record
from hotline.station.station import Station
from hotline.station.turn import Event, Heard, Incoming, Publish, Said


@dataclass
class Seat:
    """One station of a wire: its machine while it runs, its disk, and what it told."""

    name: str
    machine: Station | None = None
    linked: bool = False
    will: Publish | None = None
    inbox: list[Incoming] = field(default_factory=list)
    disk: list[Record] = field(default_factory=list)
    doubts: Sequence[Doubt] = ()
    events: list[Event] = field(default_factory=list)

    def journal(self, of: str) -> list[bytes]:
        """The lines that it has of a station."""
        return [record.raw for record in self.disk if record.station == of]

    def said(self) -> list[Record]:
        """The records that it said since the wire was made."""
        return [event.record for event in self.events if isinstance(event, Said)]

    def flags(self) -> list[str]:
        """All that it raised and cleared, in order: `unanswered tur/1 WARNING`."""
        said: list[str] = []
        for record in self.disk:
            if record.station == self.name and record.kind in (Kind.FLAG, Kind.CLEAR):
                body = record.body
                level = getattr(body, "level", "cleared")
                said.append(f"{getattr(body, 'rule', '?')} {getattr(body, 'subject', '?')} {level}")
        return said

    def shown(self) -> list[str]:
        """The records that opened a message for its officer, each as often as it did."""
        return [
            str(change.record.ref)
            for event in self.events
            if isinstance(event, Heard)
            for change in event.changes
            if change.what is What.OPENED and change.record.station != self.name
        ]
