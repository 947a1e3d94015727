"""Whether what was put away is what the records say: it is made of them anew, and compared."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from hotline.journal import shelf
from hotline.journal.disk import reading, rows
from hotline.journal.journal_reader import JournalReader
from hotline.line import Line
from hotline.picture.picture import Picture

_AT_ONCE = 10_000  # records whose messages are in memory together
_PUT_AWAY = {
    "message": "SELECT * FROM messages",
    "flag": "SELECT * FROM flags",
    "mark": "SELECT * FROM invalid",
}


def differences(
    connection: sqlite3.Connection, line: Line, heads: Mapping[str, int]
) -> Iterator[str]:
    """Everything that was put away of whole records and would not be put away of them today.

    `heads` is how far the checkpoint has read them.

    Raises:
        Damaged: it cannot be read.
    """
    journal = JournalReader(connection)
    if not heads or journal.pruned():  # there is nothing yet, or not everything to make it of
        return
    with contextlib.closing(sqlite3.connect(":memory:")) as anew:
        shelf.prepare(anew)
        made = shelf.Shelf(anew)
        picture = Picture(line, made)
        for record in journal.records():
            if record.station not in line.stations or record.seq > heads.get(record.station, 0):
                continue  # its watchdog has left the line, or it is not yet put away
            picture.fold(record)
            if picture.is_worth_a_checkpoint(_AT_ONCE):
                made.store(picture.put_away())
        made.store(picture.put_away())
        for what, query in _PUT_AWAY.items():
            found, wanted = _by_ref(connection, query, line), _by_ref(anew, query, line)
            for station, seq in sorted(found.keys() | wanted.keys()):
                if found.get((station, seq)) != wanted.get((station, seq)):
                    yield f"the {what} of {station}/{seq} is not what the records say"
        if _last(connection, line) != _last(anew, line):
            yield "the checkpoint is not what the records say"


def _by_ref(
    connection: sqlite3.Connection, query: str, line: Line
) -> dict[tuple[str, int], tuple[Any, ...]]:
    """The rows of a table, without those of watchdogs that have left the line."""
    found = rows(connection, query)
    return {(row[0], row[1]): row[2:] for row in found if row[0] in line.stations}


def _last(connection: sqlite3.Connection, line: Line) -> list[Any]:
    """The row of the checkpoint, in no order but that of its journals."""
    with reading("the checkpoint"):
        [(_, *texts)] = rows(connection, "SELECT * FROM checkpoint")
        heads, early, *others = map(json.loads, texts)
        heads = {of: seq for of, seq in heads.items() if of in line.stations}
        return [heads, sorted(early), *others]
