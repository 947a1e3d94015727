"""Parties whose records are missing or unread, and cannot be fetched in time."""

from hotline.bodies import Flag, Level, Rule, Subject
from hotline.station.station import Station
from hotline.watchdog.board import Board

DEAF = "what the watchdog says does not come back, so it may hear nothing"


class Blind:
    """The rule `blind`, at work for one watchdog.

    It judges nothing while it knows that it is behind; when it cannot repair in time, it says so.
    """

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board
        self._timers = station.timers
        self._behind_since_ms: dict[str, int] = {}
        self._parties = {party: Subject(station=party) for party in station.line.parties}

    def tick(self, now_ms: int) -> None:
        """Flag what has been missing for too long, and clear what is here again."""
        hears_since_ms = self._station.reception.since_ms
        if hears_since_ms is None:
            return  # repairing takes a link
        for party, subject in self._parties.items():
            why = self._why(party)
            if why is None:
                self._behind_since_ms.pop(party, None)
                self._board.clear(Rule.BLIND, subject, "all records are here again")
                continue
            since_ms = max(self._behind_since_ms.setdefault(party, now_ms), hears_since_ms)
            due_ms = since_ms + self._timers.receipt_ms
            if now_ms >= due_ms + self._timers.grace_ms:
                detail = f"{why}: nothing is judged meanwhile"
                flag = Flag(
                    rule=Rule.BLIND, subject=subject, level=Level.ALARM, due=due_ms, detail=detail
                )
                self._board.raise_flag(flag)

    def _why(self, party: str) -> str | None:
        """Why what a party says may not be known here; None: all of it is."""
        if self._station.reception.is_overrun:
            return "more comes in than can be read"
        if self._station.reception.is_deaf:
            return DEAF
        if self._station.is_behind(party):
            return f"cannot get the records of {party}"
        return None

    def due_ms(self) -> int | None:
        """When something not flagged yet will have been missing for too long."""
        hears_since_ms = self._station.reception.since_ms
        unsaid = [
            since_ms
            for party, since_ms in self._behind_since_ms.items()
            if not self._board.standing(Rule.BLIND, self._parties[party])
        ]
        if not unsaid or hears_since_ms is None:
            return None
        return max(min(unsaid), hears_since_ms) + self._timers.receipt_ms + self._timers.grace_ms

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative)."""
        self._behind_since_ms = {party: ms + by_ms for party, ms in self._behind_since_ms.items()}
