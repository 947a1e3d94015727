"""A station: say, hear, status and resend, as a state machine without I/O.

It hands out what must be stored; what must be replayed, the shell reads from disk.
"""

from collections.abc import Mapping, Sequence

from hotline import resend, topics
from hotline.bodies import Body, Ref
from hotline.line import Line
from hotline.picture.picture import Picture
from hotline.records import Record, decode
from hotline.station.copies import Head
from hotline.station.ear import Ear
from hotline.station.heartbeat import Heartbeat
from hotline.station.keeper import CHECKPOINT_RECORDS, Keeper
from hotline.station.peers import Peers
from hotline.station.reception import Reception
from hotline.station.turn import ClockJumped, Event, Incoming, LinkDown, LinkUp, Publish, Turn
from hotline.timers import Timers
from hotline.times import LONG_AGO_MS, NEVER_MS
from hotline.topics import Channel, Topic

_MOST_AHEAD = 500  # answers ahead of what they answer: above that, it is asked for first


class Station:
    """One station of a line.

    Args:
        line: who is on it.
        name: which of them this is.
        timers: the line's timers.
        heads: how far the journal on disk goes, for each station that it has records of.
        picture: all those records, folded.
        checkpoint_every: after how many records what is settled is put away.
    """

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
        self.line = line
        self.name = name
        self.picture = picture
        self.timers = timers
        self._heartbeat = Heartbeat(line, name, timers)
        # While awake, we take a turn or beat at least as often as our own heartbeat.
        self.reception = Reception(timers.heartbeat_ms + timers.grace_ms)
        """What reaches us."""
        self._keeper = Keeper(line, name, timers, heads, picture, checkpoint_every=checkpoint_every)
        self.peers = Peers(line, name, timers, self._keeper, picture.past.confirmed())
        """The other stations, as their statuses show them."""
        # What the last turn stores may still be on its way to the disk; all before it is there.
        self._on_disk = self._after_turn = self._keeper.stored()
        self._ear = Ear(line, name, self._keeper, self.peers, self._heartbeat)
        self._to_say: list[Body] = []
        self._rests_until_ms = LONG_AGO_MS

    @property
    def events(self) -> Sequence[Event]:
        """What has happened in this turn so far, for rules that decide within it."""
        return self._keeper.turn.events

    @property
    def may_speak(self) -> bool:
        """Whether our journal is as long as the others say, and all of them were asked.

        When it is shorter, somebody spoke in our name, or our disk is older than our words; saying
        something now would give one number to two records. So a start waits for a status from
        everybody, said after it, for as long as they may take to return. A station whose own
        journal forked stays silent.
        """
        return not self.peers.greetings.unheard and self._keeper.is_whole

    @property
    def linked(self) -> bool:
        """Whether the broker can be heard."""
        return self.reception.since_ms is not None

    @property
    def is_heard(self) -> bool:
        """Whether what we say reaches the broker, as far as we know, and comes back from there."""
        return self.linked and not self._heartbeat.echo.is_missed

    @property
    def waits_for(self) -> list[str]:
        """The stations that we must hear, or find missing, before we may speak."""
        return sorted(self.peers.greetings.unheard)

    @property
    def fetches_from(self) -> list[str]:
        """The stations that claim to have records of ours that we lack."""
        return self._keeper.copies.holders(self.name)

    def is_behind(self, of: str) -> bool:
        """Whether records of `of`'s exist that we do not have."""
        return self._keeper.copies.is_behind(of)

    def is_forked(self, of: str) -> bool:
        """Whether anybody shows another record of `of`'s under a number that we hold."""
        return self._keeper.forks.stands(of)

    def record_of(self, ref: Ref) -> Record | None:
        """A record as it is on disk."""
        raw = self.picture.past.line_of(ref)
        return None if raw is None else decode(raw)

    def recheck_journal(self, of: str, now_ms: int) -> None:
        """Take `of`'s journal for forked until its author shows what we hold."""
        if of != self.name:
            self._keeper.forks.recheck(of, now_ms)

    def topics(self) -> list[str]:
        """The topic filters it must hear."""
        return topics.heard_by(self.line.name, self.name, self.line.others(self.name))

    # The link

    def connecting(self, now_ms: int) -> Publish:
        """A connection is about to be made: here is its last will."""
        return self._heartbeat.will(self._on_disk, now_ms)

    def connected(self, now_ms: int) -> None:
        """The broker can be heard: greet everybody, and count silences from here."""
        self.reception.begin(now_ms)
        self._heartbeat.echo.begin()
        self._heartbeat.due_ms = now_ms
        self.peers.presences.listen_from(now_ms)
        self._keeper.copies.forget_asking()
        self._keeper.turn.events.append(LinkUp())

    def disconnected(self, reason: str) -> None:
        """The broker cannot be heard; nobody is called silent for that."""
        self.reception.end()
        self._keeper.turn.events.append(LinkDown(reason))

    def leave(self) -> None:
        """The turn under way is the last: what may wait for a commit is stored with it."""
        self.peers.receipts.hasten()

    def goodbye(self, now_ms: int) -> Publish:
        """The status with which the station leaves the line."""
        return self._heartbeat.goodbye(self._keeper.stored(), now_ms)

    # In

    def say(self, body: Body) -> None:
        """Add a record to our own journal with the next flush in which we may speak."""
        self._to_say.append(body)

    def hear(self, message: Incoming, now_ms: int) -> None:
        """Something came in. Never raises, whatever the bytes are."""
        self._ear.hear(message, now_ms)

    def overhear(self, message: Incoming, now_ms: int) -> bool:
        """Whether that is a heartbeat with old news: nothing follows, and it costs no turn.

        If not, it must be heard in a turn, as if this had never been asked.
        """
        return self._ear.overhear(message, now_ms)

    # Out

    def tick(self, now_ms: int, *, all_heard: bool = True) -> None:
        """Decide what is due; while not all is heard, no station is missed."""
        if not self.linked:
            return
        reads_since_ms = self._listen(now_ms, all_heard=all_heard)
        self.peers.tick(now_ms, reads_since_ms)
        due_ms = self._read_by_ms(reads_since_ms)
        is_due = due_ms is not None and (now_ms >= due_ms or not self._ear.reads_later())
        if is_due or self._keeper.intake.is_full:
            self._keeper.take_in()

    def _listen(self, now_ms: int, *, all_heard: bool) -> int:
        """Find out how well we hear; say since when everything that is said is read at once."""
        reception, echo, presences = self.reception, self._heartbeat.echo, self.peers.presences
        if has_slept := reception.has_slept(now_ms):
            reception.begin(now_ms)
            self._heartbeat.due_ms = now_ms
        reception.stay_awake(now_ms)
        if has_slept or not all_heard:  # what seems to be missing may lie unread
            presences.excuse(now_ms)
            echo.excuse(now_ms)
        if news := echo.tick(now_ms):
            self._keeper.turn.events.append(news)
        if echo.is_late and not reception.is_deaf:  # who is there shows when each speaks again
            presences.listen_from(now_ms)
        elif echo.is_late:
            presences.excuse(now_ms)
        return reception.read(now_ms, all_heard=all_heard, is_deaf=echo.is_late)

    def flush(self, now_ms: int, ahead_ms: int = 0) -> Turn:
        """Hand out all that this turn brought about; a status due within `ahead_ms` goes along."""
        self._speak(now_ms)
        if self.linked:
            self._ask_for_what_is_missing(now_ms)
            if self._heartbeat.due_ms <= now_ms + ahead_ms:
                self.publish(self._heartbeat.beat(self._keeper.stored(), now_ms))
        self._rests_until_ms = LONG_AGO_MS
        self.peers.end_turn()
        turn = self._keeper.end_turn()
        self._on_disk, self._after_turn = self._after_turn, self._keeper.stored()
        save_ms = self.peers.receipts.due_ms()
        if turn.appends or (save_ms is not None and now_ms >= save_ms):
            turn.confirmed = self.peers.receipts.save()
        return turn

    def tell(self, events: Sequence[Event]) -> None:
        """Have these events told with the turn."""
        self._keeper.turn.events += events

    def publish(self, publish: Publish) -> None:
        """Send this out with the turn (it is dropped while the link is down)."""
        if self.linked:
            self._keeper.turn.publishes.append(publish)

    def clock_jumped(self, by_ms: int) -> None:
        """Our clock was set: all that we count on it moves along, as if it had not been."""
        self._rests_until_ms = LONG_AGO_MS
        self._keeper.turn.events.append(ClockJumped(by_ms))
        self._keeper.shift(by_ms)
        self.peers.shift(by_ms)
        self._heartbeat.shift(by_ms)
        self.reception.shift(by_ms)

    def beat(self, now_ms: int) -> Publish | None:
        """Between two turns: our heartbeat, if it is due and nothing else is; None: take a turn."""
        is_alone = self.linked and self._heartbeat.due_ms <= now_ms < self._rests_until_ms
        if not is_alone or self.reception.has_slept(now_ms):
            return None
        self.reception.stay_awake(now_ms)
        return self._heartbeat.beat(self._keeper.stored(), now_ms)

    def beat_within_a_turn(self, now_ms: int) -> Publish | None:
        """Our heartbeat, if it is due, while what a turn has stored is still being told."""
        if not self.linked or now_ms < self._heartbeat.due_ms:
            return None
        return self._heartbeat.beat(self._keeper.stored(), now_ms)

    def due_ms(self) -> int | None:
        """When a turn must be taken even though nothing came in."""
        reads_since_ms = self.reception.reads_since_ms
        if reads_since_ms is None:  # what was heard before must be stored all the same
            return self.peers.receipts.due_ms()
        # Between two turns all but the heartbeat can only become due later than it was.
        if self._heartbeat.due_ms >= self._rests_until_ms:
            self._rests_until_ms = self._else_due_ms(reads_since_ms)
        return min(self._heartbeat.due_ms, self._rests_until_ms)

    def _else_due_ms(self, reads_since_ms: int) -> int:
        """When a turn must be taken for anything but a heartbeat."""
        if self.reception.is_overrun:
            return LONG_AGO_MS
        dues_ms = (
            self.peers.due_ms(reads_since_ms),
            self._keeper.copies.due_ms(),
            self._read_by_ms(reads_since_ms),
            self._heartbeat.echo.due_ms(self._heartbeat.due_ms),
        )
        return min((due_ms for due_ms in dues_ms if due_ms is not None), default=NEVER_MS)

    def _read_by_ms(self, reads_since_ms: int) -> int | None:
        """When what waits is read in any case: not while nothing could follow from reading it."""
        due_ms = self._keeper.intake.due_ms()
        if due_ms is None or not self.peers.greetings.unheard:
            return due_ms
        return max(due_ms, reads_since_ms + self.timers.greeting_ms)

    def _speak(self, now_ms: int) -> None:
        if not self._to_say or not self.may_speak:
            return
        topic = str(Topic(self.line.name, self.name, Channel.RECORDS))
        words, self._to_say = self._to_say, []
        for batch in self._keeper.say(words, topic, now_ms):
            self.publish(Publish(topic, batch))

    def _ask_for_what_is_missing(self, now_ms: int) -> None:
        ahead = self.picture.early.ahead(self.line, _MOST_AHEAD)
        for of, after in self._keeper.copies.ask(now_ms, ahead):
            topic = str(Topic(self.line.name, self.name, Channel.RESEND, of))
            self.publish(Publish(topic, resend.encode(after)))
