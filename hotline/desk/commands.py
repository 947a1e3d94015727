"""The commands `hotline desk …`: take part in a line through a station that is running."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from hotline.bodies import Answer
from hotline.desk import asking, client, drafts, finding, wording
from hotline.desk.finding import Place
from hotline.desk.moments import promised

app = App(
    name="desk",
    help="Sit at the desk of a running station: read what waits, answer, and give notices.",
)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class At:
    """Whose desk it is; left out, the desk of the only station that runs on this machine."""

    state: Annotated[Path | None, Parameter(help="The station's state directory.")] = None
    line: Annotated[str | None, Parameter(help="The line's name, or its line.toml.")] = None
    as_: Annotated[str | None, Parameter(name="--as", help="The station's name.")] = None

    def place(self) -> Place:
        """The desk that is meant; say which, when nobody has."""
        place = finding.find(self.state, self.line, self.as_)
        if place.chosen:
            _aside().print(f"[dim]at the desk of {escape(str(place))}[/]")
        return place


Json = Annotated[
    bool, Parameter(name="--json", negative="", show_default=False, help="Print JSON.")
]
Officer = Annotated[str | None, Parameter(help="Who says so; left out, the officer on watch.")]
Source = Annotated[Path | None, Parameter(allow_leading_hyphen=True)]

_ANYWHERE = At()
_NO_FLAGS = drafts.Flight()
_KEPT = "the station is off the line: this is kept, and goes out when its link is back"


@app.command
def inbox(*, at: At = _ANYWHERE, json_: Json = False) -> None:
    """Show what waits for an answer from here, most urgent first, with the time left."""
    state = _ask(at.place(), do="state")["state"]
    if json_:
        _print_json(state["inbox"])
    else:
        wording.show_inbox(state, _out())


@app.command
def picture(*, at: At = _ANYWHERE, json_: Json = False) -> None:
    """Show the line as this station sees it: who is there, what is open, which flags stand."""
    place = at.place()
    if json_:
        _print_json(_ask(place, do="picture")["picture"])
    else:
        wording.show_state(_ask(place, do="state")["state"], _out())


@app.command
def show(record: str, /, *, at: At = _ANYWHERE, json_: Json = False) -> None:
    """Show one message in full.

    Parameters
    ----------
    record
        Its record (isr/12), or the notice that it is about.
    """
    found = _ask(at.place(), do="show", record=record)
    if json_:
        _print_json(found)
    else:
        wording.show_record(found, _out())


@app.command
def answer(
    record: str,
    answer: Answer,
    /,
    *,
    reason: str | None = None,
    until: str | None = None,
    in_: Annotated[str | None, Parameter(name="--in")] = None,
    officer: Officer = None,
    at: At = _ANYWHERE,
) -> None:
    """Answer a message: accept, reject (with --reason), standby (with --in or --until), or roger.

    Parameters
    ----------
    record
        The message's record (isr/12), or the notice that it is about.
    answer
        accept, reject or standby to a request; roger or standby to an information; roger to
        everything else.
    reason
        Why it is rejected.
    until
        When the answer will come after a standby: 14:30 (UTC) or 2026-01-12T14:30:00Z.
    in_
        In how long it will come: 10m.
    """
    place = at.place()
    said = _ask(
        place,
        do="answer",
        record=record,
        answer=answer,
        officer=officer,
        reason=reason,
        expected_at=promised(until, in_, _now_ms(place)),
    )
    _tell_said(said, f"{answer} to {record}")


@app.command
def notify(
    file: Source = None,
    /,
    *,
    id: str | None = None,  # noqa: A002 -- the flag's name
    flight: drafts.Flight = _NO_FLAGS,
    at: At = _ANYWHERE,
) -> None:
    """Give the other party a flight notice, from flags, a file, or both (flags go first).

    On a terminal it asks for what is missing.

    Parameters
    ----------
    file
        A JSON or YAML file (- for stdin) with the notice's fields, or with ASTM F3548 volumes: one
        Volume4D, a list of them, or an object with `volumes`.
    id
        The notice's name; left out, it gets one, such as TUR-043.
    """
    place = at.place()
    now_ms = _now_ms(place)
    draft = drafts.draft(file, flight, id, now_ms)
    missing = draft.missing()
    if missing and str(file) != "-" and sys.stdin.isatty():
        draft.fields.update(asking.ask(missing, now_ms, _aside()))
    draft.require_whole()
    _tell_said(_ask(place, do="notify", notice=draft.fields), "flight notice")


@app.command
def revise(
    notice: str,
    /,
    *,
    file: Source = None,
    flight: drafts.Flight = _NO_FLAGS,
    at: At = _ANYWHERE,
) -> None:
    """Say the next revision of a notice: as it was, but for what the flags or the file change.

    Parameters
    ----------
    notice
        Its name, such as TUR-043.
    file
        A JSON or YAML file (- for stdin) with fields that change, or with ASTM F3548 volumes.
    """
    place = at.place()
    body = _ask(place, do="show", record=notice)["record"]["body"]
    change = drafts.change(file, flight, body.get("volumes", []), _now_ms(place))
    _tell_said(_ask(place, do="revise", notice=notice, change=change), f"revision of {notice}")


@app.command
def cancel(notice: str, /, *, reason: str | None = None, at: At = _ANYWHERE) -> None:
    """Withdraw a notice: its flight will not happen.

    Parameters
    ----------
    notice
        Its name, such as TUR-043.
    reason
        Why.
    """
    said = _ask(at.place(), do="cancel", notice=notice, reason=reason)
    _tell_said(said, f"cancellation of {notice}")


@app.command
def check(*, remarks: str | None = None, at: At = _ANYWHERE) -> None:
    """Ask whether somebody is at the other desk.

    Parameters
    ----------
    remarks
        Anything to say with it.
    """
    _tell_said(_ask(at.place(), do="check", remarks=remarks), "comm check")


def _ask(place: Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401 -- what a request has
    told = {name: value for name, value in request.items() if value is not None}
    return asyncio.run(client.ask(place.directory, told))


def _now_ms(place: Place) -> int:
    """The line's time: in a scenario that is not ours."""
    return wording.instant_ms(_ask(place, do="state")["state"]["now"])


def _tell_said(said: dict[str, Any], what: str) -> None:
    _out().print(f"[green]said[/] {escape(what)}: [bold]{said['record']}[/]")
    if not said["on_line"]:
        _aside().print(f"[yellow]{_KEPT}[/]")


def _print_json(told: object) -> None:
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def _out() -> Console:
    return Console(highlight=False)


def _aside() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)
