"""Asking a person: each question until its answer can be used."""

from collections.abc import Iterator

import pytest
from rich.console import Console

from hotline.desk.commands.asking import ask
from hotline.desk.drafts import Flight, draft
from tests.helpers import T0


class Typing(Console):
    """A terminal at which somebody types these lines."""

    def __init__(self, *lines: str) -> None:
        super().__init__(width=200, force_terminal=False, highlight=False)
        self._lines: Iterator[str] = iter(lines)

    def input(self, prompt: object = "", **_: object) -> str:
        """The next line."""
        self.print(prompt)
        return next(self._lines)


def test_what_is_missing_is_asked_for() -> None:
    """All of a notice, in any case; a mistake is told and asked for again."""
    console = Typing(
        "flash",
        "a request",
        "request",
        "survey",
        "tur-14",
        "tur14",
        "c30j",
        "here",
        "134.52,37.63,8km",
        "34.52,37.63,8km",
        "2000m",
        "5000",
        "1km",
        "5000m",
        "06:30",
        "06:10",
        "+2h",
    )
    made = draft(None, Flight(), None, T0)
    with console.capture() as capture:
        made.fields.update(ask(made.missing(), T0, console))
    made.require_whole()
    assert made.fields["precedence"] == "FLASH"
    assert made.fields["aircraft_identification"] == "TUR14"
    (volume,) = made.fields["volumes"]
    assert volume["volume"]["altitude_lower"]["value"] == 2_000
    assert volume["time_end"]["value"] == "2026-01-12T08:00:00.000Z"
    said = capture.get()
    assert "did you mean 'request'?" in said
    assert "expected 2 to 7 capital letters and digits, such as TUR014" in said
    assert "expected LAT,LNG,RADIUS" in said
    assert "5000 of what? Say 5000km, 5000m" in said
    assert "center.lat: expected less than or equal to 90, got 134.52" in said
    assert "volume: expected altitude_lower to be below altitude_upper" in said
    assert "expected time_start to be before time_end" in said


def test_only_what_is_missing_is_asked_for() -> None:
    """Who leaves the terminal ends it."""
    with pytest.raises(StopIteration):
        ask(["precedence"], T0, Typing("never"))
    assert ask([], T0, Typing()) == {}
