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
        mended = self._mended_since(check, due_ms)
        if mended and stood_degraded(check, self._picture, due_ms, self._timers):
            return  # it was degraded by the two before, and not mended when this was due
        flag = Flag(
            rule=Rule.DEGRADED,
            subject=subject,
            level=Level.ALARM,
            due=due_ms,
            detail=f"channel: {asked} has missed {check.name} and the one before it",
        )
        self._board.raise_flag(flag)
        if mended:
            self._board.clear(Rule.DEGRADED, subject, mended)

    def _mended_since(self, check: Message, due_ms: int) -> str | None:
        """What has ended it already, if it is degraded since then."""
        answered = self._picture.answered_checks.get(check.ref.station)
        if answered and answered.at_ms >= due_ms:
            return _was_answered(answered.ref)
        suspension = self._picture.asked_of(check).suspension
        if suspension and suspension.since_ms >= due_ms:
            return _has_suspended(self._asked(check.ref))
        return None

    def answered(self, check: Message, at_ms: int) -> None:
        """A check was answered; an answer from before the flag's deadline mends nothing."""
        self._mend(self._asked(check.ref), at_ms, _was_answered(check.ref))

    def suspended(self, party: str, at_ms: int) -> None:
        """The silence that a party declared then excuses what it owed to its channel."""
        self._mend(party, at_ms, _has_suspended(party))

    def _mend(self, party: str, at_ms: int, reason: str) -> None:
        subject = Subject(station=party)
        if self._board.stands_since(Rule.DEGRADED, subject, at_ms):
            self._board.clear(Rule.DEGRADED, subject, reason)

    def _asked(self, check: Ref) -> str:
        return self._picture.line.other_party(check.station)


def _was_answered(check: Ref) -> str:
    return f"check {check} was answered"


def _has_suspended(party: str) -> str:
    return f"{party} has suspended"
