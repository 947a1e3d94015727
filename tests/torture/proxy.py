"""A cable that can be mangled: a TCP proxy between one station and the broker."""

import asyncio
import contextlib
import socket
import struct
from enum import Enum

from tests.torture.plan import Verb

LOOPBACK = "127.0.0.1"
_CHUNK = 64 * 1024
_DELAY_S = 0.4
_DRIP_BYTES = 40
_DRIP_S = 0.1
_RST = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: closing sends RST instead of FIN


class _Way(Enum):
    OUT = "from the station"
    IN = "to the station"


_BLOCKED = {
    Verb.HALF_OPEN: frozenset(_Way),
    Verb.ONE_WAY_OUT: frozenset({_Way.IN}),
    Verb.ONE_WAY_IN: frozenset({_Way.OUT}),
}


class Proxy:
    """Forwards every connection to a port of this machine, as well as its verb lets it."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._verb: Verb | None = None
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Break everything off."""
        if self._server:
            self._server.close()
        self.mangle(Verb.CUT)
        if self._serving:
            await asyncio.wait(self._serving)

    def mangle(self, verb: Verb) -> None:
        """Treat the link like this until it is healed."""
        self._set(verb)
        if verb in (Verb.CUT, Verb.RESET):
            for writer in list(self._writers):
                _break(writer, rudely=verb is Verb.RESET)

    def heal(self) -> None:
        """Forward again; what was held back arrives now."""
        self._set(None)

    def _set(self, verb: Verb | None) -> None:
        self._verb = verb
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _serve(
        self, client_reader: asyncio.StreamReader, client_writer: asyncio.StreamWriter
    ) -> None:
        if us := asyncio.current_task():
            self._serving.add(us)
            us.add_done_callback(self._serving.discard)
        writers = [client_writer]
        self._writers.add(client_writer)
        try:
            if self._verb is Verb.CUT:
                return
            with contextlib.suppress(OSError):  # no broker there: hang up on the station
                reader, writer = await asyncio.open_connection(LOOPBACK, self._broker_port)
                writers.append(writer)
                self._writers.add(writer)
                pumps = [
                    asyncio.create_task(self._pump(client_reader, writer, _Way.OUT)),
                    asyncio.create_task(self._pump(reader, client_writer, _Way.IN)),
                ]
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                for pump in pumps:
                    pump.cancel()
                await asyncio.wait(pumps)
        finally:
            for writer in writers:
                writer.close()  # after what was written, so that a goodbye still arrives
            for writer in writers:
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
                self._writers.discard(writer)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Way
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._forward(data, writer, way)
            await self._may_go(way)  # a dead cable does not carry the end of a connection, either

    async def _forward(self, data: bytes, writer: asyncio.StreamWriter, way: _Way) -> None:
        left = memoryview(data)
        while left:
            await self._may_go(way)
            size = len(left)
            if self._verb is Verb.DRIP:
                size = _DRIP_BYTES
                await asyncio.sleep(_DRIP_S)
            elif self._verb is Verb.DELAY:
                await asyncio.sleep(_DELAY_S)
            writer.write(left[:size])
            left = left[size:]
            await writer.drain()

    async def _may_go(self, way: _Way) -> None:
        while self._verb is not None and way in _BLOCKED.get(self._verb, ()):
            await self._changed.wait()


def _break(writer: asyncio.StreamWriter, *, rudely: bool) -> None:
    connection = writer.get_extra_info("socket")
    if rudely and connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
    writer.transport.abort()
