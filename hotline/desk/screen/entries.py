"""Messages on the screen: how urgent each is by now, in which order they stand, and their rows."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from rich.text import Text

from hotline.bodies import Answer
from hotline.desk.readback import hour
from hotline.desk.requests import Told
from hotline.logs.console import PRECEDENCE_STYLES, plain
from hotline.tables import MESSAGE_WIDTH
from hotline.times import SECOND_MS, format_duration, parse_instant

_SOON = 4  # wanted soon: less than 1/_SOON of the time for an answer is left


class Urgency(IntEnum):
    """How urgently a message wants an answer, the most urgent last."""

    SETTLED = 0
    WAITS = 1
    SOON = 2
    WARNING = 3
    ALARM = 4
    VOICE_REQUIRED = 5
    WINDOW_OPEN = 6
    """Its flight is in the air, or was, and nobody has answered: the worst that there is."""


STYLES = {
    Urgency.SETTLED: "dim",
    Urgency.WAITS: "",
    Urgency.SOON: "bold yellow",
    Urgency.WARNING: "bold black on yellow",
    Urgency.ALARM: "bold #ffffff on #c4002b",
    Urgency.VOICE_REQUIRED: "bold #ffffff on #9b2fae",
    Urgency.WINDOW_OPEN: "bold #ffffff on #c4002b",
}
WORDS = {
    Urgency.WARNING: "▲ WARNING",
    Urgency.ALARM: "▲▲ ALARM",
    Urgency.VOICE_REQUIRED: "▲▲▲ VOICE",
}
_OUTCOMES = {"accepted": "ACCEPT", "rejected": "REJECT", "acknowledged": "ROGER"}

_MARK, _TIME, _NAME = 2, 8, 17
_TEXT = 20  # columns that a long name leaves to the text


class Columns(NamedTuple):
    """How wide the columns after the mark and the time left are; after the name comes the text."""

    state: int = 11
    precedence: int = 9
    name: int = _NAME

    @property
    def before_the_name(self) -> int:
        """How much stands before the name, with a space after each column that there is."""
        return _MARK + sum(width + 1 for width in (_TIME, self.state, self.precedence) if width)


_USUAL = Columns()


def waits(entry: Told) -> bool:
    """Whether an answer to it is wanted."""
    return "due" in entry


def is_excused(entry: Told) -> bool:
    """Whether it need not be answered: the party asked had suspended the line."""
    return bool(entry.get("excused"))


def answers(entry: Told) -> tuple[str | None, str | None]:
    """The records of its answer in writing and of the one by telephone."""
    voice = entry["voice"]
    return entry["answered_by"], voice and voice["record"]


def urgency(entry: Told, now_ms: int) -> Urgency:
    """How urgent a message is by now."""
    if not waits(entry):
        return Urgency.SETTLED
    if has_opened(entry, now_ms):
        return Urgency.WINDOW_OPEN
    if is_excused(entry):
        return Urgency.WAITS
    level = entry["overdue"]
    if (later := entry.get("next")) and parse_instant(later["at"]) <= now_ms:
        level = later["level"]
    if level:
        return Urgency[level]
    due_ms, at_ms = parse_instant(entry["due"]), parse_instant(entry["at"])
    return Urgency.SOON if (due_ms - now_ms) * _SOON < due_ms - at_ms else Urgency.WAITS


def has_opened(entry: Told, now_ms: int) -> bool:
    """Whether the window of a notice has opened."""
    return (
        entry["kind"] == "notice"
        and entry["starts"] is not None
        and parse_instant(entry["starts"]) <= now_ms
    )


def goes_first(entry: Told, now_ms: int) -> bool:
    """Whether it goes before all else: a flight that nobody has answered, or a stop."""
    return _is_stop(entry) or urgency(entry, now_ms) is Urgency.WINDOW_OPEN


def _is_stop(entry: Told) -> bool:
    return entry["kind"] == "stop" and waits(entry)


def in_order(entries: Iterable[Told], now_ms: int) -> list[Told]:
    """Stops first, then flights that nobody has answered; then as they come."""
    return sorted(entries, key=lambda entry: (not _is_stop(entry), not goes_first(entry, now_ms)))


def columns_for(listed: Iterable[Told], now_ms: int, width: int) -> Columns:
    """The usual columns; where names would be cut, no wider than what stands in them.

    Where that is not enough, the precedence goes: the name is what people speak of. A long one, as
    of `cancel of TUR-1007`, has more room where there is some.
    """
    rows = list(listed)
    room = width - _USUAL.before_the_name
    if room >= _NAME:
        longest = max((len(entry["message"]) for entry in rows), default=0)
        return _USUAL._replace(name=max(_NAME, min(longest, room - 1 - _TEXT)))
    narrow = Columns(
        max((len(how_far(entry, now_ms)) for entry in rows), default=0),
        max((len(entry["precedence"] or "") for entry in rows), default=0),
    )
    return narrow if narrow.before_the_name + MESSAGE_WIDTH <= width else Columns(narrow.state, 0)


def row(
    entry: Told,
    now_ms: int,
    width: int,
    columns: Columns,
    *,
    selected: bool,
    focused: bool,
) -> Text:
    """A message in one line, `width` columns wide."""
    how = urgency(entry, now_ms)
    is_worst = how is Urgency.WINDOW_OPEN
    precedence = entry["precedence"] or ""
    is_plain = is_worst or how is Urgency.SETTLED  # the whole row looks the same
    cells = [
        (time_left(entry, now_ms).rjust(_TIME), "" if is_worst else _time_style(how)),
        (how_far(entry, now_ms), "" if is_plain else _state_style(entry, how)),
        (precedence, "" if is_plain else PRECEDENCE_STYLES.get(precedence, "")),
        (entry["message"], "bold"),
        (text(entry, now_ms), "bold red" if entry["kind"] == "stop" and not is_plain else ""),
    ]
    line = Text(("▶ " if focused else "› ") if selected else "  ", no_wrap=True)
    room = max(width - line.cell_len, 1)
    for (said, style), wide in zip(cells, (_TIME, *columns, room), strict=True):
        if wide:
            cell = Text(plain(said), style)
            cell.truncate(wide, overflow="ellipsis", pad=wide < room)
            line.append_text(cell).append(" ")
    line.truncate(width, overflow="ellipsis", pad=True)
    if is_plain:
        line.style = STYLES[how]
    if selected:
        line.stylize("bold")
        if focused and not is_worst:
            line.style = f"{line.style} on grey23".strip()
    return line


def time_left(entry: Told, now_ms: int) -> str:
    """`1m58s` until the answer is due, `+12s` since; for a settled message, when it was said."""
    if not waits(entry):
        return str(entry["at"][11:19])
    if is_excused(entry):
        return "–"
    left_ms = parse_instant(entry["due"]) - now_ms
    # Counts down to the last second as clocks on a wall do, and at once up again.
    whole_ms = (abs(left_ms) + (SECOND_MS - 1 if left_ms > 0 else 0)) // SECOND_MS * SECOND_MS
    return ("" if left_ms > 0 else "+") + (format_duration(whole_ms) if whole_ms else "0s")


def how_far(entry: Told, now_ms: int) -> str:
    """How far it is, in a word that needs no colour."""
    how = urgency(entry, now_ms)
    if how is Urgency.WINDOW_OPEN:
        is_over = entry["ends"] is not None and parse_instant(entry["ends"]) <= now_ms
        return "■ FLOWN" if is_over else "■ IN WINDOW"
    if how in WORDS:
        return WORDS[how]
    if entry.get("delivered") is False:
        return "undelivered"
    if is_excused(entry):
        return "excused"
    if entry["state"] == "open" and entry.get("delivered"):
        return "delivered"
    return _OUTCOMES.get(entry["state"], str(entry["state"]))


def text(entry: Told, now_ms: int) -> str:
    """What it says, after the promise of a STANDBY, the answer that it got, or how late it came."""
    if not waits(entry) and (by := answered_by(entry)):
        return f"{by}: {entry['text']}"
    if entry["state"] == "standby" and (expected := _promised(entry)):
        return f"until {hour(expected, now_ms)}: {entry['text']}"
    if entry["delayed"]:  # there is no room for when it was sent: Enter shows that
        return f"DELAYED by {entry['delayed']}: {entry['text']}"
    return str(entry["text"])


def answered_by(entry: Told) -> str:
    """Who gave the answer that counts, if named; beside a STANDBY by voice, the one in writing."""
    voice = entry["voice"]
    if voice and (voice["answer"] != Answer.STANDBY or not entry["answer"]):
        return f"{voice['by']}, by voice"
    return entry["officer"] or ""


def _promised(entry: Told) -> str | None:
    """For when the last STANDBY promises the answer, in writing or by voice."""
    voice = entry["voice"]
    is_spoken = voice and voice["at"] > (entry["answered_at"] or "")
    expected: str | None = (voice if is_spoken else entry)["expected_at"]
    return expected


def _time_style(how: Urgency) -> str:
    if how is Urgency.SOON:
        return "bold yellow"
    return "bold" if how > Urgency.SOON else ""


def _state_style(entry: Told, how: Urgency) -> str:
    if how >= Urgency.WARNING:
        return STYLES[how]
    return "yellow" if entry.get("delivered") is False else ""
