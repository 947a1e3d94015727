"""The wire: paho's socket, read and written in large pieces.

paho takes four reads for one message, and a write for each acknowledgement. On a line with traffic
that is a good part of what MQTT costs.
"""

import contextlib
import socket
import ssl

_READ_BYTES = 1 << 14  # as many as a TLS record has, so that nothing stays behind in OpenSSL
_NO_ROOM = (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError)


class Wire:
    """A connected socket that reads ahead, and gathers what is written until `flush`.

    Args:
        connected: the socket; it does not block.
    """

    def __init__(self, connected: socket.socket) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or a small message waits
        self._socket = connected
        self._read, self._at = b"", 0
        self._is_visited = False  # and has given the one piece per visit
        self._unwritten = bytearray()
        self.gathers = False
        """Whether what is sent waits for `flush`; if not, it goes out at once."""
        self.alert: ssl.SSLError | None = None
        """Why the other side has ended TLS."""

    def recv(self, buffer_size: int) -> bytes:
        """At most `buffer_size` bytes; none: the other side has closed.

        Each visit of the event loop gets one piece of what has come. A packet seldom ends with it,
        and reading on for the rest of a packet would not end before a flood does.

        Raises:
            BlockingIOError: nothing is there yet, or not for this visit.
            ssl.SSLWantReadError: with TLS, nothing is there yet.
        """
        if self._at == len(self._read):
            if self._is_visited:
                raise BlockingIOError
            try:
                self._read, self._at = self._socket.recv(max(buffer_size, _READ_BYTES)), 0
            except _NO_ROOM:
                raise
            except ssl.SSLError as error:
                self.alert = error  # paho keeps to itself what it gets
                raise
            self._is_visited = True
        piece = self._read[self._at : self._at + buffer_size]
        self._at += len(piece)
        return piece

    def pending(self) -> int:
        """How many bytes were read ahead: nobody will announce that these came.

        If there are none, the visit is over: the client asks after each packet.
        """
        left = len(self._read) - self._at
        self._is_visited &= left > 0
        return left

    def send(self, buffer: bytes | bytearray) -> int:
        """Take these bytes; say how many were taken."""
        if not self.gathers:
            return self._socket.send(buffer)
        self._unwritten += buffer
        return len(buffer)

    def flush(self) -> bool:
        """Write what was gathered; False: the socket has no room for all of it.

        A connection that is gone is cut, so that the next read says so.
        """
        try:
            while self._unwritten:
                del self._unwritten[: self._socket.send(self._unwritten)]
        except _NO_ROOM:
            return False
        except OSError:
            self.cut()
        return True

    def cut(self) -> None:
        """End the connection as a cut cable does."""
        with contextlib.suppress(OSError):
            # Beneath TLS: its own would take TLS off, and what has come be read undeciphered.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001 -- paho's own
        """Whether reading and writing wait."""
        self._socket.setblocking(flag)

    def fileno(self) -> int:
        """The socket's file descriptor; -1: it is closed."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket after a last word."""
        self.flush()
        self._socket.close()
