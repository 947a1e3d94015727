"""A narrator under test, and the lines that it writes."""

from hotline.logs.narrator import Narrator
from hotline.logs.teller import Teller
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.turn import Event, Heard, Said
from tests.clocks import HandClock
from tests.helpers import LINE, TIMERS
from tests.lines import Kept, Line, misfits


class Telling:
    """A narrator of one station, and what it wrote."""

    def __init__(self, name: str = "isr", *, only_own: bool = False) -> None:
        self.log, self.clock, self.picture = Kept(), HandClock(), Picture(LINE)
        teller = Teller(self.log, LINE.name, name, self.clock.now_ms, TIMERS)
        self._name = name
        sees_for_all = not only_own or name in LINE.watchdogs
        self._narrator = Narrator(
            teller, LINE, name, only_own=only_own, sees_for_all=lambda: sees_for_all
        )

    def starts(self, confirmed: int) -> None:
        """Its station begins with this picture, and with what it knows to be delivered."""
        self._narrator.take_up(self.picture, confirmed)

    def takes(self, record: Record, *, said: bool | None = None) -> list[Line]:
        """Fold a record and tell it, as said if it is the station's own."""
        changes = self.picture.fold(record)
        said = record.station == self._name if said is None else said
        return self.sees(Said(record, changes) if said else Heard(record, changes))

    def sees(self, event: Event) -> list[Line]:
        """Have something happen; return the lines that tell it."""
        before = len(self.log.lines)
        self._narrator(event)
        new = self.log.lines[before:]
        assert misfits(new) == []
        return new
