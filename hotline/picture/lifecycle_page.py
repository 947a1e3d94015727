"""The documentation page of all states and moves, drawn from the tables that decide them.

`docs/lifecycle.md` is what `python -m hotline.picture.lifecycle_page` writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hotline.misfits import MEANINGS
from hotline.picture.lifecycle import ANSWERS, MOVES, Answering, Asks, Attendance, Phase, Standing


@dataclass(frozen=True, slots=True)
class _Axis:
    """One kind of state, whom it belongs to, and whose words move it."""

    title: str
    states: type[StrEnum]
    says: str


_AXES = (
    _Axis(
        "Standing: what its author has done with a message",
        Standing,
        "Moved by the author's journal alone: by the next revision of a notice, or its"
        " cancellation. A message that is no longer current waits for no answer.",
    ),
    _Axis(
        "Answering: what the other party has answered",
        Answering,
        "Moved by the other party's journal alone. An answer belongs to the record that it refers"
        " to: an answer to revision 1 says nothing about revision 2.",
    ),
    _Axis(
        "Attendance: whether a party is at its channel, by its own word",
        Attendance,
        "Moved by the party's own journal. While it is suspended, its silence is a WARNING, not an"
        " ALARM, and comm checks to it do not count as missed; notices must still be answered.",
    ),
    _Axis(
        "Phase: how far the flight of a notice is",
        Phase,
        "Not moved by a record alone: it follows from the last revision, the time, and the last"
        " stop that names the notice (by either party). A flight is off nominal when a stop is said"
        " about it, or when it is revised while its window is open. The watchdog logs every change;"
        " a notice still unanswered when its window opens is logged as the worst that can happen.",
    ),
)

_ASKED = {
    Asks.DECISION: "a notice of category `request`",
    Asks.ROGER: "a notice of category `information`",
    Asks.CONFIRMATION: "a cancel, stop, check, suspend or resume",
}

_INTRODUCTION = """\
# The life of a message

<!-- Written by `python -m hotline.picture.lifecycle_page > docs/lifecycle.md`; a test compares. -->

A message is a record that asks for an answer: a notice, a cancel, a stop, a check, a suspend or a
resume. Its state has several axes, and each is moved by one journal alone. So every station ends in
the same state, however the journals interleave. A person is shown its standing or, while that is
current, its outcome: the answer by voice, else the one in writing. The table of moves is `MOVES` in
`hotline/picture/lifecycle.py`."""

_VOICE = """\
## Voice

Either party writes down what was said by telephone as `voice`. With an `answer` it answers the
record that it refers to, and overrides an answer in writing, earlier or later. Of several, the last
by time counts (then by station and number), except that a final answer overrides any STANDBY, so
what was settled never waits again. A STANDBY by voice holds only while there is no answer in
writing. So the outcome is the same in whatever order the journals are read."""


def page() -> str:
    """The page, in Markdown."""
    lines = [*_INTRODUCTION.splitlines(), ""]
    for axis in _AXES:
        lines += [f"## {axis.title}", "", axis.says, "", *_diagram(axis), "", *_table(axis), ""]
    lines += ["## What answers what", "", "| asked by | takes |", "|---|---|"]
    lines += [f"| {_ASKED[asks]} | {_words(ANSWERS[asks])} |" for asks in Asks]
    lines += ["", *_VOICE.splitlines(), ""]
    lines += [
        "## What makes no sense",
        "",
        "A record that may not be said is stored like any other and marked with a code. The",
        "watchdog flags it as `invalid`; it changes nothing else.",
        "",
        "| code | why |",
        "|---|---|",
    ]
    lines += [f"| `{misfit}` | {meaning} |" for misfit, meaning in MEANINGS.items()]
    return "\n".join(lines) + "\n"


def _diagram(axis: _Axis) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(axis.states))}"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, move), to in MOVES.items():
        if isinstance(state, axis.states):
            arrows.setdefault((state, to), []).append(move)
    lines += [f"    {state} --> {to}: {', '.join(by)}" for (state, to), by in arrows.items()]
    goes_on = {state for state, _ in MOVES}
    lines += [f"    {state} --> [*]" for state in axis.states if state not in goes_on]
    return [*lines, "```"]


_MOVES: dict[tuple[str, str], str] = {(state, move): to for (state, move), to in MOVES.items()}


def _table(axis: _Axis) -> list[str]:
    moves = list(dict.fromkeys(move for state, move in MOVES if isinstance(state, axis.states)))
    lines = ["| from | " + " | ".join(moves) + " |", "|---" * (len(moves) + 1) + "|"]
    for state in axis.states:
        cells = [_MOVES.get((state, move), "–") for move in moves]
        lines.append(f"| {state} | " + " | ".join(cells) + " |")
    return lines


def _words(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 -- the page is what the command is for
