"""Where a picture puts away what is settled: tables beside the journal's, in the same file.

They are made of the records alone. A start takes up what waits and what stands, and reads only
the records that came after the last checkpoint, so its length does not grow with the history.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hotline.bodies import Ref, Rule
from hotline.journal.bloom import BloomFilter
from hotline.journal.disk import reading, rows
from hotline.journal.put_away import (
    ANSWERED_CHECKS,
    CHECKS,
    DECLARED,
    read_doubt,
    read_flag,
    read_message,
    write_doubt,
    write_flag,
    write_message,
)
from hotline.picture.doubts import Doubt
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message
from hotline.picture.past import Checkpoint, Past
from hotline.records import Envelope, decode, open_envelope

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    notice TEXT, -- of a notice, not of a cancellation
    waits INTEGER NOT NULL,
    flies INTEGER, -- of a notice that stands and has a window: until when, epoch ms
    state TEXT NOT NULL,
    PRIMARY KEY (station, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waiting ON messages (station, seq) WHERE waits;
CREATE INDEX IF NOT EXISTS flights ON messages (flies) WHERE flies IS NOT NULL;
CREATE INDEX IF NOT EXISTS revisions ON messages (station, notice, seq) WHERE notice IS NOT NULL;
CREATE TABLE IF NOT EXISTS flags (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    rule TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (station, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS standing ON flags (station, seq) WHERE standing;
CREATE INDEX IF NOT EXISTS rules ON flags (rule, station, seq);
CREATE INDEX IF NOT EXISTS keys ON flags (station, key);
CREATE TABLE IF NOT EXISTS invalid (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (station, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (
    version INTEGER NOT NULL,
    heads TEXT NOT NULL,
    early TEXT NOT NULL,
    declared TEXT NOT NULL,
    stops TEXT NOT NULL,
    checks TEXT NOT NULL,
    answered_checks TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS doubts (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (station, seq)
);
CREATE TABLE IF NOT EXISTS confirmed (station TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
"""
_TABLES = ("messages", "flags", "invalid", "checkpoint")
_VERSION = 9  # of what a checkpoint means; another version's is made anew from the records


def is_prepared(connection: sqlite3.Connection) -> bool:
    """Whether the tables are there, of this version."""
    [(made,)] = connection.execute("PRAGMA user_version")
    return bool(made == _VERSION)


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, anew if they are of another version."""
    drops = "".join(f"DROP TABLE IF EXISTS {table};" for table in _TABLES)
    made = f"PRAGMA user_version = {_VERSION};"
    connection.executescript(f"BEGIN; {drops} {_SCHEMA} {made} COMMIT;")


class Shelf(Past):
    """The past of one journal file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: BloomFilter | None = None  # of the notices; read when the first is asked for

    def message(self, ref: Ref) -> Message | None:
        """The message that this record opened, as it was put away."""
        return self._one("SELECT state FROM messages WHERE station = ? AND seq = ?", *ref)

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a notice that was put away."""
        if self._names is None:
            used = "SELECT station, notice FROM messages INDEXED BY revisions WHERE notice NOT NULL"
            self._names = BloomFilter(self._rows(used))
        if (station, notice) not in self._names:
            return None
        return self._one(
            # Left alone, SQLite walks the primary key, for the sake of its order.
            "SELECT state FROM messages INDEXED BY revisions WHERE station = ? AND notice = ?"
            " ORDER BY seq DESC LIMIT 1",
            station,
            notice,
        )

    def flights(self, now_ms: int) -> Iterator[Message]:
        """Every notice that stands and was put away, whose window is not over by now."""
        query = "SELECT state FROM messages INDEXED BY flights WHERE flies > ?"
        with reading("the flights"):
            for (state,) in self._rows(query, now_ms):
                yield read_message(state)

    def flags_of(self, rule: Rule) -> Iterator[FlagEntry]:
        """Every flag of a rule that was put away."""
        return self._flags("rule = ? ORDER BY station, seq", rule)

    def flags_under(self, watchdog: str, key: str) -> Iterator[FlagEntry]:
        """Every flag that a watchdog raised under a key and that was put away."""
        return self._flags("station = ? AND key = ? ORDER BY seq", watchdog, key)

    def invalid(self) -> Iterator[tuple[Ref, str]]:
        """Every record that made no sense and was put away, and why."""
        for station, seq, reason in self._rows("SELECT * FROM invalid"):
            yield Ref(station, seq), reason

    def line_of(self, ref: Ref) -> bytes | None:
        """A record as it is stored."""
        query = "SELECT CAST(raw AS BLOB) FROM records WHERE station = ? AND seq = ?"
        return next((raw for (raw,) in self._rows(query, *ref)), None)

    def envelopes_after(self, of: str, seq: int) -> Iterator[Envelope]:
        """Each record that is stored after `seq`, with its body unread."""
        query = "SELECT seq, raw FROM records WHERE station = ? AND seq > ? ORDER BY seq"
        for number, raw in self._rows(query, of, seq):
            with reading(f"{of}/{number}"):
                yield open_envelope(raw)

    def store(self, checkpoint: Checkpoint) -> None:
        """Put this away, within the transaction that stores its last records."""
        messages = [
            (*m.ref, m.notice if m.is_notice else None, m.waits, m.flies_until_ms, write_message(m))
            for m in checkpoint.messages
        ]
        flags = [
            (*e.ref, e.cleared_ms is None, e.flag.rule, e.flag.key, write_flag(e))
            for e in checkpoint.flags
        ]
        all_else = (
            checkpoint.heads,
            [answer.raw.decode() for answer in checkpoint.early],
            checkpoint.declared,
            checkpoint.stops,
            checkpoint.checks,
            checkpoint.answered_checks,
        )
        self._put("messages", messages)
        self._put("flags", flags)
        self._put("invalid", [(*ref, reason) for ref, reason in checkpoint.invalid.items()])
        self._connection.execute("DELETE FROM checkpoint")
        self._put("checkpoint", [(_VERSION, *map(json.dumps, all_else))])
        if self._names is not None:
            for message in checkpoint.messages:
                self._names.add((message.ref.station, message.notice))

    def checkpoint(self, *, everything: bool = False) -> Checkpoint:
        """The last checkpoint: all that waits or stands of what was put away, or everything."""
        row = next(self._rows("SELECT * FROM checkpoint"), None)
        if row is None or row[0] != _VERSION:
            return Checkpoint({})
        waiting, standing = ("1", "1") if everything else ("waits", "standing")
        messages = f"SELECT state FROM messages WHERE {waiting} ORDER BY seq"  # noqa: S608 -- our own words
        with reading("the checkpoint"):
            heads, early, declared, stops, checks, answered = map(json.loads, row[1:])
            return Checkpoint(
                heads=heads,
                messages=[read_message(state) for (state,) in self._rows(messages)],
                flags=list(self._flags(f"{standing} ORDER BY station, seq")),
                invalid=dict(self.invalid()) if everything else {},
                declared=DECLARED.validate_python(declared),
                stops=stops,
                checks=CHECKS.validate_python(checks),
                answered_checks=ANSWERED_CHECKS.validate_python(answered),
                early=[decode(raw.encode()) for raw in early],
            )

    def confirm(self, receipts: Mapping[str, int]) -> None:
        """Remember how far each journal is on the other party's disk; within a transaction."""
        self._put("confirmed", list(receipts.items()))

    def confirmed(self) -> dict[str, int]:
        """How far each journal was known to be on the other party's disk."""
        return dict(self._rows("SELECT station, seq FROM confirmed"))

    def doubt(self, doubts: Sequence[Doubt]) -> None:
        """Remember what a watchdog is not sure of, and what it is now sure of; in a transaction."""
        gone = "DELETE FROM doubts WHERE station = ? AND seq = ?"
        self._connection.executemany(gone, [doubt.ref for doubt in doubts])
        self._put("doubts", [(*doubt.ref, write_doubt(doubt)) for doubt in doubts if doubt.ends])

    def doubts(self) -> list[Doubt]:
        """What a watchdog was not sure of when it ended."""
        found = self._rows("SELECT station, seq, state FROM doubts ORDER BY rowid")
        with reading("the doubts"):
            return [read_doubt(Ref(station, seq), state) for station, seq, state in found]

    def _put(self, table: str, values: Sequence[tuple[object, ...]]) -> None:
        """Put rows into a table, each in the place of one with the same key."""
        if values:
            places = ", ".join("?" * len(values[0]))
            query = f"INSERT OR REPLACE INTO {table} VALUES ({places})"  # noqa: S608 -- our own words
            self._connection.executemany(query, values)

    def _flags(self, which: str, *values: object) -> Iterator[FlagEntry]:
        query = f"SELECT station, seq, state FROM flags WHERE {which}"  # noqa: S608 -- our own words
        for station, seq, state in self._rows(query, *values):
            with reading(f"the flag {station}/{seq}"):
                yield read_flag(Ref(station, seq), state)

    def _rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        return rows(self._connection, query, values)

    def _one(self, query: str, *values: object) -> Message | None:
        found = self._rows(query, *values)
        with reading("what was put away"):
            return next((read_message(state) for (state,) in found), None)
