"""One station of a simulated run, through all its lives."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from hotline.bodies import Kind
from hotline.journal.taking_up import take_up
from hotline.journal.unjudged import Unjudged, read_as_heard
from hotline.machine import open_station
from hotline.node import Node
from hotline.records import Record, decode
from hotline.station.officer import Nobody
from hotline.station.turn import Publish, Turn
from hotline.times import SECOND_MS
from sim.chance import coin
from sim.oracle.facts import Failure
from sim.process import Crashed, Process
from sim.set_clock import SetClock
from sim.swarm.disk import WatchedJournal, copy_of, new_disk
from sim.swarm.drawn_officer import DrawnOfficer
from sim.swarm.plan import PARTIES
from sim.swarm.surroundings import Surroundings
from sim.swarm.witness import Witness

T = TypeVar("T")


class Post:
    """One station: its disk, which outlives its processes, and the process that runs now.

    Its twin has the same name; only we tell them apart, by what they are `called`.
    """

    def __init__(
        self,
        world: Surroundings,
        name: str,
        called: str = "",
        disk: sqlite3.Connection | None = None,
    ) -> None:
        self.name = name
        self.called = called or name
        self.clock = SetClock(world.clock)
        self.is_deserted = False
        """Whether nobody is at its desk, whichever process runs."""
        self.disk = world.keep(disk or new_disk())
        self.old: sqlite3.Connection | None = None
        self.armed = ""
        self.commit_takes_ms = 0
        """Time that a commit takes beside its work; longer while the disk is slow."""
        self.unsaid = 0
        self.node: Node | None = None
        self.journal: WatchedJournal
        self.officer: DrawnOfficer | None = None
        self._world = world
        self.set_clock(0)
        self._witness = Witness(world, name, self.called)
        self._task: asyncio.Task[None] | None = None
        self._process = Process()
        self._is_wanted = True

    def set_clock(self, ahead_ms: int) -> None:
        """Set its clock so far ahead (back, below 0) of where it usually is."""
        self.clock.ahead_ms = self._world.plan.clocks_ms.get(self.name, 0) + ahead_ms

    def start(self) -> None:
        """Start a process from the disk; if one is still leaving, once it is gone."""
        self._is_wanted = True
        # One that was killed before its first step could not put its node away.
        if self.node and self._task and not self._task.done():
            return
        world, name, called = self._world, self.name, self.called
        self.unsaid, self.armed = 0, ""
        self.clock.jumped_ms()  # what was set before this start moves nothing of it
        self._open_journal()
        self._witness.starts(self.journal)
        machine = open_station(
            self.journal,
            world.line,
            name,
            world.plan.timers,
            checkpoint_every=world.plan.checkpoint,
        )
        if name in PARTIES:
            seed = f"{world.plan.seed}/{called}"
            self.officer = DrawnOfficer(seed, world.plan.absent / 100, self._witness.shown)
            self.officer.quiet, self.officer.is_away = world.quiet, self.is_deserted
        self.node = Node(
            machine,
            self.journal,
            world.network.link(
                called, self._published, None if name in PARTIES else self._witness.reached
            ),
            self.clock,
            officer=self.officer or Nobody(),
            tell=self._witness.told,
            blocking=self._blocking,
        )
        self._process = Process()
        living = self._process.run(partial(self._live, self.node))
        self._task = asyncio.create_task(living, name=f"station {called}")

    def twin(self) -> "Post":
        """The same station once more, with a copy of its disk."""
        return Post(self._world, self.name, f"{self.name} twin", copy_of(self.disk))

    def copy(self) -> None:
        """Take a copy of the disk, to which it may be put back."""
        self.old = self._world.keep(copy_of(self.disk))

    def write(self, record: Record) -> None:
        """Have another program put a record on the disk while no process of ours runs."""
        self._open_journal()
        self.journal.append([record])

    def take_in(self, other: "Post") -> None:
        """Import what is on another station's disk, unless a process of ours runs."""
        if self.node:
            return
        line, now_ms = self._world.line, self.clock.now_ms()
        self._open_journal()
        new = [
            decode(raw)
            for of, head in other.journal.upto.items()
            for seq, raw in other.journal.rows(of, after=self.journal.upto.get(of, 0))
            if seq <= head  # what is written, and not committed yet, nobody else can read
        ]
        heard = Unjudged()
        if self.name in line.watchdogs:
            heard = read_as_heard(self.journal, line, new, now_ms)
        self.journal.take_in(new, {}, *heard)
        picture = take_up(self.journal, line)
        if picture.is_worth_a_checkpoint(self._world.plan.checkpoint):
            self.journal.store(Turn(checkpoint=picture.put_away()))
        self._world.note(f"{self.called} imports {len(new)} records of {other.called}'s")

    def kill(self) -> None:
        """End the process between two turns."""
        if self._task and not self._task.done():
            self._task.cancel()

    def leave(self) -> None:
        """Have the process, if there is one, end in order as soon as it can."""
        self._is_wanted = False
        if self.node:
            self.node.stop()

    def sleep(self) -> None:
        """Stop the process, if there is one."""
        if self.node:
            self._process.stop()
            self._world.network.links[self.called].stop_reading()

    def wake(self, *, reads_first: bool) -> None:
        """Have a process that was stopped go on: all its timers and arrivals are late.

        It may see the arrivals first, or the timers.
        """
        link = self._world.network.links[self.called]
        if reads_first:
            link.read_on()
        self._process.go_on()
        if not reads_first:
            asyncio.get_running_loop().call_later(0.001, link.read_on)

    def desert(self, *, is_deserted: bool) -> None:
        """Have the officer leave his desk, or come back."""
        self.is_deserted = is_deserted
        if self.officer and is_deserted:
            self.officer.is_away = True
        elif self.officer:
            self.officer.come_back(self.clock.now_ms())

    def _open_journal(self) -> None:
        self.journal = WatchedJournal.over(self.disk, self._world.line, self.name, self._committed)

    async def _live(self, node: Node) -> None:
        try:
            await node.open()
            await node.run()
            self._witness.leaves()
        except (Crashed, asyncio.CancelledError):
            self._world.note(f"{self.called} dies")
            return
        except Exception as error:  # noqa: BLE001 -- any other end is a violation
            failure = Failure(self._world.clock.now_ms(), f"{self.called} failed: {error!r}")
            self._world.evidence.failures.append(failure)
            return
        finally:
            self.node = None
            self.disk.rollback()  # what was written and not committed is gone with the process
        if self._is_wanted:  # again, before it was gone
            self.start()

    async def _blocking(self, work: Callable[[], T]) -> T:
        if self.armed == "before-commit":
            raise Crashed
        done = work()
        if self.commit_takes_ms:
            await asyncio.sleep(self.commit_takes_ms / SECOND_MS)
        if self.armed == "after-commit":
            raise Crashed
        return done

    def _published(self, publish: Publish) -> None:
        if self.armed == "between-publishes" and coin(self._world.random):
            raise Crashed
        self._witness.published(publish)

    def _committed(self, record: Record) -> None:
        if record.station == self.name and record.kind != Kind.REPLY:
            self.unsaid = max(self.unsaid - 1, 0)
        self._witness.committed(record)
