"""A log line for a person: two clocks, who, what, and the facts as a phrase that wraps."""

import json
import re
import shlex
from collections.abc import Iterable
from string import Formatter
from typing import Any

from rich.console import Console
from rich.text import Text

from hotline.logs.log_events import LOG_EVENTS
from hotline.logs.log_fields import LATE_PHRASE, QUOTED

_STATION_STYLES = ("cyan", "green", "magenta", "blue")
_SEVERITY_STYLES = {"debug": "dim", "warning": "yellow", "error": "red", "critical": "bold red"}
LEVEL_STYLES = {
    "WARNING": "black on yellow",
    "ALARM": "bold white on red",
    "VOICE_REQUIRED": "bold white on magenta",
}
PRECEDENCE_STYLES = {"FLASH": "bold red", "IMMEDIATE": "yellow"}
_FIELD_STYLES: dict[str, str | dict[str, str]] = {
    "message": "bold",
    "subject": "bold",
    "title": "bold",
    "precedence": PRECEDENCE_STYLES,
    "answer": {"ROGER": "green", "ACCEPT": "green", "REJECT": "red", "STANDBY": "yellow"},
    "level": LEVEL_STYLES,
    "rule": "bold",
    "verdict": {"pass": "bold green", "fail": "bold red"},
}
_LINE_WIDTH = 8
_STATION_WIDTH = 8
_EVENT_WIDTH = 16
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_NARROW = 100  # columns; with fewer, wrapped lines begin further to the left
_CLOCKS = 18  # columns that the two clocks take


class ConsoleRenderer:
    """The last of structlog's processors: renders one event for `console`'s width and colours.

    From the second line on that it is told of, it says which one an event is about.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told_of: set[str] = set()
        self._styles: dict[str, str] = {}
        self._day = ""

    def __call__(self, _logger: object, _method: str, fields: dict[str, Any]) -> str:
        """Render one event; a command is one line, so that it can be copied into a shell."""
        event = LOG_EVENTS[fields["event"]]
        with self._console.capture() as capture:
            for line in self._lines(fields, event.phrase):
                self._console.print(line, soft_wrap=True)
            if event.command:
                self._console.print(_phrase(fields, (event.command,)), soft_wrap=True)
        return capture.get().rstrip("\n")

    def lines(self, fields: dict[str, Any]) -> list[Text]:
        """One event as it stands on the console, no line wider than the console."""
        event = LOG_EVENTS[fields["event"]]
        return self._lines(fields, (*event.phrase, event.command))

    def _lines(self, fields: dict[str, Any], parts: Iterable[str]) -> list[Text]:
        lines = self._day_line(fields)
        head, phrase = self._head(fields), _phrase(fields, (LATE_PHRASE, *parts))
        width = self._console.width
        room = width - head.cell_len
        first = phrase.wrap(self._console, room)[0] if room > 0 else Text()
        lines.append(head + first)
        rest = phrase[len(first.plain.rstrip()) :]
        rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
        indent = head.cell_len if width >= _NARROW else _CLOCKS
        if rest:
            wrapped = rest.wrap(self._console, max(width - indent, _CLOCKS))
            lines += [Text(" " * indent) + part for part in wrapped]
        return lines

    def _day_line(self, fields: dict[str, Any]) -> list[Text]:
        """A rule before the first line of a day (a live line's first day goes without)."""
        day, before = fields["at"][:10], self._day
        self._day = day
        is_scenario = fields["wall"] != fields["at"]
        if day == before or not (before or is_scenario):
            return []
        return [Text(f"── {day} " + "─" * 20, "dim")]

    def _head(self, fields: dict[str, Any]) -> Text:
        head = Text()
        if fields["wall"] != fields["at"]:
            head.append(fields["wall"][11:19] + " ", "dim")
        head.append(fields["at"][11:19] + " ")
        line = fields.get("line", "")
        if line:
            self._told_of.add(line)
        if len(self._told_of) > 1:
            head.append(f"{line:<{_LINE_WIDTH}} ", "bold")
        station = fields.get("station", "")
        head.append(f"{station:<{_STATION_WIDTH}} ", self._station_style(station))
        style = _SEVERITY_STYLES.get(fields["severity"], "")
        head.append(f"{fields['event']:<{_EVENT_WIDTH}} ", style)
        return head

    def _station_style(self, station: str) -> str:
        if not station:
            return ""
        turn = len(self._styles) % len(_STATION_STYLES)
        return self._styles.setdefault(station, _STATION_STYLES[turn])


def plain(value: object) -> str:
    """A value made safe for a terminal: what others wrote must not move its cursor."""
    return "".join(char if char.isprintable() else " " for char in str(value))


def plain_json(text: str) -> str:
    """JSON made safe for a terminal: it says the same, with escapes."""
    return "\n".join(
        line if line.isprintable() else "".join(map(_escaped, line)) for line in text.split("\n")
    )


def _escaped(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]


def _phrase(fields: dict[str, Any], parts: Iterable[str]) -> Text:
    """The parts of a phrase, without those that lack a field."""
    phrase = Text(style="italic" if fields["event"] == "scenario.note" else "")
    for part in filter(None, parts):
        pieces = [
            (text, _field(name, fields), how) for text, name, _, how in Formatter().parse(part)
        ]
        if any(name is not None and name not in fields for _, name, _ in pieces):
            continue
        if phrase:
            phrase.append(" ")
        for literal, name, how in pieces:
            phrase.append(literal)
            if name is not None:
                value = plain(_of_day(str(fields[name]), fields["at"]))
                value = shlex.quote(value) if how == QUOTED else value
                phrase.append(f" {value} " if name == "level" else value, _style(name, value))
    return phrase


def _field(names: str | None, fields: dict[str, Any]) -> str | None:
    """The first of `message|subject` that is there; the last, if none is."""
    if names is None:
        return None
    *others, last = names.split("|")
    return next((name for name in others if name in fields), last)


def _of_day(value: str, at: str) -> str:
    """An instant as a clock shows it, with the day if it is another one; all else as it is."""
    if not _INSTANT.fullmatch(value):
        return value
    time = value[11:16] if value[16:19] == ":00" else value[11:19]
    return time if value[:10] == at[:10] else f"{value[:10]} {time}"


def _style(name: str, value: str) -> str:
    style = _FIELD_STYLES.get(name, "")
    return style if isinstance(style, str) else style.get(value, "")
