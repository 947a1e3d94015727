"""The processes of a benchmark: one for each station, with journals on a real disk."""

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from hotline.broker.broker import BrokerKind, private_broker

ROOT = Path(__file__).parent.parent.parent
_BUILD = ROOT / "build"  # /tmp may be memory
_PATIENCE_S = 5.0


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A directory on a real disk, for as long as a measurement takes."""
    _BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_BUILD) as path:
        yield Path(path)


@contextlib.asynccontextmanager
async def broker() -> AsyncIterator[int]:
    """The port of a Mosquitto of our own."""
    async with private_broker(BrokerKind.mosquitto) as running:
        yield int(running.url.rpartition(":")[2])


@contextlib.contextmanager
def running(*commands: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Modules of ours (`tests.bench.far 1883`) as processes, until the context ends.

    They are asked to stop, and killed if they do not; their logs are written, but not read.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )
        for command in commands
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()


def tell_ready() -> None:
    """Say that everything said from now on is heard here."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


async def is_ready(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens: the yardsticks repair nothing, and would wait for ever.

    Raises:
        ChildProcessError: it ended instead.
    """
    if process.stdout is None or not await asyncio.to_thread(process.stdout.readline):
        raise ChildProcessError(f"{process.args!r} did not come up")


async def json_lines(*command: str) -> AsyncIterator[dict[str, float]]:
    """The output of a module of ours, run as a process of its own: one object a line.

    Raises:
        ChildProcessError: it failed; stderr says why.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        async for line in process.stdout:
            yield json.loads(line)
        if await process.wait():
            raise ChildProcessError(f"{' '.join(command)} failed")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
