"""Stations at work: nodes with journals on disk, started, stopped and killed by a test."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any, TypeVar

from hotline import status
from hotline.blocking import Blocking, inline
from hotline.bodies import Body
from hotline.clock import Clock, ScenarioClock, WallClock, sleep_until
from hotline.journal.journal import Journal
from hotline.machine import open_station
from hotline.memory import MemoryBroker, MemoryLink
from hotline.node import Node
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.station.keeper import CHECKPOINT_RECORDS
from hotline.station.officer import Nobody, Officer
from hotline.station.turn import Event, Incoming
from hotline.status import Status
from hotline.timers import Timers
from hotline.topics import Channel, Topic
from hotline.transport import Arrival, Transport
from sim.virtual_time import run
from tests.helpers import LINE, T0, TIMERS

T = TypeVar("T")


class SpiedJournal(Journal):
    """A journal that remembers its commits, and can be made to fail."""

    commits: list[int]
    fails: Exception | None = None

    def commit(self) -> None:
        """Store what was written, unless it is to fail."""
        if self.fails:
            raise self.fails
        super().commit()
        self.commits.append(len(self.written.appends))


class Witness(Officer):
    """An officer who notes what he is shown, and has another one answer."""

    def __init__(self, officer: Officer) -> None:
        self.officer = officer
        self.shown: list[str] = []

    def at_once(self, message: Message) -> Body | None:
        """What the other says."""
        return self.officer.at_once(message)

    def show(self, message: Message, now_ms: int) -> None:
        """Note it."""
        self.shown.append(str(message.ref))
        self.officer.show(message, now_ms)

    def clock_jumped(self, by_ms: int) -> None:
        """As the other does."""
        self.officer.clock_jumped(by_ms)

    def due_ms(self) -> int | None:
        """When the other has something to say."""
        return self.officer.due_ms()

    def say(self, now_ms: int) -> Sequence[Body]:
        """What the other says."""
        return self.officer.say(now_ms)


@dataclass
class Post:
    """One station of a crew while it runs."""

    node: Node
    journal: SpiedJournal
    link: Transport
    officer: Witness
    task: asyncio.Task[None]
    events: list[Event] = field(default_factory=list)


class Crew:
    """The stations of one line in one event loop."""

    def __init__(
        self,
        state: Path,
        make_link: Callable[[str], Transport],
        clock: Clock,
        *,
        timers: Timers = TIMERS,
    ) -> None:
        self.state = state
        self.make_link = make_link
        self.clock = clock
        self.timers = timers
        self.line = LINE
        self.posts: dict[str, Post] = {}
        self.checkpoint_every = CHECKPOINT_RECORDS

    async def start(
        self,
        name: str,
        officer: Officer | None = None,
        *,
        blocking: Blocking = inline,
        pace_s: float = 0.0,
    ) -> Post:
        """Start a station from its journal on disk."""
        journal = SpiedJournal.create(self.state / name, self.line, name)
        journal.commits = []
        witness = Witness(officer or Nobody())
        events: list[Event] = []
        link = self.make_link(name)
        node = Node(
            open_station(
                journal, self.line, name, self.timers, checkpoint_every=self.checkpoint_every
            ),
            journal,
            link,
            self.clock,
            officer=witness,
            tell=events.append,
            blocking=blocking,
            pace_s=pace_s,
        )
        try:
            await node.open()
        except BaseException:
            journal.close()
            raise
        task = asyncio.create_task(node.run(), name=name)
        self.posts[name] = Post(node, journal, link, witness, task, events)
        return self.posts[name]

    async def start_all(self, officer: Callable[[], Officer] = Nobody) -> None:
        """Start everybody."""
        for name in self.line.stations:
            await self.start(name, officer() if name in self.line.parties else None)

    async def stop(self, name: str) -> None:
        """Have a station leave with a goodbye."""
        post = self.posts.pop(name)
        post.node.stop()
        await post.task
        post.journal.close()

    async def crash(self, name: str) -> None:
        """Kill a station."""
        post = self.posts.pop(name)
        post.task.cancel()
        with suppress(asyncio.CancelledError):
            await post.task
        post.journal.close()

    async def stop_all(self) -> None:
        """Stop all that still run; watchdogs first, as they would flag that the others leave."""
        for name in sorted(self.posts, key=lambda name: name in self.line.parties):
            await self.stop(name)

    def say(self, name: str, body: Body) -> None:
        """Have a station say something."""
        self.posts[name].node.say(body)

    def picture(self, name: str) -> Picture:
        """The picture of a station."""
        return self.posts[name].node.machine.picture

    def lines(self, name: str) -> dict[str, list[bytes]]:
        """The lines of each journal on the disk of a station that is not running."""
        journal = Journal.look_at(self.state / name)
        try:
            return {of: [raw for _, raw in journal.rows(of)] for of in self.line.stations}
        finally:
            journal.close()


class Stage(Crew):
    """A crew on a broker in memory and a virtual clock, with an ear on the wire."""

    def __init__(self, state: Path) -> None:
        self.broker = MemoryBroker()
        self.links: dict[str, MemoryLink] = {}
        self.time = ScenarioClock(T0)
        self.time.begin()
        self.heard: list[Incoming] = []
        super().__init__(state, self._link, self.time)

    def _link(self, name: str) -> MemoryLink:
        self.links[name] = self.broker.link()
        return self.links[name]

    async def listen(self) -> None:
        """Hear all that is said on the wire."""

        def deliver(arrival: Arrival) -> None:
            if isinstance(arrival, Incoming):
                self.heard.append(arrival)

        await self.broker.link().open(["#"], lambda: None, deliver)

    async def go(self, duration_ms: int) -> None:
        """Let time pass."""
        await sleep_until(self.time, self.time.now_ms() + duration_ms)

    def batches(self, name: str) -> list[int]:
        """How many records each payload had with which a station said some."""
        topic = str(Topic(self.line.name, name, Channel.RECORDS))
        return [len(m.payload.split(b"\n")) for m in self.heard if m.topic.startswith(topic)]

    def statuses(self, name: str, after: int = 0) -> list[Incoming]:
        """The statuses that a station said, after so many messages."""
        topic = f"hotline/v1/isr-tur/{name}/status"
        return [m for m in self.heard[after:] if m.topic == topic]

    def status(self, name: str) -> Status:
        """The status that the broker has of a station."""
        return status.decode(self.broker.retained[f"hotline/v1/isr-tur/{name}/status"])


def played(state: Path, play: Callable[[Stage], Coroutine[None, None, T]]) -> T:
    """Play something on a stage, on a virtual clock."""

    async def main() -> T:
        stage = Stage(state)
        await stage.listen()
        try:
            return await play(stage)
        finally:
            for name in list(stage.posts):
                await stage.crash(name)

    return run(main())


def on_stage(play: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    """A test that plays on a stage, on a virtual clock; pytest gives it what else it asks for."""

    @wraps(play)
    def test(tmp_path: Path, **given: Any) -> None:
        played(tmp_path, lambda stage: play(stage, **given))

    _, *asked = signature(play).parameters.values()
    tmp_path = Parameter("tmp_path", Parameter.POSITIONAL_OR_KEYWORD)
    test.__signature__ = Signature([tmp_path, *asked])  # type: ignore[attr-defined]
    return test


class SlowDisk:
    """A disk whose work waits until it is let go."""

    def __init__(self) -> None:
        self.free = asyncio.Event()

    async def __call__(self, work: Callable[[], T]) -> T:
        """Do it when the disk is free."""
        await self.free.wait()
        return work()


def journals(state: Path) -> dict[str, dict[str, list[bytes]]]:
    """The journals on each station's disk when all are stopped."""
    crew = Crew(state, lambda _: MemoryBroker().link(), WallClock())
    return {name: crew.lines(name) for name in crew.line.stations}
