"""The watchdog: a station that reads both parties' journals and flags what is overdue.

Its flags and clears are records of its own journal, decided in the turn that hears the cause
and committed with it, so that a crash neither forgets nor repeats one. It judges only what it
can see: not while its link is down, nor while it knows that it is behind.
"""

import heapq
from collections.abc import Sequence

from hotline import findings, topics
from hotline.agenda import Agenda, Deadline
from hotline.board import Board
from hotline.bodies import Answer, Body, Kind, Level, Ref, Rule, Subject, Voice, flag_key
from hotline.comm_checks import is_degraded
from hotline.days import Days
from hotline.deadlines import (
    LEVELS,
    answer_due_ms,
    first_due_ms,
    next_level,
    receipt_due_ms,
)
from hotline.findings import subject_of
from hotline.flights import Flights
from hotline.lifecycle import Message, Wait
from hotline.line import Line
from hotline.picture import Change, Picture, What
from hotline.records import Record
from hotline.silences import Silences
from hotline.station import Station
from hotline.timers import Timers
from hotline.times import format_duration
from hotline.topics import Channel
from hotline.turn import (
    CameOnline,
    ClockAgrees,
    ClockSkewed,
    Event,
    FellSilent,
    ForkFound,
    ForkHealed,
    Heard,
    Incoming,
    Publish,
    Received,
    Turn,
)


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
        self._agenda = Agenda(self._is_void)
        self._board = Board(station)
        self._days = Days(station.picture, station.past)
        self._flights = Flights(station.picture)
        self._silences = Silences(station, self._board, self._agenda)
        self._undelivered: dict[str, list[int]] = {}
        self._answered: dict[str, int] = {}  # of each party's records the last that was answered
        self._blind_since: dict[str, int] = {}
        self._blind_keys = {
            party: flag_key(Rule.BLIND, Subject(station=party)) for party in self._line.parties
        }
        self._untaken: list[Event] = []  # what was heard while we did not know all our own words
        self._resume()
        self._silences.take_up()

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
        self._doubt_again(now_ms)

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

    def overhear(self, message: Incoming, now_ms: int) -> bool:
        """Whether that is a heartbeat with old news, of which nothing follows."""
        return self.station.overhear(message, now_ms)

    def tick(self, now_ms: int) -> None:
        """Take in what this turn has heard, and judge what is due."""
        self.station.tick(now_ms)
        self._untaken += self.station.events
        if not self.station.may_speak:
            return  # some of our flags are missing: what is here may stand flagged already
        if self._untaken:
            events, self._untaken = self._untaken, []
            self._take_all_in(events, now_ms)
        self.station.tell(self._flights.tick(now_ms))
        self.station.tell(self._days.tick(now_ms))
        self._watch_own_sight(now_ms)
        next_ms = self._agenda.next_ms()
        if next_ms is not None and next_ms <= now_ms and self._can_judge(now_ms):
            self._judge(now_ms)

    def flush(self, now_ms: int) -> Turn:
        """Hand out all that this turn brought about."""
        return self.station.flush(now_ms)

    def due_ms(self) -> int | None:
        """When a turn must be taken even though nothing came in."""
        due = self.station.due_ms()
        hears_since_ms = self.station.hears_since_ms
        if due is None or hears_since_ms is None:
            return due
        receipt_ms, grace_ms = self._timers.receipt_ms, self._timers.grace_ms
        if self._blind_since and not self.station.may_speak:
            return due
        for station, since_ms in self._blind_since.items():
            if self._blind_keys[station] not in self._board:
                due = min(due, max(since_ms, hears_since_ms) + receipt_ms + grace_ms)
        for told_ms in (self._flights.due_ms(), self._days.due_ms()):
            if told_ms is not None:
                due = min(due, told_ms)
        next_ms = self._agenda.next_ms()
        if next_ms is not None:
            judge_ms = max(next_ms, hears_since_ms) + grace_ms
            if judge_ms < due and self._sees_all():
                return judge_ms
        return due

    def clock_jumped(self, by_ms: int) -> None:
        """Our clock was put forward: no deadline comes sooner or later for that."""
        self.station.clock_jumped(by_ms)
        self._agenda.shift(by_ms)
        self._blind_since = {party: ms + by_ms for party, ms in self._blind_since.items()}

    # What this turn has heard

    def _take_all_in(self, events: Sequence[Event], now_ms: int) -> None:
        if any(isinstance(event, Heard) and event.record.station == self.name for event in events):
            self._board.reload()
            self._resume()
            self._silences.take_up()
            self._doubt_again(now_ms)
        for event in events:
            self._take_in(event, now_ms)

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
            case _:
                self._mind_station(event, now_ms)

    def _mind_station(self, event: Event, now_ms: int) -> None:
        match event:
            case FellSilent(station, reason):
                self._silences.fell(station, reason, now_ms)
            case CameOnline(station):
                self._silences.came(station)
            case ForkFound():
                self._board.raise_flag(findings.fork(event, now_ms))
            case ForkHealed(of) if not self.station.is_forked(of):
                self._board.clear(Rule.FORK, Subject(station=of), "all show the same again")
            case ClockSkewed():
                self._board.raise_flag(findings.clock_skew(event, now_ms))
            case ClockAgrees(station):
                self._board.clear(Rule.CLOCK_SKEW, Subject(station=station), "the clocks agree")
            case _:
                pass

    def _follow(self, change: Change, now_ms: int) -> None:
        if change.waited and change.message:
            until_ms = min(change.record.at_ms, now_ms)
            self._flag_late(change.message, change.waited, until_ms, now_ms)
        match change.what, change.message:
            case What.OPENED, Message() as message:
                if message.wait:
                    self._expect_answer(message, message.wait)
                self._flag_late_notice(message)
                self.station.tell(self._flights.follow(message, now_ms))
                if message.kind == Kind.STOP and message.notice:
                    self.station.tell(self._flights.stopped(message.notice, now_ms))
            case What.ANSWERED, Message() as message:
                self._prove_delivered(message.ref)
                self._clear_answered(change, message)
            case What.STOOD_BY, Message() as message:
                self._prove_delivered(message.ref)
                self._clear_stood_by(change.record, message)
                if message.wait:  # not when it was taken back meanwhile
                    self._expect_answer(message, message.wait)
            case (What.SUPERSEDED | What.CANCELLED) as what, Message() as message:
                self._board.clear(Rule.UNANSWERED, subject_of(message.ref), what.value)
                self._clear_late_notice(message, what.value)
                self.station.tell(self._flights.look_at(message, now_ms))
            case What.INVALID, _:
                self._board.raise_flag(findings.invalid(change.record.ref, change.reason, now_ms))
            case _:
                self._follow_seldom(change, now_ms)

    def _follow_seldom(self, change: Change, now_ms: int) -> None:
        record, message = change.record, change.message
        match change.what, record.body:
            case What.VOICED, Voice(answer=Answer.STANDBY) if message and change.waited:
                self._clear_stood_by(record, message)
                if message.wait:
                    self._expect_answer(message, message.wait)
            case What.VOICED, _ if message and change.waited:
                self._clear_answered(change, message)
            case What.SUSPENDED, _:
                self._silences.suspended(record.station, now_ms)
            case What.RESUMED, _:
                self._silences.resumed(record.station, now_ms)

    def _expect_receipt(self, ref: Ref, at_ms: int) -> None:
        due_ms = receipt_due_ms(at_ms, LEVELS[0], self._timers)
        if due_ms is not None:
            self._agenda.add(Deadline(due_ms, due_ms, ref, Rule.UNDELIVERED, 0, at_ms))

    def _expect_answer(self, message: Message, wait: Wait) -> None:
        first = next_level(message, wait, self._timers)
        if first:
            level, due_ms = first
            deadline = Deadline(due_ms, due_ms, message.ref, Rule.UNANSWERED, level, wait.since_ms)
            self._agenda.add(deadline)

    def _expect_next_level(self, missed: Deadline, due_ms: int | None, level: int = 0) -> None:
        """Have the next level judged as much later as it is due later."""
        if due_ms is not None:
            judge_ms = missed.judge_ms + due_ms - missed.due_ms
            level = level or missed.level + 1
            self._agenda.add(missed._replace(judge_ms=judge_ms, due_ms=due_ms, level=level))

    def _is_void(self, deadline: Deadline) -> bool:
        ref = deadline.ref
        match deadline.rule:
            case Rule.UNDELIVERED:
                return self._is_delivered(ref)
            case Rule.SILENT:
                return self._silences.is_void(deadline)
        message = self.picture.messages.get(ref)  # what waits is always in mind
        if message is None or message.wait is None or self._silences.excuses(message):
            return True
        return message.last_wait.since_ms != deadline.since_ms

    def _flag_late(self, message: Message, waited: Wait, until_ms: int, now_ms: int) -> None:
        """A wait is over that was too long: say so, even if we could not see it at the time."""
        if self._silences.excuses(message):
            return
        for level in LEVELS:
            due = answer_due_ms(message, waited, level, self._timers)
            if due is None:
                continue
            if due + self._timers.grace_ms >= until_ms:
                break
            if not self._board.has_shown(Rule.UNANSWERED, subject_of(message.ref), level, due):
                self._flag_unanswered(message, level, due, waited.since_ms, now_ms - due)

    def _clear_stood_by(self, record: Record, message: Message) -> None:
        """Clear what was before a STANDBY; heard anew, what came after it may stand flagged."""
        subject = subject_of(message.ref)
        wait = Wait(record.at_ms, getattr(record.body, "expected_at", None))
        first = next_level(message, wait, self._timers)
        if first is None:
            return
        level, due = first
        if not self._board.has_shown(Rule.UNANSWERED, subject, LEVELS[level], due):
            self._board.clear(Rule.UNANSWERED, subject, "standby: the timer restarts")

    def _flag_late_notice(self, message: Message) -> None:
        flag = findings.late_notice(message, self._timers)
        if flag and not self._board.has_shown(flag.rule, flag.subject, flag.level, flag.due):
            self._board.raise_flag(flag)

    def _clear_late_notice(self, message: Message, reason: str) -> None:
        """It is no danger any more: the other party knows of it, or it will not be flown so."""
        if findings.late_notice(message, self._timers):
            self._board.clear(Rule.LATE_NOTICE, subject_of(message.ref), reason)

    def _clear_answered(self, change: Change, message: Message) -> None:
        record, subject = change.record, subject_of(message.ref)
        self._clear_late_notice(message, "answered")
        if message.kind == Kind.CHECK:
            other = Subject(station=self._line.other_party(message.ref.station))
            self._board.clear(Rule.DEGRADED, other, f"{message.name} was answered")
        if flag_key(Rule.UNANSWERED, subject) in self._board:
            wait = change.waited or message.last_wait
            late_ms = max(record.at_ms - first_due_ms(message, wait, self._timers), 0)
            answer = getattr(record.body, "answer", "")
            by_voice = " by voice" if change.what is What.VOICED else ""
            reason = f"answered {answer}{by_voice}, {format_duration(late_ms)} late"
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
        for party in parties:
            if not self.station.is_sighted(party) or self.station.is_behind(party):
                return False
        return self.station.may_speak

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
        for party, key in self._blind_keys.items():
            if not self.station.is_behind(party):
                self._blind_since.pop(party, None)
                if key in self._board:
                    subject = Subject(station=party)
                    self._board.clear(Rule.BLIND, subject, "all records are here again")
                continue
            since_ms = max(self._blind_since.setdefault(party, now_ms), hears_since_ms)
            due_ms = since_ms + self._timers.receipt_ms
            if now_ms >= due_ms + self._timers.grace_ms:
                self._board.raise_flag(findings.blind(party, due_ms))

    # Judgement

    def _judge(self, now_ms: int) -> None:
        until_ms = now_ms - self._timers.grace_ms
        while deadline := self._agenda.take(until_ms):
            if self._is_void(deadline):
                continue
            late_ms = now_ms - deadline.judge_ms
            match deadline.rule:
                case Rule.UNDELIVERED:
                    self._judge_receipt(deadline, late_ms)
                case Rule.SILENT:
                    self._silences.judge(deadline)
                case _:
                    self._judge_answer(deadline, late_ms)

    def _judge_receipt(self, deadline: Deadline, late_ms: int) -> None:
        ref, level = deadline.ref, LEVELS[deadline.level]
        flag = findings.overdue(
            Rule.UNDELIVERED,
            ref,
            level,
            due_ms=deadline.due_ms,
            since_ms=deadline.since_ms,
            seen_ms=self._seen_ms(late_ms),
            detail=f"{self._called(ref)}: no receipt from {self._line.other_party(ref.station)}",
        )
        if self._board.raise_flag(flag) and deadline.level == 0:
            heapq.heappush(self._undelivered[ref.station], ref.seq)
        worse = LEVELS[deadline.level + 1]
        self._expect_next_level(deadline, receipt_due_ms(deadline.since_ms, worse, self._timers))

    def _judge_answer(self, deadline: Deadline, late_ms: int) -> None:
        message, level = self.picture.messages[deadline.ref], LEVELS[deadline.level]
        self._flag_unanswered(message, level, deadline.due_ms, deadline.since_ms, late_ms)
        worse = message.wait and next_level(
            message, message.wait, self._timers, after=deadline.level
        )
        if worse:
            self._expect_next_level(deadline, worse[1], worse[0])

    def _flag_unanswered(
        self, message: Message, level: Level, due_ms: int, since_ms: int, late_ms: int
    ) -> None:
        ref = message.ref
        other = self._line.other_party(ref.station)
        watch = self.picture.declared[other].watch
        self._board.raise_flag(
            findings.overdue(
                Rule.UNANSWERED,
                ref,
                level,
                due_ms=due_ms,
                since_ms=since_ms,
                seen_ms=self._seen_ms(late_ms),
                detail=f"{message.name}: no answer from {other}",
                then=findings.called(watch, level, due_ms),
            )
        )
        if message.kind == Kind.CHECK and level is LEVELS[0]:
            self._judge_channel(message, due_ms)

    def _judge_channel(self, check: Message, due_ms: int) -> None:
        """A comm check was missed; two in a row degrade the channel."""
        if is_degraded(check, self.picture, due_ms, self._timers):
            other = self._line.other_party(check.ref.station)
            self._board.raise_flag(findings.degraded(other, check, due_ms))

    def _seen_ms(self, late_ms: int) -> int:
        """How late a deadline is seen, if that is worth telling: a grace and a tick are not."""
        return late_ms if late_ms > 2 * self._timers.grace_ms else 0

    def _is_delivered(self, ref: Ref) -> bool:
        received = self.station.received(self._line.other_party(ref.station), ref.station)
        return max(received, self._answered[ref.station]) >= ref.seq

    def _called(self, ref: Ref) -> str:
        message = self.picture.messages.get(ref)
        return message.name if message else f"record {ref}"

    # After a restart

    def _doubt_again(self, now_ms: int) -> None:
        """Look out for the end of what stands flagged by what we knew before our start."""
        for flag in self._board.flags():
            if flag.rule is Rule.FORK:
                self.station.doubt_journal(flag.subject.station, now_ms)
            elif flag.rule is Rule.CLOCK_SKEW:
                self.station.doubt_clock(flag.subject.station)

    def _resume(self) -> None:
        """Take up the flags and deadlines of the journal where they were left."""
        self._agenda.clear()
        self._undelivered = {party: [] for party in self._line.parties}
        self._answered = {party: self.station.confirmed(party) for party in self._line.parties}
        for flag in self._board.flags():
            about = flag.subject
            if flag.rule is Rule.UNDELIVERED and about.seq is not None:
                heapq.heappush(self._undelivered[about.station], about.seq)
        for message in self.picture.messages.values():
            if message.answered_by:
                self._prove_delivered(message.ref)
            if message.wait:
                self._expect_answer(message, message.wait)
        for party in self._line.parties:
            for seq, at_ms in self.station.unconfirmed(party):
                self._expect_receipt(Ref(party, seq), at_ms)
