"""One record in full, in words: what it says, what became of it, what comes next."""

import json
from collections.abc import Iterable, Iterator

from rich.console import Group
from rich.table import Table
from rich.text import Text

from hotline.desk import areas, readback
from hotline.desk.requests import Told
from hotline.desk.screen.entries import (
    STYLES,
    Urgency,
    how_far,
    is_excused,
    time_left,
    urgency,
    waits,
)
from hotline.logs.console import plain
from hotline.times import parse_instant

Lines = Iterator[tuple[str, Text | str]]

IN_THE_ENTRY = {"text", "notice", "revision", "precedence", "category", "activity", "volumes"} | {
    f"aircraft_{name}" for name in ("identification", "type", "count")
}
"""Fields of a message's body that need not be shown, since its name or its text has them."""


def details(found: Told, state: Told, now_ms: int) -> Group:
    """A message as a page, with its words as they are written.

    Args:
        found: what a station tells of a record.
        state: that of the line.
        now_ms: the line's time.
    """
    return Group(in_full(found, state, now_ms), Text(), Text("\n").join(_as_written(found)))


def in_full(found: Told, state: Told, now_ms: int) -> Group:
    """The same without its words as they are written; it may be a record that is no message."""
    entry, record = found["message"], found["record"]
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")  # in a language without spaces a text is one long word
    lines = _of_message(entry, found, state, now_ms) if entry else _of_record(record, state)
    for label, said in lines:
        text = said if isinstance(said, Text) else Text(plain(said))
        facts.add_row(Text(plain(label)), text)
    if entry:
        named = f"{entry['message']}  ({entry['record']} from {entry['from']})"
    else:
        named = f"{record['kind']}  ({_name(record)} from {record['station']})"
    return Group(Text(plain(named), "bold"), facts)


def _as_written(found: Told) -> list[Text]:
    if found["record"] is None:
        return [Text("the record itself is no longer on this disk", "dim")]
    written = json.dumps(found["record"]["body"], indent=2, ensure_ascii=False)
    lines = ["as it stands in the journal:", *written.splitlines()]
    return [Text(plain(line), "dim") for line in lines]


def what_it_is(entry: Told) -> str:
    """A message in a sentence, for a form that is about it."""
    precedence = f"{entry['precedence']} " if entry["precedence"] else ""
    window = _window(entry)
    return plain(f"{precedence}{entry['text']}" + (f", {window}" if window else ""))


def _of_message(entry: Told, found: Told, state: Told, now_ms: int) -> Lines:
    yield from _message(entry, now_ms)
    if found["record"]:
        yield from members(found["record"]["body"], entry["text"], IN_THE_ENTRY)
    yield from _answer(entry, found["reply"])
    yield from _voice(entry, found["voice"])
    yield from _flags(entry["record"], state)


def _of_record(record: Told, state: Told) -> Lines:
    """One that asks for no answer: all that it says."""
    yield "said", f"{_moment(record['at'])} UTC"
    yield from members(record["body"])
    yield from _flags(_name(record), state)


def _name(record: Told) -> str:
    return f"{record['station']}/{record['seq']}"


def _message(entry: Told, now_ms: int) -> Lines:
    how = urgency(entry, now_ms)
    asks = {"decision": "a decision", "roger": "a roger", "confirmation": "a roger"}
    delay = f", DELAYED by {entry['delayed']}" if entry["delayed"] else ""
    yield "said", f"{_moment(entry['at'])} UTC{delay}"
    if entry["precedence"]:
        yield "precedence", entry["precedence"]
    yield "text", entry["text"]
    if window := _window(entry):
        yield "window", window
    yield "asks for", f"{asks[entry['asks']]}: {', '.join(entry['answers'])}"
    if "delivered" in entry:
        yield "delivered", "yes" if entry["delivered"] else "not yet"
    yield "state", Text(how_far(entry, now_ms), STYLES[how] if how > Urgency.SOON else "")
    if is_excused(entry):
        yield "due", "never: the party that should answer had suspended the line"
    elif waits(entry):
        left = time_left(entry, now_ms)
        late = "late" if left.startswith("+") else "left"
        yield "due", f"{_moment(entry['due'])}, {left.removeprefix('+')} {late}"
        if (later := entry.get("next")) and parse_instant(later["at"]) > now_ms:
            yield "then", f"{later['level']} at {_moment(later['at'])}"


def _answer(entry: Told, reply: Told | None) -> Lines:
    if entry["answer"]:
        by = f" by {entry['officer']}" if entry["officer"] else ""
        yield "answered", f"{entry['answer']}{by}, {_moment(entry['answered_at'])}"
        if entry["expected_at"]:
            yield "expected", _moment(entry["expected_at"])
        if reply and reply["body"].get("reason"):
            yield "because", reply["body"]["reason"]


def _voice(entry: Told, record: Told | None) -> Lines:
    if voice := entry["voice"]:
        yield "by voice", f"{voice['answer']} by {voice['by']}, {_moment(voice['at'])}"
        if voice["expected_at"]:
            yield "expected", _moment(voice["expected_at"])
        body = record["body"] if record else {}
        if body.get("reason"):
            yield "because", body["reason"]
        if body:
            yield "on the phone", f"{body['officer']} with {body['spoke_with']}: {body['text']}"


def _flags(subject: str, state: Told) -> Lines:
    for flag in state["flags"]:
        if flag["subject"] == subject:
            level = Text(f"{flag['level']} {flag['rule']}", STYLES[Urgency[flag["level"]]])
            said = f": {plain(flag['detail'])} (since {_moment(flag['since'])})"
            yield "flag", level.append(said, "default")


def members(body: Told, text: str = "", told: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """What only the record has, in words; its text may already say a reason or remarks.

    Args:
        body: that of the record.
        text: what is known of it already.
        told: its members that are known already; with the volumes, the window of all is.
    """
    volumes = body.get("volumes", []) if "volumes" in told else []
    for volume in volumes:
        when = readback.window([volume])
        own = f", {when}" if when != readback.window(volumes) else ""
        yield "where", areas.in_words(volume["volume"]) + own
    for name, value in body.items():
        if name not in told and value not in (None, text):
            yield name.replace("_", " "), _member(value)


def _member(value: object) -> str:
    match value:
        case str():
            return value
        case {"station": station, "seq": seq}:
            return f"{station}/{seq}"
        case {"station": station}:
            return str(station)
    return json.dumps(value, ensure_ascii=False)


def _window(entry: Told) -> str:
    starts, ends = (
        entry[at] and _moment(entry[at], beside=entry["at"]) for at in ("starts", "ends")
    )
    if not starts:
        return f"until {ends}" if ends else ""
    return f"{starts} to {ends or 'an open end'}"


def _moment(at: str, *, beside: str = "") -> str:
    """A time without the year, unless the time that stands beside it has another one."""
    day = at[5:10] if at[:4] == (beside or at)[:4] else at[:10]
    return f"{day} {at[11:19]}"
