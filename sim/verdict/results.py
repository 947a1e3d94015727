"""Brings the verdict of a run to the terminal, and to files in the forms that are wanted."""

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from hotline.commands import entry
from hotline.errors import LocalError
from hotline.logs.console import plain_json
from sim.places import expect_file
from sim.verdict import report
from sim.verdict.junit import as_junit
from sim.verdict.page import as_page
from sim.verdict.story import Story
from sim.verdict.verdict import Verdict

_STDOUT = "-"


def as_text(verdict: Verdict, story: Story, form: str) -> str:
    """The verdict in one of the forms."""
    match form:
        case "--json":
            return plain_json(json.dumps(verdict.as_dict(), indent=2, ensure_ascii=False)) + "\n"
        case "--junit":
            return as_junit(verdict)
        case _:
            return as_page(verdict, story)


def expect_places(places: Mapping[str, str | None]) -> None:
    """Refuse places that a verdict cannot be written to, before a run is played for nothing.

    Args:
        places: the file for each form that is wanted, or `-` for stdout.

    Raises:
        LocalError: one cannot be written, or one place would have to hold several.
    """
    taken: dict[str | Path, str] = {}
    for form, place in places.items():
        if place is None:
            continue
        if place != _STDOUT:
            expect_file(place, "verdict")
        where = place if place == _STDOUT else Path(place).absolute()
        if where in taken:
            to = "stdout" if place == _STDOUT else place
            raise LocalError(f"{taken[where]} and {form} cannot both be written to {to}")
        taken[where] = form


def write(verdict: Verdict, story: Story, places: Mapping[str, str | None]) -> None:
    """Write all forms that are wanted; the tables go to stdout if nothing else does.

    Raises:
        LocalError: one cannot be written; the tables are shown all the same.
    """
    try:
        for form, place in places.items():
            if place is not None:
                _put(as_text(verdict, story, form), place)
    finally:
        if _STDOUT not in places.values():
            with contextlib.suppress(SystemExit):  # of rich, when nobody reads them
                report.show(verdict, Console(highlight=False))


def _put(text: str, place: str) -> None:
    if place == _STDOUT:
        entry.put_out(text)
        return
    try:
        # A scenario's name may hold what UTF-8 cannot; JSON writes that in just this way.
        Path(place).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise LocalError(f"cannot write the verdict to {place}: {error.strerror}") from None
