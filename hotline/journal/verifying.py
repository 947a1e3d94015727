"""What is wrong with a journal's file: which records cannot be read, which do not fit, what else.

It goes on after damage, so that everything still there is known. This may be all that is left of a
journal, so nothing that stands beside the records is believed either.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from hotline.counting import counted
from hotline.journal import journal_file
from hotline.journal.chain import faults
from hotline.journal.disk import Damaged, rows
from hotline.journal.journal_reader import JournalReader
from hotline.journal.remaking import differences
from hotline.line import Line
from hotline.records import NotARecord, open_envelope
from hotline.station.copies import NOTHING, Head

T = TypeVar("T")

_TOLD = 20  # of SQLite's findings: enough to see that pages are torn


@dataclass
class Examined:
    """The outcome in words: each journal that is whole, and everything that is broken."""

    whole: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    records_are_whole: bool = True

    def note_records(self, says: str) -> None:
        """Records are damaged."""
        self.records_are_whole = False
        self.broken.append(says)


def examine(directory: Path) -> Examined:
    """Look at everything in a state directory's journal; its station may be running.

    Raises:
        LocalError: there is no journal, it is nobody's yet, or it may not be read.
    """
    with (
        contextlib.closing(journal_file.open_to_read(directory)) as connection,
        JournalReader(connection).at_one_moment(),
    ):
        return _Examination(connection).run(directory)


class Reading:
    """Records as they are read one by one, up to where that fails."""

    def __init__(self, records: Iterator[tuple[int, bytes]]) -> None:
        self.last = 0
        self.error = ""
        self._records = records

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        try:
            for seq, raw in self._records:
                self.last = seq
                yield seq, raw
        except Damaged as error:
            self.error = error.what


class _Examination:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._journal = JournalReader(connection)
        self._found = Examined()

    def run(self, directory: Path) -> Examined:
        """Look at the pages, then at the records, then at what was made of them."""
        for says in self._pages():
            self._found.broken.append(f"pages: {says}")
        try:
            stations = self._journal.stations()
        except Damaged as error:
            stations = []
            self._found.note_records(f"records: their authors cannot be read: {error.what}")
        is_damaged = bool(self._found.broken)
        owner = self._beside(self._journal.owner)
        if not (stations or is_damaged or self._is_owned()):
            raise journal_file.nobodys(directory)
        line, members = (owner[0].name, owner[0].stations) if owner else ("", ())
        pruned = self._beside(self._journal.pruned) or {}
        if not self._found.records_are_whole:
            stations = sorted({*members, *pruned})  # whoever may be there
        heads = {
            station: self._look_at(station, line, pruned.get(station, NOTHING))
            for station in sorted({*stations, *pruned})
        }
        self._look_beside(heads, owner[0] if owner else None)
        return self._found

    def _is_owned(self) -> bool:
        """Whether the journal is some station's, even if whose is unreadable."""
        try:
            return any(rows(self._connection, "SELECT 1 FROM owner"))
        except Damaged:
            return True

    def _pages(self) -> Iterator[str]:
        """What SQLite itself finds; table by table, if it gives up half-way."""
        try:
            yield from self._checked(str(_TOLD))
        except Damaged as error:
            yield error.what
            for table in self._tables():
                try:
                    yield from (f"{table}: {says}" for says in self._checked(table))
                except Damaged as damage:
                    yield f"{table}: {damage.what}"

    def _checked(self, what: str) -> Iterator[str]:
        """What SQLite finds: a limited number of mistakes, or all of one table."""
        for (told,) in rows(self._connection, f"PRAGMA integrity_check({what})"):
            for text in str(told).splitlines():
                if text != "ok" and not text.startswith("*** in database"):
                    yield text

    def _tables(self) -> list[str]:
        query = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        with contextlib.suppress(Damaged):
            return [name for (name,) in rows(self._connection, query)]
        return []

    def _look_at(self, station: str, line: str, begins_after: Head) -> int:
        """Read one journal; return how far it goes."""
        forward = Reading(self._journal.rows(station))
        own_line = line or self._line_of(station)
        broken = list(faults(own_line, station, forward, begins_after))
        last = max(forward.last, begins_after.seq)
        if forward.error:
            again, end = self._read_backwards(station, last)
            beyond = f" and again from {again} to {end}; between" if again else "; then"
            broken.append(f"{station}: readable up to {last}{beyond}: {forward.error}")
            if again:
                rest = Reading(self._journal.rows(station, again - 1))
                before = Head(again - 1, "")
                broken += faults(own_line, station, rest, before)
            last = max(last, end)
        for says in broken:
            self._found.note_records(says)
        if last and not broken:
            gone = f", those up to {begins_after.seq} pruned" if begins_after.seq else ""
            self._found.whole[station] = f"{counted(last, 'record')}{gone}"
        return last

    def _read_backwards(self, station: str, after: int) -> tuple[int, int]:
        """The first and last record readable from the end; zeros if no more than already known."""
        backward = Reading(self._journal.rows_backwards(station, after))
        numbers = [seq for seq, _ in backward]
        return (numbers[-1], numbers[0]) if numbers else (0, 0)

    def _line_of(self, station: str) -> str:
        """The line that a station's first record names, when nobody knows whose journal it is."""
        for _, raw in Reading(self._journal.rows(station)):
            with contextlib.suppress(NotARecord):
                return open_envelope(raw).line
        return ""

    def _look_beside(self, heads: Mapping[str, int], line: Line | None) -> None:
        """Read what a start takes up, the way a start would."""
        shelf = self._journal.shelf
        checkpoint = self._beside(lambda: shelf.checkpoint(everything=True))
        self._beside(shelf.doubts)
        confirmed = self._beside(shelf.confirmed) or {}
        read = checkpoint.heads if checkpoint else {}
        for station in sorted({*read, *confirmed}):
            seq = max(read.get(station, 0), confirmed.get(station, 0))
            if seq > heads.get(station, 0):
                says = f"ends with {heads.get(station, 0)}, but {seq} were here once"
                self._found.whole.pop(station, None)
                self._found.note_records(f"{station}: {says}")
        if checkpoint and line and self._found.records_are_whole:
            compared = self._beside(lambda: list(differences(self._connection, line, read)))
            for says in compared or ():
                self._found.broken.append(f"beside the records: {says}")

    def _beside(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Damaged as error:
            self._found.broken.append(f"beside the records: {error.what}")
            return None
