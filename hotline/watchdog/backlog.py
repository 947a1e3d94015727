"""What a watchdog hears while it may not speak: it waits, in bounded memory."""

from collections.abc import Sequence

from hotline.station.turn import Acknowledged, Event, Heard

_MOST = 10_000  # events; a start seldom waits for one


class Backlog:
    """Events in the order in which they came."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._is_cut = False

    def put(self, events: Sequence[Event]) -> None:
        """Keep these; of too many, no records (they are on disk) and only the last receipts."""
        self._events += events
        if len(self._events) > _MOST:
            receipts = [e for e in self._events if isinstance(e, Acknowledged)]
            last = {(receipt.reader, receipt.of): receipt for receipt in receipts}
            others = [e for e in self._events if not isinstance(e, Heard | Acknowledged)]
            self._events = [*others, *last.values()]
            self._is_cut = True

    def take(self) -> tuple[list[Event], bool]:
        """All that waited; and whether the journals must be taken up anew, as by a start."""
        events, is_cut = self._events, self._is_cut
        self._events, self._is_cut = [], False
        return events, is_cut
