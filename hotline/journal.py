"""The journal on disk: a station's own records and its copies of the others', in SQLite.

WAL with synchronous=FULL: when `append` returns, the records survive a power cut.
"""

import contextlib
import fcntl
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import IO, Self

from hotline.copies import Head
from hotline.errors import LocalError
from hotline.line import Line
from hotline.past import Checkpoint
from hotline.records import Record, decode, digest
from hotline.shelf import SCHEMA, Shelf

FILE = "journal.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (station, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owner (station TEXT NOT NULL, line TEXT NOT NULL);
"""
# Whose records there are: a look at the first of each, not at all of them.
_STATIONS = """
WITH RECURSIVE stations (name) AS (
    SELECT min(station) FROM records
    UNION ALL
    SELECT (SELECT min(station) FROM records WHERE station > name) FROM stations
    WHERE name IS NOT NULL
)
SELECT name FROM stations WHERE name IS NOT NULL
"""


class JournalFailed(LocalError):
    """The journal took no more: the disk is full, gone or damaged. Nothing of the turn is out.

    `unwritten` are its records; once the cause is mended they can be appended as they are.
    """

    def __init__(self, text: str, unwritten: Sequence[Record]) -> None:
        super().__init__(text)
        self.unwritten = unwritten


class Journal:
    """The records in one state directory, and whose they are.

    Not safe for use by two threads at once; a node uses it from one at a time.
    """

    def __init__(self, connection: sqlite3.Connection, lock: IO[str] | None = None) -> None:
        self.shelf = Shelf(connection)
        self._connection = connection
        self._lock = lock  # held as long as the file is open, so also until we are killed

    @classmethod
    def create(cls, directory: Path, line: Line, station: str) -> Self:
        """Open the journal of `station` on `line`, making it and its directory when new.

        Raises:
            LocalError: the directory cannot be used, another process uses it, or it belongs to
                another station.
        """
        with contextlib.ExitStack() as undo:
            try:
                directory.mkdir(parents=True, exist_ok=True)
                lock = undo.enter_context((directory / "lock").open("w"))
            except OSError as error:
                raise LocalError(
                    f"cannot use the state directory {directory}: {error.strerror};"
                    " expected one that we may write to, give it with --state"
                ) from None
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                connection = undo.enter_context(contextlib.closing(_connect(directory / FILE)))
                _prepare(connection)
                _claim(connection, directory, line, station)
            except BlockingIOError:
                raise LocalError(
                    f"another process uses the state directory {directory}: stop it,"
                    " or give this station a directory of its own with --state"
                ) from None
            except sqlite3.Error as error:
                raise LocalError(f"cannot use the journal {directory / FILE}: {error}") from None
            undo.pop_all()
        return cls(connection, lock)

    @classmethod
    def look_at(cls, directory: Path) -> Self:
        """Open a journal only to read it, also while its station is running.

        Raises:
            LocalError: there is no journal in the directory, or it cannot be read.
        """
        path = directory / FILE
        if not path.is_file():
            raise LocalError(
                f"no journal in {directory}: expected a station's state directory (with a {FILE})"
            )
        with contextlib.ExitStack() as undo:
            uri = f"{path.resolve().as_uri()}?mode=ro"
            connection = undo.enter_context(contextlib.closing(sqlite3.connect(uri, uri=True)))
            try:
                connection.execute("SELECT station, seq, raw FROM records LIMIT 1")
                owned = connection.execute("SELECT station, line FROM owner").fetchone()
            except sqlite3.Error as error:
                raise LocalError(f"cannot read the journal {path}: {error}") from None
            if owned is None:
                raise LocalError(f"the journal {path} is nobody's yet: start its station first")
            undo.pop_all()
        return cls(connection)

    def owner(self) -> tuple[Line, str]:
        """The line and the station that the journal belongs to."""
        station, text = self._connection.execute("SELECT station, line FROM owner").fetchone()
        return _line_from(text), station

    def append(self, records: Sequence[Record], checkpoint: Checkpoint | None = None) -> None:
        """Store records, all or none; when it returns they are on disk.

        `checkpoint`, if given, is of a picture that has read them all.

        Raises:
            JournalFailed: they could not be stored (disk full, read-only, damaged).
        """
        rows = [(record.station, record.seq, record.raw) for record in records]
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)
                if checkpoint:
                    self.shelf.store(checkpoint)
        except sqlite3.Error as error:
            raise JournalFailed(
                f"the journal takes no more records ({error}): nothing more is acknowledged",
                records,
            ) from None

    def heads(self) -> dict[str, Head]:
        """How far each journal goes."""
        heads = {}
        for (station,) in self._connection.execute(_STATIONS).fetchall():
            seq, raw = self._connection.execute(
                "SELECT seq, raw FROM records WHERE station = ? ORDER BY seq DESC LIMIT 1",
                (station,),
            ).fetchone()
            heads[station] = Head(seq, digest(raw))
        return heads

    def lines(self, of: str, after: int, max_bytes: int) -> list[bytes]:
        """The lines of `of`'s records after number `after`: at least one if there is one."""
        lines: list[bytes] = []
        size = 0
        for (raw,) in self._connection.execute(
            "SELECT raw FROM records WHERE station = ? AND seq > ? ORDER BY seq", (of, after)
        ):
            size += len(raw) + 1
            if lines and size > max_bytes:
                break
            lines.append(raw)
        return lines

    def rows(self, of: str) -> Iterator[tuple[int, bytes]]:
        """The number and the line of each of `of`'s records, in order."""
        yield from self._connection.execute(
            "SELECT seq, raw FROM records WHERE station = ? ORDER BY seq", (of,)
        )

    def records(self, after: Mapping[str, int] = MappingProxyType({})) -> Iterator[Record]:
        """All records beyond these heads, journal by journal, each in its order."""
        for (station,) in self._connection.execute(_STATIONS).fetchall():
            for (raw,) in self._connection.execute(
                "SELECT raw FROM records WHERE station = ? AND seq > ? ORDER BY seq",
                (station, after.get(station, 0)),
            ):
                yield decode(raw)

    def close(self) -> None:
        """Close the file and give up the directory."""
        self._connection.close()
        if self._lock:
            self._lock.close()


def _connect(path: Path) -> sqlite3.Connection:
    # Commits may run in a worker thread, one at a time; autocommit, so that only we begin.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(_SCHEMA + SCHEMA)


def _claim(connection: sqlite3.Connection, directory: Path, line: Line, station: str) -> None:
    found = connection.execute("SELECT station, line FROM owner").fetchone()
    if found is not None:
        owner, before = found[0], _line_from(found[1])
        if (owner, before.name, before.parties) != (station, line.name, line.parties):
            raise LocalError(
                f"{directory} is the journal of {owner} on the line {before.name} between"
                f" {' and '.join(before.parties)}, not of {station} on {line.name} between"
                f" {' and '.join(line.parties)}: give this one a directory of its own with --state"
            )
    text = json.dumps({"name": line.name, "parties": line.parties, "watchdogs": line.watchdogs})
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM owner")
        connection.execute("INSERT INTO owner VALUES (?, ?)", (station, text))


def _line_from(text: str) -> Line:
    fields = json.loads(text)
    first, second = fields["parties"]
    return Line(fields["name"], (first, second), tuple(fields["watchdogs"]))
