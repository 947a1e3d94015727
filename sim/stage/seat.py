"""One station of a scenario: its node, its link and its disk, through all its lives."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hotline.blocking import Blocking
from hotline.bodies import Body
from hotline.clock import Clock
from hotline.journal.journal import Journal
from hotline.journal.journal_reader import JournalReader
from hotline.journal.state_lock import mark_simulated
from hotline.line import Line
from hotline.machine import open_station
from hotline.node import Node
from hotline.records import Record
from hotline.station.officer import Nobody, Officer
from hotline.station.turn import Event, Publish, Said, Turn
from hotline.timers import Timers
from hotline.topics import Channel, parse
from hotline.transport import Transport
from sim.process import Crashed, Process
from sim.scenario.fault import Point
from sim.set_clock import SetClock
from sim.stage.shaky_link import LinkFaults, ShakyLink

T = TypeVar("T")

_NO_ROOM = "the journal takes no more records (the disk is full): nothing more is acknowledged"


@dataclass
class Seat:
    """The place where a station is put up, crashes and is put up again.

    `make_officer` gives the officer at its desk, for each of its lives; `beside` runs beside the
    node in each of them. Its first journal begins with the `copied` records. `note_stored` is given
    what it has said as soon as that is on disk, whether or not it lives to tell of it.
    """

    line: Line
    name: str
    timers: Timers
    line_clock: Clock
    state: Path
    make_link: Callable[[], Transport]
    blocking: Blocking
    make_officer: Callable[[], Officer]
    tell: Callable[[Event], None]
    tell_failure: Callable[[str], None]
    note_stored: Callable[[Record], None]
    random: Random
    beside: Callable[[Node], Coroutine[Any, Any, None]] | None = None
    copied: Iterable[Record] = ()
    journal_type: type[Journal] = Journal

    def __post_init__(self) -> None:
        self.clock = SetClock(self.line_clock)
        self.conditions = LinkFaults()
        self.armed: Point | None = None
        """The point at which its process dies next."""
        self.is_frozen = False
        """Whether its process has to stand still, also one that is started meanwhile."""
        self.is_full = False
        """Whether its disk takes nothing more."""
        self.said = b""
        """The last message that it let out."""
        self._commit_takes_ms = 0  # beside the time of its work
        self._commit_is_over = asyncio.Event()  # the one under way, on a slow disk
        self._disks = self._twins = 0
        self._refused: Turn | None = None  # the last turn, if the disk had no room for it
        self._untold: deque[Event] = deque()  # what it has said, that is on disk and not told yet
        self._task: asyncio.Task[None] | None = None
        self._process = Process()
        self._changing = asyncio.Lock()  # a crash during a start comes after it
        self._unsaid: list[Body] = []
        self._given: deque[Body] = deque()  # to this life of the node
        self._put_up(self.copied)

    @property
    def is_down(self) -> bool:
        """Whether its process is dead."""
        return self._task is None

    def run(self, group: asyncio.TaskGroup) -> None:
        """Have the opened node work; it says now what it could not say while it was dead."""
        self._process = Process()
        living = self._process.run(self._live)
        self._task = group.create_task(living, name=f"station {self.name}")
        self._stand_still()
        unsaid, self._unsaid = self._unsaid, []
        for body in unsaid:
            self.say(body)

    def say(self, body: Body) -> None:
        """Have it say something, as soon as it can."""
        if self.is_down:
            self._unsaid.append(body)
        else:
            self._given.append(body)
            self.node.say(body)

    async def crash(self) -> None:
        """Kill its process."""
        async with self._changing:
            if self._task:
                self._task.cancel()
                await asyncio.wait([self._task])
                self._task = None

    def leave(self) -> None:
        """Have its process, if there is one, end in order as soon as it can."""
        self.node.stop()

    async def freeze(self) -> None:
        """Have its process stand still if it has to; its work and what it hears wait for it."""
        async with self._changing:
            if not self.is_down:
                self._stand_still()

    def slow_down(self, commit_takes_ms: int) -> None:
        """Have each commit take so much longer; 0: none, nor the one that is under way."""
        self._commit_takes_ms = commit_takes_ms
        if not commit_takes_ms:  # or what a very slow one has begun would outlive the scenario
            self._commit_is_over.set()

    async def go_on(self) -> None:
        """Have its process go on, unless it has to stand still, and see to its link."""
        if not self.is_frozen:
            self.link.read_on()
            self._process.go_on()
        await self.link.mend()

    async def restart(
        self, group: asyncio.TaskGroup, copied: Iterable[Record] | None = None
    ) -> None:
        """Start it from its disk; or from a new one with these records, since the old one is lost.

        What its disk had no room for is stored first. Its next life says what it was told to say
        and had not stored when it died.
        """
        async with self._changing:
            if not self.is_down:
                return
            if self._refused and copied is None:
                self.journal.commit()  # the turn was written then, and only the commit failed
                self._note_stored(self._refused)
                for event in self._refused.of_records():
                    self._tell(event)
            self._refused = None
            self._unsaid = [*self._not_on_disk(), *self._unsaid]
            self.journal.close()
            self._disks += copied is not None
            self._put_up(copied or ())
            await self.node.open()
            self.run(group)

    def records(self) -> list[Record]:
        """All that is on its disk, whether it is at work or not."""
        with closing(JournalReader.look_at(self._folder())) as journal:
            return list(journal.records())

    def twin(self) -> "Seat":
        """The same station once more, begun now from a copy of its journal, with nobody at it."""
        self._twins += 1
        state, copied = self.state / f"twin-{self._twins}", self.records()
        return replace(
            self,
            state=state,
            make_officer=Nobody,
            tell=_not_told,
            note_stored=_not_told,
            beside=None,
            copied=copied,
        )

    def _stand_still(self) -> None:
        if self.is_frozen:
            self._process.stop()
            self.link.stop_reading()

    async def _live(self) -> None:
        try:
            with suppress(Crashed):
                await self._work()
        finally:
            while self._untold:  # nobody else tells what it said
                self._tell(self._untold[0])
            self.journal.let_go()  # or its desk would say that it runs
        self._task = None

    async def _work(self) -> None:
        if self.beside is None:
            await self.node.run()
            return
        beside = asyncio.create_task(self.beside(self.node))
        try:
            await self.node.run()
        finally:
            beside.cancel()
            await asyncio.wait([beside])

    def _put_up(self, copied: Iterable[Record]) -> None:
        self.journal = self.journal_type.create(self._folder(), self.line, self.name)
        try:
            self._sit_down(copied)
        except BaseException:
            self.journal.close()  # nobody else could do it: the seat is not made yet
            raise

    def _sit_down(self, copied: Iterable[Record]) -> None:
        line, name = self.line, self.name
        mark_simulated(self._folder())
        self.journal.append(list(copied))
        self._begins_after = {of: head.seq for of, head in self.journal.heads().items()}
        self.clock.jumped_ms()  # what was set before this life moves nothing of it
        self._given.clear()
        self.link = ShakyLink(
            self.make_link, self.conditions, self.line_clock, self.random, self._published
        )
        self.node = Node(
            open_station(self.journal, line, name, self.timers),
            self.journal,
            self.link,
            self.clock,
            officer=self.make_officer(),
            tell=self._tell,
            blocking=self._at_the_disk,
        )

    def _folder(self) -> Path:
        return self.state / (self.name if not self._disks else f"{self.name}.{self._disks}")

    def _not_on_disk(self) -> list[Body]:
        stored = [
            record.body
            for record in self.records()  # without what was written and not committed
            if record.station == self.name and record.seq > self._begins_after.get(self.name, 0)
        ]
        unsaid = []
        for word in self._given:
            if word in stored:
                stored.remove(word)
            else:
                unsaid.append(word)
        return unsaid

    async def _at_the_disk(self, work: Callable[[], T]) -> T:
        if self.armed is Point.BEFORE_COMMIT:
            raise Crashed
        if self.is_full and work == self.journal.commit:
            self._refused = self.journal.written
            self.tell_failure(_NO_ROOM)
            raise Crashed
        done = await self.blocking(work)
        if work == self.journal.commit:
            self._note_stored(self.journal.written)
        if self._commit_takes_ms:
            await self._wait_for_slow_disk()
        if self.armed is Point.AFTER_COMMIT:
            raise Crashed
        return done

    def _note_stored(self, turn: Turn) -> None:
        for event in turn.events:
            if isinstance(event, Said):
                self.note_stored(event.record)
                self._untold.append(event)

    def _tell(self, event: Event) -> None:
        if self._untold and event is self._untold[0]:
            self._untold.popleft()
        self.tell(event)

    async def _wait_for_slow_disk(self) -> None:
        over = self._commit_is_over = asyncio.Event()
        over_ms = self.line_clock.now_ms() + self._commit_takes_ms
        timer = asyncio.get_running_loop().call_later(self.line_clock.wait_s(over_ms), over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()

    def _published(self, publish: Publish) -> None:
        self.said = publish.payload
        topic = parse(publish.topic)
        spoke = topic is not None and topic.channel is Channel.RECORDS
        if spoke and self.armed is Point.BETWEEN_PUBLISHES:
            raise Crashed


def _not_told(_: Event | Record) -> None:
    """Drop what happens at a station that was started by mistake: nobody reads it."""
