"""The commands that look at a line, and say nothing on it: `hotline tail` and `hotline picture`."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from hotline import topics
from hotline.clock import WallClock
from hotline.commands import display, entry
from hotline.commands.following import follow
from hotline.commands.only import EventKind, Only
from hotline.commands.options import (
    Format,
    Json,
    Loudness,
    StateToRead,
    expect_known,
    load_line,
    print_json,
)
from hotline.commands.tail import Tail
from hotline.config.config import broker_address
from hotline.errors import LocalError
from hotline.journal.journal_reader import JournalReader
from hotline.journal.state_directories import only_state
from hotline.journal.state_lock import lives_now
from hotline.journal.taking_up import last_said_ms, whole_picture
from hotline.logs.stream import LogFormat, LogLevel, LogStream
from hotline.picture_json import as_dict
from hotline.signals import on_signal
from hotline.timers import Timers
from hotline.times import format_instant, parse_typed_instant

_WANTED = Parameter(negative="", show_default=False)


def tail(
    *,
    line: Annotated[
        str | None, Parameter(help="A line's name or its line.toml (default: every line).")
    ] = None,
    broker: Annotated[
        str | None,
        Parameter(help="mqtt(s)://host:port (default: the line.toml's, else this machine's)."),
    ] = None,
    party: Annotated[tuple[str, ...], _WANTED] = (),
    kind: Annotated[tuple[EventKind, ...], _WANTED] = (),
    notice: Annotated[tuple[str, ...], _WANTED] = (),
    log_format: Format = LogFormat.AUTO,
    log_level: Loudness = LogLevel.INFO,
) -> None:
    """Follow what is said on a line, as one log stream on stdout, until Ctrl-C.

    Parameters
    ----------
    party
        Only what is about this party (repeatable).
    kind
        Only events of this kind (repeatable); reply is every answer.
    notice
        Only what is about this notice (repeatable), and flags about messages from before the tail.
    """
    name, timers = line, Timers()
    if line is not None and line.endswith(".toml"):
        config = load_line(Path(line), broker)
        name, address, timers = config.line, config.broker.address, config.timers
        for each in party:
            expect_known(each, list(config.members.stations), "station")
    elif line is not None and not topics.is_name(line):
        raise LocalError(f"--line {line!r} is neither the name of a line nor a line.toml")
    else:
        entry.warn_of_variables()
        address = broker_address(broker)
    log = LogStream(log_format, log_level, stream=sys.stdout)  # it is what the user asked for
    only = Only(log, parties=party, kinds=kind, notices=notice)

    async def main() -> None:
        stopped = asyncio.Event()
        log("info", "tail.started", url=str(address), **({"line": name} if name else {}))
        with on_signal(stopped.set):
            listener = Tail(only, WallClock(), timers.silent_ms, party)
            await follow(address, name, listener, stopped)

    asyncio.run(main())


def picture(
    *,
    state: StateToRead = None,
    at: Annotated[
        str | None,
        Parameter(
            help="Show flights and days as of this UTC time; records from later are shown too"
            " (default: now; for a journal at rest, or of a scenario, its last record's time)."
        ),
    ] = None,
    json_: Json = False,
) -> None:
    """Show what a journal says: every message and its state, every flag."""
    directory = state or only_state()
    with contextlib.closing(JournalReader.look_at(directory)) as journal:
        seen = whole_picture(journal)
        last_ms = last_said_ms(journal)
    when_ms = _when(at, directory, last_ms)
    if json_:
        print_json(as_dict(seen, when_ms))
    else:
        console = Console(highlight=False)
        says = f"journal in {directory}, {_as_of(when_ms, last_ms)}"
        console.print(says, style="dim", markup=False, soft_wrap=True)
        display.show(seen, console, when_ms)


def _as_of(when_ms: int, last_ms: int | None) -> str:
    """For which time a journal is shown; all that was said later is shown, too."""
    if last_ms is None or last_ms <= when_ms:
        return f"as of {format_instant(when_ms)}"
    return f"as of {format_instant(last_ms)}; flights and days as of {format_instant(when_ms)}"


def _when(at: str | None, directory: Path, last_ms: int | None) -> int:
    """The time for which a journal is shown: where no station works now, that of its last record.

    Otherwise every flight of a kept scenario, or of a line that is no longer used, would be over,
    and the days shown would be days of which nothing is known.
    """
    if at is not None:
        return entry.read_option("--at", parse_typed_instant, at)
    return WallClock().now_ms() if last_ms is None or lives_now(directory) else last_ms
