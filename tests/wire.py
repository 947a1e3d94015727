"""A line without I/O: its machines back to back, its time moved by hand, its faults as verbs."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from hotline.bodies import Body
from hotline.line import Line
from hotline.memory import retain
from hotline.picture.flagged import FlagEntry
from hotline.records import Record, batches
from hotline.station.station import Station
from hotline.station.turn import Incoming, Publish, Replay
from hotline.timers import Timers
from hotline.topics import Channel, Topic, is_heard, parse
from tests.helpers import LINE, T0, TIMERS
from tests.machines import machine_of
from tests.seat import Seat


class Passing(NamedTuple):
    """A message on its way from one station to another."""

    sender: str
    reader: str
    channel: Channel
    publish: Publish


_FLOODED_TURN_MS = 500


class Wire:
    """A whole line in one thread: every station, and a broker that keeps order."""

    def __init__(self, line: Line = LINE, timers: Timers = TIMERS, *, up: bool = True) -> None:
        self.line = line
        self.timers = timers
        self.now_ms = T0
        self.retained: dict[str, bytes] = {}
        self.seats = {name: Seat(name) for name in line.stations}
        self._heard: dict[tuple[str, str], bool] = {}  # whether a station listens to a topic
        self.fates: list[Callable[[Passing], int]] = []  # how many copies of a message arrive
        self.shuffle: random.Random | None = None
        self._flooded = ""
        for name in line.stations if up else ():
            self.start(name)
        self.settle()

    # Who is there

    def start(self, name: str) -> None:
        """Start a station from its disk, and link it."""
        seat = self.seats[name]
        seat.machine = machine_of(self.line, name, self.timers, seat.disk, seat.doubts)
        self.link(name)

    def link(self, name: str) -> None:
        """Connect a station to the broker."""
        seat = self.seats[name]
        assert seat.machine
        seat.will = seat.machine.connecting(self.now_ms)
        seat.linked = True
        seat.machine.connected(self.now_ms)
        for topic, payload in self.retained.items():
            if self._listens(name, seat.machine, topic):
                seat.inbox.append(Incoming(topic, payload, retained=True))
        self._turn(name)

    def cut(self, name: str) -> None:
        """Cut a station's link: what is on its way is lost, and its last will goes out."""
        seat = self.seats[name]
        assert seat.machine
        seat.machine.disconnected("cut")
        self._turn(name)
        self._leave(name, seat.will)

    def crash(self, name: str) -> None:
        """Kill a station: all but its disk is gone, and its last will goes out."""
        will = self.seats[name].will
        self.seats[name].machine = None
        self._leave(name, will)

    def restart(self, name: str, then_ms: int = 0) -> None:
        """Kill a station, start it anew, and let so much time pass."""
        self.crash(name)
        self.start(name)
        if then_ms:
            self.go(then_ms)

    def set_clocks(self, by_ms: int) -> None:
        """Set the clock of all stations, which is one; all of them run."""
        self.now_ms += by_ms
        for name in self.line.stations:
            self.machine(name).clock_jumped(by_ms)

    def stop(self, name: str) -> None:
        """Have a station say goodbye and end."""
        machine = self.machine(name)
        self.seats[name].machine = None
        self._leave(name, machine.goodbye(self.now_ms))

    def _leave(self, name: str, last_word: Publish | None) -> None:
        seat = self.seats[name]
        seat.linked, seat.will = False, None
        seat.inbox.clear()
        if last_word:
            self._route(name, last_word)

    def machine(self, name: str) -> Station:
        """A machine that runs."""
        machine = self.seats[name].machine
        assert machine
        return machine

    # What happens

    def say(self, name: str, body: Body) -> Record:
        """Have a station say something now; return it before anybody has heard it."""
        self.tell(name, body)
        said = [record for record in self.seats[name].disk if record.station == name]
        return said[-1]

    def tell(self, name: str, body: Body) -> None:
        """Have a station say something as soon as it may speak."""
        self.machine(name).say(body)
        self._turn(name)

    def hear(self, name: str, message: Incoming) -> None:
        """Have a station hear a message that nobody of the line sent."""
        self.seats[name].inbox.append(message)

    def settle(self) -> None:
        """Let everything arrive that is on its way."""
        for _ in range(10_000):
            waiting = [name for name, seat in self.seats.items() if seat.inbox]
            if not waiting:
                return
            for name in waiting:
                self._turn(name)
        raise AssertionError("the stations never stop talking")

    def go_to(self, until_ms: int) -> None:
        """Let time pass until an instant; everything due on the way is done when it is due."""
        self.settle()
        at_once = 0  # rounds in which no time passed
        while (due_ms := self._next_due_ms()) is not None and due_ms <= until_ms:
            at_once = at_once + 1 if due_ms <= self.now_ms else 0
            assert at_once < 100, "somebody is due again and again and does nothing"
            self.now_ms = max(self.now_ms, due_ms)
            for name, seat in self.seats.items():
                due = seat.machine.due_ms() if seat.machine else None
                if due is not None and due <= self.now_ms:
                    self._turn(name)
            self.settle()
        self.now_ms = max(self.now_ms, until_ms)

    def go(self, duration_ms: int) -> None:
        """Let time pass."""
        self.go_to(self.now_ms + duration_ms)

    def flood(self, name: str, duration_ms: int) -> None:
        """Let time pass while a station gets so much that it reads nothing of the others."""
        self._flooded = name
        with self.losing(reader=name):
            for _ in range(duration_ms // _FLOODED_TURN_MS):
                self.now_ms += _FLOODED_TURN_MS
                for each in self.seats:
                    self._turn(each)
        self._flooded = ""
        self.settle()

    @contextmanager
    def losing(self, **which: str) -> Iterator[None]:
        """Lose the messages with this sender, reader or channel."""
        with self.fate(lambda passing: 0 if _is(passing, which) else 1):
            yield

    @contextmanager
    def fate(self, copies: Callable[[Passing], int]) -> Iterator[None]:
        """Have this decide meanwhile how many copies of each message arrive."""
        self.fates.append(copies)
        try:
            yield
        finally:
            self.fates.remove(copies)

    # What came of it

    def flags(self, name: str = "dog") -> list[str]:
        """All that the watchdog raised and cleared, in order: `unanswered tur/1 WARNING`."""
        return self.seats[name].flags()

    def standing(self, name: str = "dog") -> list[FlagEntry]:
        """The flags of the watchdog that stand."""
        return [e for e in self.machine(name).picture.flags if e.cleared_ms is None]

    def board(self, name: str = "dog") -> set[str]:
        """The keys of the flags that the broker shows."""
        prefix = str(Topic(self.line.name, name, Channel.FLAGS, "x"))[:-1]
        return {topic.removeprefix(prefix) for topic in self.retained if topic.startswith(prefix)}

    def shown(self, name: str) -> list[str]:
        """The records that opened a message for this party's officer, each as often as it did."""
        return self.seats[name].shown()

    def is_whole(self) -> bool:
        """Whether every station has every journal, byte for byte."""
        return all(
            seat.journal(of) == self.seats[of].journal(of)
            for seat in self.seats.values()
            for of in self.line.stations
        )

    # The broker

    def _next_due_ms(self) -> int | None:
        dues = [seat.machine.due_ms() for seat in self.seats.values() if seat.machine]
        return min((due for due in dues if due is not None), default=None)

    def _turn(self, name: str) -> None:
        seat = self.seats[name]
        if seat.machine is None:
            seat.inbox.clear()
            return
        arrived, seat.inbox = seat.inbox, []
        if self.shuffle:
            self.shuffle.shuffle(arrived)
        for message in arrived:
            seat.machine.hear(message, self.now_ms)
        seat.machine.tick(self.now_ms, all_heard=name != self._flooded)
        turn = seat.machine.flush(self.now_ms)
        seat.disk += turn.appends
        stories = {doubt.ref: doubt for doubt in (*seat.doubts, *(turn.doubts or ()))}
        seat.doubts = [doubt for doubt in stories.values() if doubt.ends]
        seat.events += turn.events
        for publish in turn.publishes:
            self._route(name, publish)
        for wanted in turn.replays:
            self._replay(name, wanted)

    def _replay(self, name: str, wanted: Replay) -> None:
        lines = self.seats[name].journal(wanted.of)[wanted.after :]
        topic = str(Topic(self.line.name, name, Channel.REPLAY, wanted.reader))
        size = 0
        for index, line in enumerate(lines):
            size += len(line) + 1
            if index and size > wanted.max_bytes:
                lines = lines[:index]
                break
        for batch in batches(lines):
            self._route(name, Publish(topic, batch))

    def _route(self, sender: str, publish: Publish) -> None:
        retain(self.retained, publish)
        topic = parse(publish.topic)
        assert topic, "a station speaks only in this protocol"
        assert topic.station == sender, "a station speaks only beneath its own root"
        for reader, seat in self.seats.items():
            if not seat.machine or not seat.linked:
                continue
            if self._listens(reader, seat.machine, publish.topic):
                passing = Passing(sender, reader, topic.channel, publish)
                copies = 1
                for fate in self.fates:
                    copies *= fate(passing)
                seat.inbox += [Incoming(publish.topic, publish.payload)] * copies

    def _listens(self, name: str, machine: Station, topic: str) -> bool:
        key = name, topic
        if key not in self._heard:
            self._heard[key] = is_heard(topic, machine.topics())
        return self._heard[key]


def _is(passing: Passing, which: dict[str, str]) -> bool:
    return all(getattr(passing, name) == value for name, value in which.items())
