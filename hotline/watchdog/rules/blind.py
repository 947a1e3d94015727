"""What a watchdog can see: whether it may judge, and since when a party's records are missing."""

from hotline.bodies import Rule, Subject
from hotline.station.station import Station
from hotline.timers import Timers
from hotline.watchdog import findings
from hotline.watchdog.board import Board


class Sight:
    """The rule `blind`, at work for one watchdog.

    It judges nothing while its link is down, for the grace after that, or while it knows that it
    is behind; when it cannot repair in time, it says so.
    """

    def __init__(self, station: Station, board: Board, timers: Timers) -> None:
        self._station = station
        self._board = board
        self._timers = timers
        self._behind_since: dict[str, int] = {}
        self._parties = {party: Subject(station=party) for party in station.line.parties}

    def may_judge(self, now_ms: int) -> bool:
        """Whether an answer that came in time would be here by now."""
        hears_since_ms = self._station.hears_since_ms
        if hears_since_ms is None or now_ms < hears_since_ms + self._timers.grace_ms:
            return False
        return self.sees_all()

    def sees_all(self) -> bool:
        """Whether nothing is known to be missing, and of both parties whether they are there."""
        presences = self._station.peers.presences
        for party in self._parties:
            if not presences.is_known(party) or self._station.is_behind(party):
                return False
        return self._station.may_speak

    def tick(self, now_ms: int) -> None:
        """Flag what is missing for too long, and clear what is here again."""
        hears_since_ms = self._station.hears_since_ms
        if hears_since_ms is None:
            return  # to repair takes a link
        for party, subject in self._parties.items():
            if not self._station.is_behind(party):
                self._behind_since.pop(party, None)
                if self._board.standing(Rule.BLIND, subject):
                    self._board.clear(Rule.BLIND, subject, "all records are here again")
                continue
            since_ms = max(self._behind_since.setdefault(party, now_ms), hears_since_ms)
            due_ms = since_ms + self._timers.receipt_ms
            if now_ms >= due_ms + self._timers.grace_ms:
                self._board.raise_flag(findings.blind(party, due_ms))

    def due_ms(self) -> int | None:
        """When something is missing for too long that is not flagged yet."""
        hears_since_ms = self._station.hears_since_ms
        unsaid = [
            since_ms
            for party, since_ms in self._behind_since.items()
            if not self._board.standing(Rule.BLIND, self._parties[party])
        ]
        if not unsaid or hears_since_ms is None:
            return None
        return max(min(unsaid), hears_since_ms) + self._timers.receipt_ms + self._timers.grace_ms

    def shift(self, by_ms: int) -> None:
        """Our clock was set by so much (back, below 0)."""
        self._behind_since = {party: ms + by_ms for party, ms in self._behind_since.items()}
