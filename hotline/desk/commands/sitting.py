"""What every command at a desk does: find it, ask its station, and tell what was said."""

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from hotline.desk import client, readback
from hotline.desk.client import NoStation
from hotline.desk.commands import finding
from hotline.desk.commands.finding import Place
from hotline.times import parse_instant

_VARIABLE = "HOTLINE_DESK"


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class At:
    """Whose desk it is: by default, that of the only station that runs on this machine."""

    state: Annotated[
        Path | None,
        Parameter(help=f"The station's state directory (default: ${_VARIABLE}, if set)."),
    ] = None
    line: Annotated[str | None, Parameter(help="The line's name, or its line.toml.")] = None
    as_: Annotated[str | None, Parameter(name="--as", help="The station's name.")] = None

    def place(self) -> Place:
        """The desk that is meant; say which, if nobody has named it."""
        state = self.state
        if not (state or self.line or self.as_) and (given := os.environ.get(_VARIABLE)):
            state = Path(given)
        try:
            place = finding.find(state, self.line, self.as_)
        except NoStation as error:
            if state == self.state:
                raise
            raise NoStation(
                f"{error} (${_VARIABLE} names it: `unset {_VARIABLE}` for another station)"
            ) from None
        if place.chosen:
            aside().print(f"[dim]at the desk of {escape(str(place))}[/]")
        return place


ANYWHERE = At()


def ask(place: Place, **request: Any) -> dict[str, Any]:
    """Ask a station for one thing."""
    return asyncio.run(client.ask(place.directory, request))


def now_ms(place: Place) -> int:
    """The line's time: in a scenario that is not ours."""
    return parse_instant(ask(place, do="state")["state"]["now"])


def say(place: Place, **request: Any) -> None:
    """Have a station say something, and tell what was said, and whether it is still here.

    Failing to print is not a failure of the command: a person told of one would say it again.
    """
    told = ask(place, **request)
    line = Text(readback.said(request, told))
    line.stylize("green", 0, len("said"))
    console = out()
    try:
        console.print(line, soft_wrap=not console.is_terminal)
    except OSError as error:
        with contextlib.suppress(OSError):
            sys.stdout.close()  # or Python tries once more at its end
        why = f"it was said: {told['record']}; this could not be printed: {error.strerror}"
        with contextlib.suppress(OSError):  # nor there
            aside().print(f"[yellow]{escape(why)}[/]")
    if not told["on_line"]:
        aside().print(f"[yellow]{readback.KEPT}[/]")


def out() -> Console:
    """Where results are printed."""
    return Console(highlight=False)


def aside() -> Console:
    """Where all else is said."""
    return Console(stderr=True, highlight=False, soft_wrap=True)
