"""The rules of a line as one: which of them an event concerns, and which has set a deadline.

What each demands is in `rules`; whether a watchdog sees enough to judge is in `watchdog`.
"""

from collections.abc import Iterable, Iterator, Sequence

from hotline.bodies import Answer, Rule, Voice
from hotline.picture.changes import Change, What
from hotline.picture.doubts import Doubt
from hotline.picture.message import Message
from hotline.station.station import Station
from hotline.station.turn import (
    Acknowledged,
    CameOnline,
    ClockAgrees,
    ClockSkewed,
    Event,
    FellSilent,
    ForkFound,
    ForkHealed,
    Heard,
)
from hotline.times import LONG_AGO_MS
from hotline.watchdog import portions
from hotline.watchdog.agenda import Agenda, Deadline
from hotline.watchdog.board import Board
from hotline.watchdog.rules.clock_skew import ClockSkew
from hotline.watchdog.rules.degraded import Degraded
from hotline.watchdog.rules.fork import Fork
from hotline.watchdog.rules.invalid import Invalid
from hotline.watchdog.rules.late_notice import LateNotice
from hotline.watchdog.rules.silent import Silent
from hotline.watchdog.rules.unanswered import Unanswered
from hotline.watchdog.rules.undelivered import Undelivered


class Rulebook:
    """All rules but `blind`, at work for one watchdog.

    Args:
        station: the watchdog's own station.
        board: where it flags.
    """

    def __init__(self, station: Station, board: Board) -> None:
        self._station = station
        self._board = board
        self._timers = station.timers
        self._line = station.line
        self._agenda = Agenda(self._is_void)
        self._late_notice = LateNotice(station, board)
        self._undelivered = Undelivered(station, board, self._agenda)
        degraded = Degraded(station, board)
        self._silent = Silent(station, board, self._agenda, degraded)
        self._unanswered = Unanswered(station, board, self._agenda, degraded)
        # The rule that a deadline belongs to.
        self._set_by: dict[Rule, Undelivered | Silent | Unanswered] = {
            Rule.UNDELIVERED: self._undelivered,
            Rule.SILENT: self._silent,
            Rule.UNANSWERED: self._unanswered,
        }
        self._fork = Fork(station, board)
        self._clock_skew = ClockSkew(station, board)
        self._invalid = Invalid(station, board)
        self.has_caught_up = False
        """Whether all that an earlier life left unsaid has been said."""
        self._take_up()

    # What was heard

    def hear(self, events: Sequence[Event], now_ms: int, *, is_sure: bool) -> None:
        """Have each rule take in what concerns it.

        `is_sure` says that no record is missing, so that the first end of a wait is the end.
        """
        us = self._station.name
        if any(isinstance(event, Heard) and event.record.station == us for event in events):
            self.take_up_anew(now_ms)
        # Until we have caught up, a wait that has ended may never have been looked at.
        is_sure = is_sure and self.has_caught_up
        self._unanswered.hear_all([*changes_in(events)])
        for event in events:
            self._hear(event, now_ms, is_sure=is_sure)
        self._agenda.heard(now_ms, self._timers.clock_skew_ms)

    def hear_ends(self, events: Sequence[Event], now_ms: int) -> None:
        """Note which waits are ended by events that can be taken in only later."""
        for change in changes_in(events):
            self._unanswered.ended(change, now_ms, is_sure=False)

    def _hear(self, event: Event, now_ms: int, *, is_sure: bool) -> None:
        match event:
            case Heard(record, changes):
                if record.station in self._line.parties:
                    self._undelivered.expect(record.ref, record.at_ms, record.kind)
                for change in changes:
                    self._follow(change, now_ms, is_sure=is_sure)
            case Acknowledged(reader, of, _, upto):
                if of in self._line.parties and reader == self._line.other_party(of):
                    self._undelivered.acknowledged(of, upto)
            case FellSilent(station, reason):
                self._silent.fell(station, reason, now_ms)
            case CameOnline(station):
                self._silent.came(station)
            case _:
                self._hear_disagreement(event, now_ms)

    def _hear_disagreement(self, event: Event, now_ms: int) -> None:
        """The statuses have shown that two do not agree, or agree again."""
        match event:
            case ForkFound():
                self._fork.found(event, now_ms)
            case ForkHealed(of):
                self._fork.healed(of)
            case ClockSkewed():
                self._clock_skew.found(event, now_ms)
            case ClockAgrees(station):
                self._clock_skew.agrees(station)

    def _follow(self, change: Change, now_ms: int, *, is_sure: bool) -> None:
        if change.waited or self._unanswered.looks_back:
            self._unanswered.ended(change, now_ms, is_sure=is_sure)
        match change.what, change.message:
            case What.OPENED, Message() as message:
                self._unanswered.expect(message)
                self._late_notice.said(message)
            case What.ANSWERED, Message() as message:
                self._undelivered.prove(message.ref)
                self._late_notice.settled(message, "answered")
                self._unanswered.answered(change, message, now_ms)
            case What.STOOD_BY, Message() as message:
                self._undelivered.prove(message.ref)
                self._unanswered.stood_by(change, message)
            case (What.SUPERSEDED | What.CANCELLED) as what, Message() as message:
                self._unanswered.taken_back(message, what.value)
                self._late_notice.settled(message, what.value)
            case What.INVALID, _:
                self._invalid.said(change.record.ref, change.reason, change.record.body, now_ms)
            case _:
                self._follow_seldom(change, now_ms)

    def _follow_seldom(self, change: Change, now_ms: int) -> None:
        record, message = change.record, change.message
        match change.what, record.body:
            case What.VOICED, Voice(answer=Answer.STANDBY) if message and change.waited:
                self._unanswered.stood_by(change, message)
            case What.VOICED, _ if message and change.waited:
                self._late_notice.settled(message, "answered")
                self._unanswered.answered(change, message, now_ms)
            case What.SUSPENDED, _:
                self._silent.suspended(record.station, record.at_ms, now_ms)
            case What.RESUMED, _:
                self._silent.resumed(record.station, record.at_ms, now_ms)

    # What is due

    def next_ms(self) -> int | None:
        """When the next deadline must be judged; long ago while anything must be looked back at."""
        return LONG_AGO_MS if self._unanswered.looks_back else self._agenda.next_ms()

    def judge(self, now_ms: int) -> None:
        """Flag what is overdue; first, in as many turns as it takes, what is already over."""
        for message in self._unanswered.look_back(now_ms):
            self._late_notice.look_back(message)
        if not self._unanswered.looks_back:
            self._judge_until(now_ms - self._timers.grace_ms, now_ms)

    def doubts(self) -> list[Doubt] | None:
        """The changed part of what it is not sure of, to be stored; None: nothing has changed."""
        return self._unanswered.doubts()

    def clock_jumped(self, by_ms: int) -> None:
        """Our clock was set: no deadline comes sooner or later for that."""
        self._agenda.shift(by_ms)

    def _judge_until(self, until_ms: int, now_ms: int) -> None:
        left = portions.MOST
        while left and (deadline := self._agenda.take(until_ms)):
            if not self._is_void(deadline):
                left -= 1
                self._set_by[deadline.rule].judge(deadline, now_ms - deadline.judge_ms)

    def _is_void(self, deadline: Deadline) -> bool:
        return self._set_by[deadline.rule].is_void(deadline)

    # After a start

    def catch_up(self, now_ms: int) -> None:
        """Say once what an earlier life heard but could not say before it ended.

        If there is much of it, in as many turns as it takes.
        """
        if self.has_caught_up:
            return
        self._agenda.heard(now_ms, self._timers.clock_skew_ms)
        self.has_caught_up = (
            self._late_notice.catch_up()
            and self._undelivered.catch_up()
            and self._invalid.catch_up(now_ms)
        )
        if self.has_caught_up:
            self._silent.catch_up(now_ms)

    def recheck(self, now_ms: int) -> None:
        """Watch for the end of flags that stand because of what an earlier connection showed."""
        self._fork.recheck(now_ms)
        self._clock_skew.recheck()

    def take_up_anew(self, now_ms: int) -> None:
        """Begin again from the journal: it has new words of ours, or what we heard was dropped."""
        self._board.reload()
        self._take_up()
        self.has_caught_up = False
        self.recheck(now_ms)

    def _take_up(self) -> None:
        """Take up the flags and deadlines of the journal where they were left."""
        self._agenda.clear()
        self._late_notice.take_up()
        self._invalid.take_up()
        self._undelivered.take_up()
        self._unanswered.take_up()
        self._silent.take_up()


def changes_in(events: Iterable[Event]) -> Iterator[Change]:
    """What the records that were heard have changed."""
    return (change for event in events if isinstance(event, Heard) for change in event.changes)
