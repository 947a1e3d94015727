"""A real station with a real desk: nodes on a broker in memory, in real time, and a socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hotline.bodies import Body, Ref
from hotline.clock import WallClock
from hotline.desk import sockets
from hotline.desk.server.server import DeskServer
from hotline.logs.narrator import Narrator
from hotline.logs.teller import Teller
from hotline.memory import MemoryBroker
from hotline.node import Node
from hotline.station.turn import Event
from tests.crew import Crew, Post
from tests.helpers import PATIENCE_S, eventually
from tests.lines import Kept

TITLES = {"isr": "Israel", "tur": "Türkiye"}


class Desks:
    """A line whose stations all have desks."""

    def __init__(self, state: Path) -> None:
        self.broker = MemoryBroker()
        self.crew = Crew(state, lambda _: self.broker.link(), WallClock())
        self.kept = Kept()
        self.servers: dict[str, DeskServer] = {}
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._typists: list[Typist] = []

    def state(self, name: str) -> Path:
        """A station's state directory."""
        return self.crew.state / name

    def post(self, name: str) -> Post:
        """A station."""
        return self.crew.posts[name]

    def say(self, name: str, body: Body) -> None:
        """Have a station say something, so that all its screens hear of it."""
        self.crew.say(name, body)

    def said(self, name: str, seq: int) -> Body:
        """What a station has said under a number."""
        station = self.post(name).node.machine
        record = station.record_of(Ref(name, seq))
        assert record
        return record.body

    async def sit(self, name: str) -> "Typist":
        """Sit down at a station's desk."""
        address = self.state(name) / sockets.FILE
        typist = Typist(*await asyncio.open_unix_connection(address, limit=2**24))
        self._typists.append(typist)
        return typist

    async def start(self, *names: str) -> None:
        """Start stations with their desks, and wait until all may speak."""
        for name in names:
            await self.open(name)
        await eventually(lambda: all(self.post(n).node.machine.may_speak for n in names))
        await eventually(lambda: all((self.state(n) / sockets.FILE).exists() for n in names))

    async def open(self, name: str) -> None:
        """Start a station with its desk, and wait for nothing."""
        post = await self.crew.start(name)
        clock = WallClock()
        server = DeskServer(self.state(name), TITLES, self.kept, clock)
        self.servers[name] = server
        narrator = Narrator(Teller(server.log, "isr-tur", name, clock.now_ms), self.crew.line, name)

        def tell(event: Event) -> None:
            narrator(event)
            server.feed.changed(event)

        post.node._tell = tell
        self._serving[name] = asyncio.create_task(_serve(server, post.node))

    async def close(self, name: str) -> None:
        """Take a station's desk away."""
        serving = self._serving.pop(name)
        serving.cancel()
        await asyncio.wait([serving])

    async def close_all(self) -> None:
        """End everything."""
        for typist in self._typists:
            typist.writer.transport.abort()
        for name in list(self._serving):
            await self.close(name)
        for name in list(self.crew.posts):
            await self.crew.crash(name)


@asynccontextmanager
async def desks(state: Path, *, start: bool = True) -> AsyncIterator[Desks]:
    """Stations with desks that may speak; or none of them yet."""
    line = Desks(state)
    try:
        if start:
            await line.start(*line.crew.line.stations)
        yield line
    finally:
        await line.close_all()


async def _serve(server: DeskServer, node: Node) -> None:
    async with server:
        await server.serve(node)


class Typist:
    """A program that knows nothing but the socket and JSON."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def type(self, line: bytes | dict[str, Any]) -> None:
        """Send a line."""
        raw = line if isinstance(line, bytes) else json.dumps(line).encode()
        self.writer.write(raw + b"\n")

    async def read(self) -> dict[str, Any]:
        """The next line from the station."""
        async with asyncio.timeout(PATIENCE_S):
            told: dict[str, Any] = json.loads(await self.reader.readline())
            return told

    async def asks(self, line: bytes | dict[str, Any]) -> dict[str, Any]:
        """Send a line and read the answer."""
        self.type(line)
        return await self.read()

    async def reads(self, key: str) -> Any:  # noqa: ANN401 -- whatever the line has
        """The value of the next line that has this member."""
        while key not in (told := await self.read()):
            pass
        return told[key]
