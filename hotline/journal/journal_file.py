"""The file that a journal is in: its tables, and whose it is."""

import json
import sqlite3
from pathlib import Path

from hotline.errors import LocalError
from hotline.journal import shelf
from hotline.journal.disk import is_kept_out, reading
from hotline.line import Line
from hotline.paths import is_file

FILE = "journal.sqlite"
LOG_BYTES = 4096 * 1000  # how long SQLite lets its write-ahead log become before it begins anew
_CACHE_KIB = 512
_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    station TEXT NOT NULL,
    seq INTEGER NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (station, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owner (station TEXT NOT NULL, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pruned (
    station TEXT PRIMARY KEY, seq INTEGER NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;
"""


def is_database(content: bytes) -> bool:
    """Whether this is the content of such a file, and not records as lines of JSON."""
    return content.startswith(b"SQLite format 3\0")


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, making it when new."""
    # Commits may run in a worker thread, one at a time; autocommit, so that only we begin
    # transactions.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def open_to_read(directory: Path) -> sqlite3.Connection:
    """Open the file only to read it; what it holds may be damaged.

    Raises:
        LocalError: it is not there, or we may not.
    """
    path = directory / FILE
    try:
        is_there = is_file(path)
    except OSError as error:
        raise LocalError(f"cannot read the journal {path}: {error.strerror}") from None
    if not is_there:
        raise LocalError(
            f"no journal in {directory}: expected a station's state directory (with a {FILE})"
        )
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            connection.execute("SELECT 1 FROM sqlite_schema")  # SQLite opens it only now
        except sqlite3.Error as error:
            if is_kept_out(error):
                connection.close()
                raise
    except sqlite3.Error as error:
        says = f"cannot read the journal {path}: {error}; {what_to_do(error)}"
        raise LocalError(says) from None
    return connection


def what_to_do(error: sqlite3.Error) -> str:
    """How one who is kept out of the file gets in."""
    if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program is using it: end that, and try again"
    return (
        "SQLite writes beside what it reads: do this as a user who may write there, or with a copy"
        " of the whole directory"
    )


def nobodys(directory: Path) -> LocalError:
    """The error for a file that holds nothing yet."""
    return LocalError(
        f"the journal {directory / FILE} belongs to no station yet: start its station first"
    )


def pruned_by_another_version() -> LocalError:
    """The error for a file of which nobody can tell any more what the pruned records said."""
    return LocalError(
        "this journal was pruned by another version of hotline: use that version, or move the state"
        " directory aside, then the station fetches its words from the others"
    )


def begin_log_anew(connection: sqlite3.Connection) -> None:
    """Have all that a crash left in the write-ahead log written to where it belongs.

    The last sync may have failed. Then the system shows what it never wrote, and never will; a
    power cut would take that, and all that is synced behind it.
    """
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        # While somebody else has it open, what was not synced is not part of the log. And a disk
        # that is full refuses to write, not to sync; there may still be room in the log.
        if not is_kept_out(error) and error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise


def prepare(connection: sqlite3.Connection) -> None:
    """Make a database ready for a journal; what it holds already stays.

    Raises:
        LocalError: it was pruned by another version.
    """
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    # While somebody reads (a pager that waits, say) the log grows; afterwards it must shrink again.
    connection.execute(f"PRAGMA journal_size_limit = {2 * LOG_BYTES}")
    # What is written is seldom read: SQLite's own 2 MB would in time hold 1 GB for 500 lines.
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if not shelf.is_prepared(connection):
        connection.executescript(_SCHEMA)
        if connection.execute("SELECT station FROM pruned").fetchone():
            raise pruned_by_another_version()
        shelf.prepare(connection)


def claim(connection: sqlite3.Connection, directory: Path, line: Line, station: str) -> None:
    """Make the file this station's.

    Raises:
        LocalError: it is another station's.
    """
    found = connection.execute("SELECT station, line FROM owner").fetchone()
    if found is not None:
        owner, before = found[0], line_from(found[1])
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


def line_from(text: str) -> Line:
    """The line that the file's station is on, as it was stored."""
    with reading("whose it is"):
        fields = json.loads(text)
        first, second = fields["parties"]
        return Line(fields["name"], (first, second), tuple(fields["watchdogs"]))
