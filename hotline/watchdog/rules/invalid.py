"""Records that make no sense: each is flagged once, and stays so."""

import itertools

from hotline.bodies import Body, Flag, Level, Nonsense, Ref, Rule, Subject
from hotline.station.station import Station
from hotline.watchdog.board import Board
from hotline.watchdog.portions import Portions


class Invalid:
    """The rule `invalid`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board
        self._to_catch_up = Portions(self._unsaid)

    def take_up(self) -> None:
        """Begin anew to catch up, after a start."""
        self._to_catch_up.begin_anew()

    def said(self, ref: Ref, reason: str, body: Body | None, now_ms: int) -> None:
        """A record was said that makes no sense; it may be flagged already.

        What is wrong with a body that cannot be read, only the record itself tells.
        """
        about, detail = Subject.of(ref), f"record {ref}: {reason}"
        if isinstance(body, Nonsense):
            detail += f" ({body.detail})"
        flag = Flag(
            rule=Rule.INVALID, subject=about, level=Level.WARNING, due=now_ms, detail=detail
        )
        self._board.raise_flag(flag)

    def catch_up(self, now_ms: int) -> bool:
        """Flag what an earlier life did not; False: not all yet."""
        for ref, reason in self._to_catch_up.take():
            record = self._station.record_of(ref)
            self.said(ref, reason, record and record.body, now_ms)
        return self._to_catch_up.are_taken

    def _unsaid(self) -> list[tuple[Ref, str]]:
        flagged = {flag.subject.ref for flag in self._board.flags(Rule.INVALID)}
        picture = self._station.picture
        known = itertools.chain(picture.past.invalid(), picture.invalid.items())
        return [each for each in known if each[0] not in flagged]
