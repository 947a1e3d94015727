"""The watchdog: a station that reads both parties' journals and flags what is overdue.

Its flags and clears are records of its own journal, decided in the turn that hears the cause
and committed with it, so that a crash neither forgets nor repeats one. What each rule demands
is in `hotline.rules`; here is who is told of what, and in which order.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from hotline import findings, topics
from hotline.agenda import Agenda, Deadline
from hotline.backlog import Backlog
from hotline.board import Board
from hotline.bodies import Answer, Body, Kind, Rule, Voice
from hotline.changes import Change, What
from hotline.days import Days
from hotline.doubts import Doubt
from hotline.flights import Flights
from hotline.line import Line
from hotline.message import Message
from hotline.picture import Picture
from hotline.rules.blind import Sight
from hotline.rules.disagreements import Disagreements
from hotline.rules.late_notice import LateNotices
from hotline.rules.silent import Silences
from hotline.rules.unanswered import Answers
from hotline.rules.undelivered import Deliveries
from hotline.station import Station
from hotline.timers import Timers
from hotline.topics import Channel
from hotline.turn import (
    Acknowledged,
    CameOnline,
    Event,
    FellSilent,
    Heard,
    Incoming,
    Publish,
    Turn,
)

_MOST = 500  # deadlines that are judged in one turn; after an import there may be many


class Watchdog:
    """The rules of a line, at work in one station.

    Args:
        station: the watchdog's own station, with its picture as the journal on disk has it.
        timers: the line's timers.
        doubts: what it was not sure of when it ended.
    """

    def __init__(self, station: Station, timers: Timers, doubts: Iterable[Doubt]) -> None:
        self.station = station
        self._timers = timers
        self._line = station.line
        self._agenda = Agenda(self._is_void)
        self._board = Board(station)
        self._days = Days(station.picture, station.past)
        self._flights = Flights(station.picture)
        self._sight = Sight(station, self._board, timers)
        self._late_notices = LateNotices(self._board, timers)
        self._deliveries = Deliveries(station, self._board, self._agenda, timers)
        self._silences = Silences(station, self._board, self._agenda)
        self._answers = Answers(
            station, self._board, self._agenda, self._silences, timers, doubts=doubts
        )
        self._disagreements = Disagreements(station, self._board)
        self._backlog = Backlog()  # what was heard while we did not know all our own words
        self._has_caught_up = False
        self._take_up()

    @property
    def name(self) -> str:
        """The station's name."""
        return self.station.name

    @property
    def line(self) -> Line:
        """The line that it watches."""
        return self._line

    @property
    def picture(self) -> Picture:
        """All records that it holds, folded."""
        return self.station.picture

    @property
    def may_speak(self) -> bool:
        """Whether it knows all its own flags and clears."""
        return self.station.may_speak

    @property
    def events(self) -> Sequence[Event]:
        """What has happened in this turn so far."""
        return self.station.events

    def topics(self) -> list[str]:
        """The topic filters it must hear: a station's, and its own flag board."""
        return [*self.station.topics(), topics.board_of(self._line.name, self.name)]

    def connecting(self, now_ms: int) -> Publish:
        """A connection is about to be made: here is its last will."""
        return self.station.connecting(now_ms)

    def connected(self, now_ms: int) -> None:
        """The broker can be heard; it may have lost the board, so put up what is raised."""
        self.station.connected(now_ms)
        self._board.post_all()
        self._disagreements.recheck(now_ms)

    def disconnected(self, reason: str) -> None:
        """The broker cannot be heard, so nothing can be judged."""
        self.station.disconnected(reason)

    def goodbye(self, now_ms: int) -> Publish:
        """The status with which the watchdog leaves the line."""
        return self.station.goodbye(now_ms)

    def say(self, kind: Kind, body: Body) -> None:
        """Add a record to our own journal with the next flush."""
        self.station.say(kind, body)

    def hear(self, message: Incoming, now_ms: int) -> None:
        """Something came in. Never raises, whatever the bytes are."""
        key = self._key_on_board(message.topic)
        if key is None:
            self.station.hear(message, now_ms)
        else:
            self._board.found(key, message.payload)

    def overhear(self, message: Incoming, now_ms: int) -> bool:
        """Whether nothing follows: a heartbeat with old news, or our own flag come back to us."""
        if self.station.overhear(message, now_ms):
            return True
        key = self._key_on_board(message.topic)
        return key is not None and self._board.may_stay(key, message.payload)

    def _key_on_board(self, topic_text: str) -> str | None:
        """Which flag of our own board is shown under this topic, if any."""
        topic = topics.parse(topic_text)
        is_ours = topic and topic.station == self.name and topic.channel is Channel.FLAGS
        return topic.argument if topic and is_ours else None

    def tick(self, now_ms: int) -> None:
        """Take in what this turn has heard, and judge what is due."""
        self.station.tick(now_ms)
        if not self.station.may_speak:
            # Some of our flags are missing: what is here may stand flagged already.
            self._backlog.put(self.station.events)
            for change in _changes_in(self.station.events):
                self._answers.ended(change, now_ms, is_sure=False)
            return
        waited, is_cut = self._backlog.take()
        if is_cut:
            self._flights = Flights(self.picture)
            self._take_up_anew(now_ms)
        if events := [*waited, *self.station.events]:
            self._take_all_in(events, now_ms)
        if not self._has_caught_up:
            self._has_caught_up = True
            self._catch_up(now_ms)
        self.station.tell(self._flights.tick(now_ms))
        self.station.tell(self._days.tick(now_ms))
        self._sight.tick(now_ms)
        next_ms = self._agenda.next_ms()
        is_due = next_ms is not None and next_ms <= now_ms
        if (is_due or self._answers.looks_back) and self._sight.may_judge(now_ms):
            for message in self._answers.look_back(now_ms):
                self._late_notices.look_back(message)
            if not self._answers.looks_back:  # what is over first, level by level
                self._judge(now_ms - self._timers.grace_ms, now_ms)

    def beat(self, now_ms: int) -> Publish | None:
        """Our heartbeat, if it is due and nothing else is."""
        return self.station.beat(now_ms)

    def flush(self, now_ms: int, ahead_ms: int = 0) -> Turn:
        """Hand out all that this turn brought about; a status due within `ahead_ms` goes along."""
        turn = self.station.flush(now_ms, ahead_ms)
        self._board.end_turn()
        turn.doubts = self._answers.doubts()
        self.station.rules_due_ms = self._due_ms()
        return turn

    def due_ms(self) -> int | None:
        """When a turn must be taken even though nothing came in."""
        return self.station.due_ms()

    def _due_ms(self) -> int | None:
        """When the rules need a turn."""
        hears_since_ms = self.station.hears_since_ms
        if hears_since_ms is None or not self.station.may_speak:
            return None
        dues_ms = [self._sight.due_ms(), self._flights.due_ms(), self._days.due_ms()]
        next_ms = hears_since_ms if self._answers.looks_back else self._agenda.next_ms()
        if next_ms is not None and self._sight.sees_all():
            dues_ms.append(max(next_ms, hears_since_ms) + self._timers.grace_ms)
        return min((due_ms for due_ms in dues_ms if due_ms is not None), default=None)

    def clock_jumped(self, by_ms: int) -> None:
        """Our clock was put forward: no deadline comes sooner or later for that."""
        self.station.clock_jumped(by_ms)
        self._agenda.shift(by_ms)
        self._sight.shift(by_ms)

    # What this turn has heard

    def _take_all_in(self, events: Sequence[Event], now_ms: int) -> None:
        if any(isinstance(event, Heard) and event.record.station == self.name for event in events):
            self._take_up_anew(now_ms)
        self._answers.hear_all(_changes_in(events))
        for event in events:
            self._take_in(event, now_ms)

    def _take_in(self, event: Event, now_ms: int) -> None:
        match event:
            case Heard(record, changes):
                if record.station in self._line.parties:
                    self._deliveries.expect(record.ref, record.at_ms)
                for change in changes:
                    self._follow(change, now_ms)
            case Acknowledged(reader, of, _, upto):
                if of in self._line.parties and reader == self._line.other_party(of):
                    self._deliveries.acknowledged(of, upto)
            case FellSilent(station, reason):
                self._silences.fell(station, reason, now_ms)
            case CameOnline(station):
                self._silences.came(station)
            case _:
                self._disagreements.hear(event, now_ms)

    def _follow(self, change: Change, now_ms: int) -> None:
        if change.waited or self._answers.looks_back:
            # Until we have caught up, what has ended may never have been looked at.
            is_sure = self._has_caught_up and self._sight.may_judge(now_ms)
            self._answers.ended(change, now_ms, is_sure=is_sure)
        match change.what, change.message:
            case What.OPENED, Message() as message:
                self._answers.expect(message)
                self._late_notices.said(message)
                self.station.tell(self._flights.follow(message, now_ms))
                if message.kind == Kind.STOP and message.notice:
                    self.station.tell(self._flights.stopped(message.notice, now_ms))
            case What.ANSWERED, Message() as message:
                self._deliveries.prove(message.ref)
                self._late_notices.settled(message, "answered")
                self._answers.answered(change, message)
            case What.STOOD_BY, Message() as message:
                self._deliveries.prove(message.ref)
                self._answers.stood_by(change, message)
            case (What.SUPERSEDED | What.CANCELLED) as what, Message() as message:
                self._answers.taken_back(message, what.value)
                self._late_notices.settled(message, what.value)
                self.station.tell(self._flights.look_at(message, now_ms))
            case What.INVALID, _:
                self._board.raise_flag(findings.invalid(change.record.ref, change.reason, now_ms))
            case _:
                self._follow_seldom(change, now_ms)

    def _follow_seldom(self, change: Change, now_ms: int) -> None:
        record, message = change.record, change.message
        match change.what, record.body:
            case What.VOICED, Voice(answer=Answer.STANDBY) if message and change.waited:
                self._answers.stood_by(change, message)
            case What.VOICED, _ if message and change.waited:
                self._late_notices.settled(message, "answered")
                self._answers.answered(change, message)
            case What.SUSPENDED, _:
                self._silences.suspended(record.station, record.at_ms, now_ms)
            case What.RESUMED, _:
                self._silences.resumed(record.station, record.at_ms, now_ms)
                self._answers.resumed(record.station)

    # Deadlines

    def _is_void(self, deadline: Deadline) -> bool:
        match deadline.rule:
            case Rule.UNDELIVERED:
                return self._deliveries.is_void(deadline)
            case Rule.SILENT:
                return self._silences.is_void(deadline)
        return self._answers.is_void(deadline)

    def _judge(self, until_ms: int, now_ms: int) -> None:
        left = _MOST
        while left and (deadline := self._agenda.take(until_ms)):
            if self._is_void(deadline):
                continue
            left -= 1
            late_ms = now_ms - deadline.judge_ms
            match deadline.rule:
                case Rule.UNDELIVERED:
                    self._deliveries.judge(deadline, late_ms)
                case Rule.SILENT:
                    self._silences.judge(deadline)
                case _:
                    self._answers.judge(deadline, late_ms)

    # After a restart

    def _catch_up(self, now_ms: int) -> None:
        """Say what an earlier life heard, and ended before it might say."""
        self._late_notices.catch_up(self.picture)
        self._deliveries.catch_up()
        self._silences.catch_up(now_ms)
        for ref, reason in itertools.chain(
            self.station.past.invalid(), self.picture.invalid.items()
        ):
            self._board.raise_flag(findings.invalid(ref, reason, now_ms))

    def _take_up_anew(self, now_ms: int) -> None:
        """What stands flagged is known only now, or what was heard has been forgotten."""
        self._board.reload()
        self._take_up()
        self._has_caught_up = False
        self._disagreements.recheck(now_ms)

    def _take_up(self) -> None:
        """Take up the flags and deadlines of the journal where they were left."""
        self._agenda.clear()
        self._deliveries.take_up()
        self._answers.take_up()
        self._silences.take_up()


def _changes_in(events: Iterable[Event]) -> Iterator[Change]:
    """What the records that were heard have changed."""
    return (change for event in events if isinstance(event, Heard) for change in event.changes)
