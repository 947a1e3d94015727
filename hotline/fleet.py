"""Many lines in one process: a watchdog on each, with a journal of its own for each."""

import asyncio
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple, TypeVar

from hotline.blocking import to_its_end
from hotline.clock import wait_at_most
from hotline.config.config import LineConfig
from hotline.live import RETRY_S, Company, Service, collect_seldom
from hotline.logs.stream import LogStream
from hotline.signals import on_signal
from hotline.station.officer import Nobody

T = TypeVar("T")

STARTING = 8  # lines at once: more of them only wait for the same processor and the same disk
_DISK_THREADS = 8  # commits at once: the disk makes one flush of those that meet
_PACE_S = 0.25  # a turn for each status and each record would make four times as many


class WatchedLine(NamedTuple):
    """One line to be watched: by which of its watchdogs, and where the journal is."""

    config: LineConfig
    name: str
    state: Path


class Threads(ThreadPoolExecutor):
    """Threads of which there may be fewer than wanted, when the machine has no more.

    Python says then that a piece of work failed, and does it all the same once a thread is free:
    for a line that was given up meanwhile, whose state directory nobody else gets any more.
    """

    def _adjust_thread_count(self) -> None:
        try:
            super()._adjust_thread_count()
        except RuntimeError:
            if not self._threads:  # or one of them does it when it is free
                self._work_queue.get_nowait()
                raise


async def serve_all(watches: Sequence[WatchedLine], log: LogStream) -> None:
    """Watch all lines until Ctrl-C or SIGTERM, then say goodbye on each.

    A line that cannot be watched (no broker, a full disk, a journal in use) says so, disturbs no
    other one, and is tried again until it can be.
    """
    _allow_files()
    collect_seldom()
    stopped = asyncio.Event()
    # A broker's machine that answers nothing keeps a thread for seconds, again and again. As many
    # threads as lines, or a line whose broker is well would wait for the brokers of others.
    connecting = Threads(len(watches), "connect")
    asyncio.get_running_loop().set_default_executor(connecting)
    # Threads of their own: a name being looked up, or a dead broker, must not hold up a commit.
    with Threads(_DISK_THREADS, "disk") as threads:

        async def blocking(work: Callable[[], T]) -> T:
            return await to_its_end(asyncio.get_running_loop().run_in_executor(threads, work))

        company = Company(asyncio.Semaphore(STARTING), blocking, _PACE_S)
        # A group is cancelled as a whole: all are done before the threads are gone.
        with on_signal(stopped.set):
            async with asyncio.TaskGroup() as group:
                for watch in watches:
                    group.create_task(_keep(watch, log, company, stopped))


async def _keep(
    watch: WatchedLine, log: LogStream, company: Company, stopped: asyncio.Event
) -> None:
    config, name, state = watch
    while not stopped.is_set():
        service = Service(config, name, state, Nobody, log, company=company)
        try:
            await service.run(stopped)
        except Exception as error:  # noqa: BLE001 -- a bug on one line must not blind all others
            what = {"message": f"the watch of {config.line} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(what)
            await wait_at_most(stopped, RETRY_S)


def _allow_files() -> None:
    """Let this process open as many files as it may: a line takes a connection and a journal's."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
