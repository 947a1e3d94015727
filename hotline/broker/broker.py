"""A private broker for a single run, which cannot outlive us."""

import asyncio
import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from hotline.broker import guard
from hotline.broker.address import BrokerAddress, trouble_at
from hotline.errors import LocalError

LOOPBACK = "127.0.0.1"
SBIN = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")  # often not in a user's PATH

READY_S = 10.0  # a broker takes 0.02 to 0.2 s to be ready; a machine under load may take long
STOP_S = 2 * guard.GRACE_S + 6.0  # the guard is done well before; never wait for ever
LOOK_S = 0.01  # how often to look whether the broker has got there
_WATCH_S = 0.5  # how often to look whether one that runs still does
PORT_TRIES = 3
LOG_LINES = 8  # what a person needs of a failed broker's log
CONFIG = "broker.conf"

# The limits are far above the defaults of 20 in flight and 1,000 queued, because what overflows a
# queue is dropped *after* its sender was told that it arrived. 0 is no limit, which a broker that
# lives as long as one run can afford. Without nodelay each exchange waits 44 ms for Nagle.
MOSQUITTO_CONFIG = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence false
set_tcp_nodelay true
max_queued_messages 0
max_inflight_messages 1000
connection_messages false
log_dest stderr
log_type error
log_type warning
log_type notice
log_type information
"""
# The port of NATS' own protocol, which nobody needs here, is left to chance (-1). Unacknowledged
# messages wait a minute before they are sent again: a busy subscriber is not a dead one.
NATS_CONFIG = """\
server_name: hotline
listen: "127.0.0.1:-1"
jetstream {{ store_dir: "store" }}
mqtt {{
  listen: "127.0.0.1:{port}"
  ack_wait: "1m"
  max_ack_pending: 1000
  consumer_memory_storage: true
}}
"""


@dataclass(frozen=True)
class Broker:
    """A broker that runs now, and what it is; if we started it, also whether it has ended."""

    url: str
    name: str
    has_ended: Callable[[], bool] = lambda: False

    async def ended(self) -> None:
        """Wait until it has ended, which somebody else has brought about."""
        while not self.has_ended():  # noqa: ASYNC110 -- a process sets no event
            await asyncio.sleep(_WATCH_S)


class BrokerKind(StrEnum):
    """The brokers that we can start ourselves, the preferred one first."""

    mosquitto = "mosquitto"
    nats = "nats"


def _which(program: str, *folders: str) -> Path | None:
    found = shutil.which(program, path=os.pathsep.join(folders))
    return Path(found).absolute() if found else None


def find_mosquitto() -> Path | None:
    """Find Mosquitto in PATH or where systems put servers."""
    return _which("mosquitto", *os.get_exec_path(), *SBIN)


def find_nats() -> Path | None:
    """Find nats-server where pip puts the programs of this Python, or in PATH."""
    # The link is not resolved: a virtual environment's programs are beside its link to python.
    ours = (str(Path(sys.executable).parent), sysconfig.get_path("scripts"))
    return _which("nats-server", *ours, *os.get_exec_path())


@dataclass(frozen=True)
class _Program:
    """What tells one kind of broker from the other; both take their configuration with `-c`."""

    title: str
    install: str
    find: Callable[[], Path | None]
    config: str
    ready: str  # what its log says once it listens, a pattern
    version: str  # where its log tells its version, a pattern
    user: str | None = None  # the user that it becomes when root starts it


_PROGRAMS = {
    BrokerKind.mosquitto: _Program(
        title="Mosquitto",
        install="`apt-get install mosquitto`",
        find=find_mosquitto,
        config=MOSQUITTO_CONFIG,
        ready=r"mosquitto version \S+ running",
        version=r"mosquitto version (\S+)",
        user="mosquitto",
    ),
    BrokerKind.nats: _Program(
        title="nats-server",
        install="`pip install 'hotline[embedded]'`",
        find=find_nats,
        config=NATS_CONFIG,
        ready="Server is ready",
        version=r"Version:\s+(\S+)",
    ),
}


def _choose(kind: BrokerKind | None) -> tuple[_Program, Path]:
    wanted = [_PROGRAMS[each] for each in BrokerKind if kind in (None, each)]
    for program in wanted:
        if path := program.find():
            return program, path
    titles = " or ".join(program.title for program in wanted)
    installs = " or ".join(program.install for program in wanted)
    raise LocalError(f"{titles} is needed but is not on this machine: {installs} installs it")


@contextlib.asynccontextmanager
async def private_broker(
    kind: BrokerKind | None = None, *, port: int | None = None
) -> AsyncIterator[Broker]:
    """Run a broker that only this machine can reach, until the context ends or we do, however.

    Without a kind it is Mosquitto where there is one, else nats-server; without a port, a free one.

    Raises:
        LocalError: there is no such broker on this machine, or it cannot be started on that port.
    """
    if port is not None and not 0 < port < 1 << 16:
        raise LocalError(f"{port} is not a port: expected 1 to 65535")
    program, path = _choose(kind)
    async with contextlib.AsyncExitStack() as stack:
        for tries_left in reversed(range(PORT_TRIES if port is None else 1)):
            guarded = _Guarded(program, path, _free_port() if port is None else port)
            stack.push_async_callback(guarded.stop)
            try:
                await guarded.ready()
            except _PortTakenError:
                if not tries_left:
                    raise
            else:
                break
        yield guarded.broker()


def _free_port() -> int:
    """Pick a port that is free now; somebody may take it before our broker does."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port: int = free.getsockname()[1]
        return port


class _PortTakenError(LocalError):
    """Somebody else listens on the port that we chose."""


class _Guarded:
    """A broker's process under its guard, in a private directory that goes with it."""

    def __init__(self, program: _Program, path: Path, port: int) -> None:
        self._program = program
        self._address = BrokerAddress(LOOPBACK, port)
        self._directory = Path(tempfile.mkdtemp(prefix="hotline-broker-"))  # of mode 0700
        with contextlib.ExitStack() as undo:
            undo.callback(shutil.rmtree, self._directory, ignore_errors=True)
            self._configure()
            # If a broker cannot start, the guard deletes the log; we still have it open.
            log = (self._directory / "log").open("xb+")
            self._log = undo.enter_context(log)
            # By its path, isolated and without site-packages, the guard starts soonest.
            started = [sys.executable, "-I", "-S", str(Path(guard.__file__).absolute())]
            self._process = subprocess.Popen(  # noqa: S603 -- no shell, and our own arguments
                [*started, str(self._directory), "--", str(path), "-c", CONFIG],
                cwd=self._directory,
                stdin=subprocess.PIPE,  # while we hold this open, the broker runs
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,  # Ctrl-C is ours to see first
            )
            undo.pop_all()

    def _configure(self) -> None:
        config = self._directory / CONFIG
        config.write_text(self._program.config.format(port=self._address.port))
        if os.geteuid() == 0 and self._program.user:
            # Mosquitto gives up root's rights, and then could not look into root's directory.
            with contextlib.suppress(KeyError):  # no such user: it goes on as somebody else
                user = pwd.getpwnam(self._program.user)
                for ours in (self._directory, config):
                    os.chown(ours, user.pw_uid, user.pw_gid)

    def _log_text(self) -> str:
        # Read at a place of its own: a seek would move where the broker writes.
        return os.pread(self._log.fileno(), 1 << 20, 0).decode(errors="replace")

    async def ready(self) -> None:
        """Wait until it says that it listens and answers; another's answer alone proves nothing."""
        try:
            async with asyncio.timeout(READY_S):
                while not re.search(self._program.ready, self._log_text()):
                    if self._process.poll() is not None:
                        raise self._failure("stopped at once")
                    await asyncio.sleep(LOOK_S)
                wrong = await trouble_at(self._address, READY_S)
        except TimeoutError:
            raise self._failure(f"was not ready within {READY_S:g} s") from None
        if wrong:
            raise self._failure(f"is ready but does not answer at {self._address}: {wrong}")

    def _failure(self, what: str) -> LocalError:
        text = self._log_text()
        if "address already in use" in text.lower():
            return _PortTakenError(
                f"port {self._address.port} on {LOOPBACK} is in use:"
                " choose another one, or stop what listens there"
            )
        tail = "\n  ".join(text.splitlines()[-LOG_LINES:])
        return LocalError(f"{self._program.title} {what}; its log ends with:\n  {tail}")

    def broker(self) -> Broker:
        version = re.search(self._program.version, self._log_text())
        name = f"{self._program.title} {version[1]}" if version else self._program.title
        return Broker(str(self._address), name, lambda: self._process.poll() is not None)

    async def stop(self) -> None:
        """Have the guard stop the broker; being cancelled here does not revoke that."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                while self._process.poll() is None:  # noqa: ASYNC110 -- a process sets no event
                    await asyncio.sleep(LOOK_S)
        self._log.close()
        shutil.rmtree(self._directory, ignore_errors=True)  # for a guard that somebody killed
