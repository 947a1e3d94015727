"""The commands `hotline journal …`: check a journal, and move it as NDJSON."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from hotline import entry
from hotline.bodies import Ref
from hotline.chain import misfit
from hotline.config import load
from hotline.copies import Head
from hotline.errors import LocalError
from hotline.journal import Journal
from hotline.line import Line
from hotline.live import only_state
from hotline.mistakes import FileError, Mistake
from hotline.pruning import move_out, prunable
from hotline.records import NotARecord, Record, digest, open_envelope, read
from hotline.taking_up import take_up
from hotline.times import parse_instant
from hotline.verifying import examine

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MEND = (
    "All records are whole, and the rest is made of them: stop the station, export them from {0},"
    " move that away, and import them into a new one (docs/operations.md, “A damaged journal”)."
)
_FETCH = (
    "Stop the station, move {0} away and start it with an empty one: it fetches all that another"
    " station has heard (docs/operations.md, “A damaged journal”)."
)
_MANY = 20  # mistakes are enough to see what is wrong with a file

app = App(name="journal", help="Check a station's journal, or move it as NDJSON.")

State = Annotated[Path, Parameter(help="The station's state directory.")]
Seen = Annotated[
    Path | None,
    Parameter(help="A station's state directory; it may be running. Left out, the only one."),
]


@app.command
def verify(*, state: Seen = None) -> int:
    """Check numbering and hash chain of all journals in a state directory, and their file.

    Exit code 1: something is broken; each place is named, what is still readable, and what to do.
    """
    directory = state or only_state()
    found = examine(directory)
    console = Console(highlight=False, soft_wrap=True)
    for says in found.broken:
        console.print(f"[red]broken[/] {escape(says)}")
    for station, says in found.whole.items():
        console.print(f"[green]ok[/] {escape(station)}: {says}")
    if not found.broken:
        return entry.OK
    console.print(escape(_MEND if found.records_are_whole else _FETCH).format(directory))
    return entry.FAILED


@app.command
def export(*, state: Seen = None) -> None:
    """Write all records to stdout, one a line, byte for byte as they were said."""
    journal = Journal.look_at(state or only_state())
    try:
        for station in sorted(journal.heads()):
            for _, raw in journal.rows(station):
                sys.stdout.buffer.write(raw + b"\n")
        sys.stdout.buffer.flush()
    finally:
        journal.close()


@app.command(name="import")
def import_(
    file: Path,
    /,
    *,
    line: Annotated[Path, Parameter(help="The line's configuration, line.toml.")],
    station: Annotated[str, Parameter(help="Whose state directory it is.")],
    state: State,
) -> None:
    """Take records from an NDJSON file into a state directory, which may be new.

    All of the file or nothing: a record that does not follow on what is there is an error.

    Parameters
    ----------
    file
        What `export` wrote.
    """
    config = load(line)
    if station not in config.members.stations:
        raise LocalError(f"{station!r} is no station of the line {config.line}")
    journal = Journal.create(state, config.members, station)
    try:
        new = list(_new_records(file, config.members, journal))
        journal.append(new)
        take_up(journal, config.members)  # what is settled is put away now, not at a start
    finally:
        journal.close()
    Console(highlight=False).print(f"{len(new)} new records in {state}")


@app.command
def prune(
    *,
    state: State,
    before: Annotated[str, Parameter(help="A date (2026-01-31) or a UTC time.")],
    to: Annotated[Path, Parameter(help="The NDJSON file that the pruned records are moved to.")],
) -> None:
    """Move old, settled records out of a journal whose station is not running.

    Only the beginning of each journal goes: what was said before a date, is settled, and is known
    to be on the other party's disk. The chain of what stays can still be verified. A station that
    asks for what was pruned is told so in the log; `import` on its disk gives it back.
    """
    journal = Journal.look_at(state)
    line, station = journal.owner()
    journal.close()
    try:
        before_ms = parse_instant(f"{before}T00:00:00Z" if _DATE.fullmatch(before) else before)
    except ValueError as error:
        raise LocalError(f"--before: {error}") from None
    journal = Journal.create(state, line, station)
    try:
        upto = prunable(journal, before_ms)
        count = move_out(journal, upto, to) if upto else 0
    finally:
        journal.close()
    console = Console(highlight=False, soft_wrap=True)
    if not upto:
        console.print(f"nothing to prune: no record before {before} is settled and held elsewhere")
        return
    places = ", ".join(f"{of} up to {seq}" for of, seq in sorted(upto.items()))
    console.print(f"{count} records moved to {to}: {places}")


def _new_records(file: Path, line: Line, journal: Journal) -> Iterator[Record]:
    heads = journal.heads()
    try:
        text = file.read_bytes()
    except OSError as error:
        raise LocalError(f"cannot read {file}: {error.strerror}") from None
    lines = text.removesuffix(b"\n").split(b"\n") if text else []
    mistakes = []
    for number, raw in enumerate(lines, 1):
        try:
            record = _next(raw, line, heads, journal)
        except (NotARecord, LocalError) as error:
            mistakes.append(Mistake(str(file), number, "", str(error)))
            if len(mistakes) == _MANY:  # one gap makes a mistake of all that follows
                break
            continue
        if record:
            heads[record.station] = Head(record.seq, digest(raw))
            yield record
    if mistakes:
        raise FileError(mistakes)


def _next(raw: bytes, line: Line, heads: dict[str, Head], journal: Journal) -> Record | None:
    """The record, if it is new; None, if the journal has it already."""
    envelope = open_envelope(raw)
    of = envelope.station
    if envelope.line != line.name:
        raise LocalError(f"is a record of the line {envelope.line}, not of {line.name}")
    if of not in line.stations:
        raise LocalError(f"is a record of {of}, who is not on the line {line.name}")
    head = heads.get(of, Head(0, ""))
    if envelope.seq <= head.seq:
        stored = journal.shelf.line_of(Ref(of, envelope.seq))
        if stored is not None and stored != raw:
            raise LocalError(f"{of}/{envelope.seq} is stored already, in other words: a fork")
        return None
    if envelope.seq > head.seq + 1:
        raise LocalError(f"{of}/{envelope.seq} follows on {head.seq}; expected {head.seq + 1}")
    if says := misfit(envelope, head):
        raise LocalError(f"{of}/{envelope.seq}: {says}")
    return read(envelope)
