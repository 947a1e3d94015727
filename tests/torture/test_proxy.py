"""Each verb does to a connection what it says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Self

import pytest

from tests.torture.plan import Verb
from tests.torture.proxy import LOOPBACK, Proxy

SOON_S = 5.0
NEVER_S = 0.3


class Link:
    """A proxy in front of a server that keeps what it hears, and says it back."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.proxy = Proxy(1)
        self._writers: list[asyncio.StreamWriter] = []
        self._serving: set[asyncio.Task[None]] = set()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Make a connection as a station does."""
        reader, writer = await asyncio.open_connection(LOOPBACK, self.proxy.port)
        self._writers.append(writer)
        return reader, writer

    async def _echo(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if us := asyncio.current_task():
            self._serving.add(us)
        with contextlib.suppress(OSError):
            while data := await reader.read(1024):
                self.heard.append(data)
                writer.write(data)
                await writer.drain()
        await _close(writer)

    @classmethod
    @contextlib.asynccontextmanager
    async def made(cls) -> AsyncIterator[Self]:
        """Set it up, and take it down."""
        link = cls()
        server = await asyncio.start_server(link._echo, LOOPBACK, 0)
        link.proxy = Proxy(server.sockets[0].getsockname()[1])
        await link.proxy.open()
        try:
            yield link
        finally:
            for writer in link._writers:
                await _close(writer)
            await link.proxy.close()
            server.close()
            if link._serving:
                await asyncio.wait(link._serving)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def says_back(reader: asyncio.StreamReader, size: int, within_s: float) -> bytes:
    """The bytes that come back in time; none if the connection ends."""
    with contextlib.suppress(TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(within_s):
            return await reader.readexactly(size)
    return b""


async def test_a_sound_link_forwards_both_ways() -> None:
    """It also forwards the end of a connection."""
    async with Link.made() as link:
        reader, writer = await link.connect()
        writer.write(b"hello")
        assert await says_back(reader, 5, SOON_S) == b"hello"
        writer.write_eof()
        assert await reader.read() == b""


@pytest.mark.parametrize(
    ("verb", "arrives"),
    [(Verb.HALF_OPEN, False), (Verb.ONE_WAY_IN, False), (Verb.ONE_WAY_OUT, True)],
)
async def test_a_dead_way_carries_nothing_until_it_is_healed(verb: Verb, arrives: bool) -> None:
    """The connection stays; what was held back arrives in the end."""
    async with Link.made() as link:
        reader, writer = await link.connect()
        writer.write(b"a")
        assert await says_back(reader, 1, SOON_S) == b"a"
        link.proxy.mangle(verb)
        writer.write(b"bc")
        assert await says_back(reader, 2, NEVER_S) == b""
        assert (b"bc" in link.heard) == arrives
        link.proxy.heal()
        assert await says_back(reader, 2, SOON_S) == b"bc"


async def test_one_way_in_brings_what_the_other_side_says() -> None:
    """Only what we say does not arrive."""
    async with Link.made() as link:
        reader, writer = await link.connect()
        link.proxy.mangle(Verb.ONE_WAY_OUT)
        writer.write(b"a")
        assert await says_back(reader, 1, NEVER_S) == b""
        link.proxy.mangle(Verb.ONE_WAY_IN)
        assert await says_back(reader, 1, SOON_S) == b"a"


async def test_a_cut_link_ends_and_refuses_connections() -> None:
    """Until it is healed, none lives."""
    async with Link.made() as link:
        reader, writer = await link.connect()
        writer.write(b"a")
        assert await says_back(reader, 1, SOON_S) == b"a"
        link.proxy.mangle(Verb.CUT)
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(1), SOON_S) == b""
        with contextlib.suppress(ConnectionResetError):
            reader, _writer = await link.connect()
            assert await asyncio.wait_for(reader.read(1), SOON_S) == b""
        link.proxy.heal()
        reader, writer = await link.connect()
        writer.write(b"b")
        assert await says_back(reader, 1, SOON_S) == b"b"


async def test_a_reset_is_one() -> None:
    """The station sees RST, not an orderly end; a new connection is welcome."""
    async with Link.made() as link:
        reader, writer = await link.connect()
        writer.write(b"a")
        assert await says_back(reader, 1, SOON_S) == b"a"
        link.proxy.mangle(Verb.RESET)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(1), SOON_S)
        link.proxy.heal()
        reader, writer = await link.connect()
        writer.write(b"b")
        assert await says_back(reader, 1, SOON_S) == b"b"


@pytest.mark.parametrize("verb", [Verb.DELAY, Verb.DRIP])
async def test_a_slow_link_is_slow_and_loses_nothing(verb: Verb) -> None:
    """A hundred bytes take a while, and arrive as they were."""
    async with Link.made() as link:
        reader, writer = await link.connect()
        link.proxy.mangle(verb)
        began_s = asyncio.get_running_loop().time()
        writer.write(bytes(range(100)))
        assert await says_back(reader, 100, SOON_S) == bytes(range(100))
        assert asyncio.get_running_loop().time() - began_s > NEVER_S


async def test_without_a_broker_connections_end() -> None:
    """They end as they would if nobody listened there."""
    link = Link()
    await link.proxy.open()
    reader, writer = await link.connect()
    assert await asyncio.wait_for(reader.read(1), SOON_S) == b""
    await _close(writer)
    await link.proxy.close()
