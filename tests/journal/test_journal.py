import resource
import shutil
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hotline.errors import LocalError
from hotline.journal.disk import JournalFailed, rows
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE, LOG_BYTES
from hotline.journal.state_lock import LOCK
from hotline.line import Line
from hotline.records import digest
from hotline.station.copies import Head
from tests.helpers import LINE, TWO_DOGS, Author
from tests.somebody_else import somebody_else

OTHER_LINE = Line("cyp-lbn", ("cyp", "lbn"), ())


def test_what_was_appended_is_there_after_a_restart(journal: Journal, directory: Path) -> None:
    """Every byte, in the order of each journal, with its heads and its owner."""
    isr, tur = Author("isr"), Author("tur")
    journal.append([*isr.notices(2), *tur.notices(1)])
    journal.append(tur.notices(2))
    journal.close()
    again = Journal.create(directory, LINE, "isr")
    assert list(again.records()) == [*isr.journal, *tur.journal]
    assert again.heads() == {
        "isr": Head(2, digest(isr.journal[1].raw)),
        "tur": Head(3, digest(tur.journal[2].raw)),
    }
    assert again.owner() == (LINE, "isr")
    again.close()


def test_a_new_journal_is_empty(journal: Journal) -> None:
    """It has no heads, no records and no lines; nothing is appended by nothing."""
    journal.append([])
    assert journal.heads() == {}
    assert list(journal.records()) == []
    assert journal.lines("isr", 0, 1_000) == []


def test_a_commit_waits_for_the_disk(journal: Journal) -> None:
    """As SQLite is told to; `test_power_cut` sees it done, where the system tells of that."""
    [(waits,)] = journal._connection.execute("PRAGMA synchronous")
    [(log,)] = journal._connection.execute("PRAGMA journal_mode")
    assert (waits, log) == (2, "wal")


def test_a_journal_keeps_little_in_memory(journal: Journal) -> None:
    """A process with many lines has as many journals; also once room was made for the log."""
    journal.make_room()
    [(cached,)] = journal._connection.execute("PRAGMA cache_size")
    assert cached == -512  # KiB


def test_a_batch_is_stored_whole_or_not_at_all(journal: Journal) -> None:
    """A record that is there already is refused, and with it all that came in its batch."""
    tur = Author("tur")
    journal.append(tur.notices(2))
    fresh = tur.notices(1)
    with pytest.raises(LocalError, match="takes no more records"):
        journal.append([*fresh, tur.journal[1]])
    assert journal.lines("tur", 0, 10**6) == [record.raw for record in tur.journal[:2]]
    journal.append(fresh)
    assert list(journal.records()) == tur.journal


# Whose it is


@pytest.mark.parametrize(
    ("line", "station"), [(LINE, "tur"), (OTHER_LINE, "isr"), (OTHER_LINE, "cyp")]
)
def test_another_stations_directory_is_refused(
    journal: Journal, directory: Path, line: Line, station: str
) -> None:
    """Whoever mixes two stations up is told whose journal it is, and nothing is touched."""
    journal.append(Author("isr").notices(1))
    journal.close()
    with pytest.raises(LocalError, match="is the journal of isr on the line isr-tur between"):
        Journal.create(directory, line, station)
    again = Journal.create(directory, LINE, "isr")
    assert len(list(again.records())) == 1
    again.close()


def test_a_line_may_get_another_watchdog(journal: Journal, directory: Path) -> None:
    """Parties are what a line is; who watches it may change."""
    journal.close()
    again = Journal.create(directory, TWO_DOGS, "isr")
    assert again.owner() == (TWO_DOGS, "isr")
    again.close()


# What cannot be used


def test_a_file_in_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    """The error says which directory, and how to name another."""
    in_the_way = tmp_path / "state"
    in_the_way.write_text("not a directory")
    for directory in (in_the_way, in_the_way / "deeper"):
        with pytest.raises(LocalError, match=r"cannot use the state directory .*--state"):
            Journal.create(directory, LINE, "isr")


def test_a_file_that_is_no_journal_is_refused_and_left_alone(directory: Path) -> None:
    """Bytes that are not ours are an error with the file's name, and stay as they are."""
    directory.mkdir(parents=True)
    (directory / FILE).write_bytes(b"holiday photographs" * 100)
    with pytest.raises(LocalError, match=r"cannot use the journal .*journal\.sqlite"):
        Journal.create(directory, LINE, "isr")
    assert (directory / FILE).read_bytes().startswith(b"holiday")


def test_a_file_of_another_user_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Root may have made it, by an import, in the directory of a service."""
    directory = tmp_path / "isr"
    Journal.create(directory, LINE, "isr").close()
    for path, mode in ((directory, 0o777), (directory / LOCK, 0o666), (directory / FILE, 0o444)):
        path.chmod(mode)
    with somebody_else(directory), pytest.raises(LocalError) as caught:
        Journal.create(directory, LINE, "isr")
    says = "attempt to write a readonly database; SQLite writes beside what it reads: do this as a"
    assert str(caught.value).startswith(f"cannot use the journal {directory / FILE}: {says} user")


def test_a_disk_that_takes_no_more_is_an_error(journal: Journal, directory: Path) -> None:
    """A journal that cannot be written says why, and gives back what it did not store."""
    with sqlite3.connect(directory / FILE) as full:
        full.execute(
            "CREATE TRIGGER full BEFORE INSERT ON records"
            " BEGIN SELECT raise(ABORT, 'disk full'); END"
        )
    full.close()
    records = Author("isr").notices(2)
    with pytest.raises(JournalFailed, match=r"takes no more records \(disk full\)") as failed:
        journal.append(records)
    unwritten = failed.value.unwritten
    assert unwritten.appends == records, "which can be stored when the cause is mended"
    assert list(journal.records()) == []


def test_a_file_that_was_taken_away_takes_no_more(journal: Journal, directory: Path) -> None:
    """SQLite would write on, into what nobody finds again."""
    (directory / FILE).rename(directory / "taken-away")
    records = Author("isr").notices(2)
    with pytest.raises(JournalFailed, match="was moved or deleted") as failed:
        journal.append(records)
    assert failed.value.unwritten.appends == records
    assert list(journal.records()) == []


def test_a_log_that_was_taken_away_takes_no_more(journal: Journal, directory: Path) -> None:
    """A kill would lose what goes into it; what is in it is moved to where it belongs meanwhile."""
    isr = Author("isr")
    journal.append(isr.notices(2))
    (directory / f"{FILE}-wal").unlink()
    with pytest.raises(JournalFailed, match="-wal was moved or deleted"):
        journal.append(isr.notices(1))
    journal.close()
    with closing(Journal.look_at(directory)) as reader:
        assert [record.seq for record in reader.records()] == [1, 2]


def test_room_is_made_before_it_is_needed(journal: Journal, directory: Path) -> None:
    """The log is as long as it becomes, and there is nothing in it; what was stored stays."""
    isr = Author("isr")
    for _ in range(50):
        journal.append(isr.notices(1))
    log = directory / f"{FILE}-wal"
    [(cached,)] = rows(journal._connection, "PRAGMA cache_size")
    journal.make_room()
    long = log.stat().st_size
    assert long == pytest.approx(LOG_BYTES, rel=0.02)
    with closing(Journal.look_at(directory)) as reader:
        assert list(reader.records()) == isr.journal
    journal.append(isr.notices(100))
    assert log.stat().st_size == long
    assert list(journal.records()) == isr.journal
    assert [*rows(journal._connection, "PRAGMA cache_size")] == [(cached,)]


def test_where_there_is_no_room_none_is_made(journal: Journal, directory: Path) -> None:
    """That a disk is full is said when a record finds no place; what there is stays for it."""
    isr = Author("isr")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        journal.make_room()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (directory / f"{FILE}-wal").stat().st_size == 0
    journal.append(isr.notices(1))
    assert list(journal.records()) == isr.journal


def test_a_disk_that_is_full_to_the_brim_stops_no_start(journal: Journal, directory: Path) -> None:
    """Not even what is in the log can be moved to where it belongs; all of it is there still."""
    isr = Author("isr")
    journal.append(isr.notices(100))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((directory / FILE).stat().st_size, before[1]))
    try:
        journal.make_room()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    journal.append(isr.notices(1))
    assert list(journal.records()) == isr.journal


def test_what_a_long_look_made_of_the_log_is_given_back(journal: Journal, directory: Path) -> None:
    """While somebody reads, nothing of the write-ahead log can be used again; afterwards it can."""
    isr = Author("isr")
    log = directory / f"{FILE}-wal"
    with closing(sqlite3.connect(directory / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM records").fetchall()
        while log.stat().st_size <= 3 * LOG_BYTES:
            journal.append(isr.notices(50))
    for _ in range(2):
        journal.append(isr.notices(1))
    assert log.stat().st_size <= 2 * LOG_BYTES


SOME_BYTES = 40_000  # not room for all of them
LAST = Author("isr").notices(100)[-1].raw


@pytest.fixture
def left(journal: Journal, directory: Path, tmp_path: Path) -> Path:
    """What a station that is killed leaves behind: 100 records, all of them in the log."""
    journal.append(Author("isr").notices(100))
    return shutil.copytree(directory, tmp_path / "left")


def test_what_a_crash_left_in_the_log_is_written_before_a_station_goes_on(left: Path) -> None:
    """Its sync may have failed, and then the system shows it without ever writing it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SOME_BYTES, before[1]))
    try:
        with pytest.raises(LocalError, match="disk I/O error"):
            Journal.create(left, LINE, "isr")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert LAST not in (left / FILE).read_bytes()
    with closing(Journal.create(left, LINE, "isr")) as journal:
        assert LAST in (left / FILE).read_bytes()
        assert journal.heads()["isr"].seq == 100


def test_who_looks_at_a_journal_keeps_no_station_from_it(left: Path) -> None:
    """The log stays while he does: it goes as far as the disk has taken it."""
    with closing(Journal.look_at(left)) as reader:
        assert reader.heads()["isr"].seq == 100
        with closing(Journal.create(left, LINE, "isr")) as journal:
            assert LAST not in (left / FILE).read_bytes()
            assert journal.heads()["isr"].seq == 100


def test_a_disk_that_is_full_keeps_no_station_from_what_it_has(
    left: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is room in the log, and what is there was synced."""

    class FullDisk(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if "DELETE" in sql and "journal_mode" in sql:
                full = sqlite3.OperationalError("database or disk is full")
                full.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise full
            return super().execute(sql, *values)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=FullDisk))
    with closing(Journal.create(left, LINE, "isr")) as journal:
        assert journal.heads()["isr"].seq == 100
