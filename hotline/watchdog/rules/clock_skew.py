"""Stations whose clock tells another time than ours."""

from hotline.bodies import Flag, Level, Rule, Subject
from hotline.station.station import Station
from hotline.station.turn import ClockSkewed
from hotline.times import format_duration
from hotline.watchdog.board import Board


class ClockSkew:
    """The rule `clock_skew`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board

    def found(self, skew: ClockSkewed, now_ms: int) -> None:
        """A clock differs by more than the line tolerates."""
        is_party = skew.of in self._station.line.parties
        self._board.raise_flag(skewed(skew, now_ms, is_party=is_party))

    def agrees(self, station: str) -> None:
        """It differs no longer."""
        self._board.clear(Rule.CLOCK_SKEW, Subject(station=station), "the clocks agree")

    def recheck(self) -> None:
        """Watch for the end of flags that stand because of what we knew before our start."""
        for flag in self._board.flags(Rule.CLOCK_SKEW):
            self._station.peers.skews.recheck(flag.subject.station)


def skewed(skew: ClockSkewed, now_ms: int, *, is_party: bool) -> Flag:
    """A station's clock and ours differ, so we judge a party's records later or sooner.

    By how much is what it was when we noticed: while the flag stands it may become more or less.
    """
    side, then = ("ahead of", "later") if skew.ahead_ms > 0 else ("behind", "sooner")
    detail = f"the clock of {skew.of} was found {format_duration(abs(skew.ahead_ms))} {side} ours"
    if is_party:
        detail += f": what it says falls due {then} here, by as much as they differ"
    return Flag(
        rule=Rule.CLOCK_SKEW,
        subject=Subject(station=skew.of),
        level=Level.WARNING,
        due=now_ms,
        detail=detail,
    )
