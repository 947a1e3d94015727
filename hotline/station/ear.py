"""The ear of a station: what comes in goes, by its topic, to the parts that it concerns."""

from hotline import resend, topics
from hotline.line import Line
from hotline.records import MAX_BATCH_BYTES, NotARecord, open_all
from hotline.station.heartbeat import Heartbeat
from hotline.station.keeper import Keeper
from hotline.station.peers import Peers
from hotline.station.turn import Incoming, Replay
from hotline.status import NotAStatus
from hotline.topics import Channel, Topic


class Ear:
    """What a station makes of each message; the consequences go into the turn under way.

    Args:
        line: who is on it.
        name: whose ear it is.
        keeper: its journals.
        peers: the other stations.
        heartbeat: its own status.
    """

    def __init__(
        self, line: Line, name: str, keeper: Keeper, peers: Peers, heartbeat: Heartbeat
    ) -> None:
        self._line = line
        self._name = name
        self._is_party = name in line.parties
        self._keeper = keeper
        self._peers = peers
        self._heartbeat = heartbeat
        self._requests = resend.Requests()

    def hear(self, message: Incoming, now_ms: int) -> None:
        """Something came in. Never raises, whatever the bytes are."""
        topic = topics.parse(message.topic)
        if topic is None or topic.line != self._line.name:
            self._keeper.refuse(message.topic, "not a topic of this line")
        elif len(message.payload) > MAX_BATCH_BYTES:  # it would keep us from our beat
            size = f"a message of {len(message.payload)} bytes is over {MAX_BATCH_BYTES}"
            self._keeper.refuse(message.topic, size)
        elif topic.station == self._name:
            self._hear_own(topic, message)
        elif topic.station not in self._line.stations:
            self._keeper.refuse(message.topic, f"{topic.station} is not a station of this line")
        elif topic.channel is Channel.STATUS:
            if self._peers.hear(topic, message, now_ms):
                self._heartbeat.hasten(now_ms)
        elif topic.channel is Channel.RESEND:
            self._hear_resend(topic, message)
        elif topic.channel in (Channel.RECORDS, Channel.REPLAY):
            self._hear_records(topic, message, now_ms)

    def overhear(self, message: Incoming, now_ms: int) -> bool:
        """Whether that is a heartbeat with old news, from which nothing follows.

        Most of what is said on a quiet line is of this sort, and it costs no turn.
        """
        if message.retained or len(message.payload) > MAX_BATCH_BYTES:
            return False
        if message.topic == self._heartbeat.topic:
            return self._heartbeat.overhear(message.payload)
        return self._peers.overhear(message.topic, message.payload, now_ms)

    def reads_later(self) -> bool:
        """Whether what a watchdog hears must wait, since it lacks what belongs before it."""
        if self._is_party:
            return False
        return bool(self._peers.greetings.unheard) or self._keeper.is_behind

    def _hear_own(self, topic: Topic, message: Incoming) -> None:
        """Our own retained status came back; a stale will in its place is overwritten."""
        if topic.channel is not Channel.STATUS:
            return
        try:
            self._heartbeat.hear(message.payload)
        except NotAStatus as error:
            self._keeper.refuse(message.topic, str(error))

    def _hear_resend(self, topic: Topic, message: Incoming) -> None:
        of, reader = topic.argument, topic.station
        after = resend.decode(message.payload)
        if after is None:
            self._keeper.refuse(message.topic, 'expected {"after": 41}')
        elif of not in self._keeper.copies:
            self._keeper.refuse(message.topic, f"{of} is not a station of this line")
        else:
            request = self._requests.note(reader, of, after)
            is_ours = of == self._name or request.is_repeated or self._must_stand_in(reader, of)
            if is_ours and self._keeper.replay(Replay(of, after, reader, request.max_bytes)):
                self._requests.answered(reader, of)

    def _must_stand_in(self, reader: str, of: str) -> bool:
        """Whether somebody must answer for the author: it is away, or asks for its own records."""
        return of == reader or self._peers.presences.is_silent(of)

    def _hear_records(self, topic: Topic, message: Incoming, now_ms: int) -> None:
        some_taken = False
        for opened in open_all(message.payload):
            if isinstance(opened, NotARecord):
                self._keeper.refuse(message.topic, str(opened))
            else:
                if opened.station == topic.station:
                    # A status that was said before this record takes back nothing that it shows.
                    self._peers.greetings.note(topic.station, opened.at_ms, now_ms)
                some_taken |= self._keeper.hear(
                    topic, opened, now_ms, read_later=self.reads_later()
                )
        if some_taken:
            self._heartbeat.acknowledge(now_ms)
