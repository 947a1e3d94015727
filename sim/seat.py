"""One station of a scenario: its node, its link and its disk, through all its lives."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hotline.bodies import Body, Kind
from hotline.clock import Clock
from hotline.journal import Journal
from hotline.line import Line
from hotline.node import Blocking, Node, open_station
from hotline.officer import Officer
from hotline.timers import Timers
from hotline.transport import Transport
from hotline.turn import Event
from sim.trouble import Conditions, SetClock, ShakyLink

T = TypeVar("T")


@dataclass
class Seat:
    """Where a station is put up, crashes and is put up again.

    `make_officer` is asked for who is at its desk, for each of its lives; `beside` runs beside
    the node in each of them.
    """

    line: Line
    name: str
    timers: Timers
    line_clock: Clock
    state: Path
    make_link: Callable[[], Transport]
    blocking: Blocking
    make_officer: Callable[[], Officer | None]
    tell: Callable[[Event], None]
    random: Random
    beside: Callable[[Node], Coroutine[Any, Any, None]] | None = None

    def __post_init__(self) -> None:
        self.clock = SetClock(self.line_clock)
        self.conditions = Conditions()
        self._disks = 0
        self._at_disk: asyncio.Task[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._unsaid: list[tuple[Kind, Body]] = []
        self._put_up()

    @property
    def is_down(self) -> bool:
        """Whether its process is dead."""
        return self._task is None

    def run(self, group: asyncio.TaskGroup) -> None:
        """Have the opened node work; what it could not say while it was dead it says now."""
        self._task = group.create_task(self._live(), name=f"station {self.name}")
        for kind, body in self._unsaid:
            self.node.say(kind, body)
        self._unsaid.clear()

    def say(self, kind: Kind, body: Body) -> None:
        """Have it say something, as soon as it can."""
        if self.is_down:
            self._unsaid.append((kind, body))
        else:
            self.node.say(kind, body)

    async def crash(self) -> None:
        """Kill its process."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def restart(self, group: asyncio.TaskGroup, *, new_disk: bool) -> None:
        """Start it from its disk; or from a new one, since the old one is lost."""
        if not self.is_down:
            return
        if self._at_disk:  # what a thread has begun to write
            await asyncio.wait([self._at_disk])
        self.journal.close()
        self._disks += new_disk
        self._put_up()
        await self.node.open()
        self.run(group)

    async def _live(self) -> None:
        if self.beside is None:
            await self.node.run()
            return
        beside = asyncio.create_task(self.beside(self.node))
        try:
            await self.node.run()
        finally:
            beside.cancel()
            await asyncio.wait([beside])

    def _put_up(self) -> None:
        line, name = self.line, self.name
        folder = name if not self._disks else f"{name}.{self._disks}"
        self.journal = Journal.create(self.state / folder, line, name)
        self.link = ShakyLink(self.make_link, self.conditions, self.line_clock, self.random)
        self.node = Node(
            open_station(self.journal, line, name, self.timers),
            self.journal,
            self.link,
            self.clock,
            officer=self.make_officer(),
            tell=self.tell,
            blocking=self._at_the_disk,
        )

    async def _at_the_disk(self, work: Callable[[], T]) -> T:
        self._at_disk = task = asyncio.create_task(_do(self.blocking, work))
        done: T = await asyncio.shield(task)
        return done


async def _do(blocking: Blocking, work: Callable[[], T]) -> T:
    return await blocking(work)
