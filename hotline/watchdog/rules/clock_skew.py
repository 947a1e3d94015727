"""Stations whose clock tells another time than ours."""

from hotline.bodies import Rule, Subject
from hotline.station.station import Station
from hotline.station.turn import ClockSkewed
from hotline.watchdog import findings
from hotline.watchdog.board import Board


class ClockSkew:
    """The rule `clock_skew`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board

    def found(self, skew: ClockSkewed, now_ms: int) -> None:
        """A clock differs by more than the line tolerates."""
        self._board.raise_flag(findings.clock_skew(skew, now_ms))

    def agrees(self, station: str) -> None:
        """It does no longer."""
        self._board.clear(Rule.CLOCK_SKEW, Subject(station=station), "the clocks agree")

    def recheck(self) -> None:
        """Look out for the end of what stands flagged by what we knew before our start."""
        for flag in self._board.flags():
            if flag.rule is Rule.CLOCK_SKEW:
                self._station.peers.skews.recheck(flag.subject.station)
