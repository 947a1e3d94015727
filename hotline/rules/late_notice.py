"""Notices that were said too short a time before their flight, until nobody is surprised by it."""

from hotline import findings
from hotline.board import Board
from hotline.bodies import Rule
from hotline.findings import subject_of
from hotline.lifecycle import Standing
from hotline.message import Message
from hotline.picture import Picture
from hotline.timers import Timers


class LateNotices:
    """The rule `late_notice`, at work for one watchdog."""

    def __init__(self, board: Board, timers: Timers) -> None:
        self._board = board
        self._timers = timers

    def said(self, message: Message) -> None:
        """A message was said; heard anew, it may have been flagged."""
        flag = findings.late_notice(message, self._timers)
        if flag and not self._board.has_shown(flag.rule, flag.subject, flag.level, flag.due):
            self._board.raise_flag(flag)

    def settled(self, message: Message, reason: str) -> None:
        """It is no danger any more: the other party knows of it, or it will not be flown so."""
        if findings.late_notice(message, self._timers):
            self._board.clear(Rule.LATE_NOTICE, subject_of(message.ref), reason)

    def catch_up(self, picture: Picture) -> None:
        """Flag what an earlier life has not, and clear what is settled since."""
        for message in picture.messages.values():
            if message.waits:
                self.said(message)
        for flag in self._board.flags():
            if flag.rule is Rule.LATE_NOTICE and flag.subject.seq is not None:
                late = picture.find(flag.subject.ref)
                if late is not None:
                    self._settle(late)

    def look_back(self, message: Message) -> None:
        """A wait for its answer ended while nothing could be said: all of it may be unsaid."""
        self.said(message)
        self._settle(message)

    def _settle(self, message: Message) -> None:
        """Clear what is flagged of a message that waits no more."""
        if not message.waits:
            is_current = message.standing is Standing.CURRENT
            self.settled(message, "answered" if is_current else message.standing.value)
