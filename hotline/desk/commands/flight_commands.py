"""The commands that speak of flights: a notice, its revision, its cancellation."""

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hotline.desk import drafts
from hotline.desk.commands import asking
from hotline.desk.commands.options import More, expect_a_file, expect_nothing_more
from hotline.desk.commands.sitting import ANYWHERE, At, aside, ask, now_ms, say

Source = Annotated[Path | None, Parameter(allow_leading_hyphen=True)]

_NO_OPTIONS = drafts.Flight()


def notify(
    file: Source = None,
    /,
    *more: More,
    id: str | None = None,  # noqa: A002 -- the option's name
    flight: drafts.Flight = _NO_OPTIONS,
    at: At = ANYWHERE,
) -> None:
    """Give the other party a flight notice, from options, a file, or both.

    Options override the file. On a terminal it asks for what is missing.

    Parameters
    ----------
    file
        A JSON or YAML file (- for stdin) with the notice's fields, or with ASTM F3548 volumes: one
        Volume4D, a list of them, or an object with `volumes`.
    id
        The notice's name (default: the next free one, such as TUR-043).
    """
    expect_a_file(file, more)
    place = at.place()
    at_ms = now_ms(place)
    draft = drafts.draft(file, flight, id, at_ms)
    missing = draft.missing()
    if missing and str(file) != "-" and sys.stdin.isatty():
        draft.require_whole(but=missing)  # or it is refused only when all has been typed
        draft.fields.update(asking.ask(missing, at_ms, aside()))
    draft.require_whole()
    say(place, do="notify", notice=draft.fields)


def revise(
    notice: str,
    /,
    *,
    file: Source = None,
    flight: drafts.Flight = _NO_OPTIONS,
    at: At = ANYWHERE,
) -> None:
    """Give the next revision of a notice; the options or the file say what changes.

    Parameters
    ----------
    notice
        Its name, such as TUR-043.
    file
        A JSON or YAML file (- for stdin) with fields that change, or with ASTM F3548 volumes.
    """
    place = at.place()
    last = ask(place, do="notice", notice=notice)["notice"]
    change = drafts.change(file, flight, last, now_ms(place))
    say(place, do="revise", notice=notice, revision=last["revision"], change=change)


def cancel(notice: str, /, *more: More, reason: str | None = None, at: At = ANYWHERE) -> None:
    """Withdraw a notice: its flight will not happen.

    Parameters
    ----------
    notice
        Its name, such as TUR-043.
    reason
        Why.
    """
    expect_nothing_more(f"cancel {notice}", "--reason", more)
    say(at.place(), do="cancel", notice=notice, reason=reason)
