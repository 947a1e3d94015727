"""What is told of a journal's file that is really damaged: what is readable still, and what not."""

import json
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.shelf import Shelf
from hotline.journal.verifying import examine
from hotline.picture.past import Checkpoint
from hotline.picture.picture import Picture
from hotline.station.turn import Turn
from tests.helpers import LINE, Author

PAGE = 4096
COUNT = 300


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state directory of isr, with a few hundred records of either party and a checkpoint."""
    directory = tmp_path / "isr"
    with closing(Journal.create(directory, LINE, "isr")) as journal:
        journal.append([*Author("isr").notices(COUNT), *Author("tur").notices(COUNT)])
        picture = Picture(LINE)
        picture.fold_all(journal.records())
        journal.store(Turn(checkpoint=picture.put_away()))
    return directory


def tear(directory: Path, where: Callable[[bytes], int]) -> None:
    """Overwrite one whole page of the file: that which `where` finds in it."""
    path = directory / FILE
    whole = path.read_bytes()
    page = where(whole) // PAGE * PAGE
    path.write_bytes(whole[:page] + b"\xff" * PAGE + whole[page + PAGE :])


def record(station: str, seq: int) -> Callable[[bytes], int]:
    """Where the line of a record stands in a file."""
    text = f'"station":"{station}","seq":{seq},'.encode()
    return lambda whole: whole.index(text)


def verify(directory: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """What `hotline journal verify` ends with, and what it says."""
    code = entry.run(app, ["journal", "verify", "--state", str(directory)])
    told = capsys.readouterr()
    assert told.err == ""
    return code, told.out


def sql(directory: Path, *changes: str) -> None:
    """Change what stands in the tables."""
    with closing(sqlite3.connect(directory / FILE)) as connection, connection:
        for change in changes:
            connection.execute(change)


def test_a_torn_page_is_told_with_what_is_readable_around_it(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1; the journal, its records up to and after the page, and what SQLite says."""
    tear(state, record("isr", 150))
    code, told = verify(state, capsys)
    assert code == entry.FAILED
    says = r"^broken isr: readable up to (\d+) and again from (\d+) to 300;"
    found = re.search(says, told, re.MULTILINE)
    assert found
    last, again = int(found[1]), int(found[2])
    assert 140 < last < 150 < again < 160
    assert "between: database disk image is malformed\n" in told
    assert re.search(r"^broken pages: (records: |.*page \d+)", told, re.MULTILINE)
    assert "ok tur: 300 records\n" in told
    assert "ok isr" not in told
    assert f"move {state} away and start it with an empty one" in told


def test_a_torn_last_page_leaves_what_comes_before(state: Path) -> None:
    """Nothing is readable after it."""
    tear(state, record("tur", COUNT))
    found = examine(state)
    assert any(re.match(r"tur: readable up to 29\d; then: ", each) for each in found.broken)
    assert found.whole == {"isr": "300 records"}


def test_all_that_is_said_to_be_readable_is(state: Path) -> None:
    """By the way that a person would take: both ends of the journal, record by record."""
    tear(state, record("isr", 150))
    (says,) = (each for each in examine(state).broken if each.startswith("isr: "))
    last, again = (int(number) for number in re.findall(r"(?:to|from) (\d+)", says)[:2])
    query = "SELECT seq FROM records WHERE station = 'isr' AND seq {} ORDER BY seq"
    with closing(sqlite3.connect(state / FILE)) as connection:
        upto = connection.execute(query.format(f"<= {last}")).fetchall()
        after = connection.execute(query.format(f">= {again}")).fetchall()
    assert [seq for (seq,) in upto] == list(range(1, last + 1))
    assert [seq for (seq,) in after] == list(range(again, COUNT + 1))


def test_an_export_has_all_that_is_readable(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the torn journal both ends, and the other one whole; and it is told that it is not all."""
    tear(state, record("isr", 150))
    (says,) = (each for each in examine(state).broken if each.startswith("isr: "))
    last, again = (int(number) for number in re.findall(r"(?:to|from) (\d+)", says)[:2])
    assert entry.run(app, ["journal", "export", "--state", str(state)]) == entry.USAGE
    written = capsys.readouterr()
    found = [(r["station"], r["seq"]) for r in map(json.loads, written.out.splitlines())]
    ends = (*range(1, last + 1), *range(again, COUNT + 1))
    tur = [("tur", seq) for seq in range(1, COUNT + 1)]
    assert found == [*(("isr", seq) for seq in ends), *tur]
    assert "only a part could be read and was written (isr: " in written.err


def test_damage_after_a_torn_page_is_told_too(state: Path) -> None:
    """The chain is taken up anew behind it."""
    sql(state, "UPDATE records SET raw = raw || ' ' WHERE station = 'isr' AND seq = 200")
    tear(state, record("isr", 150))
    broken = examine(state).broken
    assert any(each.startswith("isr/201: prev does not fit record 200") for each in broken)


@pytest.mark.parametrize("page", [0, 1])
def test_a_file_whose_beginning_is_torn_is_damaged(
    page: int, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is a journal any more, or that of the records has lost its root."""
    tear(state, lambda _: page * PAGE)
    code, told = verify(state, capsys)
    assert code == entry.FAILED
    assert told.startswith("broken pages: ")
    assert "broken records: their authors cannot be read: " in told
    assert "ok " not in told


def test_an_empty_file_is_damaged(state: Path) -> None:
    """There is one, and it has no tables."""
    (state / FILE).write_bytes(b"")
    assert "records: their authors cannot be read: no such table: records" in examine(state).broken


@pytest.mark.parametrize("table", ["messages", "checkpoint", "owner", "pruned"])
def test_records_that_are_whole_are_said_to_be_so(
    table: str, state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """When a page beside them is torn, whatever it held; then an export has all that there is."""
    root = _page_of(table, state)
    tear(state, lambda _: root)
    code, told = verify(state, capsys)
    assert code == entry.FAILED
    assert "broken beside the records: " in told
    assert f"ok isr: {COUNT} records\nok tur: {COUNT} records\nAll records are whole" in told
    export = tmp_path / "all.ndjson"
    assert entry.run(app, ["journal", "export", "--state", str(state)]) == entry.OK
    export.write_text(capsys.readouterr().out, encoding="utf-8")
    (config := tmp_path / "line.toml").write_text(
        'line = "isr-tur"\nwatchdogs = ["dog"]\n[parties]\n'
        'isr = {display = "I"}\ntur = {display = "T"}\n'
    )
    words = ["import", str(export), "--line", str(config), "--station", "isr"]
    assert entry.run(app, ["journal", *words, "--state", str(tmp_path / "new")]) == entry.OK
    assert examine(tmp_path / "new").whole == {"isr": "300 records", "tur": "300 records"}


def _page_of(table: str, directory: Path) -> int:
    """Where the root page of a table begins."""
    with closing(sqlite3.connect(directory / FILE)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        [(root,)] = connection.execute(query, (table,))
    return (int(root) - 1) * PAGE


def test_records_that_were_acknowledged_once_and_are_gone_are_missed(tmp_path: Path) -> None:
    """Before there is any checkpoint too; what nobody had counted, nobody misses."""
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        journal.take_in(Author("isr").notices(9), {}, confirmed={"isr": 8})
    sql(tmp_path, "DELETE FROM records WHERE seq > 8")
    assert examine(tmp_path).broken == []
    sql(tmp_path, "DELETE FROM records WHERE seq > 7")
    found = examine(tmp_path)
    assert found.broken == ["isr: ends with 7, but 8 were here once"]
    assert not found.records_are_whole


def test_records_that_were_read_once_and_are_gone_are_missed(state: Path) -> None:
    """The end of a chain has no successor that would miss it."""
    sql(state, "DELETE FROM records WHERE station = 'isr' AND seq > 290")
    assert examine(state).broken == ["isr: ends with 290, but 300 were here once"]
    sql(state, "DELETE FROM records WHERE station = 'isr'")
    assert examine(state).broken == ["isr: ends with 0, but 300 were here once"]


def test_what_a_running_station_stores_meanwhile_is_not_missed(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its records have been read by then: what it made of the next ones is not looked at."""
    with closing(Journal.create(state, LINE, "isr")) as journal:
        checkpoint = Shelf.checkpoint

        def stored_before(shelf: Shelf, *, everything: bool) -> Checkpoint:
            picture = Picture(LINE)
            journal.append([*Author("tur").notices(COUNT + 1)][-1:])
            picture.fold_all(journal.records())
            journal.store(Turn(checkpoint=picture.put_away()))
            return checkpoint(shelf, everything=everything)

        monkeypatch.setattr(Shelf, "checkpoint", stored_before)
        assert examine(state).broken == []


def test_whose_it_is_may_be_gone(state: Path) -> None:
    """With records there it is no journal of nobody's."""
    sql(state, "DELETE FROM owner")
    found = examine(state)
    assert found.broken[0].startswith("beside the records: whose it is cannot be read")
    assert found.whole == {"isr": "300 records", "tur": "300 records"}


def test_a_file_that_holds_nothing_yet_is_no_damage(tmp_path: Path) -> None:
    """Its station was killed in its first moment."""
    Journal.create(tmp_path, LINE, "isr").close()
    sql(tmp_path, "DELETE FROM owner")
    with pytest.raises(LocalError, match="belongs to no station yet"):
        examine(tmp_path)


def test_whose_it_is_may_be_unreadable_before_it_has_any_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is some station's, whose next start would fail; there is nothing to export from it."""
    Journal.create(tmp_path, LINE, "isr").close()
    sql(tmp_path, "UPDATE owner SET line = '{'")
    code, told = verify(tmp_path, capsys)
    assert code == entry.FAILED
    assert told.startswith("broken beside the records: whose it is cannot be read")
    assert "start it with an empty one" in told


def test_a_file_that_somebody_else_holds_is_no_damage(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known of it; who was told that it is broken would move a whole journal away."""
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.1))
    with closing(sqlite3.connect(state / FILE, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LocalError, match="is locked; another program is using it"):
            examine(state)
    assert examine(state).broken == []


def test_a_file_beside_which_we_may_not_write_is_no_damage(
    state: Path, request: pytest.FixtureRequest
) -> None:
    """SQLite needs to: it is to be looked at by who may, or copied."""
    state.chmod(0o555)
    request.addfinalizer(partial(state.chmod, 0o755))
    if os.access(state, os.W_OK):
        pytest.skip("root may write everywhere")
    with pytest.raises(LocalError, match=r"readonly database; .* or at a copy"):
        examine(state)
    with pytest.raises(LocalError, match=r"readonly database; .* or at a copy"):
        Journal.look_at(state)


def test_a_file_that_cannot_be_opened_is_no_damage(state: Path) -> None:
    """Here what stands beside it is in the way."""
    (state / f"{FILE}-wal").mkdir()
    with pytest.raises(LocalError, match="unable to open database file"):
        examine(state)
