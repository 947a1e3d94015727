"""What a failed start leaves behind: nothing of a state directory that it made."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from hotline.errors import LocalError
from hotline.journal.journal_file import FILE
from hotline.journal.state_lock import LOCK, StateLock


@contextlib.contextmanager
def cleared(directory: Path) -> Iterator[None]:
    """If the body fails, remove the directory again, provided that it was made meanwhile.

    One that was there before stays as it is, and so does one that holds a record.
    """
    made = [path for path in (directory, *directory.parents) if not os.path.lexists(path)]
    try:
        yield
    except BaseException:
        if made:
            _clear(directory)
            for path in made:
                with contextlib.suppress(OSError):  # somebody else has something in it
                    path.rmdir()
        raise


def _clear(directory: Path) -> None:
    try:
        lock = StateLock.take(directory)
    except LocalError:
        return  # another process uses it by now, or it cannot even be made
    try:
        with contextlib.suppress(OSError):
            if not _holds_records(directory / FILE):
                for name in (FILE, f"{FILE}-wal", f"{FILE}-shm", LOCK):
                    (directory / name).unlink(missing_ok=True)
    finally:
        lock.release()


def _holds_records(file: Path) -> bool:
    """Whether a record may be in a journal's file."""
    try:
        with contextlib.closing(sqlite3.connect(file)) as connection:
            # Otherwise SQLite needs a file beside it, for which a full disk has no room.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            tables = "SELECT 1 FROM sqlite_schema WHERE name = 'records'"
            return any(connection.execute(tables)) and any(
                connection.execute("SELECT 1 FROM records LIMIT 1")
            )
    except sqlite3.Error:
        return True  # nobody knows
