"""The desk's server: what people ask of a running station through its socket, and what they watch.

One JSON object a line in both directions; docs/desk.md describes them.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hotline.bodies import Body, Kind
from hotline.desk import sockets
from hotline.desk.feed import Feed, Watcher
from hotline.desk.requests import (
    MAX_LINE_BYTES,
    BadRequest,
    Inbox,
    Look,
    LookAtPicture,
    LookAtState,
    Request,
    Show,
    Speech,
    Watch,
    read_request,
)
from hotline.desk.view import View
from hotline.desk.words import Spokesman
from hotline.display import as_dict
from hotline.errors import LocalError
from hotline.narrator import Log
from hotline.node import Node
from hotline.station import Station
from hotline.timers import Timers
from hotline.times import SECOND_MS, format_duration
from hotline.turn import Machine
from hotline.watchdog import Watchdog
from hotline.window import StationGone

_MOST_DESKS = 32  # connections; a person has one or two
_PAUSE_S = 0.1  # between two states for one watcher, at least
_SHARE = 20  # a state is not made more often than this many times as long as it takes
_ALIVE_S = 5.0  # a watcher hears at least so often
_RATE_SPAN_MS = 1_000_000

Answer = dict[str, Any]


class NotYet(LocalError):
    """The station does not know all its own words yet, so it may not say another one."""


class DeskServer:
    """Serves the desks of one station while it is on the line.

    Args:
        directory: the station's state directory, which it has locked.
        timers: the line's timers.
        titles: the parties as people call them.
        feed: what happens at the station, through all its restarts.
        log: where it is told that there can be no desk.
    """

    def __init__(
        self, directory: Path, timers: Timers, titles: Mapping[str, str], feed: Feed, log: Log
    ) -> None:
        self._directory = directory
        self._timers = timers
        self._titles = titles
        self._feed = feed
        self._log = log

    async def serve(self, node: Node) -> None:
        """Serve until cancelled. Without a socket the station goes on, and says why."""
        desk = _Desk(node, self._timers, self._titles, self._feed)
        try:
            listening = sockets.listen(self._directory)
        except LocalError as error:
            name, line = node.machine.name, node.machine.line.name
            who = {"line": line, "told_by": name, "station": name}
            self._log("warning", "desk.failed", **who, reason=str(error))
            return
        connections: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            has_room = len(connections) < _MOST_DESKS
            task = asyncio.create_task(_attend(desk, reader, writer, has_room=has_room))
            connections.add(task)
            task.add_done_callback(connections.discard)

        server = await asyncio.start_unix_server(connected, sock=listening, limit=MAX_LINE_BYTES)
        try:
            await asyncio.Event().wait()
        finally:
            (self._directory / sockets.FILE).unlink(missing_ok=True)
            server.close()
            for task in connections:
                task.cancel()
            await asyncio.gather(*connections, return_exceptions=True)


class _Desk:
    """Answers requests for one node."""

    def __init__(self, node: Node, timers: Timers, titles: Mapping[str, str], feed: Feed) -> None:
        self.feed = feed
        self._timers = timers
        self._window = node.window
        self._station = _station_of(node.machine)
        self._is_party = self._station.name in self._station.line.parties
        self._view = View(self._station, timers, titles)

    async def do(self, request: Speech | Look) -> Answer:
        """Do what is asked.

        Raises:
            LocalError: it is refused; nothing was said.
            StationGone: nobody knows what became of it.
        """
        match request:
            case Inbox() | LookAtState() | LookAtPicture() | Show():
                return await self._window.look(lambda now_ms: self._look(request, now_ms))
            case _:
                return await self._speak(request)

    async def state(self) -> Answer:
        """All that a screen shows."""
        return await self._window.look(self._state)

    def _state(self, now_ms: int) -> Answer:
        wait_s = self.feed.clock.wait_s(now_ms + _RATE_SPAN_MS)
        rate = round(_RATE_SPAN_MS / SECOND_MS / wait_s, 3) if wait_s else 1.0
        return self._view.state(now_ms, rate)

    def _look(self, request: Look, now_ms: int) -> Answer:
        match request:
            case Inbox():
                return {"inbox": self._view.inbox(now_ms)}
            case LookAtState():
                return {"state": self._state(now_ms)}
            case LookAtPicture():
                return {"picture": as_dict(self._station.picture)}
            case Show(record=named):
                return self._view.record(named, self._spokesman(), now_ms)

    async def _speak(self, request: Speech) -> Answer:
        def word(now_ms: int) -> tuple[Kind, Body]:
            if not self._station.may_speak:
                raise NotYet(self._why_not())
            return self._spokesman().word_for(request, now_ms)

        record = await self._window.speak(word)
        return {"record": str(record.ref), "on_line": self._station.linked}

    def _spokesman(self) -> Spokesman:
        """Who speaks for this station.

        Raises:
            LocalError: nobody does.
        """
        station = self._station
        if not self._is_party:
            raise LocalError(f"{station.name} is a watchdog: it is only to be looked at")
        return Spokesman(station.picture, station.name, station.record_of)

    def _why_not(self) -> str:
        station = self._station
        if not self._is_party:
            return f"{station.name} is a watchdog: it is only to be looked at"
        if station.is_forked(station.name):
            return (
                f"{station.name} may say nothing more: others hold another journal of its"
                " (a fork); docs/decisions.md says what that is"
            )
        if station.waits_for:
            whom = ", ".join(station.waits_for)
            most = format_duration(self._timers.greeting_ms)
            return (
                f"{station.name} may not speak yet, since it has just started: it waits to hear"
                f" {whom}, for {most} at most; nothing was said"
            )
        return f"{station.name} may not speak yet: it fetches its own words; nothing was said"


def _station_of(machine: Machine) -> Station:
    if isinstance(machine, Watchdog):
        return machine.station
    if isinstance(machine, Station):
        return machine
    raise TypeError(f"a desk at {machine!r}")


# One connection


async def _attend(
    desk: _Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, has_room: bool
) -> None:
    """Take one desk's requests, one after the other, until it leaves."""
    try:
        if not has_room:
            await _tell(writer, _refusal("busy", f"more than {_MOST_DESKS} desks are connected"))
            return
        while line := await _read_line(reader):
            request = await _answer(desk, line, writer)
            if isinstance(request, Watch):
                await _stream(desk, reader, writer)
                return
    except LocalError as error:
        await _tell(writer, _refusal("bad_request", str(error)))
    except (ConnectionError, StationGone):
        pass  # whoever sat there, or the station, is gone
    except asyncio.CancelledError:
        writer.transport.abort()  # what he has not read by now he never will
        raise
    finally:
        writer.close()


async def _read_line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        raise BadRequest(f"a line is longer than {MAX_LINE_BYTES} bytes") from None


async def _answer(desk: _Desk, line: bytes, writer: asyncio.StreamWriter) -> Request | None:
    """Answer one request; say which it was, if it was one."""
    request = None
    try:
        request = read_request(line)
        told = {} if isinstance(request, Watch) else await desk.do(request)
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


def _refusal(code: str, error: str) -> Answer:
    return {"ok": False, "code": code, "error": error}


async def _tell(writer: asyncio.StreamWriter, told: Answer) -> None:
    writer.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
    await writer.drain()


# One who watches


async def _stream(desk: _Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Tell all that happens until the watcher leaves; what he says meanwhile is not heard."""
    watcher = desk.feed.begin()
    telling = asyncio.create_task(_tell_all(desk, watcher, writer))
    leaving = asyncio.create_task(_left(reader))
    try:
        await asyncio.wait([telling, leaving], return_when=asyncio.FIRST_COMPLETED)
    finally:
        desk.feed.end(watcher)
        telling.cancel()
        leaving.cancel()
        await asyncio.gather(telling, leaving, return_exceptions=True)


async def _left(reader: asyncio.StreamReader) -> None:
    while await reader.read(MAX_LINE_BYTES):
        pass


async def _tell_all(desk: _Desk, watcher: Watcher, writer: asyncio.StreamWriter) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        watcher.has_news.clear()
        began_s = clock()
        lines, lost = watcher.take()
        if lost:
            await _tell(writer, {"lost": lost})
        for line in lines:
            await _tell(writer, {"log": line})
        took_s = 0.0
        if watcher.is_stale:
            watcher.is_stale = False
            began_s = clock()
            state = await desk.state()
            took_s = clock() - began_s
            await _tell(writer, {"state": state})
        await asyncio.sleep(max(_PAUSE_S, _SHARE * took_s))
        try:
            async with asyncio.timeout(_ALIVE_S):
                await watcher.has_news.wait()
        except TimeoutError:
            watcher.is_stale = True
