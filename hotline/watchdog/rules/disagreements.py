"""What stations disagree about: what a record says, and what time it is."""

from hotline.bodies import Rule, Subject
from hotline.station.station import Station
from hotline.station.turn import ClockAgrees, ClockSkewed, Event, ForkFound, ForkHealed
from hotline.watchdog import findings
from hotline.watchdog.board import Board


class Disagreements:
    """The rules `fork` and `clock_skew`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board

    def hear(self, event: Event, now_ms: int) -> None:
        """The statuses have shown that two do not agree, or agree again."""
        match event:
            case ForkFound():
                self._board.raise_flag(findings.fork(event, now_ms))
            case ForkHealed(of) if not self._station.is_forked(of):
                self._board.clear(Rule.FORK, Subject(station=of), "all show the same again")
            case ClockSkewed():
                self._board.raise_flag(findings.clock_skew(event, now_ms))
            case ClockAgrees(station):
                self._board.clear(Rule.CLOCK_SKEW, Subject(station=station), "the clocks agree")

    def recheck(self, now_ms: int) -> None:
        """Look out for the end of what stands flagged by what we knew before our start."""
        for flag in self._board.flags():
            if flag.rule is Rule.FORK:
                self._station.recheck_journal(flag.subject.station, now_ms)
            elif flag.rule is Rule.CLOCK_SKEW:
                self._station.peers.skews.recheck(flag.subject.station)
