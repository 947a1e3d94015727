"""Recordings of journals and of exported records."""

from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.line import Line
from sim.recording.archive import from_files
from tests.helpers import LINE, T0, Author, check
from tests.sim.recording.conversation import CONFIG, conversation, ndjson


def test_journals_and_exports_are_read_as_one(tmp_path: Path) -> None:
    """Each record once, from the minute of the first to a second after the last."""
    isr, tur, dog = conversation()
    journal = Journal.create(tmp_path / "isr", LINE, "isr")
    journal.append([*isr.journal, *tur.journal])
    journal.close()
    exported = ndjson(tmp_path / "dog.ndjson", tur, dog)
    found = from_files([tmp_path / "isr", exported], None)
    assert found.line == LINE
    assert sorted(record.ref for record in found.records) == [("dog", 1), ("isr", 1), ("tur", 1)]
    assert (found.begins_ms, found.ends_ms) == (T0, T0 + 67_000)
    assert "The timers are the defaults" in found.remarks[-1]


def test_what_is_missing_of_a_journal_is_told(tmp_path: Path) -> None:
    """Its beginning, a part of it, or all."""
    isr, tur = Author("isr"), Author("tur")
    tur.notices(5)
    isr.notices(5)
    del tur.journal[3], tur.journal[0], isr.journal[2:4], isr.journal[0]
    found = from_files([ndjson(tmp_path / "x.ndjson", isr, tur)], CONFIG)
    assert list(found.remarks) == [
        "The records of isr before isr/2 are not there.",
        "2 records of isr are missing in between.",
        "The records of tur before tur/2 are not there.",
        "1 record of tur is missing in between.",
    ]


def test_what_cannot_be_recorded_is_an_error(tmp_path: Path) -> None:
    """A sentence for each."""
    isr, tur, dog = conversation()
    with pytest.raises(LocalError, match="cannot read"):
        from_files([tmp_path / "none.ndjson"], None)
    with pytest.raises(LocalError, match="no journal in"):
        from_files([tmp_path], None)
    (tmp_path / "empty.ndjson").write_bytes(b"")
    with pytest.raises(LocalError, match="no records in"):
        from_files([tmp_path / "empty.ndjson"], None)
    (tmp_path / "bad.ndjson").write_bytes(b"{}\n\nx\n")
    with pytest.raises(LocalError, match=r"bad.ndjson:1: v is None.*\n.*bad.ndjson:3: not JSON"):
        from_files([tmp_path / "bad.ndjson"], None)
    Journal.create(tmp_path / "isr", LINE, "isr").close()
    with pytest.raises(LocalError, match=f"of a journal; name its directory, {tmp_path}/isr"):
        from_files([tmp_path / "isr" / FILE], None)
    with pytest.raises(LocalError, match="two parties of the line isr-tur: heard tur"):
        from_files([ndjson(tmp_path / "one.ndjson", tur, dog)], None)
    other = Author("isr", Line("other", ("isr", "tur"), ("dog",)))
    other.notices(1)
    with pytest.raises(LocalError, match="expected records of one line, got those of isr-tur, oth"):
        from_files([ndjson(tmp_path / "a", tur), ndjson(tmp_path / "b", other)], None)
    with pytest.raises(LocalError, match="expected records of one line, got those of isr-tur, oth"):
        from_files([ndjson(tmp_path / "a", isr), ndjson(tmp_path / "b", other)], None)
    fork = Author("tur")
    fork.notices(1)
    with pytest.raises(LocalError, match="tur/1 has other words than elsewhere: a fork"):
        from_files([ndjson(tmp_path / "a", isr, tur), ndjson(tmp_path / "b", fork)], None)


def test_journals_of_others_than_the_lines_are_refused(tmp_path: Path) -> None:
    """With a line.toml on which nobody is who speaks in them."""
    stranger = Author("xyz")
    stranger.says(Kind.CHECK, check())
    with pytest.raises(LocalError, match="is of a station of the line isr-tur"):
        from_files([ndjson(tmp_path / "x.ndjson", stranger)], CONFIG)
