"""The full screen in a process of its own, on a real terminal."""

import asyncio
import contextlib
import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import AsyncIterator
from pathlib import Path

from tests.helpers import PATIENCE_S, eventually

ROWS, COLUMNS = 24, 80
_STILL_S = 0.5  # in which a screen that has something to draw draws it


class Tty:
    """The other end of the terminal: the fingers and the eyes."""

    def __init__(self, end: int, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._end = end
        self._shown = b""
        asyncio.get_running_loop().add_reader(end, self._read)

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            self._shown += os.read(self._end, 65_536)

    async def sees(self, text: str) -> None:
        """Wait until this has been written to the terminal since the last keys."""
        await eventually(lambda: text.encode() in self._shown)

    async def has_drawn(self, text: str) -> None:
        """Wait until this has been written, and is not written again by itself."""
        await self.sees(text)
        while text.encode() in self._shown:
            self._shown = b""
            await asyncio.sleep(_STILL_S)

    async def is_left(self) -> int:
        """Wait until the screen has ended; its exit code."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    def close(self) -> None:
        """Close the window, if it is open."""
        end, self._end = self._end, -1
        if end >= 0:
            asyncio.get_running_loop().remove_reader(end)
            os.close(end)

    def types(self, keys: str) -> None:
        """Press keys all at once."""
        self._shown = b""
        os.write(self._end, keys.encode())


@contextlib.asynccontextmanager
async def terminal(state: Path) -> AsyncIterator[Tty]:
    """`hotline desk` at the desk of the station in this directory."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hotline", "desk", "--state", str(state)),
        stdin=its,
        stdout=its,
        stderr=its,
        env=environment,
        start_new_session=True,
    )
    os.close(its)
    tty = Tty(ours, process)
    try:
        await tty.sees("on the line")
        yield tty
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        tty.close()
