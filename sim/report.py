"""The verdict on a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline.lifecycle import Message
from hotline.times import DAY_MS, format_duration, format_instant, format_time_of_day
from sim.loading import Loaded
from sim.verdict import Verdict

_STATE_STYLES = {
    "accepted": "green",
    "acknowledged": "green",
    "rejected": "red",
    "standby": "yellow",
    "open": "yellow",
}
_WORD_STYLES = {
    "pass": "bold white on green",
    "fail": "bold white on red",
    "stopped": "bold black on yellow",
}
_STOPPED = {
    "pass": "stopped early: all that is expected had come true",
    "fail": "stopped early: what is expected can come true no more",
    "stopped": "stopped early: what could not be seen is not known",
}
_MARKS = {
    True: Text("met", "green"),
    False: Text("FAILED", "bold red"),
    None: Text("not known", "yellow"),
}
_MANY = 30  # rows; of a longer table the first are enough


def show(verdict: Verdict, console: Console) -> None:
    """Print the notices, the flags and the expectations, and last the verdict itself."""
    history = verdict.history
    console.print()
    if notices := verdict.notices():
        console.print(_notices(verdict, notices))
    if history.picture.flags_seen():
        console.print(_flags(verdict))
    console.print(_expectations(verdict))
    speed = "virtual" if history.speed is None else f"{history.speed:g}"
    style = _WORD_STYLES[verdict.word]
    line = Text.assemble((f" {verdict.word.upper()} ", style), f" {verdict.title}")
    console.print(line)
    if history.interrupted:
        console.print(f"       {_STOPPED[verdict.word]}")
    console.print(
        Text(f"       simulated · {history.broker} · speed {speed} · seed {history.seed}", "dim")
    )


def show_all(scenarios: Iterable[Loaded], console: Console) -> None:
    """Print what scenarios there are: title, what it teaches, length, how much is expected."""
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


def _notices(verdict: Verdict, notices: list[Message]) -> Table:
    table = _table("Notices", "notice", "from", "sent", "delivered", "answered", "state")
    for message in notices[:_MANY]:
        received_ms = verdict.history.received_ms.get(message.ref)
        table.add_row(
            Text(message.name, "bold"),
            message.ref.station,
            _moment(verdict, message.at_ms),
            _after(received_ms, message.at_ms),
            _after(message.given.at_ms if message.given else None, message.at_ms),
            Text(message.state, _STATE_STYLES.get(message.state, "dim")),
        )
    if len(notices) > _MANY:
        table.caption = f"and {len(notices) - _MANY} more"
    return table


def _flags(verdict: Verdict) -> Table:
    picture = verdict.history.picture
    entries = picture.flags_seen()
    messages = {str(ref): message.name for ref, message in picture.messages.items()}
    table = _table("Flags", "rule", "about", "level", "due", "raised", "cleared")
    for entry in entries[:_MANY]:
        subject = str(entry.flag.subject)
        cleared_ms = entry.cleared_ms
        table.add_row(
            Text(entry.flag.rule, "bold"),
            messages.get(subject, subject),
            entry.flag.level,
            _moment(verdict, entry.flag.due),
            _moment(verdict, entry.raised_ms),
            Text("standing", "red") if cleared_ms is None else _moment(verdict, cleared_ms),
        )
    if len(entries) > _MANY:
        table.caption = f"and {len(entries) - _MANY} more"
    return table


def _expectations(verdict: Verdict) -> Table:
    table = _table("Expectations", "", "line", "what", "found")
    for finding in verdict.findings:
        table.add_row(_MARKS[finding.met], str(finding.line), finding.text, finding.detail)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    table.header_style = "dim"
    return table


def _moment(verdict: Verdict, at_ms: int) -> str:
    """A time of day, with the date where the scenario has several."""
    history = verdict.history
    if history.ended_ms - history.started_ms <= DAY_MS:
        return format_time_of_day(at_ms)
    return format_instant(at_ms)[5:16].replace("T", " ")


def _after(at_ms: int | None, since_ms: int) -> str:
    return "–" if at_ms is None else f"+{format_duration(max(at_ms - since_ms, 0))}"
