"""The journal on disk: a station's own records and its copies of the others', in SQLite.

WAL with synchronous=FULL: when `store` returns, the records survive a power cut. Here is the code
that changes the file; `journal_reader` only reads it.
"""

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

from hotline.bodies import Ref
from hotline.errors import LocalError
from hotline.journal import journal_file
from hotline.journal.disk import JournalFailed, is_kept_out, rows, writing
from hotline.journal.journal_file import FILE, LOG_BYTES
from hotline.journal.journal_reader import JournalReader
from hotline.journal.state_lock import StateLock, identity
from hotline.line import Line
from hotline.picture.doubts import Doubt
from hotline.records import Record, digest
from hotline.station.copies import Head
from hotline.station.turn import Turn


class Journal(JournalReader):
    """The records in one state directory, and whose they are.

    Not safe for use by two threads at once; a node uses it from one at a time.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.written = Turn()
        """What `write` wrote last."""
        # For a journal that is written to: its files, each with its identity, and our hold on them.
        self._files: dict[Path, tuple[int, int] | None] = {}
        self._lock: StateLock | None = None

    @classmethod
    def create(
        cls, directory: Path, line: Line, station: str, lock: StateLock | None = None
    ) -> Self:
        """Open the journal of `station` on `line`, making it and its directory when new.

        Args:
            directory: where it is.
            line: the line, whose stations' records it may hold.
            station: whose it is.
            lock: the caller's hold on the directory; without one it gets its own.

        Raises:
            LocalError: the directory cannot be used, another process uses it, or it belongs to
                another station.
        """
        path, log = directory / FILE, directory / f"{FILE}-wal"
        with contextlib.ExitStack() as undo:
            own = None
            if lock is None:
                own = StateLock.take(directory)
                undo.callback(own.release)
            has_log = log.exists()
            try:
                connection = undo.enter_context(contextlib.closing(journal_file.connect(path)))
                if has_log:
                    journal_file.begin_log_anew(connection)
                journal_file.prepare(connection)
                journal_file.claim(connection, directory, line, station)
            except sqlite3.Error as error:
                hint = f"; {journal_file.what_to_do(error)}" if is_kept_out(error) else ""
                raise LocalError(f"cannot use the journal {path}: {error}{hint}") from None
            journal = cls(connection)
            undo.pop_all()
        journal._files, journal._lock = {file: identity(file) for file in (path, log)}, own
        return journal

    @classmethod
    def on(cls, connection: sqlite3.Connection, line: Line, station: str) -> Self:
        """The journal of `station` on an open database, such as one in memory."""
        journal_file.prepare(connection)
        journal_file.claim(connection, Path(), line, station)
        return cls(connection)

    def make_room(self) -> None:
        """Let the write-ahead log have its full length now.

        Making a file longer costs the disk a second write for each commit, and twice its time;
        without this, a station's first thousand commits would be its slowest.
        """
        [(cached,)] = rows(self._connection, "PRAGMA cache_size")
        # A transaction that does not fit the cache goes to the log before it is committed, and
        # this one never is.
        has_room = False
        with contextlib.suppress(sqlite3.Error):
            # Move what is in the log to where it belongs, while there is room for that.
            self._connection.execute("PRAGMA wal_checkpoint")
            self._connection.execute("PRAGMA cache_size = 10")
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT INTO records VALUES ('', 0, zeroblob(?))", (LOG_BYTES,)
            )
            has_room = True
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if not has_room:  # the little room that is left is for the records
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection.execute(f"PRAGMA cache_size = {cached}")

    def append(self, records: Sequence[Record]) -> None:
        """Store records, all or none.

        Raises:
            JournalFailed: they could not be stored.
        """
        self.store(Turn([*records]))

    def store(self, turn: Turn) -> None:
        """Store what a turn brought, all or nothing; when this returns, it is on disk.

        Raises:
            JournalFailed: it could not be stored (disk full, read-only, damaged).
        """
        self.write(turn)
        self.commit()

    def write(self, turn: Turn) -> None:
        """The first half of `store`, which does not wait for the disk.

        Raises:
            JournalFailed: it could not be written.
        """
        self.written = turn
        self.expect_file(turn)
        with writing(self._connection, turn):
            self._connection.execute("BEGIN IMMEDIATE")
            self._insert(turn.appends)
            if turn.checkpoint:
                self.shelf.store(turn.checkpoint)
            if turn.confirmed:
                self.shelf.confirm(turn.confirmed)
            if turn.doubts is not None:
                self.shelf.doubt(turn.doubts)

    def expect_file(self, turn: Turn | None = None) -> None:
        """Check, before a turn is stored, that the files are where they were: SQLite does not.

        Raises:
            JournalFailed: it was moved or deleted.
        """
        for file, before in self._files.items():
            if identity(file) != before:
                raise JournalFailed(
                    f"the journal {file} was moved or deleted: nothing more is acknowledged", turn
                )

    def commit(self) -> None:
        """The second half: when it returns, what was `written` is on disk.

        Raises:
            JournalFailed: it could not be stored.
        """
        with writing(self._connection, self.written):
            self._connection.execute("COMMIT")

    def prune(self, upto: Mapping[str, int]) -> None:
        """Take out each journal's records up to a number; its chain goes on from there.

        Raises:
            LocalError: some of them are not in the last checkpoint, so all that they said would be
                forgotten.
            JournalFailed: the file cannot be changed.
        """
        read, last = self.shelf.checkpoint().heads, {}
        for station, seq in upto.items():
            line = self.shelf.line_of(Ref(station, seq))
            if line is None or seq > read.get(station, 0):
                raise LocalError(f"{station}/{seq} is not there, or in no checkpoint yet")
            last[station] = Head(seq, digest(line))
        execute = self._connection.execute
        with writing(self._connection), self._connection:
            execute("BEGIN IMMEDIATE")
            for station, (seq, end) in last.items():
                execute("INSERT OR REPLACE INTO pruned VALUES (?, ?, ?)", (station, seq, end))
                execute("DELETE FROM records WHERE station = ? AND seq <= ?", (station, seq))

    def take_in(
        self,
        records: Sequence[Record],
        begin_after: Mapping[str, Head],
        doubts: Sequence[Doubt] = (),
        confirmed: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Store records that may have been pruned, all or none.

        `begin_after` is where pruning then ends in each journal of which some records come back;
        `doubts` and `confirmed` are what follows from the other records for a watchdog.

        Raises:
            JournalFailed: the file cannot be changed.
        """
        execute = self._connection.execute
        with writing(self._connection), self._connection:
            execute("BEGIN IMMEDIATE")
            self._insert(records)
            for station, (seq, end) in begin_after.items():
                execute("DELETE FROM pruned WHERE station = ?", (station,))
                if seq:
                    execute("INSERT INTO pruned VALUES (?, ?, ?)", (station, seq, end))
            self.shelf.doubt(doubts)
            self.shelf.confirm(confirmed)

    def _insert(self, records: Sequence[Record]) -> None:
        lines = [(record.station, record.seq, record.raw) for record in records]
        self._connection.executemany("INSERT INTO records VALUES (?, ?, ?)", lines)

    def close(self) -> None:
        """Close the file and give up the directory."""
        super().close()
        self.let_go()

    def let_go(self) -> None:
        """Give up the directory, as the death of a process does; the file can still be read."""
        if self._lock:
            self._lock.release()
