"""A live line: keeps a station or a watchdog on it, on the machine's time, until it is stopped."""

import asyncio
import contextlib
import gc
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.blocking import Blocking, inline
from hotline.clock import WallClock, wait_at_most
from hotline.config.config import LineConfig
from hotline.errors import HotlineError
from hotline.journal.chain import fitting
from hotline.journal.disk import Damaged, JournalFailed
from hotline.journal.journal import Journal
from hotline.journal.leftovers import cleared
from hotline.journal.state_lock import StateLock
from hotline.logs.narrator import Narrator
from hotline.logs.teller import Log, Teller
from hotline.machine import open_station
from hotline.mqtt.link import MqttLink
from hotline.node import Node
from hotline.picture.picture import Picture
from hotline.signals import on_signal
from hotline.station.officer import CommChecks, Officer
from hotline.station.turn import Event, Turn

Beside = Callable[[Node], Coroutine[Any, Any, None]]

RETRY_S = 2.0  # between two tries to be on the line
# Nobody waits for a watchdog: with fewer turns and commits it keeps out of the parties' way.
WATCHDOG_PACE_S = 0.01
_START_S = 0.5  # how long a start that waits for its broker may hold up the others


async def serve(service: "Service") -> None:
    """Keep a station on its line until Ctrl-C or SIGTERM, then say goodbye.

    A first start that fails leaves no directory that was not there before.

    Raises:
        BrokerUnreachable: there is no broker to begin with.
        LocalError: the state directory cannot be used.
    """
    collect_seldom()
    stopped = asyncio.Event()
    with on_signal(stopped.set), cleared(service.state):
        await service.run(stopped)


@dataclass(frozen=True, slots=True)
class Company:
    """What the stations of one process share."""

    starting: AbstractAsyncContextManager[object]
    """Held by those that are starting."""
    blocking: Blocking
    """How they do disk work."""
    pace_s: float = 0.0
    """How long each gathers what arrives before its next turn, if not as long as when alone."""


class Service:
    """Keeps one station on its line.

    When the disk takes no more, it leaves the line (its last will tells the others), says so, and
    comes back by itself once the cause is mended: what its journal holds is all that happened.
    If it is alone, an error at the first start ends it: somebody is there to read why. In company
    it tries again, whatever fails.

    Args:
        config: the line.
        name: which of its stations.
        state: where its journal is.
        make_officer: who sits down at its desk, anew with every start from the journal.
        log: where it is told.
        tell: is given every event too, once it is on disk.
        beside: runs beside the node for as long as that is on the line.
        company: what it shares with the others of its process, if it is not alone.
    """

    def __init__(
        self,
        config: LineConfig,
        name: str,
        state: Path,
        make_officer: Callable[[], Officer],
        log: Log,
        *,
        tell: Callable[[Event], None] = lambda _: None,
        beside: Beside | None = None,
        company: Company | None = None,
    ) -> None:
        self._config = config
        self._line = config.members
        self._name = name
        self.state = state
        self._make_officer = make_officer
        self._tell = tell
        self._beside = beside
        self._company = company or Company(contextlib.nullcontext(), inline)
        self._is_alone = company is None
        self._clock = WallClock()
        self._teller = Teller(log, self._line.name, name, self._clock.now_ms, config.timers)
        self._lock: StateLock | None = None
        self._unwritten: Turn | None = None  # what the disk has yet to take
        self._untold: list[Event] = []  # what it has taken since, and nobody was told of
        self._has_failed = False
        self._complaint = ""

    async def run(self, stopped: asyncio.Event) -> None:
        """Be on the line until `stopped`."""
        try:
            await self._keep_on_line(stopped)
        finally:
            if self._lock:
                self._lock.release()
        self._teller.state("info", "station.stopped")

    async def _keep_on_line(self, stopped: asyncio.Event) -> None:
        while not stopped.is_set():
            try:
                await self._start_and_stay(stopped)
            except HotlineError as error:
                if isinstance(error, JournalFailed):
                    # Only the first of several has the turn that the disk has yet to take.
                    self._unwritten, self._has_failed = self._unwritten or error.unwritten, True
                elif self._is_alone and not self._has_failed:
                    raise
                if str(error) != self._complaint:
                    self._complaint = str(error)
                    self._teller.state("critical", "station.failed", reason=self._complaint)
                await wait_at_most(stopped, RETRY_S)

    async def _start_and_stay(self, stopped: asyncio.Event) -> None:
        blocking = self._company.blocking
        async with contextlib.AsyncExitStack() as held:
            async with self._company.starting:
                if stopped.is_set():
                    return
                journal = await blocking(lambda: self._open_journal(held))
                if self._is_alone:  # in a large company it would fill the disk
                    journal.make_room()
                link = MqttLink(self._config.broker.address, f"{self._line.name}-{self._name}")
                # Its node ends it once that runs; who is cancelled sooner may have it all the same.
                held.push_async_callback(link.abort)
                node = await blocking(lambda: self._node(journal, link))
                opening = asyncio.create_task(node.open())
                held.callback(opening.cancel)
                # A broker that says nothing must not hold up the lines that have another one.
                await asyncio.wait([opening], timeout=_START_S)
            if not await _is_open(opening, stopped):
                return
            records = sum(node.machine.picture.heads.values())
            self._teller.state("info", "station.started", state=str(self.state), records=records)
            self._complaint = ""
            await _be_on_line(node, stopped, self._beside)

    def _open_journal(self, held: contextlib.AsyncExitStack) -> Journal:
        """The journal, in a directory that is ours from the first try to the end of the run.

        `held` closes it, since a caller that is cancelled meanwhile never gets it.
        """
        if self._lock and not self._lock.stands:
            self._lock.release()
            self._lock = None
        if self._lock is None:
            self._lock = StateLock.take(self.state)
        journal = Journal.create(self.state, self._line, self._name, self._lock)
        held.push_async_callback(self._company.blocking, journal.close)
        return journal

    def _store_unwritten(self, journal: Journal) -> None:
        """Have the disk take what it refused; until then the station is off the line."""
        if self._unwritten is None:
            return
        # In the place of a directory that was taken away there may be another journal by now.
        fits, others = fitting(self._unwritten, journal.heads())
        journal.store(fits)
        stored, self._unwritten = self._unwritten, None
        dropped = {
            record.ref
            for record in others  # a disk that refuses to sync may have written all the same
            if journal.shelf.line_of(record.ref) != record.raw
        }
        for ref in dropped:
            reason = "it was not on disk yet, and does not continue what is there now"
            self._teller.state("warning", "record.refused", topic=str(ref), reason=reason)
        events = (each for each in stored.of_records() if each.record.ref not in dropped)
        self._untold += events  # told once the journal is found whole, perhaps tries later

    def _node(self, journal: Journal, link: MqttLink) -> Node:
        self._store_unwritten(journal)
        if self._has_failed:  # the disk may have spoilt a record: before anybody is told of it
            for fault in journal.faults():
                raise Damaged(fault)
        line, name = self._line, self._name
        self._clock.jumped_ms()  # a clock set before this start moves nothing in it
        machine = open_station(journal, line, name, self._config.timers)
        narrate = Narrator(self._teller, line, name)
        narrate.take_up(machine.picture, machine.peers.receipts.confirmed.get(name, 0))

        def tell(event: Event) -> None:
            narrate(event)
            self._tell(event)

        untold, self._untold = self._untold, []
        for event in untold:
            tell(event)
        return Node(
            machine,
            journal,
            link,
            self._clock,
            # A new one: the last had the last picture's messages.
            officer=self._with_checks(self._make_officer(), machine.picture),
            tell=tell,
            blocking=self._company.blocking,
            pace_s=self._company.pace_s or (WATCHDOG_PACE_S if name in line.watchdogs else 0.0),
        )

    def _with_checks(self, officer: Officer, picture: Picture) -> Officer:
        """The officer, and comm checks on the line's schedule beside him."""
        line, name, every_ms = self._line, self._name, self._config.checks
        if not every_ms or name not in line.parties:
            return officer
        # The two parties take turns.
        after_ms = every_ms if name == line.parties[0] else every_ms // 2
        first_ms = self._clock.now_ms() + after_ms

        def is_quiet(now_ms: int) -> bool:
            return any(each.silence(now_ms) for each in picture.declared.values())

        return CommChecks(officer, every_ms, first_ms, is_quiet)


async def _is_open(opening: asyncio.Task[None], stopped: asyncio.Event) -> bool:
    """Whether the node got connected before somebody stopped it."""
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait([opening, stopping], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
            return True
        return False
    finally:
        stopping.cancel()


async def _be_on_line(node: Node, stopped: asyncio.Event, beside: Beside | None) -> None:
    tasks = [asyncio.create_task(_stop_when(stopped, node))]
    if beside:
        tasks.append(asyncio.create_task(_run_beside(beside, node)))
    try:
        await node.run()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # while the directory is still ours


async def _run_beside(beside: Beside, node: Node) -> None:
    """Run it; a bug in it does not end the station, and is reported at once."""
    try:
        await beside(node)
    except Exception as error:  # noqa: BLE001 -- whatever it is, a person asks why his desk is gone
        what = {"message": f"what ran beside {node.machine.name} failed", "exception": error}
        asyncio.get_running_loop().call_exception_handler(what)


async def _stop_when(stopped: asyncio.Event, node: Node) -> None:
    await stopped.wait()
    node.stop()


def collect_seldom() -> None:
    """Make this process collect garbage seldom.

    What a station keeps, it keeps for long and without cycles. Searching all of it again and again
    costs a fifth of its time, and a turn that has to wait for that is late.
    """
    gc.set_threshold(20_000, 50, 100)
