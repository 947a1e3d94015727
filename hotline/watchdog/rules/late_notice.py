"""Notices that were said too shortly before their flight, until nobody can be surprised by it."""

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.picture.lifecycle import Standing
from hotline.picture.message import Message
from hotline.station.station import Station
from hotline.times import format_duration, writable
from hotline.watchdog.board import Board
from hotline.watchdog.portions import Portions


class LateNotice:
    """The rule `late_notice`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board) -> None:
        self._picture = station.picture
        self._board = board
        self._timers = station.timers
        self._to_catch_up = Portions(self._unsaid_or_flagged)

    def take_up(self) -> None:
        """Begin anew to catch up, after a start."""
        self._to_catch_up.begin_anew()

    def said(self, message: Message) -> None:
        """A message was said; if it is heard anew, it may be flagged already."""
        flag = self._flag_on(message)
        if flag and not self._board.has_shown(flag.rule, flag.subject, flag.level, flag.due):
            self._board.raise_flag(flag)

    def settled(self, message: Message, reason: str) -> None:
        """It is no longer a danger: the other party knows of it, or it will not be flown so."""
        self._board.clear(Rule.LATE_NOTICE, Subject.of(message.ref), reason)

    def catch_up(self) -> bool:
        """Flag what an earlier life did not, and clear what is settled since; False: not all yet.

        Waits that end before this is done are judged by `look_back`.
        """
        for message in filter(None, map(self._picture.find, self._to_catch_up.take())):
            if message.waits:
                self.said(message)
            self._settle(message)
        return self._to_catch_up.are_taken

    def look_back(self, message: Message) -> None:
        """A wait for its answer ended while nothing could be said: all of it may be unsaid."""
        self.said(message)
        self._settle(message)

    def _unsaid_or_flagged(self) -> list[Ref]:
        waiting = [m for m in self._picture.messages.values() if m.waits]
        late = [m.ref for m in waiting if self._flag_on(m)]
        return [*late, *(flag.subject.ref for flag in self._board.flags(Rule.LATE_NOTICE))]

    def _settle(self, message: Message) -> None:
        """Clear what is flagged of a message that no longer waits."""
        if not message.waits:
            is_current = message.standing is Standing.CURRENT
            self.settled(message, "answered" if is_current else message.standing.value)

    def _flag_on(self, message: Message) -> Flag | None:
        """A notice was said too shortly before its flight starts, or even after that."""
        opens_ms, least_ms = message.opens_ms, self._timers.late_notice_ms
        if opens_ms is None or not least_ms:
            return None
        lead_ms = opens_ms - message.at_ms
        if lead_ms >= least_ms:
            return None
        said = f"said {format_duration(lead_ms)} before its window opens"
        if lead_ms <= 0:
            said = f"said {format_duration(-lead_ms)} after its window opened"
        return Flag(
            rule=Rule.LATE_NOTICE,
            subject=Subject.of(message.ref),
            level=Level.WARNING if lead_ms > 0 else Level.ALARM,
            due=writable(opens_ms - least_ms),
            detail=f"{message.name}: {said}, {format_duration(least_ms)} are due",
        )
