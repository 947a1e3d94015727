"""The desk's server: what people ask of a running station through its socket, and what they watch.

One JSON object a line in both directions; docs/desk.md describes them.
"""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from hotline.clock import Clock, wait_at_most
from hotline.desk import sockets
from hotline.desk.requests import (
    MAX_LINE_BYTES,
    BadRequest,
    LookAtState,
    LookOn,
    Request,
    Told,
    read_request,
)
from hotline.desk.server.feed import Feed, Watcher
from hotline.desk.server.office import Office
from hotline.errors import LocalError
from hotline.hatch import NotYet, StationGone
from hotline.journal.state_lock import identity
from hotline.logs.teller import Log
from hotline.node import Node

_MOST_DESKS = 32  # connections; a person has one or two
_PAUSE_S = 0.1  # between two states, at least
_SHARE = 20  # the pause after a state is this many times as long as making it took
_ALIVE_S = 5.0  # a watcher hears at least this often
RETRY_S = 2.0  # between two tries to make a socket
_FAILURES = {
    "station.failed": "the station is off the line",
    "desk.failed": "the station's desk failed",
}


class DeskServer:
    """Serves the desks of one station while that is on the line, through all its restarts.

    Between its lives it tells whoever asks why there is nobody: a disk that takes nothing may not
    take a new socket either, so the socket stays until the context ends.

    Args:
        directory: the station's state directory, which it has locked.
        titles: the parties as people call them.
        log: where the station tells what happens; `self.log` tells it to those who watch as well.
        clock: the line's time.
    """

    def __init__(self, directory: Path, titles: Mapping[str, str], log: Log, clock: Clock) -> None:
        self.feed = Feed(clock)
        self._log = log
        self._directory = directory
        self._titles = titles
        self._office: Office | None = None
        self._why_none = ""
        self._socket = contextlib.ExitStack()
        self._made: tuple[int, int] | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()
        self._made = None
        await self._send_all_away()

    def log(self, severity: str, event: str, **fields: Any) -> None:
        """Tell what happens, to those who watch as well."""
        if event in _FAILURES:
            self._why_none = f"{_FAILURES[event]}: {fields['reason']}"
        self._log(severity, event, **fields)
        self.feed.tell(severity, event, **fields)

    async def serve(self, node: Node) -> None:
        """Serve until cancelled. Without a socket the station goes on, and says why once."""
        self._office = Office(node, self._titles, self.feed)
        try:
            await self._listen_at_last(node)
            self._why_none = "the station is leaving"
            await _present(self._office)
        except StationGone:
            pass  # it has taken its last turn
        except LocalError as error:
            self._tell_of(error, node)  # a damaged page of the past, say, which no turn needs
        finally:
            self._office = None
            await self._send_all_away()

    async def _listen_at_last(self, node: Node) -> None:
        """Have a socket, as soon as one can be made: a disk that is full has no room for any."""
        complaint = ""
        while True:
            try:
                return await self._listen()
            except LocalError as error:
                if str(error) != complaint:
                    complaint = str(error)
                    self._tell_of(error, node)
            await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        """Have a socket in the directory, which may be another one than in the last life."""
        path = self._directory / sockets.FILE
        if self._made and identity(path) == self._made:
            return
        self._socket.close()
        listening = self._socket.enter_context(sockets.listening(self._directory))
        self._made = identity(path)
        server = await asyncio.start_unix_server(self._let_in, sock=listening, limit=MAX_LINE_BYTES)
        self._socket.callback(server.close)

    def _tell_of(self, error: LocalError, node: Node) -> None:
        name, line = node.machine.name, node.machine.line.name
        who = {"line": line, "told_by": name, "station": name}
        self.log("warning", "desk.failed", **who, reason=str(error))

    # Connections

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._made is None:  # he came as the socket was closed
            writer.close()
            return
        has_room = len(self._connections) < _MOST_DESKS
        task = asyncio.create_task(self._attend(reader, writer, has_room=has_room))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(lambda _: writer.close())  # it may be cancelled before it begins

    async def _send_all_away(self) -> None:
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _attend(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, has_room: bool
    ) -> None:
        """Take one desk's requests, one after the other, until it leaves."""
        try:
            if not has_room:
                why = f"more than {_MOST_DESKS} desks are connected"
                await _tell(writer, _refusal("busy", why))
                return
            while line := await _read_line(reader):
                if not (office := self._office):
                    await _tell(writer, _refusal("failed", self._why_none))
                    return
                request = await _answer(office, line, writer)
                if isinstance(request, LookOn):
                    await _stream(office, reader, writer)
                    return
        except BadRequest as error:
            await _tell(writer, _refusal("bad_request", str(error)))
        except ConnectionError:
            pass  # whoever sat there is gone
        except asyncio.CancelledError:
            writer.transport.abort()  # what he has not read by now, he never will
            raise


# One connection


async def _read_line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        raise BadRequest(f"a line is longer than {MAX_LINE_BYTES} bytes") from None


async def _answer(office: Office, line: bytes, writer: asyncio.StreamWriter) -> Request | None:
    """Answer one request; say which it was, if it was one."""
    request = None
    try:
        request = read_request(line)
        told = {} if isinstance(request, LookOn) else await office.do(request)
        answer = {"ok": True, **told}
    except BadRequest as error:
        answer = _refusal("bad_request", str(error))
    except NotYet as error:
        answer = _refusal("not_yet", str(error))
    except LocalError as error:
        answer = _refusal("refused", str(error))
    except StationGone as error:
        answer = _refusal("gone", str(error))
    await _tell(writer, answer)
    return request


def _refusal(code: str, error: str) -> Told:
    return {"ok": False, "code": code, "error": error}


async def _tell(writer: asyncio.StreamWriter, told: Told) -> None:
    writer.write(_as_line(told))
    await writer.drain()


def _as_line(told: Told) -> bytes:
    # A path may not be UTF-8; half a character is then written as in the log stream: "\udcff".
    return json.dumps(told, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"


# Those who watch


async def _present(office: Office) -> None:
    """Show the state to all who watch: when it has changed, and now and then when it has not."""
    feed, clock = office.feed, asyncio.get_running_loop().time
    while True:
        await wait_at_most(feed.is_stale, _ALIVE_S)
        feed.is_stale.clear()
        if not feed.is_watched:
            continue
        began_s = clock()
        feed.show(_as_line(await office.do(LookAtState(do="state"))))
        await asyncio.sleep(max(_PAUSE_S, _SHARE * (clock() - began_s)))


async def _stream(
    office: Office, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Tell all that happens until the watcher leaves; ignore what he says meanwhile."""
    watcher = office.feed.begin()
    telling = asyncio.create_task(_tell_all(watcher, writer))
    leaving = asyncio.create_task(_left(reader))
    try:
        await asyncio.wait([telling, leaving], return_when=asyncio.FIRST_COMPLETED)
    finally:
        office.feed.end(watcher)
        telling.cancel()
        leaving.cancel()
        await asyncio.gather(telling, leaving, return_exceptions=True)


async def _left(reader: asyncio.StreamReader) -> None:
    while await reader.read(MAX_LINE_BYTES):
        pass


async def _tell_all(watcher: Watcher, writer: asyncio.StreamWriter) -> None:
    while True:
        lines, lost, state = await watcher.news()
        if lost:
            await _tell(writer, {"lost": lost})
        for line in lines:
            await _tell(writer, {"log": line})
        if state:
            writer.write(state)
            await writer.drain()
