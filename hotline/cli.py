"""The command `hotline`: stations, watchdogs and a broker for a live line, and eyes for it."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from hotline import display, entry, journal_commands, topics
from hotline.address import DEFAULT_PORT
from hotline.broker import BrokerKind, private_broker
from hotline.clock import WallClock
from hotline.config import LineConfig, broker_address, broker_flag, load, load_all
from hotline.desk import commands
from hotline.desk.server import DeskServer
from hotline.errors import BrokerUnreachable, LocalError
from hotline.fleet import WatchedLine, serve_all
from hotline.following import follow
from hotline.journal_commands import LineFile, Seen
from hotline.journal_reader import JournalReader
from hotline.live import Service, on_signal, serve
from hotline.logs import LogFormat, LogLevel, LogStream
from hotline.mistakes import did_you_mean
from hotline.officer import Nobody, Officer, Routine
from hotline.only import KINDS, Only
from hotline.state_directories import default_state, only_state
from hotline.state_lock import lives_now
from hotline.tail import Tail
from hotline.taking_up import last_said_ms, whole_picture
from hotline.timers import Timers
from hotline.times import format_instant, parse_duration, parse_instant

app = App(
    name="hotline",
    help="A direct line between two parties, with journals, receipts and a watchdog, over MQTT.",
    version=entry.version,
)

app.command(journal_commands.app)
app.command(commands.app)

_LOOK_S = 0.5  # how often to look whether a broker still runs

State = Annotated[
    Path | None,
    Parameter(help="The directory of the journal; left out, one below ~/.local/state/hotline."),
]
Url = Annotated[
    str | None, Parameter(help="mqtt://host:port; left out, what the line's configuration says.")
]
Wanted = Annotated[tuple[str, ...], Parameter(negative="", show_default=False)]
Format = Annotated[
    LogFormat, Parameter(help="How the log looks; auto is console on a terminal, else json.")
]
Loudness = Annotated[LogLevel, Parameter(help="What the log tells.")]


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
        Who is at the desk: none (records are stored and acknowledged, nobody answers), or any
        other name: somebody who agrees to everything after reading it.
    reading
        How long that officer reads each message; `0s`: the answer is stored with the message.
    """
    config = _load(line, broker)
    _expect(name, list(config.parties), "party")
    reading_ms = entry.read_flag("--reading", parse_duration, reading)

    def at_desk() -> Officer:
        return Nobody() if officer == "none" else Routine(officer, reading_ms)

    log = LogStream(log_format, log_level, must_go_on=True)
    _serve(config, name, state, at_desk, log)


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

    It may watch many lines at once, each with a journal of its own: then, and always when a
    directory is given, these are in STATE/LINE/WATCHDOG. One line that fails disturbs no other,
    nor does a wrong file in a directory: it is told, and left out.

    Parameters
    ----------
    name
        Which of each line's watchdogs; left out, the first.
    """
    entry.warn_of_variables()
    configs, mistakes = load_all(line, name, **broker_flag(broker))
    chosen = [(config, name or config.watchdogs[0]) for config in configs]
    if len(line) == 1 and not line[0].is_dir():
        log = LogStream(log_format, log_level, must_go_on=True)
        _serve(*chosen[0], state, Nobody, log)
        return
    watches = [
        WatchedLine(
            config, dog, state / config.line / dog if state else default_state(config.line, dog)
        )
        for config, dog in chosen
    ]
    log = LogStream(log_format, log_level, name_lines=True, must_go_on=True)
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
        Which broker; left out, Mosquitto, or where there is none nats-server.
    """

    async def main() -> None:
        stopped = asyncio.Event()
        with on_signal(stopped.set):
            async with private_broker(kind, port=port) as running:
                Console(highlight=False).print(f"{running.name} at {running.url} (Ctrl-C stops it)")
                while not stopped.is_set():
                    if running.has_ended():
                        raise BrokerUnreachable(f"{running.name} has ended: start it again")
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(stopped.wait(), _LOOK_S)

    asyncio.run(main())


@app.command
def tail(
    *,
    line: Annotated[
        str | None, Parameter(help="A line's name or its line.toml; left out, every line.")
    ] = None,
    broker: Annotated[str | None, Parameter(help="mqtt://host:port")] = None,
    party: Wanted = (),
    kind: Wanted = (),
    notice: Wanted = (),
    log_format: Format = LogFormat.AUTO,
    log_level: Loudness = LogLevel.INFO,
) -> None:
    """Follow what is said on a line, as one log stream on stderr, until Ctrl-C.

    Parameters
    ----------
    party
        Only what is about this party (repeatable).
    kind
        Only events of this kind (repeatable): notice, cancel, stop, check, suspend, resume, reply,
        voice, handover, flag, record, station.
    notice
        Only what is about this notice (repeatable).
    """
    name, timers = line, Timers()
    if line is not None and not line.endswith(".toml") and not topics.is_name(line):
        raise LocalError(f"--line {line!r} is neither the name of a line nor a line.toml")
    if line is not None and line.endswith(".toml"):
        config = _load(Path(line), broker)
        name, address, timers = config.line, config.broker.address, config.timers
        for each in party:
            _expect(each, list(config.members.stations), "station")
    else:
        entry.warn_of_variables()
        address = broker_address(broker)
    for each in kind:
        if each not in KINDS:
            raise LocalError(f"--kind {each!r} is never told; {did_you_mean(each, KINDS)}")
    log = LogStream(log_format, log_level)
    only = Only(log, parties=party, kinds=kind, notices=notice)

    async def main() -> None:
        stopped = asyncio.Event()
        log("info", "tail.started", url=str(address), **({"line": name} if name else {}))
        with on_signal(stopped.set):
            listener = Tail(only, WallClock(), timers.silent_ms, party)
            await follow(address, name, listener, stopped)

    asyncio.run(main())


@app.command
def picture(
    *,
    state: Seen = None,
    at: Annotated[
        str | None,
        Parameter(
            help="By when flights and days count, a UTC time; left out, now,"
            " or the time of the last record where no station runs, or one of a scenario."
        ),
    ] = None,
    json_: Annotated[
        bool, Parameter(name="--json", negative="", show_default=False, help="Print JSON.")
    ] = False,
) -> None:
    """Show what a journal says: every message and its state, every flag."""
    directory = state or only_state()
    journal = JournalReader.look_at(directory)
    try:
        seen = whole_picture(journal)
        when_ms = _when(at, directory, journal)
    finally:
        journal.close()
    if json_:
        text = json.dumps(display.as_dict(seen, when_ms), indent=2, ensure_ascii=False)
        sys.stdout.write(text + "\n")
    else:
        console = Console(highlight=False)
        says = f"journal in {directory}, as of {format_instant(when_ms)}"
        console.print(says, style="dim", markup=False, soft_wrap=True)
        display.show(seen, console, when_ms)


def _when(at: str | None, directory: Path, journal: JournalReader) -> int:
    """The time for which a journal is shown: where nobody works now, that of its last record.

    Else every flight of a scenario that was kept, or of a line that has been put away, would be
    over, and its days those of which nobody has said anything.
    """
    if at is not None:
        return entry.read_flag("--at", parse_instant, at)
    last_ms = None if lives_now(directory) else last_said_ms(journal)
    return WallClock().now_ms() if last_ms is None else last_ms


def _load(line: Path, broker_url: str | None) -> LineConfig:
    entry.warn_of_variables()
    return load(line, **broker_flag(broker_url))


def _expect(name: str, known: list[str], what: str) -> None:
    if name not in known:
        raise LocalError(f"{name!r} is no {what} of this line; {did_you_mean(name, known)}")


def _serve(
    config: LineConfig,
    name: str,
    state: Path | None,
    make_officer: Callable[[], Officer],
    log: LogStream,
) -> None:
    directory = state or default_state(config.line, name)
    titles = {party: it.display for party, it in config.parties.items()}
    desk = DeskServer(directory, config.timers, titles, log, log.clock)
    service = Service(
        config,
        name,
        directory,
        make_officer,
        desk.log,
        tell=desk.feed.changed,
        beside=desk.serve,
    )
    asyncio.run(serve(service))


def main() -> None:
    """Run the command line."""
    sys.exit(entry.run(app))
