"""The other stations of a line: what their statuses tell of them, and of how far journals go."""

from collections.abc import Mapping

from hotline import status
from hotline.line import Line
from hotline.records import SHORT_DIGEST
from hotline.station.greetings import Greetings
from hotline.station.keeper import Keeper
from hotline.station.presence import Presences
from hotline.station.receipts import Receipts
from hotline.station.skew import Skews
from hotline.station.turn import Incoming
from hotline.status import NotAStatus, Status
from hotline.timers import Timers
from hotline.topics import Channel, Topic


class Peers:
    """Who is there, whose clock differs, who holds what; events go into the turn under way.

    Args:
        line: who is on it.
        name: the station whose peers they are.
        timers: the line's timers.
        keeper: its journals.
        confirmed: how far each journal was known to be on the other party's disk.
    """

    def __init__(
        self, line: Line, name: str, timers: Timers, keeper: Keeper, confirmed: Mapping[str, int]
    ) -> None:
        self.presences = Presences(line.others(name), timers.silent_ms)
        self.skews = Skews(line.others(name), timers.clock_skew_ms)
        self.receipts = Receipts(line.parties, confirmed, timers.grace_ms)
        self.greetings = Greetings(line.others(name))
        self._line = line
        self._statuses = {
            str(Topic(line.name, other, Channel.STATUS)): other for other in line.others(name)
        }
        self._overheard: dict[str, Status] = {}  # what each said, since the last turn
        self._keeper = keeper
        self._greeting_ms = timers.greeting_ms
        self._name = name
        # Where our own journal ended when we started; None: there was nothing on the disk at all.
        is_new = not any(keeper.copies.head(of).seq for of in line.stations)
        self._left_at = None if is_new else keeper.copies.head(name)
        self._is_vouched = False

    def hear(self, topic: Topic, message: Incoming, now_ms: int) -> bool:
        """A status came in; say whether its station has just connected, and may wait for ours."""
        if not message.payload:
            return False  # somebody wiped the retained status; the next heartbeat sets it again
        try:
            told = status.decode_from(topic, message.payload)
        except NotAStatus as error:
            self._keeper.refuse(message.topic, str(error))
            return False
        retained = message.retained
        waits = self.greetings.hear(told, retained=retained)
        if changed := self.presences.hear(told, retained=retained, now_ms=now_ms):
            self._keeper.turn.events.append(changed)
        last_word = self.greetings.is_last_word(told, retained=retained, now_ms=now_ms)
        is_old_news = self._is_old_news(told)
        if told.online and not retained:
            if not is_old_news:
                self._keeper.compare(told, now_ms)
            if skew := self.skews.hear(told.station, told.at_ms, now_ms):
                self._keeper.turn.events.append(skew)
            self._is_vouched |= self._vouches(told)
        if not is_old_news:
            self._learn_from(told, now_ms, last_word=last_word)
            self.greetings.remember(told, self._keeper.copies.changes, last_word=last_word)
        return waits

    def overhear(self, topic: str, payload: bytes, now_ms: int) -> bool:
        """Whether that is a live heartbeat with old news; if so, this has taken it in."""
        station = self._statuses.get(topic)
        if station is None:
            return False
        try:
            at_ms, told = status.take_apart(payload)
        except NotAStatus:
            return False
        if told is not self._overheard.get(station):
            if not self._says_nothing(told, station):
                return False
            self._overheard[station] = told
        # If one of these changes anything, nothing is lost by hearing it once more in the turn.
        if self.greetings.note(station, at_ms, now_ms):
            self.presences.overhear(station, now_ms)
            return self.skews.overhear(station, at_ms, now_ms)
        return False

    def end_turn(self) -> None:
        """The turn may have changed what is old news."""
        self._overheard.clear()

    def tick(self, now_ms: int, reads_since_ms: int) -> None:
        """Call silent whoever is overdue; stop waiting for those that were never heard."""
        self._keeper.turn.events += self.presences.miss(now_ms)
        is_over = now_ms >= reads_since_ms + self._greeting_ms
        for station in list(self.greetings.unheard):
            if is_over or (self._is_vouched and self.presences.is_silent(station)):
                self.greetings.unheard.discard(station)

    def due_ms(self, reads_since_ms: int) -> int | None:
        """When somebody is missed, or waited for no longer, or receipts must be stored."""
        dues_ms = [self.presences.due_ms(), self.receipts.due_ms()]
        if self.greetings.unheard:
            dues_ms.append(reads_since_ms + self._greeting_ms)
        return min((due_ms for due_ms in dues_ms if due_ms is not None), default=None)

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): what it told of the others' is void."""
        self.skews.forget()
        self.presences.shift(by_ms)
        self.receipts.shift(by_ms)

    def _vouches(self, told: Status) -> bool:
        """Whether a live status shows our own journal to be as we left it: nothing of it is lost.

        Then we need not wait for stations that are known to be away. If anybody holds more of our
        journal than we do, or our disk was empty, the disk may have been lost, and a station that
        is away may hold words of ours.
        """
        head = self._keeper.copies.head(self._name)
        if head != self._left_at or told.held.get(self._name, 0) != head.seq:
            return False
        return told.digests.get(self._name, "") == head.digest[:SHORT_DIGEST]

    def _says_nothing(self, told: Status, station: str) -> bool:
        """Whether a live status, but for its time, repeats what its station has said before."""
        return (
            (told.line, told.station) == (self._line.name, station)
            and self.presences.is_there(told)
            and self._is_old_news(told)
        )

    def _is_old_news(self, told: Status) -> bool:
        """Whether a status says of the journals what the last one did, and none has moved.

        Most statuses are such heartbeats, and nothing follows from them.
        """
        changes = self._keeper.copies.changes
        return self.greetings.repeats(told, changes) and self._keeper.forks.would_repeat(told)

    def _learn_from(self, told: Status, now_ms: int, *, last_word: bool) -> None:
        """Take what a status says of how far the journals go, and of who holds them."""
        keeper, of_itself = self._keeper, told.station
        keeper.learn_of(of_itself, told.head, by=of_itself, last_word=last_word)
        others = self._line.others(of_itself)
        for of in others:  # a last word that leaves one out claims nothing of it any more
            keeper.learn_of(of, told.held.get(of, 0), by=of_itself, last_word=last_word)
        heads = {of: keeper.copies.head(of).seq for of in others}
        keeper.turn.events += self.receipts.hear(told, heads, last_word=last_word, now_ms=now_ms)
