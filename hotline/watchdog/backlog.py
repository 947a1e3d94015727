"""What a watchdog hears while it may not speak: it waits, in bounded memory."""

from collections.abc import Sequence

from hotline.station.turn import (
    Acknowledged,
    CameOnline,
    ClockAgrees,
    ClockSkewed,
    Event,
    FellSilent,
    ForkFound,
    ForkHealed,
    Heard,
)

_MOST = 10_000  # events; a start seldom waits for one
_MOST_BYTES = 8 << 20  # of records' lines; one that was read takes up to 17 times as much


class Backlog:
    """Events in the order in which they came."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._bytes = 0
        self._is_cut = False

    def put(self, events: Sequence[Event]) -> None:
        """Keep these; of too many, no records (they are on disk), and of the others the last."""
        self._events += events
        self._bytes += sum(len(each.record.raw) for each in events if isinstance(each, Heard))
        if len(self._events) > _MOST or self._bytes > _MOST_BYTES:
            last: dict[tuple[object, ...], Event] = {}
            for event in self._events:
                if about := _about(event):
                    last.pop(about, None)  # it stands where it came last
                    last[about] = event
            self._events, self._bytes, self._is_cut = [*last.values()], 0, True

    def take(self) -> tuple[list[Event], bool]:
        """All that waited; and whether the journals must be taken up anew, as by a start."""
        events, is_cut = self._events, self._is_cut
        self._events, self._bytes, self._is_cut = [], 0, False
        return events, is_cut


def _about(event: Event) -> tuple[object, ...] | None:
    """What it is about: of several such events the last is enough. None: no rule needs it then."""
    kind = type(event)
    match event:
        case Acknowledged(of=of, reader=by) | ForkFound(of=of, by=by) | ForkHealed(of=of, by=by):
            return kind, of, by
        case CameOnline(station) | FellSilent(station):
            return kind, station
        case ClockSkewed(of) | ClockAgrees(of):
            return kind, of
    return None
