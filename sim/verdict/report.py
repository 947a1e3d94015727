"""The verdict on a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline import tables
from hotline.bodies import Flag
from hotline.logs.console import plain
from hotline.picture.message import Message
from hotline.tables import Rows
from hotline.times import DAY_MS, format_duration, format_instant, format_time_of_day
from sim.scenario.expectation import Happening
from sim.scenario.loading import Loaded
from sim.stage.history import speed_in_words
from sim.verdict.verdict import Verdict

_STATE_STYLES = {
    "accepted": "green",
    "acknowledged": "green",
    "rejected": "red",
    "standby": "yellow",
    "open": "yellow",
}
_WORD_STYLES = {
    "pass": "bold bright_white on green",
    "fail": "bold white on red",
    "stopped": "bold black on yellow",
}
_STOPPED = {
    "pass": "stopped early: everything expected had come true",
    "fail": "stopped early: what is expected can no longer come true",
    "stopped": "stopped early: what was still to come is not known",
}
_MARKS = {
    True: Text("met", "green"),
    False: Text("FAILED", "bold red"),
    None: Text("not known", "yellow"),
}
_MANY = 30  # rows of a table that are always shown, and of those that failed further down
# The names of messages stay whole. Else a long finding takes all room, and what was expected has
# one word a line.
_WIDE_ENOUGH = {"about": tables.MESSAGE_WIDTH, "what": 28, "found": 16}


def show(verdict: Verdict, console: Console, most: int | None = _MANY) -> None:
    """Print the notices, the flags and the expectations, and last the verdict itself.

    Of long tables `most` rows are shown, and as many of those further down that an expectation
    failed on (None: all).
    """
    history = verdict.history
    console.print()
    _notices(verdict, console, most)
    _flags(verdict, console, most)
    _expectations(verdict, console, most)
    speed = speed_in_words(history.speed)
    style = _WORD_STYLES[verdict.word]
    title = plain(verdict.played.scenario.title)
    line = Text.assemble((f" {verdict.word.upper()} ", style), f" {title}")
    console.print(line)
    if history.interrupted:
        console.print(f"       {_STOPPED[verdict.word]}")
    how = ["simulated", history.broker, f"speed {speed}", f"seed {history.seed}"]
    if history.played:
        how.append(f"{' and '.join(sorted(history.played))} played by people")
    console.print(Text(f"       {' · '.join(how)}", "dim"))


def show_all(scenarios: Iterable[Loaded], console: Console) -> None:
    """List the scenarios: title, what it teaches, length, how much is expected."""
    table = Table("name", "what it is about, and teaches", box=None, pad_edge=False)
    table.add_column("length", justify="right")
    table.add_column("expects", justify="right")
    table.header_style = "dim"
    for loaded in scenarios:
        scenario = loaded.scenario
        table.add_row(
            Text(loaded.name, "bold"),
            Text.assemble(scenario.title, "\n", (scenario.teaches, "dim")),
            format_duration(scenario.duration_ms),
            str(len(scenario.expect)),
        )
    console.print(table)


def _notices(verdict: Verdict, console: Console, most: int | None) -> None:
    notices = verdict.notices()
    names = {name for missed in verdict.missed() for name in (missed.of, missed.delivered)}
    rows: Rows = [
        {
            "notice": Text(message.name, "bold"),
            "from": message.ref.station,
            "sent UTC": _moment(verdict, message.at_ms),
            "delivered after": _after(verdict.history.received_ms.get(message.ref), message.at_ms),
            "answered after": _after(message.given and message.given.at_ms, message.at_ms),
            "state": Text(message.state, _STATE_STYLES.get(message.state, "dim")),
        }
        for message in notices
    ]
    _table(console, "Notices", rows, [message.notice in names for message in notices], most)


def _flags(verdict: Verdict, console: Console, most: int | None) -> None:
    history, missed = verdict.history, verdict.missed()
    entries = history.flags_seen
    wanted = [
        any(
            _is_meant(each, entry.flag, history.picture.about(entry.flag.subject))
            for each in missed
        )
        for entry in entries
    ]
    rows: Rows = [
        {
            "rule": Text(entry.flag.rule, "bold"),
            "about": history.name_of(entry.flag.subject),
            "level": entry.flag.level,
            "due UTC": _moment(verdict, entry.flag.due),
            "raised UTC": _moment(verdict, entry.raised_ms),
            "cleared UTC": Text("standing", "red")
            if entry.cleared_ms is None
            else _moment(verdict, entry.cleared_ms),
            "late by": ""
            if (late_ms := history.late_ms(entry)) is None
            else format_duration(late_ms),
        }
        for entry in entries
    ]
    _table(console, "Flags", rows, wanted, most)


def _is_meant(happening: Happening, flag: Flag, message: Message | None) -> bool:
    """Whether an expectation is about a flag, or about what is flagged."""
    name = happening.of or happening.delivered
    known_as = {flag.subject.station, message.notice if message else None}
    if happening.flag or happening.cleared:
        is_rule = flag.rule in (happening.flag, happening.cleared)
        return is_rule and (name is None or name in known_as)
    return name is not None and name in known_as


def _expectations(verdict: Verdict, console: Console, most: int | None) -> None:
    rows: Rows = [
        {
            "": _MARKS[finding.met],
            "line": str(finding.line_number),
            "what": finding.text,
            "found": finding.detail,
            "UTC": "" if finding.came_ms is None else _moment(verdict, finding.came_ms),
        }
        for finding in verdict.findings
    ]
    wanted = [not finding.met for finding in verdict.findings]
    _table(console, "Expectations (T is the start)", rows, wanted, most)


def _table(console: Console, title: str, rows: Rows, wanted: list[bool], most: int | None) -> None:
    """The first rows, and the first of those further down that an expectation failed on."""
    many = len(rows) if most is None else most
    failed = [row for row, is_wanted in zip(rows[many:], wanted[many:], strict=True) if is_wanted]
    shown = [*rows[:many], *failed[:many]]
    # How late it was stands in the log, too.
    tables.show(console, title, shown, spare=("late by",), least=_WIDE_ENOUGH)
    if more := len(rows) - len(shown):
        console.print(Text(f"and {more} more; --json has all", "dim"))


def _moment(verdict: Verdict, at_ms: int) -> str:
    """A time of day, with the date where the scenario has several."""
    history = verdict.history
    if history.ended_ms - history.started_ms <= DAY_MS:
        return format_time_of_day(at_ms)
    return format_instant(at_ms)[5:16].replace("T", " ")


def _after(at_ms: int | None, since_ms: int) -> str:
    return "–" if at_ms is None else f"+{format_duration(max(at_ms - since_ms, 0))}"
