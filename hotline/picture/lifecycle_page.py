"""The documentation page of all states and moves, drawn from the tables that decide them.

`docs/lifecycle.md` is what `python -m hotline.picture.lifecycle_page` writes.
"""

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
        "Standing: what its author made of a message",
        Standing,
        "Moved by the author's journal alone: by the next revision of a notice, or its"
        " cancellation. Nobody waits any more for an answer to what does not stand.",
    ),
    _Axis(
        "Answering: what the other party made of it",
        Answering,
        "Moved by the other party's journal alone. An answer binds to the record that it refers to:"
        " one to revision 1 says nothing of revision 2.",
    ),
    _Axis(
        "Attendance: whether a party is at its channel, by its own word",
        Attendance,
        "Moved by the party's own journal. While it has suspended, its silence is a WARNING and no"
        " ALARM, and comm checks to it are not missed; notices must be answered all the same.",
    ),
)

_FLIGHT = _Axis(
    "Phase: how far the flight of a notice is",
    Phase,
    "Not moved by a record alone: it follows from the last revision, the time, and the last stop"
    " that names the notice (by either party). A flight is off nominal when a stop is said about"
    " it, or when it is revised while its window is open. The watchdog tells every change; a notice"
    " that nobody has answered when its window opens is told as the worst that can happen.",
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
resume. Its state has axes that are moved by one journal each, so however the journals interleave,
every station ends in the same state. The state that a person is shown is its standing, and while
that is current, its outcome: the answer by voice, else the one in writing. The table of moves is
`MOVES` in `hotline/picture/lifecycle.py`."""

_VOICE = """\
## Voice

What was said by telephone is written down as `voice`, by either party. With an `answer` it is the
answer to the record that it refers to, and goes before what is answered in writing, be that earlier
or later. Of several, the last counts, by its time (then by station and number); only a final answer
goes before any STANDBY, so what was settled never waits again. A STANDBY by voice holds only while
nothing was answered in writing. So the outcome is the same in whatever order journals are read."""


def page() -> str:
    """The page, in Markdown."""
    lines = [*_INTRODUCTION.splitlines(), ""]
    for axis in (*_AXES, _FLIGHT):
        lines += [f"## {axis.title}", "", axis.says, "", *_diagram(axis), "", *_table(axis), ""]
    lines += ["## What answers what", "", "| asked by | takes |", "|---|---|"]
    lines += [f"| {_ASKED[asks]} | {_words(sorted(ANSWERS[asks]))} |" for asks in Asks]
    lines += ["", *_VOICE.splitlines(), ""]
    lines += [
        "## What makes no sense",
        "",
        "A record that may not be said is stored like any other, marked with a code, flagged",
        "`invalid` by the watchdog, and changes nothing else.",
        "",
        "| code | why |",
        "|---|---|",
    ]
    lines += [f"| `{misfit}` | {meaning} |" for misfit, meaning in MEANINGS.items()]
    return "\n".join(lines) + "\n"


def _diagram(axis: _Axis) -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {_first(axis)}"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, move), to in MOVES.items():
        if isinstance(state, axis.states):
            arrows.setdefault((state, to), []).append(move)
    lines += [f"    {state} --> {to}: {', '.join(by)}" for (state, to), by in arrows.items()]
    lines += [f"    {state} --> [*]" for state in axis.states if state in _ends(axis)]
    return [*lines, "```"]


_MOVES: dict[tuple[str, str], str] = {(state, move): to for (state, move), to in MOVES.items()}


def _table(axis: _Axis) -> list[str]:
    moves = list(dict.fromkeys(move for state, move in MOVES if isinstance(state, axis.states)))
    lines = ["| from | " + " | ".join(moves) + " |", "|---" * (len(moves) + 1) + "|"]
    for state in axis.states:
        cells = [_MOVES.get((state, move), "–") for move in moves]
        lines.append(f"| {state} | " + " | ".join(cells) + " |")
    return lines


def _first(axis: _Axis) -> str:
    return next(iter(axis.states))


def _ends(axis: _Axis) -> set[str]:
    return {*axis.states} - {state for state, _ in MOVES}


def _words(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 -- the page is what the command is for
