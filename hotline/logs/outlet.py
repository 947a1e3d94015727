"""Where the log of a station goes: a stream that does not keep it waiting for whoever reads."""

import errno
import io
import re
import select
from typing import TextIO

# How much to write at once to a stream that says it has room. A terminal then has room for a few
# letters, and perhaps for no line's end after them; a pipe has room for 4,096 bytes.
_OF_A_TERMINAL = re.compile(r".{1,60}|\n")
_OF_OTHERS = re.compile(r".{1,1024}", re.DOTALL)
_PATIENCE_MS = 500  # with a reader who is only slower than us


class Outlet:
    """A stream to which only what finds room soon is written.

    Whoever reads a terminal, a pipe or a socket may stand still: Ctrl-S, a pager, a link that
    hangs. Once he has all that he can hold, whoever writes waits for him, and is off the line.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pieces = _OF_A_TERMINAL if stream.isatty() else _OF_OTHERS
        self._rest: list[str] = []  # of the line that was begun, the last piece first
        self._poll: select.poll | None = select.poll()
        try:
            self._poll.register(stream.fileno(), select.POLLOUT)
        except io.UnsupportedOperation:  # it is in memory
            self._poll = None

    def write(self, line: str) -> None:
        """Write a line. What finds no room now is written before the next line.

        Raises:
            BlockingIOError: the one before is not out yet, so this one is dropped.
            OSError: it cannot be written.
        """
        self._write_rest(0)
        if self._rest:
            raise BlockingIOError(errno.EAGAIN, "nobody reads what was written before")
        self._rest = self._pieces.findall(line)[::-1]
        self._write_rest(_PATIENCE_MS)

    def flush(self) -> None:
        """Nothing: `write` keeps nothing back that finds room."""

    def _write_rest(self, patience_ms: int) -> None:
        while self._rest and (self._poll is None or self._poll.poll(patience_ms)):
            piece = self._rest.pop()
            try:
                self._stream.write(piece)
                self._stream.flush()
            except OSError:
                self._rest.clear()
                raise
