"""The head of the screen: who we are, what time it is, who is there, which flags stand."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from hotline.bodies import Rule
from hotline.desk.readback import hour
from hotline.desk.requests import Told
from hotline.desk.screen.entries import STYLES, WORDS, Urgency
from hotline.logs.console import plain
from hotline.times import SECOND_MS, format_instant, parse_instant

_GOOD, _BAD, _UNSURE = "green", "bold #ffffff on #c4002b", "yellow"
_LOUD = "bold black on yellow"
_PRESENCES = {
    "online": ("● heard", _GOOD),
    "silent": ("○ SILENT", _BAD),
    "unknown": ("? unknown", _UNSURE),
}

_HANG = "   "
"""Before the second line of a flag, so that flags can be told apart."""
_CONSOLE = Console(color_system=None)  # only to wrap with


def head(state: Told, now_ms: int, width: int, *, gone: bool) -> Text:
    """Four lines at most: the station and the clock, the line, our watch.

    While the station is gone, what was known of the line is dimmed.
    """
    lines = [
        _title(state, now_ms, width),
        _line_unknown(state) if gone else _line(state, now_ms, width),
    ]
    lines += _ourselves(state, now_ms)
    for each in lines:
        each.truncate(width, overflow="ellipsis")
    return Text("\n").join(lines)


def flags(state: Told, now_ms: int, width: int, most: int | None = None) -> Text:
    """The flags that stand, the worst first and of these the newest; no more than `most`.

    With a limit, each has one line; without one, each wraps, with a column left for a scroll bar.
    """
    standing = sorted(state["flags"], key=lambda flag: flag["since"], reverse=True)
    standing.sort(key=lambda flag: -Urgency[flag["level"]])
    lines = []
    for flag in standing[:most]:
        level = Urgency[flag["level"]]
        line = Text.assemble(
            (f" {WORDS[level]} ", STYLES[level]),
            f" {since(flag, now_ms)} ",
            (flag["rule"], "bold"),
            f" {plain(flag['detail'])}",
        )
        if most is None:
            line = Text(f"\n{_HANG}").join(line.wrap(_CONSOLE, width - len(_HANG) - 1))
        else:
            line.truncate(width, overflow="ellipsis")
        lines.append(line)
    if more := state["counts"]["flags"] - len(lines):
        stand = "flags stand" if more > 1 else "flag stands"
        where = "" if most is None else " (p)"
        lines.append(Text(f"   … and {more} more {stand}{where}"))
    return Text("\n").join(lines)


def since(flag: Told, now_ms: int) -> str:
    """When a flag was raised; one that has stood overnight must not be taken for one of today."""
    at = str(flag["since"])
    is_today = at[:10] == format_instant(now_ms)[:10]
    return at[11:19] if is_today else f"{at[5:10]} {at[11:19]}"


def is_suspended(declared: Told, now_ms: int) -> bool:
    """Whether a party's suspension holds: until it resumes, or until the time that it gave."""
    if declared["attendance"] != "suspended":
        return False
    until = declared["suspension"]["until"]
    return until is None or parse_instant(until) > now_ms


def _title(state: Told, now_ms: int, width: int) -> Text:
    name = state["station"]
    called = state["titles"].get(name, name)
    whose = f"{plain(called)} ({name})" if called != name else name
    left = Text.assemble((whose, "bold"), f" on the line {state['line']}")
    moment = datetime.fromtimestamp(now_ms / SECOND_MS, UTC)
    right = Text.assemble((f"{moment:%H:%M:%S}", "bold"), " UTC")
    day, rate = Text(f"{moment:%a %d %b %Y}  "), Text()
    if state["rate"] != 1:
        rate = Text(f"×{state['rate']:g} ", "bold yellow")
    if (left + rate + day + right).cell_len < width:
        right = day + right
    right = rate + right
    # The station's name stands there all day; the time decides whether to answer now.
    left.truncate(max(width - right.cell_len - 1, 0), overflow="ellipsis", pad=True)
    return left.append(" ").append_text(right)


def _line(state: Told, now_ms: int, width: int) -> Text:
    """Whether the others are heard, and in the room that is left, what the parties have said."""
    found = []
    for name, presence in state["stations"].items():
        heard, more = _presence(state, name, presence, now_ms)
        found.append((Text.assemble((" │ ", "dim"), (name, "bold"), " ", heard), more))
    room = width - sum(heard.cell_len for heard, _ in found)
    line = _our_link(state, room)
    room -= line.cell_len
    for heard, more in found:
        line.append_text(heard)
        if room > 0:  # to no columns a text is not truncated
            more.truncate(room, overflow="ellipsis")
            room -= more.cell_len
            line.append_text(more)
    return line


def _our_link(state: Told, room: int) -> Text:
    """Whether we are on the line, in a mark or a word where the others would be cut off."""
    whole, brief, style = (
        ("● on the line", "●", _GOOD)
        if state["on_line"]
        else (" OFF THE LINE: what is said is kept here ", " OFF THE LINE ", _BAD)
    )
    return Text(whole if len(whole) <= room else brief, style)


def _line_unknown(state: Told) -> Text:
    line = Text("○ NO STATION", _BAD)
    for name in state["stations"]:
        line.append(f" │ {name} ? unknown", "dim")
    return line


def _presence(state: Told, name: str, presence: str, now_ms: int) -> tuple[Text, Text]:
    """How another station is, and what a party has said of itself beside."""
    declared = state["declared"].get(name)
    found, more = Text(*_PRESENCES[presence]), Text()
    if declared and is_suspended(declared, now_ms):
        found = Text("‖ suspended", _UNSURE)
        suspension = declared["suspension"]
        if suspension["until"]:
            found.append(f" until {hour(suspension['until'], now_ms)}")
        if presence == "silent":
            found.append(", silent")
        if suspension["reason"]:
            more = Text(f" – {plain(suspension['reason'])}", _UNSURE)
    elif declared and (watch := declared["watch"]):
        officer, until = plain(watch["officer"]), watch["until"]
        more = Text(f", {officer} on watch", "default")
        if parse_instant(until) <= now_ms:
            more = Text(f", watch ended at {hour(until, now_ms)}: {officer}", _UNSURE)
    if _has_other_time(state, name):
        found.append(", clock differs", _UNSURE)
    return found, more


def _has_other_time(state: Told, name: str) -> bool:
    """Whether the watchdog says so: the times left of what that party has said are then wrong."""
    return any(
        flag["rule"] == Rule.CLOCK_SKEW and flag["subject"] == name for flag in state["flags"]
    )


def _ourselves(state: Told, now_ms: int) -> Iterator[Text]:
    if state["role"] != "party":
        yield Text("a watchdog's desk: for viewing only", "dim")
        return
    if not state["may_speak"]:
        whom = ", ".join(state["waits_for"])
        why = f"it waits to hear {whom}" if whom else "it is fetching its own words"
        yield Text(f" WE MAY NOT SPEAK YET: {why} ", _LOUD)
    ours = state["declared"][state["station"]]
    said = []
    if _has_other_time(state, state["station"]):
        said.append(Text(" OUR CLOCK DIFFERS FROM THE WATCHDOG'S ", _LOUD))
    if ours["attendance"] == "suspended":
        said.append(_our_suspension(ours, now_ms))
    said.append(_our_watch(state, ours, now_ms))
    yield Text("we: ", "dim").append_text(Text(" │ ").join(said))


def _our_suspension(ours: Told, now_ms: int) -> Text:
    until = ours["suspension"]["until"]
    if is_suspended(ours, now_ms):
        more = f" until {hour(until, now_ms)}" if until else ""
        said = (f" ‖ SUSPENDED BY OUR OWN WORD{more} ", _LOUD)
    else:
        said = (f"our suspension ended at {hour(until, now_ms)}", _UNSURE)
    return Text.assemble(said, " – u: resume")


def _our_watch(state: Told, ours: Told, now_ms: int) -> Text:
    if watch := state["watch"]:
        deputy = f", deputy {plain(watch['deputy'])}" if watch["deputy"] else ""
        until = hour(watch["until"], now_ms)
        return Text(f"{plain(watch['officer'])} on watch{deputy}, until {until}")
    said = "nobody is on watch by name"
    if (last := ours["watch"]) and parse_instant(last["until"]) <= now_ms:
        said = f"the watch of {plain(last['officer'])} ended at {hour(last['until'], now_ms)}"
    return Text.assemble((said, _UNSURE), " – h: hand over")
