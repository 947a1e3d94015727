"""The recorder of a live line: all that is heard on it, and which stations cannot be heard."""

from collections.abc import Iterator

from hotline import status, topics
from hotline.bodies import Ref
from hotline.clock import Clock
from hotline.commands.line_clock import LineClock
from hotline.config.config import LineConfig
from hotline.counting import counted
from hotline.records import NotARecord, Record, open_all, read
from hotline.station.presence import Presences
from hotline.station.turn import CameOnline, Incoming
from hotline.status import LINK_LOST, NotAStatus, Role
from hotline.timers import Timers
from hotline.times import SECOND_MS
from hotline.topics import Channel, Topic
from sim.recording.absences import CLOSING_MS, Absence
from sim.recording.boards import Boards, raised_anew, remarks
from sim.recording.known_line import displayed, members, of_line, timers_of
from sim.recording.recording import Recording


class Recorder:
    """Keeps all that can be heard on one live line, from its first word on.

    A simulated line has its own time, which may also run faster: its statuses tell it.

    Args:
        name: the line's name.
        clock: the time.
        config: the line's configuration, if there is one.
    """

    def __init__(self, name: str, clock: Clock, config: LineConfig | None) -> None:
        self._name = name
        self._clock = LineClock(clock)
        self._config = config
        self._timers = config.timers if config else Timers()
        self._begins_ms = self._began_ms = clock.now_ms()
        self._records: dict[Ref, Record] = {}
        self._roles: dict[str, Role] = {}
        self._presences = Presences(
            config.members.stations if config else (), self._timers.silent_ms
        )
        self._presences.listen_from(self._begins_ms)
        self._gone: dict[str, Absence] = {}
        self._seen: list[Absence] = []
        self._boards = Boards()
        self._heads: dict[str, tuple[int, int]] = {}  # first and last, by journal

    def hear(self, incoming: Incoming) -> None:
        """Take in one message."""
        topic = topics.parse(incoming.topic)
        if topic is None or topic.line != self._name:
            return
        if topic.channel is Channel.STATUS and incoming.payload:
            self._hear_status(topic, incoming)
        elif topic.channel is Channel.FLAGS:
            self._boards.hear(topic, incoming)
        elif topic.channel in (Channel.RECORDS, Channel.REPLAY):
            for opened in open_all(incoming.payload):
                if not isinstance(opened, NotARecord):  # no station takes it, so it was not said
                    self._hear_record(topic, read(opened))

    def tick(self, *, all_heard: bool = True) -> None:
        """Notice stations that have not been heard for too long; in a flood nobody is missed."""
        if self._clock.is_another:
            return  # on a line that runs faster, a few heartbeats take no time
        now_ms = self._clock.now_ms()
        if not all_heard:
            self._presences.excuse(now_ms)
        for fell in self._presences.miss(now_ms):
            self._gone.setdefault(fell.station, Absence(fell.station, now_ms, None, fell.reason))

    def recording(self) -> Recording:
        """All that was heard until now.

        Raises:
            LocalError: it is not clear who is on the line.
        """
        line = self._config.members if self._config else None
        line = line or members(self._name, self._records.values(), self._roles)
        all_said = of_line(line, self._records)
        said = [record for record in all_said if record.at_ms >= self._begins_ms]
        still_gone = list(self._gone.values())
        last_word_ms = max((record.at_ms for record in all_said), default=self._begins_ms)
        ended_ms = [each.from_ms for each in still_gone]
        everybody = ended_ms and self._gone.keys() >= self._roles.keys()
        is_closed = everybody and all(
            each.has_left and max(last_word_ms, max(ended_ms) - CLOSING_MS) < each.from_ms
            for each in still_gone
        )
        seen = self._seen if is_closed else [*self._seen, *still_gone]
        timers, of_timers = timers_of(self._config, line, all_said)
        seen = [each for each in seen if each.station in line.stations]
        stood = self._boards.standing(line, self._begins_ms)
        silences = raised_anew(line, stood, seen, self._begins_ms, timers.silent_ms)
        return Recording(
            line,
            displayed(self._config),
            [*silences, *said],
            begins_ms=self._begins_ms // SECOND_MS * SECOND_MS,
            ends_ms=min(ended_ms) if is_closed else self._clock.now_ms(),
            origin=f"the live line {self._name}",
            timers=timers,
            seen=seen,
            remarks=[*of_timers, *remarks(stood)],
            lacking=list(self._unheard()),
        )

    def _unheard(self) -> Iterator[str]:
        """Records that we could not hear, by the heads in statuses, in words."""
        for station, (first, last) in self._heads.items():
            # Counted by what came in: a lie about a head may name any number.
            heard = sum(ref.station == station and first < ref.seq <= last for ref in self._records)
            if missing := last - first - heard:
                yield f"NOT HEARD, and not recorded: {counted(missing, 'record')} of {station}."

    def _hear_status(self, topic: Topic, incoming: Incoming) -> None:
        try:
            told = status.decode_from(topic, incoming.payload)
        except NotAStatus:
            return
        if not incoming.retained and told.reason != LINK_LOST:  # a will is as old as its connection
            self._take_time(told.at_ms)
        now_ms = self._clock.now_ms()
        if told.reason != LINK_LOST:  # a will tells how long the journal was at its connection
            first, last = self._heads.get(told.station, (told.head, told.head))
            self._heads[told.station] = first, max(last, told.head)
        self._roles[told.station] = told.role
        self._presences.expect(told.station, now_ms)
        change = self._presences.hear(told, retained=incoming.retained, now_ms=now_ms)
        if isinstance(change, CameOnline):
            if told.station in self._gone:
                self._seen.append(self._gone.pop(told.station)._replace(until_ms=now_ms))
        elif change:
            gone = Absence(change.station, now_ms, None, change.reason)
            self._gone.setdefault(gone.station, gone)

    def _take_time(self, at_ms: int) -> None:
        """Take in the line's time, as a station told it."""
        was_another = self._clock.is_another
        self._clock.learn(at_ms)
        if self._clock.is_another is not was_another:  # all that came before has another time
            self._begins_ms = self._began_ms if was_another else at_ms
            self._presences.listen_from(self._clock.now_ms())

    def _hear_record(self, topic: Topic, record: Record) -> None:
        is_own = topic.channel is Channel.REPLAY or record.station == topic.station
        if record.line != topic.line or not is_own:
            return
        self._records.setdefault(record.ref, record)
