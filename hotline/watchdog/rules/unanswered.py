"""Messages that the other party's officer has not answered in time."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hotline.bodies import Kind, Level, Ref, Rule, Subject
from hotline.picture.changes import Change, What
from hotline.picture.doubts import Doubt, End, end_of
from hotline.picture.message import Message, Wait
from hotline.station.station import Station
from hotline.times import format_duration
from hotline.watchdog.agenda import Agenda, Deadline
from hotline.watchdog.board import Board
from hotline.watchdog.deadlines import LEVELS, answer_dues, first_due_ms
from hotline.watchdog.overdue import called, overdue
from hotline.watchdog.rules.degraded import Degraded
from hotline.watchdog.rules.hindsight import Hindsight


class Unanswered:
    """The rule `unanswered`, at work for one watchdog."""

    def __init__(self, station: Station, board: Board, agenda: Agenda, degraded: Degraded) -> None:
        self._picture = station.picture
        self._line = station.line
        self._board = board
        self._agenda = agenda
        self._degraded = degraded
        self._timers = station.timers
        self._hindsight = Hindsight(station.picture.past.doubts())
        self._ended_twice: set[Ref] = set()

    @property
    def looks_back(self) -> bool:
        """Whether there are waits that are over and not judged yet."""
        return bool(self._hindsight)

    def doubts(self) -> list[Doubt] | None:
        """The changed part of what it is not sure of, to be stored; None: nothing has changed."""
        return self._hindsight.to_save()

    def take_up(self) -> None:
        """Have all that waits judged, after a start."""
        for message in self._picture.messages.values():
            self.expect(message)

    def expect(self, message: Message) -> None:
        """A message may wait for an answer from now on."""
        if wait := message.open_wait:
            level, due_ms = next(answer_dues(message, wait, self._timers))
            deadline = Deadline(due_ms, due_ms, message.ref, Rule.UNANSWERED, level, wait.since_ms)
            self._agenda.add(deadline)

    def hear_all(self, changes: Sequence[Change]) -> None:
        """Look through all changes of one turn before they are taken in one by one.

        Two of them may end the same wait, and the one read first may be the later one: note which
        messages have several. And when a party has resumed, what was excused is due after all. That
        is looked at once, however often it has resumed, or it could hold us up.
        """
        ended = Counter(
            change.message.ref
            for change in changes
            if change.message and end_of(change, change.record.at_ms)
        )
        self._ended_twice = {ref for ref, times in ended.items() if times > 1}
        for party in sorted({c.record.station for c in changes if c.what is What.RESUMED}):
            self._resumed(party)

    def _resumed(self, party: str) -> None:
        for message in self._picture.waiting_for(party):
            if message.is_service:
                self.expect(message)

    def ended(self, change: Change, now_ms: int, *, is_sure: bool) -> None:
        """A wait is over, unless it already was: this is judged when all is here."""
        message, end = change.message, end_of(change, now_ms, self._timers.clock_skew_ms)
        if message is None or end is None:
            return
        if not is_sure or message.ref in self._ended_twice or message.ref in self._hindsight:
            self._hindsight.note(message.ref, change.waited, end)
        elif change.waited:
            self._missed(message, change.waited, end, now_ms)

    def look_back(self, now_ms: int) -> Iterator[Message]:
        """All is here by now: flag the waits in doubt that were too long; return their messages."""
        for ref, waited, end in self._hindsight.take():
            message = self._picture.find(ref)
            if message is None:
                continue
            self._missed(message, waited, end, now_ms)
            if end.begins:
                self._restart(message, end.begins)
            elif end.is_answer:
                self._settle(message, waited, end)
            else:
                self.taken_back(message, end.how)
            yield message

    def answered(self, change: Change, message: Message, now_ms: int) -> None:
        """A final answer is here, in writing or by voice."""
        if end := end_of(change, now_ms, self._timers.clock_skew_ms):
            self._settle(message, change.waited or message.last_wait, end)

    def stood_by(self, change: Change, message: Message) -> None:
        """A STANDBY ends what stands flagged."""
        end = end_of(change, change.record.at_ms)
        if end and end.begins:
            self._restart(message, end.begins)
        self.expect(message)  # unless it was taken back meanwhile

    def taken_back(self, message: Message, how: str) -> None:
        """Its author has revised or cancelled it."""
        self._board.clear(Rule.UNANSWERED, Subject.of(message.ref), how)

    def is_void(self, deadline: Deadline) -> bool:
        """Whether the message waits no longer, or not since the same time."""
        message = self._picture.messages.get(deadline.ref)  # what waits is always in memory
        if message is None or message.open_wait is None or self._picture.is_excused(message):
            return True
        return message.last_wait.since_ms != deadline.since_ms

    def judge(self, deadline: Deadline, late_ms: int) -> None:
        """An answer did not come in time; `late_ms` is how long after its deadline it is judged."""
        message, level = self._picture.messages[deadline.ref], deadline.level
        self._flag(message, level, deadline.due_ms, deadline.since_ms, late_ms)
        for worse, due_ms in answer_dues(message, message.last_wait, self._timers):
            if LEVELS.index(worse) > LEVELS.index(level):
                self._agenda.escalate(deadline, worse, due_ms)
                break

    def _missed(self, message: Message, waited: Wait, end: End, now_ms: int) -> None:
        """Flag a wait that was too long, even if that could not be seen at the time."""
        for level, due_ms in answer_dues(message, waited, self._timers):
            judge_ms = due_ms + self._timers.grace_ms
            if judge_ms >= end.at_ms:
                break
            if self._was_excused(message, judge_ms, now_ms):
                break
            if not self._board.has_shown(Rule.UNANSWERED, Subject.of(message.ref), level, due_ms):
                self._flag(message, level, due_ms, waited.since_ms, now_ms - due_ms)

    def _was_excused(self, message: Message, judge_ms: int, now_ms: int) -> bool:
        """Whether the party asked had suspended by then, or has now; a later one is no excuse.

        Whoever watched then may have heard of one before its time: by a clock that is ahead of his.
        """
        if not message.is_service:
            return False
        asked = self._picture.asked_of(message)
        has_now = asked.silence(now_ms) is not None
        heard_ms = judge_ms + self._timers.clock_skew_ms
        return has_now or asked.excused_in_hindsight(message.at_ms, heard_ms)

    def _settle(self, message: Message, waited: Wait, end: End) -> None:
        subject = Subject.of(message.ref)
        if message.kind == Kind.CHECK:
            self._degraded.answered(message, end.at_ms)
        if self._board.standing(Rule.UNANSWERED, subject):
            late_ms = max(end.at_ms - first_due_ms(message, waited, self._timers), 0)
            late = f", {format_duration(late_ms)} late" if late_ms else " in time, heard late"
            self._board.clear(Rule.UNANSWERED, subject, f"{end.how}{late}", late_ms)

    def _restart(self, message: Message, wait: Wait) -> None:
        """A new wait begins, and what stands flagged about the one before is over.

        If it is heard anew, what came after it may be flagged: in that wait, or in a later one.
        """
        later = (message.last_wait,) if message.last_wait.since_ms > wait.since_ms else ()
        subject = Subject.of(message.ref)
        for begun in (wait, *later):
            level, due_ms = next(answer_dues(message, begun, self._timers))
            if self._board.has_shown(Rule.UNANSWERED, subject, level, due_ms):
                return
        self._board.clear(Rule.UNANSWERED, subject, "standby: the timer restarts")

    def _flag(
        self, message: Message, level: Level, due_ms: int, since_ms: int, late_ms: int
    ) -> None:
        other = self._line.other_party(message.ref.station)
        watch = self._picture.asked_of(message).on_watch(due_ms)
        before = "" if since_ms == message.at_ms else "STANDBY, then "
        is_new = self._board.raise_flag(
            overdue(
                Rule.UNANSWERED,
                message.ref,
                level,
                due_ms=due_ms,
                since_ms=since_ms,
                late_ms=late_ms,
                timers=self._timers,
                detail=f"{message.name}: {before}no answer from {other}",
                then=called(watch, level),
            )
        )
        first_of_a_check = message.kind == Kind.CHECK and level is LEVELS[0]
        if is_new and first_of_a_check:
            self._degraded.missed(message, due_ms)
