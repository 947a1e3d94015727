"""Channels on which two comm checks in a row were missed."""

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.picture.message import Message
from hotline.station.station import Station
from hotline.watchdog.board import Board
from hotline.watchdog.comm_checks import is_degraded, stood_degraded


class Degraded:
    """The rule `degraded`, at work for one watchdog; its flag is about who missed the checks."""

    def __init__(self, station: Station, board: Board) -> None:
        self._picture = station.picture
        self._board = board
        self._timers = station.timers

    def missed(self, check: Message, due_ms: int) -> None:
        """A check was missed; if this is seen late, it may be over already."""
        asked = self._asked(check.ref)
        subject = Subject(station=asked)
        if not is_degraded(check, self._picture, due_ms, self._timers):
            return
        if self._board.has_shown(Rule.DEGRADED, subject, Level.ALARM, due_ms):
            return  # three that were said at once make two pairs: one flag is enough
        answered = self._picture.answered_checks.get(check.ref.station)
        is_over = answered is not None and answered.at_ms >= due_ms
        if is_over and stood_degraded(check, self._picture, due_ms, self._timers):
            return  # it was degraded by the two before, and not mended when this was due
        flag = Flag(
            rule=Rule.DEGRADED,
            subject=subject,
            level=Level.ALARM,
            due=due_ms,
            detail=f"channel: {asked} has missed {check.name} and the one before it",
        )
        self._board.raise_flag(flag)
        if answered and is_over:
            self._mend(answered.ref)

    def answered(self, check: Message, at_ms: int) -> None:
        """A check was answered; an answer from before the flag's deadline mends nothing."""
        if self._board.stands_since(Rule.DEGRADED, Subject(station=self._asked(check.ref)), at_ms):
            self._mend(check.ref)

    def suspended(self, party: str, at_ms: int) -> None:
        """The silence that a party declared then excuses what it owed to its channel."""
        if self._board.stands_since(Rule.DEGRADED, Subject(station=party), at_ms):
            self._board.clear(Rule.DEGRADED, Subject(station=party), f"{party} has suspended")

    def _mend(self, check: Ref) -> None:
        subject = Subject(station=self._asked(check))
        self._board.clear(Rule.DEGRADED, subject, f"check {check} was answered")

    def _asked(self, check: Ref) -> str:
        return self._picture.line.other_party(check.station)
