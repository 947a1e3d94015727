"""Processes that are killed and brought back, each by a task that alone keeps it."""

import asyncio
import contextlib
import getpass
import resource
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hotline.broker.address import BrokerAddress, trouble_at
from hotline.broker.broker import find_mosquitto
from hotline.errors import LocalError

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
NO_BROKER = 3  # a station's exit code when it finds no broker to begin with
NO_DISK = 2  # the same when it cannot use its state directory
_AGAIN_S = 0.2
_CHUNK = 64 * 1024
_READY_S = 20.0
_STOP_S = 10.0
_LOOK_S = 0.01

_MOSQUITTO = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {directory}/
persistence_file {store}
autosave_interval 2
set_tcp_nodelay true
max_queued_messages 0
max_inflight_messages 1000
connection_messages false
log_dest file {directory}/log
log_type error
log_type warning
log_type notice
log_type information
user {user}
"""
_STORE = "mosquitto.db"


class Process:
    """One process that has to run, except while it is `down`.

    Args:
        name: the name of the process and of its log.
        command: its command line for the n-th life.
        log: where its stderr goes; its stdout goes into a `.side` file beside that. Both go through
            pipes, so that it can still report while the disk is full for it.
        respawned: is called if it had to be started anew because it found no broker, or no room.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[int], Sequence[str]],
        log: Path,
        respawned: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self.lives = 0
        self.kills = 0
        self.death = ""  # why it ended of its own accord, which it must not
        self._command = command
        self._log = log
        self._respawned = respawned
        self._wanted = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._killed = False
        self._filled = False
        self._prepare: Callable[[], None] | None = None
        self._keeper: asyncio.Task[None] | None = None

    def start(self, prepare: Callable[[], None] | None = None) -> None:
        """Keep it running from now on; `prepare` is called when its last life is really over."""
        self._prepare = prepare
        self._wanted.set()
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())

    def kill(self) -> bool:
        """SIGKILL; say whether there was something to kill."""
        self._wanted.clear()
        if not self._signal(signal.SIGKILL):
            return False
        self._killed = True
        self.kills += 1
        return True

    def pause(self) -> bool:
        """SIGSTOP; say whether there was something to stop."""
        return self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def fill(self) -> bool:
        """Let no file of its grow any more; say whether there was a process to do that to."""
        self._filled = self._limit_files(0)
        return self._filled

    def make_room(self) -> None:
        """Let its files grow again."""
        self._limit_files(resource.RLIM_INFINITY)

    async def stop(self) -> None:
        """Send SIGTERM and, if it does not listen, SIGKILL; then it is over."""
        self._wanted.clear()
        process = self._process
        if process is not None:
            self._killed = True
            self._signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), _STOP_S)
            except TimeoutError:
                self.death = self.death or f"did not end within {_STOP_S:g} s of SIGTERM"
                self._signal(signal.SIGKILL)
                await process.wait()
            while self._process is not None:  # its last words are still being written down
                await asyncio.sleep(_LOOK_S)
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    def _limit_files(self, size: int) -> bool:
        if self._process is None or self._process.returncode is not None:
            return False
        with contextlib.suppress(ProcessLookupError):
            limits = (size, resource.RLIM_INFINITY)
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, limits)
        return True

    def _signal(self, number: signal.Signals) -> bool:
        if self._process is None or self._process.returncode is not None:
            return False
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
        return True

    async def _keep(self) -> None:
        while True:
            await self._wanted.wait()
            self.lives += 1
            self._killed = self._filled = False
            if self._prepare:
                self._prepare()
                self._prepare = None
            self._process = process = await asyncio.create_subprocess_exec(
                *_leash(),
                *self._command(self.lives),
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,  # Ctrl-C comes to us first
            )
            if not self._wanted.is_set():
                self.kill()  # it had to die while it was being born
            await asyncio.gather(
                _write_down(process.stdout, self._log.with_suffix(".side")),
                _write_down(process.stderr, self._log),
            )
            code = await process.wait()
            self._process = None
            if self._killed:
                continue
            if code == NO_BROKER or (self._filled and code == NO_DISK):
                await asyncio.sleep(_AGAIN_S)
                self._respawned()
                continue
            self.death = f"ended by itself with exit code {code} in life {self.lives}"
            return


class Broker:
    """A Mosquitto on one port, with a memory on disk that can be taken away."""

    def __init__(self, directory: Path) -> None:
        program = find_mosquitto()
        if program is None:
            raise LocalError("Mosquitto is needed but is not on this machine")
        directory.mkdir()
        self.port = _free_port()
        self._store = directory / _STORE
        config = directory / "mosquitto.conf"
        config.write_text(
            _MOSQUITTO.format(
                port=self.port, directory=directory, store=_STORE, user=getpass.getuser()
            )
        )
        self.process = Process(
            "broker", lambda _: [str(program), "-c", str(config)], directory / "out.log"
        )

    async def start(self) -> None:
        """Have it running, and wait until it answers."""
        self.process.start()
        try:
            async with asyncio.timeout(_READY_S):
                while await trouble_at(BrokerAddress(LOOPBACK, self.port), 1.0):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise LocalError(f"Mosquitto does not answer: {self.process.death}") from None

    def forget(self) -> None:
        """Take its memory away; it must be dead."""
        self._store.unlink(missing_ok=True)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of one of our modules."""
    return [sys.executable, "-m", module, *arguments]


async def _write_down(pipe: asyncio.StreamReader | None, path: Path) -> None:
    """Write down all that comes out of a pipe, until nobody holds its other end any more."""
    if pipe is not None:
        with path.open("ab", buffering=0) as file:
            while said := await pipe.read(_CHUNK):
                file.write(said)


def _leash() -> list[str]:
    """The command that ties a process to ours, so that none is left if we are killed ourselves."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port
