"""The watchdog: a station that reads both parties' journals and flags what is overdue.

Its flags and clears are records of its own journal, decided in the turn that hears the cause
and committed with it, so that a crash neither forgets nor repeats one. It judges only what it
can see: not while its link is down, nor while it knows that it is behind.
"""

import heapq

from hotline import topics
from hotline.board import Board
from hotline.bodies import Body, Flag, Kind, Level, Ref, Rule, Subject, flag_key
from hotline.deadlines import LEVELS, answer_due_ms, receipt_due_ms
from hotline.lifecycle import Message
from hotline.line import Line
from hotline.picture import Change, Picture, What
from hotline.records import Record
from hotline.station import Station
from hotline.status import GOODBYE
from hotline.timers import Timers
from hotline.times import format_duration
from hotline.topics import Channel
from hotline.turn import CameOnline, Event, FellSilent, Heard, Incoming, Publish, Received, Turn

_Deadline = tuple[int, Ref, Rule, int, int]  # due, of which record, rule, level's index, its `at`


class Watchdog:
    """The rules of a line, at work in one station.

    Args:
        station: the watchdog's own station, with its picture as the journal on disk has it.
        timers: the line's timers.
    """

    def __init__(self, station: Station, timers: Timers) -> None:
        self.station = station
        self._timers = timers
        self._line = station.line
        self._deadlines: list[_Deadline] = []
        self._board = Board(station)
        self._undelivered: dict[str, list[int]] = {}
        self._answered: dict[str, int] = {}  # of each party's records the last that was answered
        self._blind_since: dict[str, int] = {}
        self._untaken: list[Event] = []  # what was heard while we did not know all our own words
        self._resume()

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

    def disconnected(self, reason: str, now_ms: int) -> None:
        """The broker cannot be heard, so nothing can be judged."""
        self.station.disconnected(reason, now_ms)

    def goodbye(self, now_ms: int) -> Publish:
        """The status with which the watchdog leaves the line."""
        return self.station.goodbye(now_ms)

    def say(self, kind: Kind, body: Body) -> None:
        """Add a record to our own journal with the next flush."""
        self.station.say(kind, body)

    def hear(self, message: Incoming, now_ms: int) -> None:
        """Something came in. Never raises, whatever the bytes are."""
        topic = topics.parse(message.topic)
        if topic and topic.station == self.name and topic.channel is Channel.FLAGS:
            self._board.found(topic.argument, message.payload)
        else:
            self.station.hear(message, now_ms)

    def tick(self, now_ms: int) -> None:
        """Take in what this turn has heard, and judge what is due."""
        self.station.tick(now_ms)
        self._untaken += self.station.events
        if not self.station.may_speak:
            return  # some of our flags are missing: what is here may stand flagged already
        events, self._untaken = self._untaken, []
        if any(isinstance(event, Heard) and event.record.station == self.name for event in events):
            self._board.reload()
            self._resume()
        for event in events:
            self._take_in(event, now_ms)
        self._watch_own_sight(now_ms)
        if self._can_judge(now_ms):
            self._judge(now_ms)

    def flush(self, now_ms: int) -> Turn:
        """Hand out all that this turn brought about."""
        return self.station.flush(now_ms)

    def due_ms(self) -> int | None:
        """When a turn must be taken even though nothing came in."""
        due = self.station.due_ms()
        hears_since_ms = self.station.hears_since_ms
        if due is None or hears_since_ms is None or not self.station.may_speak:
            return due
        receipt_ms, grace_ms = self._timers.receipt_ms, self._timers.grace_ms
        for station, since_ms in self._blind_since.items():
            if flag_key(Rule.BLIND, Subject(station=station)) not in self._board:
                due = min(due, max(since_ms, hears_since_ms) + receipt_ms + grace_ms)
        if self._deadlines and self._sees_all():
            due = min(due, max(self._deadlines[0][0], hears_since_ms) + grace_ms)
        return due

    # What this turn has heard

    def _take_in(self, event: Event, now_ms: int) -> None:
        match event:
            case Heard(record, changes):
                if record.station in self._line.parties:
                    self._expect_receipt(record.ref, record.at_ms)
                for change in changes:
                    self._follow(change, now_ms)
            case Received(reader, of, _, upto):
                if of in self._line.parties and reader == self._line.other_party(of):
                    self._clear_delivered(of, upto)
            case FellSilent(station, reason):
                self._board.raise_flag(_silent(station, reason, now_ms))
            case CameOnline(station):
                self._board.clear(Rule.SILENT, Subject(station=station), "back on the line")
            case _:
                pass

    def _follow(self, change: Change, now_ms: int) -> None:
        if change.waited:
            self._flag_late(change.waited, min(change.record.at_ms, now_ms), now_ms)
        match change.what, change.message:
            case What.OPENED, Message() as message:
                self._expect_answer(message, 0)
            case What.ANSWERED, Message() as message:
                self._prove_delivered(message.ref)
                self._clear_answered(change.record, message)
            case What.STOOD_BY, Message() as message:
                self._prove_delivered(message.ref)
                self._board.clear(
                    Rule.UNANSWERED, _subject(message.ref), "standby: the timer restarts"
                )
                self._expect_answer(message, 0)
            case (What.SUPERSEDED | What.CANCELLED) as what, Message() as message:
                self._board.clear(Rule.UNANSWERED, _subject(message.ref), what.value)
            case What.INVALID, _:
                self._board.raise_flag(
                    Flag(
                        rule=Rule.INVALID,
                        subject=_subject(change.record.ref),
                        level=Level.WARNING,
                        due=now_ms,
                        detail=f"record {change.record.ref}: {change.reason}",
                    )
                )

    def _expect_receipt(self, ref: Ref, at_ms: int, level: int = 0) -> None:
        due = receipt_due_ms(at_ms, LEVELS[level], self._timers)
        if due is not None:
            heapq.heappush(self._deadlines, (due, ref, Rule.UNDELIVERED, level, at_ms))

    def _expect_answer(self, message: Message, level: int) -> None:
        if level < len(LEVELS):
            due = answer_due_ms(message, LEVELS[level], self._timers)
            entry = (due, message.ref, Rule.UNANSWERED, level, message.at_ms)
            heapq.heappush(self._deadlines, entry)

    def _flag_late(self, waited: Message, until_ms: int, now_ms: int) -> None:
        """A wait is over that was too long: say so, even if we could not see it at the time."""
        for level in LEVELS:
            due = answer_due_ms(waited, level, self._timers)
            if due + self._timers.grace_ms >= until_ms:
                break
            if not self._board.has_shown(Rule.UNANSWERED, _subject(waited.ref), level, due):
                self._flag_unanswered(waited, level, due, now_ms)

    def _clear_answered(self, record: Record, message: Message) -> None:
        subject = _subject(message.ref)
        if flag_key(Rule.UNANSWERED, subject) in self._board:
            late_ms = max(record.at_ms - answer_due_ms(message, LEVELS[0], self._timers), 0)
            reason = f"answered {message.answer}, {format_duration(late_ms)} late"
            self._board.clear(Rule.UNANSWERED, subject, reason, late_ms)

    def _prove_delivered(self, ref: Ref) -> None:
        """Who answers a record has it and all before it, whatever became of the receipt."""
        if ref.seq > self._answered[ref.station]:
            self._answered[ref.station] = ref.seq
            self._clear_delivered(*ref)

    def _clear_delivered(self, of: str, upto: int) -> None:
        flagged = self._undelivered[of]
        while flagged and flagged[0] <= upto:
            subject = Subject(station=of, seq=heapq.heappop(flagged))
            self._board.clear(Rule.UNDELIVERED, subject, "delivered")

    # What it can see

    def _sees_all(self) -> bool:
        parties = self._line.parties
        return (
            self.station.may_speak
            and all(self.station.is_sighted(party) for party in parties)
            and not any(self.station.is_behind(party) for party in parties)
        )

    def _can_judge(self, now_ms: int) -> bool:
        """Whether an answer that came in time would be here by now."""
        hears_since_ms = self.station.hears_since_ms
        if hears_since_ms is None or now_ms < hears_since_ms + self._timers.grace_ms:
            return False
        return self._sees_all()

    def _watch_own_sight(self, now_ms: int) -> None:
        hears_since_ms = self.station.hears_since_ms
        if hears_since_ms is None:
            return  # to repair takes a link
        for party in self._line.parties:
            if not self.station.is_behind(party):
                self._blind_since.pop(party, None)
                self._board.clear(Rule.BLIND, Subject(station=party), "all records are here again")
                continue
            since_ms = max(self._blind_since.setdefault(party, now_ms), hears_since_ms)
            due_ms = since_ms + self._timers.receipt_ms
            if now_ms >= due_ms + self._timers.grace_ms:
                self._board.raise_flag(_blind(party, due_ms))

    # Judgement

    def _judge(self, now_ms: int) -> None:
        grace_ms = self._timers.grace_ms
        while self._deadlines and self._deadlines[0][0] + grace_ms <= now_ms:
            due, ref, rule, level, at_ms = heapq.heappop(self._deadlines)
            if rule is Rule.UNDELIVERED:
                self._judge_receipt(ref, level, due, at_ms, now_ms)
            else:
                self._judge_answer(ref, level, due, now_ms)

    def _judge_receipt(self, ref: Ref, level: int, due: int, at_ms: int, now_ms: int) -> None:
        reader = self._line.other_party(ref.station)
        received = self.station.received(reader, ref.station)
        if max(received, self._answered[ref.station]) >= ref.seq:
            return
        detail = f"{self._called(ref)}: no receipt from {reader}"
        late = self._overdue(Rule.UNDELIVERED, ref, LEVELS[level], due, at_ms, now_ms, detail)
        if late and level == 0:
            heapq.heappush(self._undelivered[ref.station], ref.seq)
        self._expect_receipt(ref, at_ms, level + 1)

    def _judge_answer(self, ref: Ref, level: int, due: int, now_ms: int) -> None:
        message = self.picture.messages[ref]
        # A STANDBY moves the deadline; the entry of the old one is then void.
        if not message.waits or due != answer_due_ms(message, LEVELS[level], self._timers):
            return
        self._flag_unanswered(message, LEVELS[level], due, now_ms)
        self._expect_answer(message, level + 1)

    def _flag_unanswered(self, message: Message, level: Level, due: int, now_ms: int) -> None:
        ref = message.ref
        detail = f"{message.name}: no answer from {self._line.other_party(ref.station)}"
        self._overdue(Rule.UNANSWERED, ref, level, due, message.waits_since_ms, now_ms, detail)

    def _overdue(  # noqa: PLR0917 -- the parts of one deadline, as the heap has them
        self, rule: Rule, ref: Ref, level: Level, due: int, since_ms: int, now_ms: int, detail: str
    ) -> bool:
        detail += f" after {format_duration(due - since_ms)}"
        if now_ms - due > 2 * self._timers.grace_ms:
            detail += f" (seen {format_duration(now_ms - due)} after that)"
        return self._board.raise_flag(
            Flag(rule=rule, subject=_subject(ref), level=level, due=due, detail=detail)
        )

    def _called(self, ref: Ref) -> str:
        message = self.picture.messages.get(ref)
        return message.name if message else f"record {ref}"

    # After a restart

    def _resume(self) -> None:
        """Take up the flags and deadlines of the journal where they were left."""
        self._deadlines.clear()
        self._undelivered = {party: [] for party in self._line.parties}
        self._answered = dict.fromkeys(self._line.parties, 0)
        for flag in self._board.flags():
            if flag.rule is Rule.UNDELIVERED and flag.subject.seq is not None:
                heapq.heappush(self._undelivered[flag.subject.station], flag.subject.seq)
        for message in self.picture.messages.values():
            self._expect_receipt(message.ref, message.at_ms)
            if message.answered_by and message.answered_ms is not None:
                self._prove_delivered(message.ref)
                self._expect_receipt(message.answered_by, message.answered_ms)
            if message.waits:
                self._expect_answer(message, 0)


def _subject(ref: Ref) -> Subject:
    return Subject(station=ref.station, seq=ref.seq)


def _silent(station: str, reason: str, now_ms: int) -> Flag:
    left = reason == GOODBYE
    return Flag(
        rule=Rule.SILENT,
        subject=Subject(station=station),
        level=Level.WARNING if left else Level.ALARM,
        due=now_ms,
        detail=f"{station} left the line" if left else f"{station}: {reason}",
    )


def _blind(party: str, due_ms: int) -> Flag:
    return Flag(
        rule=Rule.BLIND,
        subject=Subject(station=party),
        level=Level.ALARM,
        due=due_ms,
        detail=f"cannot get the records of {party}: nothing is judged meanwhile",
    )
