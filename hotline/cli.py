"""The command `hotline`: the stations, watchdogs and broker of a live line, and all commands."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from hotline.broker.address import DEFAULT_PORT
from hotline.broker.broker import BrokerKind, private_broker
from hotline.commands import entry, journal_commands, look_commands
from hotline.commands.options import Format, LineFile, Loudness, Url, expect_known, load_line
from hotline.config.config import LineConfig, load_all
from hotline.desk.commands import desk_commands
from hotline.desk.server.server import DeskServer
from hotline.errors import BrokerUnreachable
from hotline.fleet import WatchedLine, serve_all
from hotline.journal.state_directories import default_state
from hotline.live import Service, serve
from hotline.logs.stream import LogFormat, LogLevel, LogStream
from hotline.notice import MAX_TEXT
from hotline.paths import is_folder
from hotline.signals import on_signal
from hotline.station.officer import Nobody, Officer, Routine
from hotline.times import parse_duration

app = App(
    name="hotline",
    help="A direct line between two parties, with journals, receipts and a watchdog, over MQTT.",
    version=entry.version,
)

app.command(look_commands.tail)
app.command(look_commands.picture)
app.command(journal_commands.app)
app.command(desk_commands.app)


State = Annotated[
    Path | None,
    Parameter(help="The directory of the journal (default: one below ~/.local/state/hotline)."),
]


@app.command
def station(
    name: str,
    /,
    *,
    line: LineFile,
    broker: Url = None,
    state: State = None,
    officer: str = "none",
    reading: str = "20s",
    log_format: Format = LogFormat.AUTO,
    log_level: Loudness = LogLevel.INFO,
) -> None:
    """Run one party's station until Ctrl-C.

    Exit code 2: the command line, a file or the state directory is wrong; 3: no broker.

    Parameters
    ----------
    name
        Which party, as the line's configuration names it.
    officer
        A scripted officer's name: he reads every message and agrees to it. With none, records are
        stored and acknowledged, and whoever sits at the desk answers.
    reading
        How long that officer reads each message; with `0s` message and answer are stored together.
    """
    config = load_line(line, broker)
    expect_known(name, list(config.parties), "party")
    officer = entry.read_option("--officer", _parse_officer, officer)
    reading_ms = entry.read_option("--reading", parse_duration, reading)

    def at_desk() -> Officer:
        return Nobody() if officer == "none" else Routine(officer, reading_ms)

    log = LogStream(log_format, log_level, must_go_on=True)
    _serve(config, name, state, at_desk, log)


def _parse_officer(name: str) -> str:
    """A name that an answer can bear."""
    if not 1 <= len(name.strip()) <= MAX_TEXT:
        raise ValueError(f"expected a name of 1 to {MAX_TEXT} characters, got {name[:40]!r}")
    return name


@app.command
def watchdog(
    name: str | None = None,
    /,
    *,
    line: Annotated[
        tuple[Path, ...],
        Parameter(
            negative="",
            help="A line's configuration, or a directory of such *.toml files (repeatable).",
        ),
    ],
    broker: Url = None,
    state: State = None,
    log_format: Format = LogFormat.AUTO,
    log_level: Loudness = LogLevel.INFO,
) -> None:
    """Run a watchdog until Ctrl-C: it flags what stays undelivered, unanswered or silent.

    It can watch many lines at once, each with a journal of its own. With several lines, or a
    directory of them, the journals are in STATE/LINE/WATCHDOG. A line that fails does not disturb
    the others, and a wrong file in a directory is reported and skipped.

    Exit code 2: the command line, a file or, of a single line, the state directory is wrong; 3: no
    broker for a single line. Of several lines, each waits for what it lacks.

    Parameters
    ----------
    name
        Which of each line's watchdogs to run (default: the first).
    """
    entry.warn_of_variables()
    configs, mistakes = load_all(line, name, broker)
    chosen = [(config, name or config.watchdogs[0]) for config in configs]
    log = LogStream(log_format, log_level, must_go_on=True)
    if len(line) == 1 and not is_folder(line[0]):
        _serve(*chosen[0], state, Nobody, log)
        return
    watches = [
        WatchedLine(
            config, dog, state / config.line / dog if state else default_state(config.line, dog)
        )
        for config, dog in chosen
    ]
    for mistake in mistakes:
        log("critical", "line.refused", reason=str(mistake))
    asyncio.run(serve_all(watches, log))


@app.command
def broker(port: int = DEFAULT_PORT, kind: BrokerKind | None = None) -> None:
    """Run a private broker on this machine until Ctrl-C, for stations that are started by hand.

    Exit code 2: the port is taken, or there is no broker to start; 3: it was killed.

    Parameters
    ----------
    port
        The loopback port to listen on.
    kind
        Which broker (default: Mosquitto, or nats-server where there is no Mosquitto).
    """

    async def main() -> None:
        stopped = asyncio.Event()
        with on_signal(stopped.set):
            async with private_broker(kind, port=port) as running:
                Console(highlight=False).print(f"{running.name} at {running.url} (Ctrl-C stops it)")
                either = [asyncio.create_task(wait) for wait in (stopped.wait(), running.ended())]
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                if not stopped.is_set():
                    raise BrokerUnreachable(f"{running.name} has ended: start it again")

    asyncio.run(main())


def _serve(
    config: LineConfig,
    name: str,
    state: Path | None,
    make_officer: Callable[[], Officer],
    log: LogStream,
) -> None:
    directory = state or default_state(config.line, name)
    titles = {party: it.display for party, it in config.parties.items()}
    desk = DeskServer(directory, titles, log, log.clock)
    service = Service(
        config, name, directory, make_officer, desk.log, tell=desk.feed.changed, beside=desk.serve
    )

    async def main() -> None:
        async with desk:
            await serve(service)

    asyncio.run(main())


def main() -> None:
    """Run the command line."""
    sys.exit(entry.run(app))
