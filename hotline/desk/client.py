"""The other end of the socket: asks a running station, or watches it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from hotline.desk import sockets
from hotline.desk.requests import MAX_LINE_BYTES, Told
from hotline.errors import Declined, LocalError, TransportError
from hotline.journal.state_lock import is_held
from hotline.logs.console import plain

_PATIENCE_S = 10.0
_MOST_BYTES = 64 * 1024 * 1024  # of one line: a picture can be long


class NoStation(TransportError):
    """No station listens at the socket."""


def unreachable(who: str) -> str:
    """What to say of a station that runs, but without a desk."""
    return (
        f"{who} runs, but its desk cannot be reached (nobody listens at its `{sockets.FILE}`):"
        " its log may say why, else start it again"
    )


async def ask(directory: Path, request: Mapping[str, Any]) -> Told:
    """Ask the station of a state directory for one thing.

    Raises:
        NoStation: none is running there.
        Declined: it refused.
        LocalError: that is not a request.
        TransportError: it did not answer, so nobody knows what became of it.
    """
    async with _connected(directory) as (reader, writer):
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await _say(writer, request)
                return _accepted(await reader.readline())
        except TimeoutError:
            raise TransportError(
                f"the station in {directory} has not answered for {_PATIENCE_S:g} seconds (it may"
                " be stopped): look at its picture before you say it again"
            ) from None


async def watch(directory: Path) -> AsyncGenerator[Told, None]:
    """Everything that a station tells its watchers, until it leaves.

    Raises:
        NoStation: none is running there.
        Declined: it has no room for one more.
    """
    async with _connected(directory) as (reader, writer):
        await _say(writer, {"do": "watch"})
        _accepted(await reader.readline())
        while (line := await reader.readline()).endswith(b"\n"):  # else it died in the middle
            yield json.loads(line)


@contextlib.asynccontextmanager
async def _connected(
    directory: Path,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    path = directory / sockets.FILE
    try:
        with sockets.address_of(path) as address:
            reader, writer = await asyncio.open_unix_connection(address, limit=_MOST_BYTES)
    except OSError as error:
        if is_held(directory):
            raise NoStation(unreachable(f"the station in {directory}")) from None
        raise NoStation(f"no station is running in {directory}: {error.strerror}") from None
    try:
        yield reader, writer
    except ConnectionError:
        raise TransportError(
            f"the station in {directory} went away: look at its picture when it is back, before you"
            " say anything again"
        ) from None
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _say(writer: asyncio.StreamWriter, request: Mapping[str, Any]) -> None:
    line = _encoded(json.dumps(request, ensure_ascii=False)) + b"\n"
    if len(line) > MAX_LINE_BYTES:
        raise LocalError(f"{len(line)} bytes are too long for one record: say it in fewer words")
    writer.write(line)
    await writer.drain()


def _encoded(request: str) -> bytes:
    """A request as it goes through the socket.

    Raises:
        LocalError: a text is not UTF-8, so nobody knows which letters are meant.
    """
    try:
        return request.encode()
    except UnicodeEncodeError as error:
        before, after = request[: error.start], request[error.start :]
        text = before.rpartition('"')[2] + after.partition('"')[0]
        # Python keeps a byte \xfc that is not UTF-8 as the half character \udcfc.
        shown = text.encode(errors="backslashreplace").decode().replace("\\udc", "\\x")
        raise LocalError(f"expected a text in UTF-8, got '{shown}'") from None


def _accepted(line: bytes) -> Told:
    if not line.endswith(b"\n"):  # it died before it had said everything
        raise ConnectionResetError
    answer: Told = json.loads(line)
    if answer.pop("ok"):
        return answer
    code, error = answer["code"], plain(answer["error"])  # it may quote the other side's officer
    match code:
        case "bad_request":
            raise LocalError(error)
        case "gone":
            raise TransportError(error)
        case _:
            raise Declined(code, error)
