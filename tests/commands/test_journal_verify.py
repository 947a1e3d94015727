"""Whether a journal is whole, as `hotline journal verify` says it."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.picture.picture import Picture
from hotline.station.turn import Turn
from tests.commands.journals import LINE, exported, run


def test_a_whole_journal_is_verified(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each station is named with the number of its records."""
    assert run("verify", "--state", state) == entry.OK
    assert capsys.readouterr().out == "ok isr: 3 records\nok tur: 2 records\n"


def test_what_is_verified_does_not_move_the_cursor(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The directory may come from somebody else, and its tables hold any text."""
    with contextlib.closing(sqlite3.connect(state / FILE)) as database, database:
        database.execute("UPDATE records SET station = ? WHERE seq = 3", ("\x1b[2Jok isr",))
    assert run("verify", "--state", state) == entry.FAILED
    out = capsys.readouterr().out
    assert "\nbroken  [2Jok isr/3: is a record of isr-tur/" in f"\n{out}"
    assert "\x1b" not in out


def test_a_damaged_journal_is_named(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that was changed on disk is found by the one after it; and what to do with which."""
    journal = Journal.create(state, LINE, "isr")
    journal._connection.execute(
        "UPDATE records SET raw = CAST(replace(raw, '{}', '{ }') AS BLOB)"
        " WHERE station = 'isr' AND seq = 2"
    )
    journal.close()
    state = state.rename(state.with_name("[isr]"))
    assert run("verify", "--state", state) == entry.FAILED
    told = capsys.readouterr().out
    assert "broken isr/3: prev does not fit record 2" in told
    assert f"move {state} away" in told


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE owner SET line = 'x'", "whose it is cannot be read"),
        ("UPDATE owner SET line = '[]'", "whose it is cannot be read"),
        ("UPDATE checkpoint SET heads = 'x'", "the checkpoint cannot be read"),
        ("UPDATE checkpoint SET declared = '{\"isr\": 1}'", "the checkpoint cannot be read"),
        ("UPDATE messages SET state = '[]'", "the checkpoint cannot be read"),
    ],
)
def test_damage_beside_the_records_is_told_as_such(
    state: Path, change: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was put away is read too, as a start would read it; the records are whole."""
    journal = Journal.create(state, LINE, "isr")
    picture = Picture(LINE)
    picture.fold_all(journal.records())
    journal.store(Turn(checkpoint=picture.put_away()))
    journal.close()
    database = sqlite3.connect(state / "journal.sqlite")
    with database:
        assert database.execute(change).rowcount > 0
    database.close()
    assert run("verify", "--state", state) == entry.FAILED
    told = capsys.readouterr().out
    assert f"broken beside the records: {says}: " in told
    assert "ok isr: 3 records\nok tur: 2 records\nAll records are whole" in told


def test_a_record_that_was_stored_as_a_text_is_read_as_its_bytes(
    state: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """By whatever tool somebody has put it there."""
    before = exported(state, capfdbinary)
    database = sqlite3.connect(state / "journal.sqlite")
    with database:
        database.execute("UPDATE records SET raw = CAST(raw AS TEXT)")
    database.close()
    assert run("verify", "--state", state) == entry.OK
    assert exported(state, capfdbinary) == before


def test_nothing_is_said_of_no_records_but_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A station that has just been started for the first time is not broken."""
    Journal.create(tmp_path, LINE, "isr").close()
    assert entry.run(app, ["journal", "verify", "--state", str(tmp_path)]) == entry.OK
    assert capsys.readouterr().out == "no records are in it yet\n"
