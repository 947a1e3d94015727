"""One message in full, in words: what it says, what became of it, what comes next."""

import json
from collections.abc import Iterator

from rich.console import Group
from rich.table import Table
from rich.text import Text

from hotline.desk import areas
from hotline.desk.requests import Told
from hotline.desk.screen.entries import STYLES, Urgency, state, time_left, urgency, waits
from hotline.logs.console import plain
from hotline.times import parse_instant

Lines = Iterator[tuple[str, Text | str]]


def details(
    entry: Told, record: Told | None, answer: Told | None, known: Told, now_ms: int
) -> Group:
    """A message as a page; `record` and `answer` are as on disk, `known` is the state."""
    body = record["body"] if record else {}
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for label, said in (
        *_message(entry, now_ms),
        *_body(body, entry),
        *_answer(entry, answer),
        *_flags(entry, known),
    ):
        facts.add_row(label, said if isinstance(said, Text) else Text(plain(said)))
    named = Text(f"{entry['message']}  ({entry['record']} from {entry['from']})", "bold")
    return Group(named, facts, Text(), Text("\n").join(_as_written(record)))


def _as_written(record: Told | None) -> list[Text]:
    if record is None:
        return [Text("the record itself is not on this disk any more", "dim")]
    written = json.dumps(record["body"], indent=2, ensure_ascii=False)
    lines = ["as it stands in the journal:", *written.splitlines()]
    return [Text(plain(line), "dim") for line in lines]


def what_it_is(entry: Told) -> str:
    """A message in a sentence, for a form that is about it."""
    precedence = f"{entry['precedence']} " if entry["precedence"] else ""
    window = _window(entry)
    return plain(f"{precedence}{entry['text']}" + (f", {window}" if window else ""))


def _message(entry: Told, now_ms: int) -> Lines:
    how = urgency(entry, now_ms)
    asks = {"decision": "a decision", "roger": "a roger", "confirmation": "a roger"}
    delay = f", DELAYED by {entry['delayed']}" if entry["delayed"] else ""
    yield "said", f"{_moment(entry['at'])}{delay}"
    if entry["precedence"]:
        yield "precedence", entry["precedence"]
    yield "text", entry["text"]
    if window := _window(entry):
        yield "window", window
    yield "asks for", f"{asks[entry['asks']]}: {', '.join(entry['answers'])}"
    if "delivered" in entry:
        yield "delivered", "yes" if entry["delivered"] else "not yet"
    yield "state", Text(f"{state(entry, now_ms)}", STYLES[how] if how > Urgency.SOON else "")
    if waits(entry):
        left = time_left(entry, now_ms)
        late = "late" if left.startswith("+") else "left"
        yield "due", f"{_moment(entry['due'])}, {left.removeprefix('+')} {late}"
        if (later := entry.get("next")) and parse_instant(later["at"]) > now_ms:
            yield "then", f"{later['level']} at {_moment(later['at'])}"


def _answer(entry: Told, answer: Told | None) -> Lines:
    if entry["answer"]:
        by = f" by {entry['officer']}" if entry["officer"] else ""
        yield "answered", f"{entry['answer']}{by}, {_moment(entry['answered_at'])}"
        if entry["expected_at"]:
            yield "expected", _moment(entry["expected_at"])
        if answer and answer["body"].get("reason"):
            yield "because", answer["body"]["reason"]
    if voice := entry["voice"]:
        yield "by voice", f"{voice['answer']} by {voice['by']}, {_moment(voice['at'])}"


def _flags(entry: Told, known: Told) -> Lines:
    for flag in known["flags"]:
        if flag["subject"] == entry["record"]:
            level = Text(f"{flag['level']} {flag['rule']}", STYLES[Urgency[flag["level"]]])
            said = f": {plain(flag['detail'])} (since {_moment(flag['since'])})"
            yield "flag", level.append(said, "default")


def _body(body: Told, entry: Told) -> Lines:
    """What only the record has; a reason or remarks may be all that its text says."""
    for volume in body.get("volumes", ()):
        yield "where", areas.in_words(volume["volume"])
    for name in ("remarks", "reason"):
        if body.get(name) and body[name] != entry["text"]:
            yield name, str(body[name])


def _window(entry: Told) -> str:
    if not entry["starts"]:
        return ""
    until = _moment(entry["ends"], beside=entry["at"]) if entry["ends"] else "an open end"
    return f"{_moment(entry['starts'], beside=entry['at'])} to {until}"


def _moment(at: str, *, beside: str = "") -> str:
    """Without the year, unless it is another one than that of a time which stands beside it."""
    day = at[5:10] if at[:4] == (beside or at)[:4] else at[:10]
    return f"{day} {at[11:19]}"
