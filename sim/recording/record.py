"""The command `hotline-sim record`: a live line or journals, turned into a scenario file."""

import asyncio
import contextlib
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape

from hotline.clock import Clock, WallClock
from hotline.commands import entry
from hotline.commands.following import follow
from hotline.commands.tail import Tail
from hotline.config.config import LineConfig, broker_address, load
from hotline.errors import LocalError
from hotline.logs.stream import LogFormat, LogLevel, LogStream
from hotline.signals import on_signal
from hotline.station.turn import Incoming
from hotline.timers import Timers
from hotline.times import SECOND_MS, format_instant, parse_duration, parse_typed_instant
from hotline.topics import is_name
from sim.places import expect_file
from sim.recording import encore
from sim.recording.archive import from_files
from sim.recording.recorder import Recorder
from sim.recording.recording import Cut, Recording
from sim.recording.sheet import Sheet


def record(
    *sources: Path,
    line: str | None = None,
    broker: str | None = None,
    for_: Annotated[str | None, Parameter(name="--for")] = None,
    from_: Annotated[str | None, Parameter(name="--from")] = None,
    until: str | None = None,
    to: Annotated[str, Parameter(allow_leading_hyphen=True)] = "-",
    log_format: LogFormat = LogFormat.AUTO,
    log_level: LogLevel = LogLevel.INFO,
) -> int:
    """Make a scenario file of what happened on a line; `run` plays it again.

    Without sources it follows a live line until Ctrl-C, and shows its log as `hotline tail` does.
    What a scenario cannot express becomes a comment in the file. The file is then played once, and
    a comment at its top says whether everything comes again, or what does not.

    Exit code 0: the file is written, all that was said is in it, and playing it gives the same; 1:
    it is written, but records are left out, changed, missing or were not heard, or playing it
    gives something else, or that is not known: the comment at its top says which; 2: the command
    line or the records are wrong, or there is nothing to record; 3: the broker of a live line
    cannot be reached.

    Parameters
    ----------
    sources
        State directories (their stations may be running), directories of such, or files that
        `hotline journal export` wrote, all of one line.
    line
        The line's configuration, line.toml: its timers and the parties' names go into the file.
        For a live line its name is enough.
    broker
        mqtt(s)://host:port of a live line (default: as the line's configuration says).
    for_
        How long to follow a live line, such as 10m (default: until Ctrl-C).
    from_
        Cut off what came before: a UTC time, or a duration after the recording's beginning (5m).
        The file begins with what still waited then (a message, a silence). Who is on watch then,
        and notices that are cancelled later, are said again at its start.
    until
        Cut off what came after, likewise.
    to
        The scenario file; - is stdout.
    log_format
        How the log stream of a live line looks; auto is console on a terminal, else json.
    log_level
        The least severe events that it shows.
    """
    _expect_place(to)
    config = None
    entry.warn_of_variables()
    if line is not None and line.endswith(".toml"):
        config = load(Path(line), broker)
    if sources:
        if broker is not None or for_ is not None:
            raise LocalError("--broker and --for are for live lines; leave them out with journals")
        if line is not None and config is None:
            raise LocalError(f"--line {line}: with journals, expected the line's line.toml")
        recording = from_files(sources, config)
    else:
        recording = _follow(line, config, broker, for_, LogStream(log_format, log_level))
    cut = recording.cut(_moment("--from", from_, recording), _moment("--until", until, recording))
    return entry.OK if _write(cut, to) else entry.FAILED


def _follow(
    line: str | None,
    config: LineConfig | None,
    broker: str | None,
    for_: str | None,
    log: LogStream,
) -> Recording:
    name = config.line if config else line
    if name is None or not is_name(name):
        raise LocalError("expected the line's name or its line.toml with --line, or some journals")
    address = config.broker.address if config else broker_address(broker)
    for_s = None if for_ is None else entry.read_option("--for", parse_duration, for_) / SECOND_MS
    clock = WallClock()
    recorder = Recorder(name, clock, config)
    silent_ms = (config.timers if config else Timers()).silent_ms

    async def main() -> None:
        stopped = asyncio.Event()
        log("info", "tail.started", url=str(address), line=name)
        log.when_unread = stopped.set
        with on_signal(stopped.set, hang_up=True), contextlib.suppress(TimeoutError):
            tail = _RecordingTail(recorder, log, clock, silent_ms)
            await asyncio.wait_for(follow(address, name, tail, stopped), for_s)

    asyncio.run(main())
    return recorder.recording()


class _RecordingTail(Tail):
    """A tail that has a recorder hear what it hears."""

    def __init__(self, recorder: Recorder, log: LogStream, clock: Clock, silent_ms: int) -> None:
        super().__init__(log, clock, silent_ms)
        self._recorder = recorder

    def hear(self, incoming: Incoming) -> None:
        self._recorder.hear(incoming)
        super().hear(incoming)

    def tick(self, *, all_heard: bool) -> None:
        self._recorder.tick(all_heard=all_heard)
        super().tick(all_heard=all_heard)


def _write(cut: Cut, to: str) -> bool:
    """Write the file, and tell of it; False: it lacks something, or may play otherwise."""
    sheet = cut.sheet()
    lacking = [*cut.of.lacking, *encore.not_as_said(sheet.missing, sheet.changed)]
    text = _noted(sheet, [*lacking, encore.NOT_KNOWN])
    if to != "-" and not Path(to).exists():  # a pipe takes it only once
        _put(text, to)  # in case we end while it plays: a live line cannot be recorded twice
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for remark in cut.beginning.remarks(cut.asked_ms):
        console.print(remark, markup=False)
    console.print("playing it once, to see whether everything comes again; Ctrl-C skips this")
    told = encore.remarks(text, cut.flags, lacking)
    text = _noted(sheet, told)
    if to == "-":
        entry.put_out(text)
    else:
        _put(text, to)
        command = f"hotline-sim run {shlex.quote(to)} --virtual"
        console.print(f"recorded in {escape(to)}; `{escape(command)}` plays it")
    for each in told:
        console.print(each, markup=False)
    return encore.is_same(told)


def _noted(sheet: Sheet, remarks: Sequence[str]) -> str:
    """The file with these remarks at its top."""
    return replace(sheet, remarks=[*sheet.remarks, *remarks]).as_yaml()


def _put(text: str, to: str) -> None:
    try:
        Path(to).write_text(text, encoding="utf-8")
    except OSError as error:
        entry.put_out(text)  # a live line cannot be recorded twice
        raise LocalError(
            f"cannot write the scenario to {to}: {error.strerror}; it went to stdout instead"
        ) from None


def _expect_place(to: str) -> None:
    """Refuse a place that cannot be written to: what was said meanwhile would be lost."""
    if to == "-":
        return
    expect_file(to, "scenario")
    if Path(to).is_file():  # it may have been edited by hand since
        raise LocalError(f"{to} is there already: give the scenario another name")


def _moment(option: str, text: str | None, recording: Recording) -> int | None:
    """Read a time, or a duration after the beginning."""
    if text is None:
        return None
    with contextlib.suppress(ValueError):
        return recording.begins_ms + parse_duration(text)
    try:
        return parse_typed_instant(text)
    except ValueError:
        raise LocalError(
            f"{option} {text}: expected a UTC time such as {format_instant(recording.begins_ms)},"
            " or a duration after the beginning such as 5m"
        ) from None
