"""The end of each UTC day, when a watchdog tells how much of it each party could be heard."""

from hotline.bodies import Rule
from hotline.picture.availability import availability, day_of
from hotline.picture.picture import Picture
from hotline.station.turn import DayEnded
from hotline.times import DAY_MS, HOUR_MS

_WORTH_TELLING_MS = HOUR_MS  # how much of a first day


class Days:
    """Waits for midnight."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._from_ms = 0
        self._ends_ms: int | None = None

    def due_ms(self) -> int | None:
        """When this day ends."""
        return self._ends_ms

    def tick(self, now_ms: int) -> list[DayEnded]:
        """The day that is over by now, for each party."""
        if self._ends_ms is None:
            # A watchdog that has records has watched before.
            self._from_ms = day_of(now_ms) if self._picture.heads else now_ms
            self._ends_ms = day_of(now_ms) + DAY_MS
        if now_ms < self._ends_ms:
            return []
        ended_ms, self._ends_ms = self._ends_ms, day_of(now_ms) + DAY_MS
        from_ms, self._from_ms = max(self._from_ms, ended_ms - DAY_MS), ended_ms
        if ended_ms - from_ms < _WORTH_TELLING_MS:
            return []
        past = {entry.ref: entry for entry in self._picture.past.flags_of(Rule.SILENT)}
        flags = list((past | {entry.ref: entry for entry in self._picture.flags}).values())
        return [
            DayEnded(party, availability(flags, declared.suspensions, party, from_ms, ended_ms))
            for party, declared in self._picture.declared.items()
        ]
