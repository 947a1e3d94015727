"""What a station has heard and does not read yet, since other records may belong before it."""

from hotline.records import Record, by_time
from hotline.station.copies import Head

_MOST_RECORDS = 10_000
_MOST_BYTES = 8 << 20  # of their lines; a record that was read takes up to 17 times as much


class Intake:
    """Records that wait in memory, journal by journal, until they can be read in the right order.

    The right order is that of their times: whether a message was answered before it was revised
    shows only when the journals of both parties are here.

    Args:
        patience_ms: how long they wait at most: a journal that nobody has would never come.
    """

    def __init__(self, patience_ms: int) -> None:
        self._patience_ms = patience_ms
        self._waiting: dict[str, list[Record]] = {}
        self._before: dict[str, Head] = {}
        self._since_ms: int | None = None
        self._bytes = 0

    def __contains__(self, station: str) -> bool:
        return station in self._waiting

    def put(self, record: Record, before: Head, now_ms: int) -> None:
        """Have a record wait; `before` is how far its journal went until then."""
        self._waiting.setdefault(record.station, []).append(record)
        self._before.setdefault(record.station, before)
        self._bytes += len(record.raw)
        if self._since_ms is None:
            self._since_ms = now_ms

    @property
    def is_full(self) -> bool:
        """Whether so many wait that they must be read whatever is missing: memory is bounded."""
        count = sum(map(len, self._waiting.values()))
        return count >= _MOST_RECORDS or self._bytes >= _MOST_BYTES

    def due_ms(self) -> int | None:
        """When the first of them has waited for too long."""
        return None if self._since_ms is None else self._since_ms + self._patience_ms

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): the waiting began later by that."""
        if self._since_ms is not None:
            self._since_ms += by_ms

    def stored(self, of: str, head: Head) -> Head:
        """How far `of`'s journal goes on disk: to `head`, less what still waits here."""
        return self._before.get(of, head)

    def take_all(self) -> list[Record]:
        """All that waits, in the order of its times, and in each journal's own order."""
        journals = [self._waiting[station] for station in sorted(self._waiting)]
        self._waiting, self._before, self._since_ms, self._bytes = {}, {}, None, 0
        return list(by_time(journals))
