"""Recordings of journals and of exported records."""

from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.line import Line
from hotline.status import GOODBYE
from hotline.times import MINUTE_MS
from hotline.watchdog.rules.silent import silence
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
    [remark] = found.remarks
    assert remark.startswith("The timers are the defaults: ")


@pytest.mark.parametrize(
    ("speaks_again", "apart_ms", "left_over"),
    [(False, 2_000, 0), (False, 10 * MINUTE_MS, 1), (True, 2_000, 3)],
)
def test_a_line_that_was_closed_in_good_order_ends_with_it(
    tmp_path: Path, *, speaks_again: bool, apart_ms: int, left_over: int
) -> None:
    """Who leaves last has flagged the others' goodbyes; nobody was silent, if they come together.

    Unless more was said.
    """
    _, tur, dog = conversation()
    ended_ms = max(record.at_ms for record in (*tur.journal, *dog.journal)) + 60_000
    for later_ms, who in ((0, "isr"), (apart_ms, "tur")):
        left = silence(who, GOODBYE, ended_ms + later_ms)
        dog.says(Kind.FLAG, left, at_ms=ended_ms + later_ms)
    if speaks_again:
        tur.says(Kind.CHECK, check(), at_ms=ended_ms + 9_000)
    found = from_files([ndjson(tmp_path / "all.ndjson", tur, dog)], CONFIG)
    flags = [record for record in found.records if record.at_ms >= ended_ms]
    assert len(flags) == left_over
    assert found.ends_ms - ended_ms == {0: 0, 1: apart_ms, 3: 10_000}[left_over]


def test_nothing_but_goodbyes_is_all_that_there_is(tmp_path: Path) -> None:
    """Then they are what is recorded."""
    dog = Author("dog")
    dog.says(Kind.FLAG, silence("isr", GOODBYE, T0))
    assert len(from_files([ndjson(tmp_path / "dog.ndjson", dog)], CONFIG).records) == 1


def test_what_is_missing_of_a_journal_is_told(tmp_path: Path) -> None:
    """Its beginning, which may be pruned, or a part of it, which is lacking; or all of it."""
    isr, tur = Author("isr"), Author("tur")
    tur.notices(5)
    isr.notices(5)
    del tur.journal[3], tur.journal[0], isr.journal[2:4], isr.journal[0]
    found = from_files([ndjson(tmp_path / "x.ndjson", isr, tur)], CONFIG)
    assert list(found.remarks) == [
        "The records of isr before isr/2 are missing.",
        "The records of tur before tur/2 are missing.",
    ]
    assert list(found.lacking) == [
        "2 records of isr are missing in between.",
        "1 record of tur is missing in between.",
    ]
    found = from_files([ndjson(tmp_path / "y.ndjson", conversation()[1])], CONFIG)
    assert list(found.remarks) == ["There are no records of isr."]


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
    with pytest.raises(LocalError, match="tur/1 has other content than elsewhere: a fork"):
        from_files([ndjson(tmp_path / "a", isr, tur), ndjson(tmp_path / "b", fork)], None)


def test_journals_of_others_than_the_lines_are_refused(tmp_path: Path) -> None:
    """With a line.toml on which nobody is who speaks in them."""
    stranger = Author("xyz")
    stranger.says(Kind.CHECK, check())
    with pytest.raises(LocalError, match="is of a station of the line isr-tur"):
        from_files([ndjson(tmp_path / "x.ndjson", stranger)], CONFIG)
