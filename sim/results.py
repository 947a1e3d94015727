"""Where the verdict of a run goes: to the terminal, and to files in the forms that are wanted."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from hotline.errors import LocalError
from sim import report
from sim.junit import as_junit
from sim.page import as_page
from sim.story import Story
from sim.verdict import Verdict

_STDOUT = "-"


def as_text(verdict: Verdict, story: Story, form: str) -> str:
    """The verdict in one of the forms."""
    match form:
        case "--json":
            return json.dumps(verdict.as_dict(), indent=2, ensure_ascii=False) + "\n"
        case "--junit":
            return as_junit(verdict)
        case _:
            return as_page(verdict, story)


def expect_places(places: Mapping[str, str | None]) -> None:
    """Refuse what a verdict cannot be written to, before a run is played for nothing.

    Args:
        places: the file for each form that is wanted, or `-` for stdout.

    Raises:
        LocalError: one cannot be written, or stdout would have to hold several.
    """
    to_stdout = [form for form, place in places.items() if place == _STDOUT]
    if len(to_stdout) > 1:
        raise LocalError(f"{' and '.join(to_stdout)} cannot both be written to stdout")
    for place in places.values():
        if place is not None and place != _STDOUT:
            _expect_file(place)


def write(verdict: Verdict, story: Story, places: Mapping[str, str | None]) -> None:
    """Write all forms that are wanted; the tables go to stdout, if nothing else does.

    Raises:
        LocalError: one cannot be written; the tables have been shown by then.
    """
    if _STDOUT not in places.values():
        report.show(verdict, Console(highlight=False))
    for form, place in places.items():
        if place is None:
            continue
        text = as_text(verdict, story, form)
        if place == _STDOUT:
            sys.stdout.write(text)
            continue
        try:
            Path(place).write_text(text, encoding="utf-8")
        except OSError as error:
            raise LocalError(f"cannot write the verdict to {place}: {error.strerror}") from None


def _expect_file(place: str) -> None:
    path = Path(place)
    if not path.parent.is_dir():
        why = "there is no such folder"
    elif path.is_dir():
        why = "it is a folder; expected a file"
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        why = "you may not write there"
    else:
        return
    raise LocalError(f"cannot write the verdict to {place}: {why}")
