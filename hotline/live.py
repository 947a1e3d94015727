"""A live line: one station, watchdog or tail as a process of its own, on the machine's time."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

from hotline.clock import WallClock
from hotline.config import LineConfig
from hotline.disk import JournalFailed, damaged
from hotline.errors import HotlineError
from hotline.journal import Journal
from hotline.logs import LogStream
from hotline.mqtt import MqttLink
from hotline.narrator import Narrator, Teller
from hotline.node import Node, inline, open_station
from hotline.officer import Officer
from hotline.records import Record
from hotline.turn import Event

Beside = Callable[[Node], Coroutine[Any, Any, None]]

_RETRY_S = 2.0  # between two tries to use a disk that took no more


def default_state(line: str, station: str) -> Path:
    """Where a station keeps its journal when nothing else is said (the XDG state directory)."""
    root = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(root) / "hotline" / line / station


async def serve(
    config: LineConfig,
    name: str,
    state: Path,
    make_officer: Callable[[], Officer],
    log: LogStream,
    *,
    tell: Callable[[Event], None] = lambda event: None,  # noqa: ARG005 -- nobody listens
    beside: Beside | None = None,
) -> None:
    """Run a station until Ctrl-C or SIGTERM, then say goodbye.

    When the disk takes no more, it leaves the line (its last will tells the others), says so, and
    comes back by itself once the cause is mended: what its journal holds is all that happened.

    Args:
        config: the line.
        name: which of its stations.
        state: where its journal is.
        make_officer: who sits down at its desk, anew with every start from the journal.
        log: where it is told.
        tell: is given every event too, once it is on disk.
        beside: runs beside the node for as long as that is on the line.

    Raises:
        BrokerUnreachable: there is no broker to begin with.
        LocalError: the state directory cannot be used.
    """
    line, clock = config.members, WallClock()
    teller = Teller(log, line.name, name, clock)
    stopped = asyncio.Event()
    unwritten: Sequence[Record] = ()
    recovering = False
    complaint = ""
    with on_signal(stopped.set):
        while not stopped.is_set():
            try:
                with contextlib.closing(Journal.create(state, line, name)) as journal:
                    if unwritten:  # off the line until the disk takes what it refused
                        journal.append(unwritten)
                    unwritten = ()
                    if recovering:  # and nobody is told what the disk has made of a record
                        _require_whole(journal)
                    machine = open_station(journal, line, name, config.timers)
                    records = sum(machine.picture.heads.values())
                    teller.state("info", "station.started", state=str(state), records=records)
                    link = MqttLink(config.broker.address, f"{line.name}-{name}")
                    hearers = (Narrator(teller, line, name), tell)
                    officer = make_officer()  # a new one: the last had the last picture's messages
                    node = Node(
                        machine,
                        journal,
                        link,
                        clock,
                        officer=officer,
                        tell=_to(hearers),
                        blocking=inline,
                    )
                    await _be_on_line(node, stopped, beside)
            except HotlineError as error:
                if isinstance(error, JournalFailed):
                    unwritten, recovering = error.unwritten, True
                elif not recovering:
                    raise
                if str(error) != complaint:
                    complaint = str(error)
                    teller.state("critical", "station.failed", reason=complaint)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), _RETRY_S)
    teller.state("info", "station.stopped")


def _require_whole(journal: Journal) -> None:
    for fault in journal.faults():
        raise damaged(str(fault))


async def _be_on_line(node: Node, stopped: asyncio.Event, beside: Beside | None) -> None:
    await node.open()
    tasks = [asyncio.create_task(_stop_when(stopped, node))]
    if beside:
        tasks.append(asyncio.create_task(beside(node)))
    try:
        await node.run()
    finally:
        for task in tasks:
            task.cancel()


def _to(hearers: Sequence[Callable[[Event], None]]) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        for hearer in hearers:
            hearer(event)

    return tell


async def _stop_when(stopped: asyncio.Event, node: Node) -> None:
    await stopped.wait()
    node.stop()


@contextlib.contextmanager
def on_signal(stop: Callable[[], object]) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM call `stop`, so that a process ends in its own good order."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
