"""Real processes of ours, as a user starts them: with output in files, and ended by signals."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers import PATIENCE_S, eventually
from tests.lines import Line

ROOT = Path(__file__).parent.parent


def environment(**variables: str) -> dict[str, str]:
    """Our environment with these variables instead of ours, and a terminal of 80 columns."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    kept.pop("FORCE_COLOR", None)
    return kept | {"COLUMNS": "80", "PYTHONPATH": str(ROOT)} | variables


def finished(*command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command of ours (`hotline …` or `sim …`) that ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment(),
        timeout=3 * PATIENCE_S,
    )


def children(pid: int) -> list[int]:
    """The processes that the first thread of a process has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def processes_below(folder: Path) -> list[int]:
    """The brokers that still run with their files in a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                at = str((entry / "cwd").readlink())
            except OSError:
                continue
            if at.startswith(str(folder)):
                found.append(int(entry.name))
    return found


class Process:
    """A command of ours that runs until it is stopped."""

    def __init__(self, folder: Path, name: str, *command: str) -> None:
        self.folder = folder
        self.stdout, self.stderr = folder / f"{name}.out", folder / f"{name}.err"
        with self.stdout.open("wb") as out, self.stderr.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=folder,
                env=environment(),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code, once it has ended."""
        return self._process.poll()

    def lines(self) -> list[Line]:
        """The log lines that it has written by now: on stderr, or a tail on stdout."""
        wholes = (
            written.read_text(encoding="utf-8").rpartition("\n")[0]
            for written in (self.stdout, self.stderr)
        )
        lines = (line for whole in wholes for line in whole.splitlines())
        return [json.loads(line) for line in lines if line.startswith("{")]

    def told(self, event: str, **facts: object) -> list[Line]:
        """The lines of an event that have these facts."""
        lines = self.lines()
        return [line for line in lines if line["event"] == event and facts.items() <= line.items()]

    async def tells(self, event: str, **facts: object) -> Line:
        """Wait for the first line of an event that has these facts."""
        await eventually(lambda: self.told(event, **facts))
        return self.told(event, **facts)[0]

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def ends(self, within_s: float = PATIENCE_S) -> int:
        """Wait for its end; its exit code."""
        await eventually(lambda: self.code is not None, within_s=within_s)
        assert self.code is not None
        return self.code

    async def stops(self) -> int:
        """Press Ctrl-C and wait for its end; its exit code."""
        self.signal(signal.SIGINT)
        return await self.ends()

    def clean_up(self) -> None:
        """Kill it if it still runs."""
        if self.code is None:
            self._process.kill()
        self._process.wait()


@contextmanager
def several(folder: Path) -> Iterator["Several"]:
    """Processes that work in one folder; those that still run at the end are killed."""
    running = Several(folder)
    try:
        yield running
    finally:
        for process in running.all:
            process.clean_up()


class Several:
    """Starts processes in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all: list[Process] = []
        self.port = 0

    def start(self, name: str, *command: str) -> Process:
        """Start one; its output goes into files of that name."""
        process = Process(self.folder, name, *command)
        self.all.append(process)
        return process
