"""The watchdog: a station that reads both parties' journals and flags what is overdue.

Its flags and clears are records of its own journal, decided in the turn that hears the cause
and committed with it, so that a crash neither forgets nor repeats one. Its rulebook says what to
flag; this module says when that may be said: once all its own records, and the parties', are known.
"""

from collections.abc import Mapping, Sequence

from hotline import topics
from hotline.line import Line
from hotline.picture.picture import Picture
from hotline.station.copies import Head
from hotline.station.keeper import CHECKPOINT_RECORDS
from hotline.station.station import Station
from hotline.station.turn import Event, Incoming, Publish, Turn
from hotline.timers import Timers
from hotline.times import LONG_AGO_MS
from hotline.topics import Channel
from hotline.watchdog.backlog import Backlog
from hotline.watchdog.board import Board
from hotline.watchdog.days import Days
from hotline.watchdog.flights import Flights
from hotline.watchdog.rulebook import Rulebook, changes_in
from hotline.watchdog.rules.blind import Blind


class Watchdog(Station):
    """A station with the rules of its line at work in it."""

    def __init__(
        self,
        line: Line,
        name: str,
        timers: Timers,
        heads: Mapping[str, Head],
        picture: Picture,
        *,
        checkpoint_every: int = CHECKPOINT_RECORDS,
    ) -> None:
        super().__init__(line, name, timers, heads, picture, checkpoint_every=checkpoint_every)
        self._board = Board(self)
        self._days = Days(picture)
        self._flights = Flights(picture)
        self._blind = Blind(self, self._board)
        self._rules = Rulebook(self, self._board)
        self._backlog = Backlog()  # what was heard while we did not know all our own records
        self._judges_ms: int | None = None  # when we need a turn, as of the end of the last one

    def topics(self) -> list[str]:
        """The topic filters it must hear: a station's, and its own flag board."""
        return [*super().topics(), topics.board_of(self.line.name, self.name)]

    def connected(self, now_ms: int) -> None:
        """The broker can be heard; it may have lost the board, so put up all that stands."""
        super().connected(now_ms)
        self._board.post_all()
        self._rules.recheck(now_ms)

    def hear(self, message: Incoming, now_ms: int) -> None:
        """Something came in. Never raises, whatever the bytes are."""
        key = self._key_on_board(message.topic)
        if key is None:
            super().hear(message, now_ms)
        else:
            self._board.found(key, message.payload)

    def overhear(self, message: Incoming, now_ms: int) -> bool:
        """Whether nothing follows: a heartbeat with old news, or our own flag come back to us."""
        if super().overhear(message, now_ms):
            return True
        key = self._key_on_board(message.topic)
        return key is not None and self._board.may_stay(key, message.payload)

    def _key_on_board(self, topic_text: str) -> str | None:
        """Which flag of our own board is shown under this topic, if any."""
        topic = topics.parse(topic_text)
        if topic and topic.station == self.name and topic.channel is Channel.FLAGS:
            return topic.argument
        return None

    def tick(self, now_ms: int, *, all_heard: bool = True) -> None:
        """Take in what this turn has heard, and judge what is due unless more is still unread."""
        super().tick(now_ms, all_heard=all_heard)
        if not self.may_speak:
            # Some of our flags are missing: what is here may stand flagged already.
            self._backlog.put(self.events)
            self._rules.hear_ends(self.events, now_ms)
            return
        waited, is_cut = self._backlog.take()
        if is_cut:
            self._flights = Flights(self.picture)
            self._rules.take_up_anew(now_ms)
        if events := [*waited, *self.events]:
            self._take_in(events, now_ms)
        self._rules.catch_up(now_ms)
        self.tell(self._flights.tick(now_ms))
        self.tell(self._days.tick(now_ms))
        self._blind.tick(now_ms)
        next_ms = self._rules.next_ms()
        if next_ms is not None and next_ms <= now_ms and self._may_judge(now_ms):
            self._rules.judge(now_ms)

    def _take_in(self, events: Sequence[Event], now_ms: int) -> None:
        self._rules.hear(events, now_ms, is_sure=self._may_judge(now_ms))
        for change in changes_in(events):
            if flown := self._flights.hear(change, now_ms):
                self.tell(flown)

    def beat(self, now_ms: int) -> Publish | None:
        """Our heartbeat, if it is due and nothing else is."""
        if self._judges_ms is not None and self._judges_ms <= now_ms:
            return None
        return super().beat(now_ms)

    def flush(self, now_ms: int, ahead_ms: int = 0) -> Turn:
        """Hand out all that this turn brought about; a status due within `ahead_ms` goes along."""
        turn = super().flush(now_ms, ahead_ms)
        self._board.end_turn()
        turn.doubts = self._rules.doubts()
        self._judges_ms = self._judge_by_ms()
        return turn

    def due_ms(self) -> int | None:
        """When a turn must be taken even though nothing came in."""
        due_ms = super().due_ms()
        if due_ms is None or self._judges_ms is None:
            return due_ms
        return min(due_ms, self._judges_ms)

    def _judge_by_ms(self) -> int | None:
        """When a turn must be taken for what a watchdog does besides being a station."""
        reads_since_ms = self.reception.reads_since_ms
        if reads_since_ms is None or not self.may_speak:
            return None
        if not self._rules.has_caught_up:
            return LONG_AGO_MS
        dues_ms = [self._blind.due_ms(), self._flights.due_ms(), self._days.due_ms()]
        next_ms = self._rules.next_ms()
        if next_ms is not None and self._sees_all():
            dues_ms.append(max(next_ms, reads_since_ms) + self.timers.grace_ms)
        return min((due_ms for due_ms in dues_ms if due_ms is not None), default=None)

    def _may_judge(self, now_ms: int) -> bool:
        """Whether an answer that came in time would be here by now.

        Nothing is judged while the link is down or more comes in than can be read, for the grace
        after that, or while we know that we are behind.
        """
        reads_since_ms = self.reception.reads_since_ms
        if reads_since_ms is None or now_ms < reads_since_ms + self.timers.grace_ms:
            return False
        return self._sees_all()

    def _sees_all(self) -> bool:
        """Whether nothing is known to be missing, and each party is known to be there or silent."""
        is_known = self.peers.presences.is_known
        return all(is_known(party) and not self.is_behind(party) for party in self.line.parties)

    def clock_jumped(self, by_ms: int) -> None:
        """Our clock was set: no deadline comes sooner or later for that."""
        super().clock_jumped(by_ms)
        self._rules.clock_jumped(by_ms)
        self._blind.shift(by_ms)
