"""The commands `hotline desk …`: take part in a line through a station that is running."""

import contextlib
import os
import sys
from typing import Annotated

from cyclopts import App, Parameter

from hotline.desk.commands import flight_commands, look_commands, talk_commands
from hotline.desk.commands.sitting import ANYWHERE, At
from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean

app = App(
    name="desk",
    help="Sit at the desk of a running station: read what waits, answer, and give notices. Without"
    " a command it opens as a full screen, always up to date.\n\nExit code 1: the station"
    " declined, nothing was said; 2: the command line, or a file, is wrong; 3: no station runs"
    " there, or it went away before it answered.",
)

for command in (
    *(look_commands.inbox, look_commands.show, look_commands.picture),
    *(talk_commands.answer, flight_commands.notify, flight_commands.revise, flight_commands.cancel),
    *(talk_commands.stop, talk_commands.check, talk_commands.voice),
    *(talk_commands.suspend, talk_commands.resume, talk_commands.handover),
):
    app.command(command)


@app.default
def screen(
    *unknown: Annotated[str, Parameter(show=False, allow_leading_hyphen=False)],
    at: At = ANYWHERE,
) -> None:
    """Open the desk on the whole terminal, until q is pressed; the station goes on without it."""
    if unknown and unknown[0] in app:
        raise LocalError(f"options go after the command: hotline desk {unknown[0]} … --as STATION")
    if unknown:
        hint = did_you_mean(unknown[0], [name for name in app if not name.startswith("-")])
        raise LocalError(f"there is no command {unknown[0]!r} at the desk; {hint}")
    _expect_terminal()
    place = at.place()
    # Only here, since it takes longer to load than most commands take to run.
    from hotline.desk.screen.app import Terminal  # noqa: PLC0415 -- see above

    Terminal(place.directory).run()
    _forget_a_closed_terminal()


def _forget_a_closed_terminal() -> None:
    """Its last output is lost with it; Python would try once more, and end with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError):
                stream.close()


def _expect_terminal() -> None:
    """Refuse to open a screen where there is none.

    Raises:
        LocalError: one of its streams is not a terminal, or the terminal can only print.
    """
    kind = os.environ.get("TERM")
    # It reads keys from the first, asks the second for its size, and draws on the third.
    streams = (sys.stdin, sys.stdout, sys.stderr)  # None: closed
    if not all(stream and stream.isatty() for stream in streams):
        what = "a terminal, but its input, output or errors go elsewhere"
    elif kind in ("dumb", "unknown"):
        what = f"a terminal that can move its cursor, but TERM={kind} says that this one cannot"
    else:
        return
    raise LocalError(
        f"the full screen of `hotline desk` needs {what}: use a command, such as"
        " `hotline desk inbox` (`hotline desk --help` lists all)"
    )
