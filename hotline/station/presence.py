"""Who can be heard: the heartbeats and last wills of the other stations."""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.station.turn import CameOnline, FellSilent
from hotline.status import GOODBYE, LINK_LOST, NOT_HEARD, Status
from hotline.times import LONG_AGO_MS, format_duration


@dataclass(slots=True)
class _Presence:
    heard_ms: int = LONG_AGO_MS
    since_ms: int = LONG_AGO_MS
    left_ms: int = LONG_AGO_MS  # when it said its last goodbye, by its own clock
    online: bool | None = None  # None: neither heard yet nor missed for long enough


class Presences:
    """Which other stations are there, as far as we know; silences are counted on our own clock."""

    def __init__(self, others: Iterable[str], silent_ms: int) -> None:
        self._silent_ms = silent_ms
        self._of = {station: _Presence() for station in others}

    def expect(self, station: str, now_ms: int) -> None:
        """Listen for one more station from now on."""
        self._of.setdefault(station, _Presence(heard_ms=now_ms))

    def is_known(self, station: str) -> bool:
        """Whether we know how `station` is: it was heard lately, or found to be silent."""
        return self._of[station].online is not None

    def is_silent(self, station: str) -> bool:
        """Whether `station` was found to be silent."""
        return self._of[station].online is False

    def has_left_since(self, station: str, at_ms: int) -> bool:
        """Whether `station` is silent and has said goodbye after `at_ms`, by its own clock."""
        presence = self._of[station]
        return presence.online is False and presence.left_ms >= at_ms

    def has_come_since(self, station: str, at_ms: int) -> bool:
        """Whether `station` is known to have come onto the line after `at_ms`, by its own clock."""
        return self._of[station].since_ms > at_ms

    def listen_from(self, now_ms: int) -> None:
        """We can hear from now on: what was known before is old, silences count from here."""
        for presence in self._of.values():
            presence.heard_ms = now_ms
            if presence.online:
                presence.online = None

    def excuse(self, now_ms: int) -> None:
        """We were asleep ourselves: what was missed meanwhile is nobody's fault but ours."""
        for presence in self._of.values():
            presence.heard_ms = now_ms

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): what was counted on it moves along."""
        for presence in self._of.values():
            presence.heard_ms += by_ms

    def hear(self, told: Status, *, retained: bool, now_ms: int) -> CameOnline | FellSilent | None:
        """A status came in; say what that changes.

        A retained one was said before we listened: it tells of now only while it is fresh. If a
        connection ends that we had never heard of, that is news of a station known to be gone: it
        was back meanwhile.
        """
        presence = self._of[told.station]
        if not told.online:
            if told.reason == GOODBYE:
                presence.left_ms = max(presence.left_ms, told.at_ms)
            is_later = told.since_ms > presence.since_ms
            stale_will = told.since_ms < presence.since_ms
            if stale_will or (presence.online is False and not is_later):
                return None
            presence.since_ms = told.since_ms
            return self._lose(told.station, told.reason or LINK_LOST)
        presence.since_ms = told.since_ms
        heard_ms = min(now_ms, told.at_ms) if retained else now_ms
        if now_ms - heard_ms >= self._silent_ms:
            return None
        presence.heard_ms = max(presence.heard_ms, heard_ms)
        if presence.online:
            return None
        presence.online = True
        return CameOnline(told.station)

    def is_there(self, told: Status) -> bool:
        """Whether a status says only what we know: its station is there, on that connection."""
        presence = self._of[told.station]
        return told.online and presence.online is True and told.since_ms == presence.since_ms

    def overhear(self, station: str, now_ms: int) -> None:
        """A live status of a station came in that is known to be there."""
        presence = self._of[station]
        presence.heard_ms = max(presence.heard_ms, now_ms)

    def miss(self, now_ms: int) -> list[FellSilent]:
        """The stations whose heartbeats have been missing for too long by now."""
        return [
            self._lose(station, f"{NOT_HEARD} {format_duration(self._silent_ms)}")
            for station, presence in self._of.items()
            if presence.online is not False and now_ms - presence.heard_ms >= self._silent_ms
        ]

    def due_ms(self) -> int | None:
        """When the next silence would be too long."""
        heard_ms = [p.heard_ms for p in self._of.values() if p.online is not False]
        return min(heard_ms) + self._silent_ms if heard_ms else None

    def _lose(self, station: str, reason: str) -> FellSilent:
        self._of[station].online = False
        return FellSilent(station, reason)
