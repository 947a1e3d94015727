"""The disks of simulated stations, with the real journal on them.

They are in memory, where they are watched, and can be lost or put back to an old copy. A disk
survives the crash of its station, without what was not committed by then.
"""

import atexit
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Self

from hotline.journal.journal import Journal
from hotline.journal.journal_file import prepare
from hotline.line import Line
from hotline.records import Record
from hotline.station.copies import Head


class WatchedJournal(Journal):
    """A journal that tells what it has stored, and how far it goes."""

    note: Callable[[Record], None]
    upto: dict[str, int]

    @classmethod
    def over(
        cls, connection: sqlite3.Connection, line: Line, name: str, note: Callable[[Record], None]
    ) -> Self:
        """The journal of a station on this disk."""
        journal = cls.on(connection, line, name)
        journal.note = note
        journal.upto = {of: head.seq for of, head in journal.heads().items()}
        return journal

    def commit(self) -> None:
        """Store what was written, and take note of it."""
        super().commit()
        self._note_all(self.written.appends)

    def take_in(
        self, records: Sequence[Record], begin_after: Mapping[str, Head], *heard: Any
    ) -> None:
        """Store what is imported, and take note of it."""
        super().take_in(records, begin_after, *heard)
        self._note_all(records)

    def _note_all(self, records: Iterable[Record]) -> None:
        for record in records:
            if record.seq == self.upto.get(record.station, 0) + 1:  # it follows
                self.upto[record.station] = record.seq
            self.note(record)


def new_disk() -> sqlite3.Connection:
    """An empty disk."""
    return copy_of(_prepared())


def copy_of(disk: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of all that is on a disk now."""
    copy = _in_memory()
    disk.backup(copy)
    return copy


@cache
def _prepared() -> sqlite3.Connection:
    """A disk that has the journal's tables: copying it takes a tenth of the time of making them."""
    disk = _in_memory()
    atexit.register(disk.close)
    prepare(disk)
    return disk


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)
