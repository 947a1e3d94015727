import contextlib
import gc
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from tests.commands.journals import LINE, exported, records, run
from tests.somebody_else import somebody_else

TOML = 'line = "isr-tur"\n[parties]\nisr = {display = "Israel"}\ntur = {display = "Türkiye"}\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A line's configuration on disk."""
    path = tmp_path / "line.toml"
    path.write_text(TOML)
    return path


def into(file: Path, config: Path, state: Path) -> int:
    """Import a file into a state directory of `isr`."""
    return run("import", file, "--line", config, "--station", "isr", "--state", state)


def test_an_exported_journal_is_the_same_after_import(
    state: Path, config: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Byte for byte; and to import it again changes nothing."""
    first = exported(state, capfdbinary)
    file = tmp_path / "journal.ndjson"
    file.write_bytes(first)
    assert into(file, config, tmp_path / "copy") == entry.OK
    assert into(file, config, tmp_path / "copy") == entry.OK
    assert b"0 new records" in capfdbinary.readouterr().out
    assert exported(tmp_path / "copy", capfdbinary) == first


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda lines: lines[1:], ":1: isr/2 follows on 0; expected 1"),
        (lambda lines: [*lines, b"rubbish"], ":6: not JSON"),
        (lambda lines: [lines[0], lines[1].replace(b"{}", b"{ }"), lines[2]], ":3: isr/3: prev"),
        (lambda lines: [lines[0].replace(b"isr-tur", b"other")], "not of isr-tur"),
        (lambda lines: [lines[0].replace(b'"isr"', b'"usa"')], "usa, who is not on the line isr-"),
    ],
)
def test_a_spoilt_file_is_refused_whole(
    spoil: object,
    says: str,
    state: Path,
    config: Path,
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    """The line is named, and nothing of the file is stored."""
    assert callable(spoil)
    lines = exported(state, capfdbinary).splitlines()
    file = tmp_path / "journal.ndjson"
    file.write_bytes(b"\n".join(spoil(lines)) + b"\n")
    assert into(file, config, tmp_path / "copy") == entry.USAGE
    assert says in capfdbinary.readouterr().err.decode()
    assert not (tmp_path / "copy").exists()


def test_other_words_under_a_stored_number_are_a_fork(
    state: Path, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are refused, and what is stored stays."""
    file = tmp_path / "fork.ndjson"
    file.write_bytes(records("tur", 1)[0].raw.replace(b"{}", b'{"remarks":"x"}'))
    assert into(file, config, state) == entry.USAGE
    assert "tur/1 is already here with other content: a fork" in capsys.readouterr().err
    assert run("verify", "--state", state) == entry.OK


def test_without_a_directory_the_only_journal_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One who only looks need not say which when there is one; else he is told what there is."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    root = tmp_path / "hotline" / "isr-tur"
    assert run("verify") == 2
    assert "no journal beneath" in capsys.readouterr().err

    Journal.create(root / "isr", LINE, "isr").close()
    assert run("verify") == run("export") == entry.run(app, ["picture"]) == 0
    shown = capsys.readouterr().out
    assert f"journal in {root / 'isr'}, as of " in shown
    assert "Z\nline isr-tur: no records" in shown

    Journal.create(root / "tur", LINE, "tur").close()
    assert run("verify") == 2
    assert f"(--state {root / 'isr'}, --state {root / 'tur'})" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["journal.sqlite", ""])
@pytest.mark.parametrize("command", ["verify", "export"])
def test_a_journal_that_we_may_not_read_is_one_clear_error(
    state: Path, what: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the file nor what is in its directory."""
    forbidden = state / what
    mode = forbidden.stat().st_mode
    forbidden.chmod(0)
    with somebody_else(state):
        assert run(command, "--state", state) == entry.USAGE
    forbidden.chmod(mode)
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith("error: cannot read the journal ")


@pytest.mark.parametrize("text", ["", "\n"])
def test_an_empty_file_is_an_error(
    text: str, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever has it believes that he has a copy."""
    file, state = tmp_path / "empty.ndjson", tmp_path / "new"
    file.write_text(text)
    assert into(file, config, state) == entry.USAGE
    assert f"{file} is empty: expected records" in capsys.readouterr().err
    assert not state.exists()


def test_a_journal_of_nobody_on_the_line_is_not_begun(
    state: Path, config: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Its name may be mistyped."""
    file, new = tmp_path / "journal.ndjson", tmp_path / "new"
    file.write_bytes(exported(state, capfdbinary))
    words = ("import", file, "--line", config, "--station", "isrr", "--state", new)
    assert run(*words) == entry.USAGE
    says = b"'isrr' is not a station of this line; did you mean 'isr'?"
    assert says in capfdbinary.readouterr().err
    assert not new.exists()


def test_the_file_of_a_journal_is_no_export(
    state: Path, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence says what makes one, where each of its bytes could be a mistake."""
    assert into(state / FILE, config, tmp_path / "new") == entry.USAGE
    says = "is the file of a journal; expected what `hotline journal export` makes of it"
    assert capsys.readouterr().err == f"error: {state / FILE} {says}\n"


def test_output_that_cannot_be_written_is_one_clear_error(state: Path) -> None:
    """A full disk behind stdout."""
    words = [sys.executable, "-m", "hotline", "journal", "export", "--state", str(state)]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == entry.USAGE
    assert ended.stderr == "error: cannot write all of it: No space left on device\n"


def test_an_export_needs_somewhere_to_go(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python has no stdout where the shell has closed it."""
    monkeypatch.setattr(sys, "stdout", None)
    assert entry.run(app, ["journal", "export", "--state", str(state)]) == entry.USAGE
    assert "stdout is closed: send it to a file" in capsys.readouterr().err


def test_a_journal_that_does_not_say_whose_it_is_is_closed_again(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is pruned of it, and the file is let go of (what is left open fails any test)."""
    with contextlib.closing(sqlite3.connect(state / FILE)) as database, database:
        database.execute("UPDATE owner SET line = 'x'")
    words = ["--state", state, "--before", "2026-01-01", "--to", tmp_path / "old.ndjson"]
    assert run("prune", *words) == entry.USAGE
    gc.collect()
    assert "whose it is cannot be read" in capsys.readouterr().err
