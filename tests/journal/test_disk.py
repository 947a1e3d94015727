"""What a disk makes of a journal: damage is found before anybody is told of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from hotline.bodies import Ref
from hotline.errors import LocalError
from hotline.journal.disk import Damaged, JournalFailed
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.taking_up import take_up
from hotline.machine import open_station
from hotline.picture.doubts import Doubt
from hotline.picture.message import Wait
from hotline.station.turn import Turn
from tests.helpers import LINE, T0, TIMERS, Author


def damage(directory: Path, seq: int, change: Callable[[bytes], bytes]) -> None:
    """Change what stands under one number of tur's, as a bad disk may."""
    with closing(sqlite3.connect(directory / FILE)) as connection, connection:
        query = "SELECT raw FROM records WHERE station = 'tur' AND seq = ?"
        (raw,) = connection.execute(query, (seq,)).fetchone()
        connection.execute(
            "UPDATE records SET raw = ? WHERE station = 'tur' AND seq = ?", (change(raw), seq)
        )


def read_all(directory: Path) -> None:
    """Look at every record."""
    with closing(Journal.create(directory, LINE, "isr")) as journal:
        journal.shelf.line_of(Ref("isr", 150))
        list(journal.faults())


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state directory of isr, with three records of tur's."""
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        journal.append(Author("tur").notices(3))
    return tmp_path


@pytest.mark.parametrize("seq", [1, 2])
def test_a_changed_record_is_not_replayed(state: Path, seq: int) -> None:
    """Its successor does not fit it any more; nobody gets either."""
    damage(state, seq, lambda raw: raw.replace(b"TRK42", b"TRK43"))
    with closing(Journal.create(state, LINE, "isr")) as journal:
        with pytest.raises(JournalFailed, match=rf"damaged \(tur/{seq + 1}: prev does not fit"):
            journal.lines("tur", 0, 1_000_000)
        (fault,) = journal.faults()
        assert fault.startswith(f"tur/{seq + 1}: prev does not fit")
        assert len(journal.lines("tur", 2, 1_000_000)) == 1, "what is whole is still replayed"


def test_a_file_that_somebody_else_holds_is_not_damaged(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A station waits for it to be let go; nobody is to move it away."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.1))
    with closing(sqlite3.connect(state / FILE)) as connection:
        journal = Journal(connection)
        with closing(sqlite3.connect(state / FILE, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(JournalFailed, match="database is locked") as caught:
                journal.heads()
        assert not isinstance(caught.value, Damaged)
        assert journal.heads()["tur"].seq == 3


def test_a_start_says_which_record_cannot_be_read(state: Path) -> None:
    """And what to do."""
    damage(state, 2, lambda raw: raw[:-5])
    with closing(Journal.create(state, LINE, "isr")) as journal:
        with pytest.raises(JournalFailed, match=r"tur/2: not JSON") as failed:
            open_station(journal, LINE, "isr", TIMERS)
        assert "move the state directory aside" in str(failed.value)


def test_a_missing_record_is_found(state: Path) -> None:
    """A hole in the numbers is damage too."""
    with closing(sqlite3.connect(state / FILE)) as connection, connection:
        connection.execute("DELETE FROM records WHERE seq = 2")
    with (
        closing(Journal.create(state, LINE, "isr")) as journal,
        pytest.raises(JournalFailed, match="follows on 1; expected 2"),
    ):
        journal.lines("tur", 0, 1_000_000)


def test_a_file_that_is_torn_is_one_clear_error(state: Path) -> None:
    """Whatever SQLite trips over, nobody sees its traceback."""
    with closing(Journal.create(state, LINE, "isr")) as journal:
        journal.append(Author("isr").notices(300))
    size = (state / FILE).stat().st_size
    with (state / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    with pytest.raises(LocalError, match=r"damaged|cannot use the journal"):
        read_all(state)


def test_a_file_that_takes_nothing_back_either_is_one_clear_error() -> None:
    """When even the undoing of a failed commit fails, its records are named as unwritten."""
    journal = Journal.on(sqlite3.connect(":memory:", isolation_level=None), LINE, "isr")
    journal.close()
    (record,) = Author("isr").notices(1)
    doubts = [Doubt(record.ref, Wait(T0, None), [])]
    with pytest.raises(JournalFailed, match="closed database") as failed:
        journal.store(Turn([record], doubts=doubts))
    unwritten = failed.value.unwritten
    assert (unwritten.appends, unwritten.doubts) == ([record], doubts)


@pytest.mark.parametrize(
    "edit",
    [
        """UPDATE messages SET state = replace(state, '"decision"', '"guess"')""",
        """UPDATE checkpoint SET declared = '{"isr": 1}'""",
    ],
)
def test_what_is_put_away_and_damaged_is_told_in_one_line(state: Path, edit: str) -> None:
    """However many lines whoever reads it takes to say so: `verify` tells one fault a line."""
    with closing(Journal.create(state, LINE, "isr")) as journal:
        journal.store(Turn(checkpoint=take_up(journal, LINE).put_away()))
        journal._connection.execute(edit)
        with pytest.raises(Damaged, match="the checkpoint cannot be read: ") as damage:
            journal.shelf.checkpoint()
        assert "\n" not in str(damage.value)
