"""What a disk can do to a journal, as one error: full, gone, read-only, damaged."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from hotline.errors import LocalError
from hotline.records import NotARecord
from hotline.station.turn import Turn


class JournalFailed(LocalError):
    """The journal takes or gives no more records. Nothing of the turn is out.

    `unwritten` is the turn that could not be stored: it can be stored as it is once the cause is
    mended.
    """

    def __init__(self, text: str, unwritten: Turn | None = None) -> None:
        super().__init__(text)
        self.unwritten = unwritten or Turn()


class Damaged(JournalFailed):
    """The journal does not hold what was put into it; `what` says what was found."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the journal is damaged ({what}): nothing more is acknowledged. `hotline journal"
            " verify` says what can still be read; move the state directory aside and start again,"
            " then the station fetches its words from the others"
        )
        self.what = what


# After these the file may be as whole as ever: somebody else has it, or we may not open it.
_KEPT_OUT = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
)


def is_kept_out(error: sqlite3.Error) -> bool:
    """Whether a file could not be read for a reason that says nothing about what it holds."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)  # Python's own have none
    return code & 0xFF in _KEPT_OUT


@contextlib.contextmanager
def writing(connection: sqlite3.Connection, turn: Turn | None = None) -> Iterator[None]:
    """Store all of this turn or nothing; turn SQLite's errors into `JournalFailed`."""
    try:
        yield
    except sqlite3.Error as error:
        with contextlib.suppress(sqlite3.Error):  # the first error is the cause
            connection.rollback()
        raise JournalFailed(
            f"the journal takes no more records ({error}): nothing more is acknowledged", turn
        ) from None


def rows(
    connection: sqlite3.Connection, query: str, values: Sequence[object] = ()
) -> Iterator[tuple[Any, ...]]:
    """The rows that a query finds.

    Raises:
        Damaged: the file cannot be read.
        JournalFailed: it may not be read just now.
    """
    try:
        # One by one: left half-way, `yield from` closes a cursor whose file may be closed by then.
        for row in connection.execute(query, values):  # noqa: UP028 -- see above
            yield row
    except sqlite3.Error as error:
        if is_kept_out(error):
            says = f"the journal cannot be read ({error}): nothing more is acknowledged"
            raise JournalFailed(says) from None
        raise Damaged(str(error)) from None


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn whatever goes wrong with reading stored bytes into `Damaged`."""
    try:
        yield
    except (NotARecord, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        why = " ".join(str(error).split())  # pydantic takes several lines
        raise Damaged(f"{what} cannot be read: {why}"[:300]) from None
