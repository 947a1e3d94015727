"""A start that fails leaves nothing of what it made, and all that was there."""

import resource
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.leftovers import cleared
from hotline.journal.state_lock import LOCK, StateLock
from tests.config_files import minimal
from tests.helpers import LINE, Author


def failing(directory: Path, count: int = 0, note: str = "") -> None:
    """A start that makes a journal with some records, and fails; somebody puts a note there."""
    with cleared(directory), closing(Journal.create(directory, LINE, "isr")) as journal:
        journal.append(Author("isr").notices(count))
        if note:
            (directory / note).touch()
        raise ZeroDivisionError


def test_a_directory_that_was_made_goes_with_those_above_it(tmp_path: Path) -> None:
    """None of them was there before."""
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path / "deep" / "state")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_start_that_does_not_even_reach_its_journal_leaves_nothing(
    tmp_path: Path, steps: int
) -> None:
    """However far it came: a disk that is full takes no directory, or a file with nothing in it."""

    def begin() -> None:
        with cleared(tmp_path / "state"):
            if steps >= 1:
                StateLock.take(tmp_path / "state").release()
            if steps == 2:
                (tmp_path / "state" / FILE).touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", [4096, 20_000, 40_000])
def test_a_start_on_a_full_disk_leaves_nothing(tmp_path: Path, room: int) -> None:
    """Not even where SQLite finds no room for the file that it needs beside a journal."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(LocalError, match="cannot use the journal"):
            failing(tmp_path / "state")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_was_there_stays(tmp_path: Path) -> None:
    """With all that is in it."""
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path)
    assert (tmp_path / FILE).exists()


def test_a_record_is_not_thrown_away(tmp_path: Path) -> None:
    """Whatever went wrong afterwards."""
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path / "state", count=1)
    with closing(Journal.look_at(tmp_path / "state")) as journal:
        assert journal.heads()["isr"].seq == 1


def test_what_is_somebody_elses_stays(tmp_path: Path) -> None:
    """A file of his, and a directory that he uses by now."""
    with pytest.raises(ZeroDivisionError):
        failing(tmp_path / "state", note="note")
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["note"]
    with ExitStack() as held:

        def begin() -> None:
            with cleared(tmp_path / "other"):
                held.callback(StateLock.take(tmp_path / "other").release)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            begin()
        assert (tmp_path / "other" / LOCK).exists()


def test_a_file_that_cannot_be_read_stays(tmp_path: Path) -> None:
    """Nobody knows whether there is a record in it."""

    def begin() -> None:
        with cleared(tmp_path / "state"):
            StateLock.take(tmp_path / "state").release()
            (tmp_path / "state" / FILE).write_text("no database, but who knows?")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        begin()
    assert (tmp_path / "state" / FILE).exists()


def test_what_ends_well_stays(tmp_path: Path) -> None:
    """Though there is no record yet."""
    with cleared(tmp_path / "state"):
        Journal.create(tmp_path / "state", LINE, "isr").close()
    assert (tmp_path / "state" / FILE).exists()


def test_a_station_without_a_broker_leaves_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be taken for the only one here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "share"))
    minimal(tmp_path, '[broker]\nurl = "mqtt://127.0.0.1:1"\n')
    command = ["station", "isr", "--line", str(tmp_path / "line.toml")]
    assert entry.run(app, command) == entry.UNREACHABLE
    assert [path.name for path in tmp_path.iterdir()] == ["line.toml"]
