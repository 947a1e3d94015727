"""What a desk prints: tables of what waits, what is open, and who is there."""

from rich.console import Console
from rich.text import Text

from hotline import tables
from hotline.desk.requests import Told
from hotline.desk.screen.details import in_full
from hotline.desk.screen.entries import answered_by, is_excused, time_left
from hotline.desk.screen.headline import is_suspended
from hotline.logs.console import LEVEL_STYLES, PRECEDENCE_STYLES, plain
from hotline.tables import Cell, Rows
from hotline.times import parse_instant

_WHAT_WIDTH = 20  # so that a text is not wrapped into a tower beside the answers
_PRESENCE_STYLES = {"online": "green", "silent": "red", "unknown": "yellow"}


def show_inbox(state: Told, console: Console) -> None:
    """Print what waits for an answer from here."""
    if state["role"] != "party":
        console.print("a watchdog answers nothing: `hotline desk picture` shows what waits")
        return
    if not state["inbox"]:
        console.print("nothing waits for an answer from here")
        return
    _show_waiting(state, "inbox", "", console)


def show_state(state: Told, console: Console) -> None:
    """Print the whole line: its stations, what waits on both sides, the flags that stand."""
    console.print(_headline(state))
    theirs = "Waits for theirs" if state["role"] == "party" else "Waits for an answer"
    for name, title in (("inbox", "Waits for our answer"), ("sent", theirs)):
        if state[name]:
            _show_waiting(state, name, title, console)
    flags: Rows = [
        {
            "rule": Text(flag["rule"], "bold"),
            "level": _level(flag["level"]),
            "since (UTC)": _time(flag["since"]),
            "detail": plain(flag["detail"]),
        }
        for flag in state["flags"]
    ]
    tables.show(console, "Flags that stand", flags)
    _say_more(state, "flags", console)
    settled = [entry for entry in state["recent"] if "due" not in entry]
    tables.show(console, "Settled lately", [_settled(entry) for entry in settled[:10]])


def _settled(entry: Told) -> dict[str, Cell]:
    return {
        "record": entry["record"],
        "message": Text(entry["message"], "bold"),
        "sent UTC": _time(entry["at"]),
        "what": plain(entry["text"]),
        "state": entry["state"],
        "by": plain(answered_by(entry) or ("–" if entry["answer"] else "")),
    }


def show_record(found: Told, state: Told, console: Console) -> None:
    """Print one record in words, with what became of the message that it opened."""
    console.print(in_full(found, state, parse_instant(state["now"])))
    if found["record"] is None:
        console.print("the record itself is no longer on this disk")


def _headline(state: Told) -> Text:
    head = Text.assemble((state["station"], "bold"), f" on the line {state['line']}: ")
    head.append(
        "on the line" if state["on_line"] else "OFF the line", "" if state["on_line"] else "red"
    )
    if state["role"] == "party" and not state["may_speak"]:
        head.append(", may not speak yet", "yellow")
    for name, presence in state["stations"].items():
        head.append(f"; {name} ")
        head.append(presence, _PRESENCE_STYLES[presence])
    for party, declared in state["declared"].items():
        if declared["attendance"] == "suspended":
            suspension = declared["suspension"]
            until = f" until {_time(suspension['until'])} UTC" if suspension["until"] else ""
            has = "has" if is_suspended(declared, parse_instant(state["now"])) else "had"
            head.append(f"\n{party} {has} suspended the line{until}", "yellow")
            head.append(f": {plain(suspension['reason'] or 'no reason given')}")
    if watch := state["watch"]:
        deputy = f", deputy {plain(watch['deputy'])}" if watch["deputy"] else ""
        head.append(f"\n{plain(watch['officer'])} is on watch{deputy}, until ")
        head.append(f"{_time(watch['until'])} UTC")
    return head


def _show_waiting(state: Told, name: str, title: str, console: Console) -> None:
    now_ms = parse_instant(state["now"])
    rows = [_waiting(entry, now_ms) for entry in state[name]]
    tables.show(console, title, rows, least={"message": tables.MESSAGE_WIDTH, "what": _WHAT_WIDTH})
    _say_more(state, name, console)


def _waiting(entry: Told, now_ms: int) -> dict[str, Cell]:
    precedence = entry["precedence"] or ""
    row: dict[str, Cell] = {
        "record": entry["record"],
        "message": Text(entry["message"], "bold"),
        "precedence": Text(precedence, PRECEDENCE_STYLES.get(precedence, "")),
        "what": plain(_what(entry)),
        "time left": _left(entry, now_ms),
    }
    if "delivered" in entry:  # it is ours
        return row | {"delivered": "yes" if entry["delivered"] else Text("not yet", "yellow")}
    return row | {"answer with": " ".join(entry["answers"]).lower()}


def _what(entry: Told) -> str:
    if not entry["delayed"]:
        return str(entry["text"])
    return f"DELAYED by {entry['delayed']}, sent {entry['at'][11:19]}: {entry['text']}"


def _left(entry: Told, now_ms: int) -> Text:
    if is_excused(entry):
        return Text("excused")
    left = time_left(entry, now_ms)
    standby = " (standby)" if entry["state"] == "standby" else ""
    if not left.startswith("+"):
        return Text(f"{left}{standby}")
    return Text.assemble(_level(entry["overdue"]), f" {left[1:]} late{standby}")


def _say_more(state: Told, name: str, console: Console) -> None:
    more = state["counts"][name] - len(state[name])
    if more > 0:
        console.print(f"… and {more} more, not shown")


def _level(level: str) -> Text:
    return Text(level.removesuffix("_REQUIRED"), LEVEL_STYLES[level])


def _time(at: str) -> str:
    return at[5:19].replace("T", " ")
