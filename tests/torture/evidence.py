"""What a run leaves behind: journals, side files, the log of faults. Read from one directory.

Neither this nor the judge imports anything of `hotline`, so that no mistake is made twice.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from tests.torture.line import PARTIES, SECONDS, STATIONS
from tests.torture.side import read_lines

JOURNAL = "journal.sqlite"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """One stored record, as bytes."""

    seq: int
    raw: bytes


class Ref(NamedTuple):
    """Which record of which journal."""

    station: str
    seq: int

    def __str__(self) -> str:
        return f"{self.station}/{self.seq}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, as far as the judge reads it."""

    ref: Ref
    at_ms: int
    prev: str
    kind: str
    body: dict[str, Any]


class Trouble(NamedTuple):
    """From when to when something was wrong, in epoch ms; `whom` is a process or `link:…`."""

    verb: str
    whom: str
    from_ms: int
    until_ms: int


class Seen(NamedTuple):
    """A party noticed that a station is there, or is not."""

    by: str
    at_ms: int
    station: str
    silent: bool


class Shown(NamedTuple):
    """A record was put before an officer, in one life of his: from one start to the next."""

    to: str
    life: str
    ref: str


class Told(NamedTuple):
    """A station told that a record of its own is committed."""

    by: str
    at_ms: int
    raw: bytes


class Receipt(NamedTuple):
    """A station was heard to acknowledge that it has a journal on disk up to a number."""

    by: str
    at_ms: int
    of: str
    upto: int


class Holding(NamedTuple):
    """What really was on a station's disk at a time: how far each journal goes."""

    station: str
    at_ms: int
    heads: dict[str, int]


@dataclass
class Evidence:
    """All that the judge knows. `journals` is by holder, then by author."""

    journals: dict[str, dict[str, list[Row]]]
    told: list[Told] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)  # what went wrong on the stage itself
    finished_ms: int = 0
    timers_ms: dict[str, int] = field(
        default_factory=lambda: {name: seconds * 1000 for name, seconds in SECONDS.items()}
    )
    _read: dict[str, list[Entry]] = field(default_factory=dict)

    def journal(self, author: str) -> list[Entry]:
        """The author's own records that can be read at all."""
        if author not in self._read:
            self._read[author] = list(_read(author, self.journals[author].get(author, ())))
        return self._read[author]


def _read(author: str, rows: Sequence[Row]) -> Iterator[Entry]:
    for row in rows:
        try:
            yield open_record(author, row)
        except (ValueError, KeyError, TypeError):
            continue  # the judge of bytes says what is wrong


def open_record(author: str, row: Row) -> Entry:
    """Read a record's line; raises ValueError, KeyError or TypeError if that cannot be done."""
    fields = json.loads(row.raw)
    if fields["station"] != author or fields["seq"] != row.seq:
        raise ValueError(f"says that it is {fields['station']}/{fields['seq']}")
    return Entry(
        Ref(author, row.seq),
        to_ms(fields["at"]),
        fields["prev"],
        fields["kind"],
        dict(fields["body"]),
    )


def to_ms(instant: str) -> int:
    """An RFC 3339 instant in epoch ms."""
    return (datetime.fromisoformat(instant) - _EPOCH) // timedelta(milliseconds=1)


def read_journals(state: Path) -> dict[str, list[Row]]:
    """One station's SQLite file: all journals that it holds, by author."""
    journals: dict[str, list[Row]] = {}
    connection = sqlite3.connect(f"{(state / JOURNAL).as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT station, seq, raw FROM records ORDER BY station, seq")
        for station, seq, raw in rows:
            journals.setdefault(station, []).append(Row(seq, bytes(raw)))
    finally:
        connection.close()
    return journals


def read_heads(state: Path) -> dict[str, int]:
    """How far each journal goes in one station's SQLite file, which may be in use."""
    connection = sqlite3.connect(f"{(state / JOURNAL).as_uri()}?mode=ro", uri=True)
    try:
        head = "SELECT coalesce(max(seq), 0) FROM records WHERE station = ?"
        return {of: connection.execute(head, (of,)).fetchone()[0] for of in STATIONS}
    finally:
        connection.close()


def load(directory: Path) -> Evidence:
    """Everything that a run left in its directory."""
    evidence = Evidence({name: read_journals(directory / "state" / name) for name in STATIONS})
    for party in PARTIES:
        for line in read_lines(directory / f"{party}.side"):
            _take_side(evidence, party, line)
    for line in read_lines(directory / "troubles"):
        evidence.troubles.append(Trouble(**line))
    for line in read_lines(directory / "holdings"):
        evidence.holdings.append(Holding(**line))
    for station in STATIONS:
        evidence.pictures[station] = _lasting(directory / "pictures" / f"{station}.json")
    for line in read_lines(directory / "stage"):
        evidence.failures += line["failures"]
        evidence.finished_ms = line["finished_ms"]
    return evidence


def _lasting(picture: Path) -> str:
    """A picture without what depends on the moment when it was taken; if broken, as it is."""
    text = picture.read_text() if picture.exists() else "(none)"
    if not text.startswith("{"):
        return text
    shown = json.loads(text)
    del shown["days"]
    return json.dumps(shown)


def _take_side(evidence: Evidence, party: str, line: dict[str, Any]) -> None:
    at_ms = line["at"]
    match line["event"]:
        case "said":
            evidence.told.append(Told(party, at_ms, line["raw"].encode()))
        case "receipt":
            evidence.receipts.append(Receipt(line["by"], at_ms, line["of"], line["upto"]))
        case "shown":
            evidence.shown.append(Shown(party, line["life"], line["ref"]))
        case "silent" | "online" as event:
            evidence.seen.append(Seen(party, at_ms, line["station"], event == "silent"))
