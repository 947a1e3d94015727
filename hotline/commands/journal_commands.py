"""The commands `hotline journal …`: check a journal, and move it as NDJSON."""

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape

from hotline.clock import WallClock
from hotline.commands import entry
from hotline.commands.options import LineFile, StateToRead, expect_known, load_line
from hotline.counting import counted
from hotline.errors import LocalError
from hotline.journal import journal_file
from hotline.journal.importing import read_for
from hotline.journal.journal import Journal
from hotline.journal.journal_reader import JournalReader
from hotline.journal.leftovers import cleared
from hotline.journal.pruning import move_out, prunable
from hotline.journal.state_directories import only_state
from hotline.journal.taking_up import take_up
from hotline.journal.unjudged import Unjudged, read_as_heard
from hotline.journal.verifying import Reading, examine
from hotline.logs.console import plain
from hotline.times import parse_typed_instant

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MEND = (
    "All records are whole, and the rest comes from them: stop the station, export them from {0},"
    " move that away, and import them into a new one (docs/operations.md, “A damaged journal”)."
)
_FETCH = (
    "Stop the station, move {0} away and start it with an empty one: it fetches all that another"
    " station has heard (docs/operations.md, “A damaged journal”)."
)

app = App(name="journal", help="Check a station's journal, or move it as NDJSON.")

State = Annotated[Path, Parameter(help="The station's state directory.")]


@app.command
def verify(*, state: StateToRead = None) -> int:
    """Check the numbers and the hash chain of every journal in a state directory, and the file.

    Exit code 1: something is broken; each place is named, what is still readable, and what to do.
    """
    directory = state or only_state()
    found = examine(directory)
    console = Console(highlight=False, soft_wrap=True)
    for says in found.broken:
        console.print(f"[red]broken[/] {escape(plain(says))}")  # the file may be anybody's
    for station, says in found.whole.items():
        console.print(f"[green]ok[/] {escape(plain(station))}: {says}")
    if not (found.broken or found.whole):
        console.print("no records are in it yet")
    if not found.broken:
        return entry.OK
    has_all = found.records_are_whole and found.whole
    console.print(escape((_MEND if has_all else _FETCH).format(directory)))
    return entry.FAILED


@app.command
def export(*, state: StateToRead = None) -> None:
    """Write all records to stdout, one a line, byte for byte as they were said.

    Exit code 2: some records cannot be read; all others are written.
    """
    directory = state or only_state()
    if sys.stdout is None:
        raise LocalError("stdout is closed: send it to a file, or to a program that reads it")
    # The records alone: this is how they leave a file in which all else may be damaged.
    with contextlib.closing(journal_file.open_to_read(directory)) as connection:
        journal = JournalReader(connection)
        stations = journal.stations()
        torn: list[str] = []
        for station in stations:
            for raw in _readable(journal, station, torn):
                sys.stdout.buffer.write(raw + b"\n")
        sys.stdout.buffer.flush()
    if torn:
        raise LocalError(
            f"only a part could be read and was written ({', '.join(torn)}): `hotline journal"
            f" verify --state {directory}` says which"
        )
    if not stations:
        JournalReader.look_at(directory).close()  # says so if it is nobody's journal yet


def _readable(journal: JournalReader, station: str, torn: list[str]) -> Iterator[bytes]:
    """One journal's lines in order, those behind a torn page too; `torn` then says what is."""
    forward = Reading(journal.rows(station))
    yield from (raw for _, raw in forward)
    if forward.error:
        torn.append(f"{station}: {forward.error}")
        backward = Reading(journal.rows_backwards(station, forward.last))
        yield from reversed([raw for _, raw in backward])


@app.command(name="import")
def import_(
    file: Path,
    /,
    *,
    line: LineFile,
    station: Annotated[str, Parameter(help="Whose state directory it is.")],
    state: State,
) -> None:
    """Take records from an NDJSON file into a state directory, which may be new.

    All of the file or nothing: a record that does not continue what is there is an error. Pruned
    records come back if the file has all of them up to the first record that stayed. At its next
    start a watchdog judges the new records as if it had just heard them.

    Parameters
    ----------
    file
        What `export` wrote.
    """
    config = load_line(line)
    expect_known(station, list(config.members.stations), "station")
    with (
        cleared(state),
        contextlib.closing(Journal.create(state, config.members, station)) as journal,
    ):
        taken = read_for(journal, file)
        heard = Unjudged()
        if station in config.members.watchdogs:
            now_ms = WallClock().now_ms()
            heard = read_as_heard(journal, config.members, taken.new, now_ms)
        journal.take_in([*taken.back, *taken.new], taken.begin_after, *heard)
        take_up(journal, config.members)  # puts settled messages away now, not at a start
    console = Console(highlight=False, soft_wrap=True)
    back = f"; {len(taken.back)} that were pruned are back" if taken.back else ""
    console.print(f"{counted(len(taken.new), 'new record')} in {escape(str(state))}{back}")
    for says in taken.left:
        console.print(f"[yellow]not taken[/] {escape(says)}")


@app.command
def prune(
    *,
    state: State,
    before: Annotated[str, Parameter(help="A date (2026-01-31) or a UTC time, in the past.")],
    to: Annotated[Path, Parameter(help="The NDJSON file that the pruned records are moved to.")],
) -> None:
    """Move old, settled records out of a journal whose station is not running.

    Only the beginning of each journal goes: what was said before a date, is settled, and is known
    to be on the other party's disk. A notice is settled when its flight has ended; one without an
    end, when it is revised or cancelled. The chain of what stays can still be verified. The log
    says when another station asks for pruned records; `import` brings them back, here or there.
    """
    with contextlib.closing(JournalReader.look_at(state)) as reader:
        line, station = reader.owner()
    now_ms = WallClock().now_ms()
    before_ms = _past("--before", before, now_ms)
    with contextlib.closing(Journal.create(state, line, station)) as journal:
        upto = prunable(journal, before_ms, now_ms)
        count = move_out(journal, upto, to) if upto else 0
    console = Console(highlight=False, soft_wrap=True)
    if not upto:
        console.print(f"nothing to prune: no record before {before} is settled and held elsewhere")
        return
    places = ", ".join(f"{of} up to {seq}" for of, seq in sorted(upto.items()))
    console.print(f"{counted(count, 'record')} moved to {escape(str(to))}: {places}")


def _past(option: str, text: str, now_ms: int) -> int:
    instant = f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text
    at_ms = entry.read_option(option, parse_typed_instant, instant)
    if at_ms > now_ms:
        raise LocalError(f"{option} {text} is still to come: expected a time in the past")
    return at_ms
