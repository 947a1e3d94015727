"""Asks a person at a terminal for what a flight notice lacks."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from hotline.desk import areas
from hotline.desk.drafts import Fields, designator
from hotline.desk.moments import volume_time
from hotline.desk.requests import says
from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean
from hotline.notice import Activity, Category, Precedence, Volume4D

_CHOICES = {"precedence": Precedence, "category": Category, "activity": Activity}
_QUESTIONS = {
    "precedence": "How urgent is it?",
    "category": "Does it ask for a decision, or only inform?",
    "activity": "What does the flight do?",
    "aircraft_identification": "Aircraft identification (e.g. ABC014)?",
    "aircraft_type": "ICAO type designator (e.g. C30J)?",
}


def ask(missing: list[str], now_ms: int, console: Console) -> Fields:
    """Ask for these fields, each until the answer can be used."""
    return {name: _field(name, now_ms, console) for name in missing}


def _field(name: str, now_ms: int, console: Console) -> Any:  # noqa: ANN401 -- a field's value
    if name == "volumes":
        return [_volume(now_ms, console)]
    if name in _CHOICES:
        words = [str(word) for word in _CHOICES[name]]
        question = f"{_QUESTIONS[name]} ({', '.join(words)})"
        return _until_good(question, lambda typed: _one_of(typed, words), console)
    return _until_good(_QUESTIONS[name], lambda typed: designator(name, typed), console)


def _volume(now_ms: int, console: Console) -> Fields:
    """A volume, made answer by answer: a mistake that shows only at the end would cost them all."""
    volume: Fields = {"volume": {}}

    def add(question: str, read: Callable[[str], Fields]) -> None:
        fitting = _until_good(question, lambda typed: _fitting(volume, read(typed)), console)
        volume.update(fitting)

    add(
        "Where? (LAT,LNG,RADIUS such as 34.52,37.63,8km, or corners LAT,LNG LAT,LNG LAT,LNG)",
        lambda typed: {"volume": areas.outline(typed)},
    )
    add(
        "From which height? (2000m or 6500ft; empty: from the ground)",
        lambda typed: {"volume": areas.limits(_height(typed), None)},
    )
    add(
        "Up to which height? (likewise; empty: no limit)",
        lambda typed: {"volume": areas.limits(None, _height(typed))},
    )
    form = "(14:30 in UTC, +1h, or in full)"
    add(f"From when? {form}", lambda typed: {"time_start": volume_time(typed, now_ms)})
    add(f"Until when? {form}", lambda typed: {"time_end": volume_time(typed, now_ms)})
    return volume


def _fitting(volume: Fields, more: Fields) -> Fields:
    """A volume with what was typed last.

    Raises:
        ValueError: it would be none.
    """
    found = {**volume, **more, "volume": {**volume["volume"], **more.get("volume", {})}}
    try:
        Volume4D.model_validate(found)
    except ValidationError as error:
        raise ValueError(says(error, Volume4D)) from None
    return found


def _until_good(question: str, read: Callable[[str], Any], console: Console) -> Any:  # noqa: ANN401 -- what `read` makes of it
    while True:
        try:
            typed = console.input(f"{escape(question)} ").strip()
        except EOFError:
            raise LocalError("the terminal was closed: nothing was said") from None
        try:
            return read(typed)
        except ValueError as error:
            console.print(f"[yellow]{escape(str(error))}[/]")


def _one_of(typed: str, words: list[str]) -> str:
    for word in words:
        if word.casefold() == typed.casefold():
            return word
    raise ValueError(did_you_mean(typed, words))


def _height(typed: str) -> float | None:
    """A height in metres; None when there is none.

    Raises:
        ValueError: it is not a length.
    """
    return areas.length(typed) if typed else None
