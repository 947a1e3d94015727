"""A picture for people and programs: tables on a terminal, or JSON."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline.console import plain
from hotline.lifecycle import Message
from hotline.past import FlagEntry
from hotline.picture import Picture
from hotline.times import format_instant


def as_dict(picture: Picture) -> dict[str, Any]:
    """All that the picture says. Equal heads give equal results, in every station."""
    return {
        "line": picture.line.name,
        "parties": list(picture.line.parties),
        "heads": dict(sorted(picture.heads.items())),
        "messages": [_message(message) for message in _in_order(picture)],
        "flags": [_flag(entry) for entry in picture.flags_seen()],
        "invalid": {str(ref): reason for ref, reason in sorted(picture.invalid.items())},
    }


def show(picture: Picture, console: Console) -> None:
    """Print the messages, the flags, and what made no sense."""
    heads = ", ".join(f"{station} to {head}" for station, head in sorted(picture.heads.items()))
    console.print(
        Text.assemble((f"line {picture.line.name}", "bold"), f": {heads or 'no records'}")
    )
    messages = _table("Messages", "record", "message", "sent (UTC)", "what", "state", "by")
    for message in _in_order(picture):
        messages.add_row(
            str(message.ref),
            Text(message.name, "bold"),
            _short(message.at_ms),
            Text(plain(message.text)),
            Text(message.state, "yellow" if message.waits else ""),
            Text(plain(message.officer or "–") if message.answer else ""),
        )
    flags = _table("Flags", "rule", "about", "level", "raised (UTC)", "cleared")
    for entry in picture.flags_seen():
        cleared = entry.cleared_ms
        flags.add_row(
            Text(entry.flag.rule, "bold"),
            str(entry.flag.subject),
            entry.flag.level,
            _short(entry.raised_ms),
            Text("standing", "red") if cleared is None else _short(cleared),
        )
    invalid = _table("Made no sense", "record", "reason")
    for ref, reason in sorted(picture.invalid.items()):
        invalid.add_row(str(ref), Text(plain(reason)))
    for table in (messages, flags, invalid):
        if table.row_count:
            console.print(table)


def _in_order(picture: Picture) -> list[Message]:
    return sorted(picture.messages.values(), key=lambda message: (message.at_ms, message.ref))


def _message(message: Message) -> dict[str, Any]:
    return {
        "station": message.ref.station,
        "seq": message.ref.seq,
        "kind": message.kind,
        "notice": message.notice,
        "revision": message.revision,
        "precedence": message.precedence,
        "text": message.text,
        "at": format_instant(message.at_ms),
        "starts": _instant(message.starts_ms),
        "ends": _instant(message.ends_ms),
        "state": message.state,
        "answer": message.answer,
        "answered_by": message.answered_by and str(message.answered_by),
        "answered_at": _instant(message.answered_ms),
        "officer": message.officer,
        "expected_at": _instant(message.expected_ms),
    }


def _flag(entry: FlagEntry) -> dict[str, Any]:
    return {
        "rule": entry.flag.rule,
        "subject": str(entry.flag.subject),
        "level": entry.flag.level,
        "due": format_instant(entry.flag.due),
        "detail": entry.flag.detail,
        "raised_at": format_instant(entry.raised_ms),
        "cleared_at": _instant(entry.cleared_ms),
    }


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else format_instant(at_ms)


def _short(at_ms: int) -> str:
    """`01-12 06:00:00`, in UTC: for people, who know what year it is."""
    return format_instant(at_ms)[5:19].replace("T", " ")


def _table(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    table.header_style = "dim"
    return table
