"""Notices that were said too short a time before their flight, until nobody is surprised by it."""

from hotline.bodies import Ref, Rule
from hotline.picture.lifecycle import Standing
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.timers import Timers
from hotline.watchdog import findings
from hotline.watchdog.board import Board
from hotline.watchdog.findings import subject_of
from hotline.watchdog.portions import Portions


class LateNotice:
    """The rule `late_notice`, at work for one watchdog."""

    def __init__(self, picture: Picture, board: Board, timers: Timers) -> None:
        self._picture = picture
        self._board = board
        self._timers = timers
        self._to_catch_up = Portions(self._unsaid_or_flagged)

    def take_up(self) -> None:
        """Begin anew to catch up, after a start."""
        self._to_catch_up.begin_anew()

    def said(self, message: Message) -> None:
        """A message was said; heard anew, it may have been flagged."""
        flag = findings.late_notice(message, self._timers)
        if flag and not self._board.has_shown(flag.rule, flag.subject, flag.level, flag.due):
            self._board.raise_flag(flag)

    def settled(self, message: Message, reason: str) -> None:
        """It is no danger any more: the other party knows of it, or it will not be flown so."""
        if findings.late_notice(message, self._timers):
            self._board.clear(Rule.LATE_NOTICE, subject_of(message.ref), reason)

    def catch_up(self) -> bool:
        """Flag what an earlier life has not, and clear what is settled since; False: not all yet.

        What ends before this is done is looked back at.
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
        late = [m.ref for m in waiting if findings.late_notice(m, self._timers)]
        flags = (flag for flag in self._board.flags() if flag.rule is Rule.LATE_NOTICE)
        return [*late, *(flag.subject.ref for flag in flags if flag.subject.seq is not None)]

    def _settle(self, message: Message) -> None:
        """Clear what is flagged of a message that waits no more."""
        if not message.waits:
            is_current = message.standing is Standing.CURRENT
            self.settled(message, "answered" if is_current else message.standing.value)
