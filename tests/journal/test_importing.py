"""What comes back into a journal out of which it was pruned."""

from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.cli import app
from hotline.commands import entry
from hotline.files.mistakes import FileError
from hotline.journal.importing import read_for
from hotline.journal.pruning import move_out, prunable
from hotline.records import decode, digest
from hotline.station.copies import Head
from tests.helpers import Author, changed, check
from tests.journal.test_pruning import LATER_MS, kept, picture_of, story

TOML = """\
line = "isr-tur"
watchdogs = ["dog"]
parties = {isr = {display = "Israel"}, tur = {display = "Türkiye"}}
"""


def test_what_was_pruned_comes_back(tmp_path: Path) -> None:
    """From its own file or an old export, and as if it had never been away."""
    with kept(tmp_path / "isr", *story()) as journal:
        before, records = picture_of(journal), list(journal.records())
        moved = tmp_path / "old.ndjson"
        move_out(journal, prunable(journal, LATER_MS, LATER_MS), moved)
        taken = read_for(journal, moved)
        assert (taken.new, taken.left, taken.begin_after) == ([], [], {"tur": Head(0, "")})
        journal.take_in(taken.back, taken.begin_after)
        assert list(journal.records()) == records
        assert (journal.pruned(), list(journal.faults())) == ({}, [])
        assert picture_of(journal) == before
        assert read_for(journal, moved).back == []
        assert prunable(journal, LATER_MS, LATER_MS) == {"tur": 2}


def test_of_several_files_the_newest_comes_back_first(tmp_path: Path) -> None:
    """What does not go on to what is here is left, with the reason."""
    files = [tmp_path / f"{number}.ndjson" for number in (1, 2)]
    with kept(tmp_path / "isr", *Author("tur").notices(5), pruned=3) as journal:
        records = Author("tur").notices(5)
        for file, part in zip(files, (records[:1], records[1:3]), strict=True):
            file.write_bytes(b"".join(record.raw + b"\n" for record in part))
        first = read_for(journal, files[0])
        assert (first.back, first.begin_after) == ([], {})
        (left,) = first.left
        assert left.startswith("1 record of tur, pruned here: the file lacks tur/3")
        for file, gone in zip(reversed(files), (1, 0), strict=True):
            taken = read_for(journal, file)
            journal.take_in(taken.back, taken.begin_after)
            assert journal.pruned().get("tur", Head(0, "")).seq == gone
            assert list(journal.faults()) == []
        assert list(journal.records()) == records


def test_what_comes_back_must_be_what_went(tmp_path: Path) -> None:
    """Other words of the last that went are a fork; other ones before it are left."""
    other = Author("tur")
    for _ in range(2):
        other.says(Kind.CHECK, check())
    file = tmp_path / "other.ndjson"
    tur = Author("tur").notices(3)
    with kept(tmp_path / "isr", *tur, pruned=2) as journal:
        file.write_bytes(other.journal[1].raw)
        with pytest.raises(FileError, match="tur/2 was pruned here with other content: a fork"):
            read_for(journal, file)
        file.write_bytes(other.journal[0].raw + b"\n" + tur[1].raw)
        taken = read_for(journal, file)
        assert taken.back == [tur[1]]
        assert taken.begin_after == {"tur": Head(1, digest(tur[0].raw))}
        assert taken.left == ["1 record of tur, pruned here: the file has tur/1 with other content"]
        file.write_bytes(b"\n".join([other.journal[0].raw, tur[0].raw]))
        with pytest.raises(FileError, match=":2: tur/1 was pruned here with other content: a fork"):
            read_for(journal, file)


def test_what_is_bound_to_nothing_comes_back_too(tmp_path: Path) -> None:
    """Typed by hand, a record need not say what it follows on."""
    typed = [decode(changed(record.raw, prev=None)) for record in Author("tur").notices(4)]
    file = tmp_path / "typed.ndjson"
    file.write_bytes(b"\n".join(record.raw for record in typed[1:3]))
    with kept(tmp_path / "isr", *typed, pruned=3) as journal:
        taken = read_for(journal, file)
        assert (taken.back, taken.begin_after) == (typed[1:3], {"tur": Head(1, "")})
        journal.take_in(taken.back, taken.begin_after)
        assert list(journal.records()) == typed[1:]
        assert list(journal.faults()) == []


def test_a_file_may_say_the_same_twice_but_not_otherwise(tmp_path: Path) -> None:
    """Two exports may be put together; where they differ, one of the two is false."""
    one, two = Author("tur").notices(2)
    file = tmp_path / "both.ndjson"
    with kept(tmp_path / "isr") as journal:
        file.write_bytes(b"\n".join([one.raw, two.raw, one.raw]))
        assert read_for(journal, file).new == [one, two]
        file.write_bytes(
            b"\n".join([one.raw, two.raw, Author("tur").says(Kind.CHECK, check()).raw])
        )
        with pytest.raises(FileError, match=":3: tur/1 is already here with other content: a fork"):
            read_for(journal, file)


def test_the_command_says_what_came_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what did not."""
    with kept(tmp_path / "isr", *story()) as journal:
        move_out(journal, prunable(journal, LATER_MS, LATER_MS), tmp_path / "old.ndjson")
    toml = tmp_path / "line.toml"
    toml.write_text(TOML, encoding="utf-8")
    first = tmp_path / "first.ndjson"
    first.write_bytes((tmp_path / "old.ndjson").read_bytes().splitlines()[0])
    where = ["--line", str(toml), "--station", "isr", "--state", str(tmp_path / "isr")]
    assert entry.run(app, ["journal", "import", str(first), *where]) == entry.OK
    told = capsys.readouterr().out
    assert told.startswith("0 new records in ")
    assert "not taken 1 record of tur, pruned here: the file lacks tur/2" in told
    assert entry.run(app, ["journal", "import", str(tmp_path / "old.ndjson"), *where]) == entry.OK
    assert capsys.readouterr().out.endswith("; 2 that were pruned are back\n")
