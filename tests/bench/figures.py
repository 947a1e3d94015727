"""Figures: what each must reach and what it did reach, as a table and as JSON."""

import json
import statistics
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

Values = Mapping[str, Mapping[str, float]]
"""The values of one round: by the key of each figure, what was measured in each way."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound for one of the things measured, or for its ratio to another one of the same round."""

    what: str
    must: float | None
    aim: float | None = None
    per: str = ""
    at_least: bool = False

    def of(self, rounds: Sequence[Mapping[str, float]]) -> float | None:
        """The median of the rounds in which it was measured."""
        each = [
            values[self.what] / (values[self.per] if self.per else 1)
            for values in rounds
            if self.what in values and (not self.per or self.per in values)
        ]
        return statistics.median(each) if each else None

    def is_reached(self, value: float | None, bound: float | None) -> bool | None:
        """Whether a value is as good as a bound, if there is one; a missing value is not."""
        if bound is None:
            return None
        if value is None:
            return False
        return value >= bound if self.at_least else value <= bound

    def __str__(self) -> str:
        return f"{self.what} / {self.per}" if self.per else self.what


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is measured, in several ways that are compared."""

    key: str
    title: str
    unit: str
    goals: tuple[Goal, ...] = ()


class Family(Protocol):
    """A module that measures some figures together. Add it to `FAMILIES` in `__main__`."""

    @property
    def FIGURES(self) -> tuple[Figure, ...]:  # noqa: N802 -- a constant of the module
        """The figures that it measures."""

    @property
    def ROUNDS(self) -> int:  # noqa: N802
        """The highest number of rounds, as some take long."""

    def measure(self, rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
        """Give the values of each round; `tiny` only shows that it runs."""


class Results:
    """All that was measured."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = list(figures)
        self.failures: dict[str, str] = {}
        self._rounds: dict[str, list[Mapping[str, float]]] = {f.key: [] for f in self._figures}

    def add(self, values: Values) -> None:
        """Take in the values of one round."""
        for key, found in values.items():
            self._rounds[key].append(found)

    def fail(self, what: str, why: str) -> None:
        """Note that a measurement did not come to its end."""
        self.failures[what] = why

    def as_dict(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {figure.key: self._figure(figure) for figure in self._figures}

    def _figure(self, figure: Figure) -> dict[str, Any]:
        rounds = self._rounds[figure.key]
        whats = dict.fromkeys(what for values in rounds for what in values)
        measured = {what: [values[what] for values in rounds if what in values] for what in whats}
        return {
            "title": figure.title,
            "unit": figure.unit,
            "rounds": measured,
            "median": {what: statistics.median(values) for what, values in measured.items()},
            "goals": [_judged(goal, rounds) for goal in figure.goals],
        }

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        path.write_text(json.dumps(self.as_dict(), indent=2) + "\n", encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print a Markdown table of the values, and one of the goals."""
        measured = Table("figure", "what", "median", "min … max", "rounds", box=MARKDOWN)
        judged = Table("figure", "what", "is", "must", "reached", "aim", "reached", box=MARKDOWN)
        for figure in self._figures:
            found = self._figure(figure)
            for what, values in found["rounds"].items():
                spread = f"{short(min(values))} … {short(max(values))}"
                middle = f"{short(found['median'][what])} {figure.unit}"
                measured.add_row(figure.title, what, middle, spread, str(len(values)))
            for goal in found["goals"]:
                judged.add_row(figure.title, *_cells(goal))
        console.print(measured, "", judged, sep="\n")
        for what, why in self.failures.items():
            console.print(f"{what}: broken off: {why}", markup=False)


def _judged(goal: Goal, rounds: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    value = goal.of(rounds)
    return {
        "what": str(goal),
        "value": value,
        "sign": ">=" if goal.at_least else "<=",
        "must": goal.must,
        "reached": goal.is_reached(value, goal.must),
        "aim": goal.aim,
        "aim_reached": goal.is_reached(value, goal.aim),
    }


def _cells(goal: Mapping[str, Any]) -> list[str]:
    value, sign = goal["value"], goal["sign"]
    cells = [goal["what"], "not measured" if value is None else short(value)]
    for bound, reached in ((goal["must"], goal["reached"]), (goal["aim"], goal["aim_reached"])):
        cells += (
            [f"{sign} {short(bound)}", "yes" if reached else "NO"]
            if bound is not None
            else ["", ""]
        )
    return cells


def short(value: float) -> str:
    """A number with three significant digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
