"""What a journal on disk holds, for those who read it: its heads, its lines and its records."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

from hotline.errors import LocalError
from hotline.journal import journal_file, shelf
from hotline.journal.chain import faults
from hotline.journal.disk import Damaged, reading, rows
from hotline.journal.journal_file import FILE
from hotline.line import Line
from hotline.records import MAX_REPLAY_RECORDS, NotARecord, Record, by_time, decode, digest
from hotline.station.copies import NOTHING, Head

# Whose records there are: looks at the first of each station, not at all of them.
_STATIONS = """
WITH RECURSIVE stations (name) AS (
    SELECT min(station) FROM records
    UNION ALL
    SELECT (SELECT min(station) FROM records WHERE station > name) FROM stations
    WHERE name IS NOT NULL
)
SELECT name FROM stations WHERE name IS NOT NULL
"""
# The lines of a journal: as bytes, even if somebody has put them there as a text.
_LINES = "SELECT seq, CAST(raw AS BLOB) FROM records WHERE station = ?"


class JournalReader:
    """The records in a journal's file, which nothing here changes.

    Methods that raise `Damaged` raise its base `JournalFailed` while the file may not be read at
    all.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.shelf = shelf.Shelf(connection)
        self._connection = connection

    @classmethod
    def look_at(cls, directory: Path) -> Self:
        """Open a journal only to read it, also while its station is running.

        Raises:
            LocalError: there is no journal in the directory, or it cannot be read.
        """
        with contextlib.ExitStack() as undo:
            connection = journal_file.open_to_read(directory)
            undo.enter_context(contextlib.closing(connection))
            try:
                owned = connection.execute("SELECT station, line FROM owner").fetchone()
            except sqlite3.Error as error:
                raise LocalError(f"cannot read the journal {directory / FILE}: {error}") from None
            if owned is None:
                raise journal_file.nobodys(directory)
            undo.pop_all()
        return cls(connection)

    def owner(self) -> tuple[Line, str]:
        """The line and the station that the journal belongs to.

        Raises:
            Damaged: the file does not say whose it is, or cannot be read.
        """
        found = list(rows(self._connection, "SELECT station, line FROM owner"))
        with reading("whose it is"):
            [(station, text)] = found
        return journal_file.line_from(text), station

    def heads(self) -> dict[str, Head]:
        """How far each journal goes.

        Raises:
            Damaged: the file cannot be read.
        """
        heads = self.pruned()
        for station in self.stations():
            last = f"{_LINES} ORDER BY seq DESC LIMIT 1"
            for seq, raw in rows(self._connection, last, (station,)):
                heads[station] = Head(seq, digest(raw))
        return heads

    def pruned(self) -> dict[str, Head]:
        """The last record that was taken out of each journal that was pruned.

        Raises:
            Damaged: the file cannot be read.
        """
        found = rows(self._connection, "SELECT station, seq, digest FROM pruned")
        return {station: Head(seq, digest) for station, seq, digest in found}

    def lines(self, of: str, after: int, max_bytes: int) -> list[bytes]:
        """The lines of `of`'s records after number `after`: at least one if there is one.

        They answer one request: at most `max_bytes`, and at most `MAX_REPLAY_RECORDS`.

        Raises:
            Damaged: what is stored is not what was put in.
        """
        found: list[tuple[int, bytes]] = []
        size = 0
        for row in self.rows(of, after):
            size += len(row[1]) + 1
            if found and (size > max_bytes or len(found) == MAX_REPLAY_RECORDS):
                break
            found.append(row)
        begins_after = self.pruned().get(of, NOTHING).seq
        before = Head(max(after, begins_after), "")
        for fault in faults(self.owner()[0].name, of, found, before):
            raise Damaged(fault)
        return [raw for _, raw in found]

    def rows(self, of: str, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The number and the line of each of `of`'s records after `after`, in order.

        Raises:
            Damaged: the file cannot be read from here on.
        """
        return rows(self._connection, f"{_LINES} AND seq > ? ORDER BY seq", (of, after))

    def rows_backwards(self, of: str, after: int) -> Iterator[tuple[int, bytes]]:
        """The same from the last one backwards, to find what stands behind a torn page."""
        return rows(self._connection, f"{_LINES} AND seq > ? ORDER BY seq DESC", (of, after))

    def records(self, after: Mapping[str, int] = MappingProxyType({})) -> Iterator[Record]:
        """All records beyond these heads, `by_time`.

        Raises:
            Damaged: what is stored is not what was put in.
        """
        return by_time([self._records_of(of, after.get(of, 0)) for of in self.stations()])

    def _records_of(self, station: str, after: int) -> Iterator[Record]:
        for seq, raw in self.rows(station, after):
            try:
                yield decode(raw)
            except NotARecord as error:
                raise Damaged(f"{station}/{seq}: {error}") from None

    def stations(self) -> list[str]:
        """Whose records there are."""
        return [station for (station,) in rows(self._connection, _STATIONS)]

    def faults(self) -> Iterator[str]:
        """Everything that is wrong with the numbers and the chains of all journals."""
        line, pruned = self.owner()[0].name, self.pruned()
        for station in self.stations():
            yield from faults(line, station, self.rows(station), pruned.get(station, NOTHING))

    @contextlib.contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Whatever is read here is as it was at one moment, even while the station goes on."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
