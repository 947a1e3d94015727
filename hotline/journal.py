"""The journal on disk: a station's own records and its copies of the others', in SQLite.

WAL with synchronous=FULL: when `append` returns, the records survive a power cut.
"""

import contextlib
import heapq
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

from hotline import journal_file, shelf
from hotline.bodies import Ref
from hotline.chain import Fault, faults
from hotline.copies import NOTHING, Head
from hotline.disk import Damaged, JournalFailed, reading, rows, writing
from hotline.doubts import Doubt
from hotline.errors import LocalError
from hotline.journal_file import FILE, LOG_BYTES
from hotline.line import Line
from hotline.past import Checkpoint
from hotline.records import MAX_REPLAY_RECORDS, NotARecord, Record, decode, digest
from hotline.state_lock import StateLock, identity

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
# The lines of a journal: as bytes, even if somebody has put them there as a text.
_LINES = "SELECT seq, CAST(raw AS BLOB) FROM records WHERE station = ?"


class Journal:
    """The records in one state directory, and whose they are.

    Not safe for use by two threads at once; a node uses it from one at a time.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.shelf = shelf.Shelf(connection)
        self._connection = connection
        self.written: Sequence[Record] = ()
        """What `write` wrote last."""
        self._doubts: Sequence[Doubt] | None = None
        # Of a file that is written to: its name, which file that was, our hold on its directory.
        self._path: Path | None = None
        self._identity: tuple[int, int] | None = None
        self._lock: StateLock | None = None

    @classmethod
    def create(
        cls, directory: Path, line: Line, station: str, lock: StateLock | None = None
    ) -> Self:
        """Open the journal of `station` on `line`, making it and its directory when new.

        Args:
            directory: where it is.
            line: of whom else it may hold records.
            station: whose it is.
            lock: the caller's hold on the directory; without one it gets its own.

        Raises:
            LocalError: the directory cannot be used, another process uses it, or it belongs to
                another station.
        """
        path = directory / FILE
        with contextlib.ExitStack() as undo:
            own = None
            if lock is None:
                own = StateLock.take(directory)
                undo.callback(own.release)
            try:
                connection = undo.enter_context(contextlib.closing(journal_file.connect(path)))
                journal_file.prepare(connection)
                journal_file.claim(connection, directory, line, station)
            except sqlite3.Error as error:
                raise LocalError(f"cannot use the journal {path}: {error}") from None
            journal = cls(connection)
            undo.pop_all()
        journal._path, journal._identity, journal._lock = path, identity(path), own
        return journal

    @classmethod
    def on(cls, connection: sqlite3.Connection, line: Line, station: str) -> Self:
        """The journal of `station` on an open database, such as one in memory."""
        journal_file.prepare(connection)
        journal_file.claim(connection, Path(), line, station)
        return cls(connection)

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
                connection.execute("SELECT station, seq, raw FROM records LIMIT 1")
                owned = connection.execute("SELECT station, line FROM owner").fetchone()
            except sqlite3.Error as error:
                raise LocalError(f"cannot read the journal {directory / FILE}: {error}") from None
            if owned is None:
                raise journal_file.nobodys(directory)
            undo.pop_all()
        return cls(connection)

    def make_room(self) -> None:
        """Let the write-ahead log have its full length now.

        To make a file longer costs the disk a second write for each commit, and twice its time;
        without this, a station's first thousand commits would be its slowest.
        """
        [(cached,)] = rows(self._connection, "PRAGMA cache_size")
        # A transaction that does not fit the cache goes to the log before it is committed, and
        # this one never is. Where there is no room, it is the first record's turn to say so.
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA cache_size = 10")
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT INTO records VALUES ('', 0, zeroblob(?))", (LOG_BYTES,)
            )
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._connection.execute(f"PRAGMA cache_size = {cached}")

    def owner(self) -> tuple[Line, str]:
        """The line and the station that the journal belongs to.

        Raises:
            Damaged: the file does not say whose it is, or cannot be read.
        """
        found = list(rows(self._connection, "SELECT station, line FROM owner"))
        with reading("whose it is"):
            [(station, text)] = found
        return journal_file.line_from(text), station

    def append(
        self,
        records: Sequence[Record],
        checkpoint: Checkpoint | None = None,
        confirmed: Mapping[str, int] = MappingProxyType({}),
        doubts: Sequence[Doubt] | None = None,
    ) -> None:
        """Store records, all or none; when it returns they are on disk.

        `checkpoint`, if given, is of a picture that has read them all; `confirmed` is how far each
        journal is now known to be on the other party's disk, and `doubts` what has changed of
        those of a watchdog (None: nothing).

        Raises:
            JournalFailed: they could not be stored (disk full, read-only, damaged).
        """
        self.write(records, checkpoint, confirmed, doubts)
        self.commit()

    def write(
        self,
        records: Sequence[Record],
        checkpoint: Checkpoint | None,
        confirmed: Mapping[str, int],
        doubts: Sequence[Doubt] | None,
    ) -> None:
        """The first half of `append`, which does not wait for the disk.

        Raises:
            JournalFailed: they could not be stored.
        """
        lines = [(record.station, record.seq, record.raw) for record in records]
        self.written, self._doubts = records, doubts
        self.expect_file(records, doubts)
        with writing(self._connection, records, doubts):
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO records VALUES (?, ?, ?)", lines)
            if checkpoint:
                self.shelf.store(checkpoint)
            if confirmed:
                self.shelf.confirm(confirmed)
            if doubts is not None:
                self.shelf.doubt(doubts)

    def expect_file(
        self, records: Sequence[Record] = (), doubts: Sequence[Doubt] | None = None
    ) -> None:
        """See that the file is where it was, before these are stored: SQLite would not notice.

        Raises:
            JournalFailed: it was moved or deleted.
        """
        if self._path and identity(self._path) != self._identity:
            raise JournalFailed(
                f"the journal {self._path} was moved or deleted: nothing more is acknowledged",
                records,
                doubts,
            )

    def commit(self) -> None:
        """The second half: when it returns, what was `written` is on disk.

        Raises:
            JournalFailed: it could not be stored.
        """
        with writing(self._connection, self.written, self._doubts):
            self._connection.execute("COMMIT")

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
        """Up to where the records of each journal were taken out, of those of which some were.

        Raises:
            Damaged: the file cannot be read.
        """
        found = rows(self._connection, "SELECT station, seq, digest FROM pruned")
        return {station: Head(seq, digest) for station, seq, digest in found}

    def lines(
        self, of: str, after: int, max_bytes: int, max_records: int = MAX_REPLAY_RECORDS
    ) -> list[bytes]:
        """The lines of `of`'s records after number `after`: at least one if there is one.

        Raises:
            Damaged: what is stored is not what was put in.
        """
        found: list[tuple[int, bytes]] = []
        size = 0
        for row in self.rows(of, after):
            size += len(row[1]) + 1
            if found and (size > max_bytes or len(found) == max_records):
                break
            found.append(row)
        begins_after = self.pruned().get(of, NOTHING).seq
        before = Head(max(after, begins_after), "")
        for fault in faults(self.owner()[0].name, of, found, before):
            raise Damaged(str(fault))
        return [raw for _, raw in found]

    def rows(self, of: str, after: int = 0) -> Iterator[tuple[int, bytes]]:
        """The number and the line of each of `of`'s records after `after`, in order.

        Raises:
            Damaged: the file cannot be read from here on.
        """
        yield from rows(self._connection, f"{_LINES} AND seq > ? ORDER BY seq", (of, after))

    def rows_backwards(self, of: str, after: int) -> Iterator[tuple[int, bytes]]:
        """The same from the last one on: where a page is torn, what stands behind it."""
        yield from rows(self._connection, f"{_LINES} AND seq > ? ORDER BY seq DESC", (of, after))

    def records(self, after: Mapping[str, int] = MappingProxyType({})) -> Iterator[Record]:
        """All records beyond these heads, in the order of their times; each journal's in its own.

        So an answer is seldom read before its message, and few answers have to wait.

        Raises:
            Damaged: what is stored is not what was put in.
        """
        journals = [self._records_of(of, after.get(of, 0)) for of in self.stations()]
        yield from heapq.merge(*journals, key=lambda record: record.at_ms)

    def _records_of(self, station: str, after: int) -> Iterator[Record]:
        for seq, raw in self.rows(station, after):
            try:
                yield decode(raw)
            except NotARecord as error:
                raise Damaged(f"{station}/{seq}: {error}") from None

    def stations(self) -> list[str]:
        """Whose records there are."""
        return [station for (station,) in rows(self._connection, _STATIONS)]

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong with the numbers and the chains of all journals."""
        line, pruned = self.owner()[0].name, self.pruned()
        for station in self.stations():
            yield from faults(line, station, self.rows(station), pruned.get(station, NOTHING))

    def prune(self, upto: Mapping[str, int]) -> None:
        """Take out each journal's records up to a number; its chain goes on from there.

        Raises:
            LocalError: some of them are not in the last checkpoint, so that all that they have
                said would be forgotten.
            JournalFailed: the file takes no change.
        """
        read, last = self.shelf.checkpoint().heads, {}
        for station, seq in upto.items():
            line = self.shelf.line_of(Ref(station, seq))
            if line is None or seq > read.get(station, 0):
                raise LocalError(f"{station}/{seq} is not there, or in no checkpoint yet")
            last[station] = Head(seq, digest(line))
        with writing(self._connection, ()), self._connection:
            journal_file.take_out(self._connection, last)

    def take_in(
        self,
        records: Sequence[Record],
        begin_after: Mapping[str, Head],
        doubts: Sequence[Doubt] = (),
        confirmed: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Store records that may have been pruned, all or none.

        `begin_after` is what is still pruned then of each journal of which some come back;
        `doubts` and `confirmed` are what follows from the others for a watchdog.

        Raises:
            JournalFailed: the file takes no change.
        """
        with writing(self._connection, ()), self._connection:
            journal_file.take_in(self._connection, records, begin_after)
            self.shelf.doubt(doubts)
            self.shelf.confirm(confirmed)

    def close(self) -> None:
        """Close the file and give up the directory."""
        self._connection.close()
        if self._lock:
            self._lock.release()
