"""What a watchdog can see, and so whether it may judge."""

from hotline.station.station import Station
from hotline.timers import Timers


class Sight:
    """Whether an answer that came in time would be here.

    A watchdog judges nothing while its link is down, for the grace after that, or while it knows
    that it is behind.
    """

    def __init__(self, station: Station, timers: Timers) -> None:
        self._station = station
        self._timers = timers

    def may_judge(self, now_ms: int) -> bool:
        """Whether an answer that came in time would be here by now."""
        hears_since_ms = self._station.hears_since_ms
        if hears_since_ms is None or now_ms < hears_since_ms + self._timers.grace_ms:
            return False
        return self.sees_all()

    def sees_all(self) -> bool:
        """Whether nothing is known to be missing, and of both parties whether they are there."""
        presences = self._station.peers.presences
        for party in self._station.line.parties:
            if not presences.is_known(party) or self._station.is_behind(party):
                return False
        return self._station.may_speak
