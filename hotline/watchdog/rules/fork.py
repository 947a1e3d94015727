"""Journals of which two stations show different records under one number."""

from hotline.bodies import Flag, Level, Rule, Subject
from hotline.station.station import Station
from hotline.station.turn import ForkFound
from hotline.watchdog.board import Board


class Fork:
    """The rule `fork`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board

    def found(self, fork: ForkFound, now_ms: int) -> None:
        """Somebody shows another record than we hold."""
        self._board.raise_flag(forked(fork, now_ms))

    def healed(self, of: str) -> None:
        """Somebody shows what we hold again; others may not."""
        if not self._station.is_forked(of):
            self._board.clear(Rule.FORK, Subject(station=of), "all show the same again")

    def recheck(self, now_ms: int) -> None:
        """Watch for the end of flags that stand because of what we knew before our start."""
        for flag in self._board.flags(Rule.FORK):
            self._station.recheck_journal(flag.subject.station, now_ms)


def forked(found: ForkFound, now_ms: int) -> Flag:
    """One number of a journal was given to two records."""
    return Flag(
        rule=Rule.FORK,
        subject=Subject(station=found.of),
        level=Level.ALARM,
        due=now_ms,
        detail=str(found),
    )
