"""What is read of a journal, also by who only looks at it."""

from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.errors import LocalError
from hotline.journal import journal_reader
from hotline.journal.disk import Damaged
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.journal_reader import JournalReader
from hotline.picture.past import Checkpoint
from hotline.records import digest
from hotline.station.copies import Head
from hotline.station.turn import Turn
from tests.helpers import LINE, T0, Author, check


def test_records_beyond_some_heads_are_read(journal: Journal) -> None:
    """Of each journal what comes after its own number; of those not named, all."""
    authors = {name: Author(name) for name in ("dog", "isr", "tur")}
    for author, count in zip(authors.values(), (1, 3, 2), strict=True):
        journal.append(author.notices(count))
    assert {station: head.seq for station, head in journal.heads().items()} == {
        "dog": 1,
        "isr": 3,
        "tur": 2,
    }
    beyond = [record.ref for record in journal.records(after={"isr": 1, "tur": 2})]
    assert beyond == [("dog", 1), ("isr", 2), ("isr", 3)]
    assert list(journal.records(after=dict.fromkeys(authors, 9))) == []


def test_lines_are_read_up_to_a_bound(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as fit with their newlines, but always one, so that every repair goes on."""
    tur = Author("tur")
    journal.append(tur.notices(4))
    raws = [record.raw for record in tur.journal]
    two = len(raws[1]) + len(raws[2]) + 2
    assert journal.lines("tur", 1, two) == raws[1:3]
    assert journal.lines("tur", 1, two - 1) == raws[1:2]
    assert journal.lines("tur", 1, 0) == raws[1:2]
    assert journal.lines("tur", 0, 10**6) == raws
    assert journal.lines("tur", 4, 10**6) == []
    assert journal.lines("dog", 0, 10**6) == []
    monkeypatch.setattr(journal_reader, "MAX_REPLAY_RECORDS", 2)
    assert journal.lines("tur", 1, 10**6) == raws[1:3]


def test_the_rows_of_a_station_are_numbered(journal: Journal) -> None:
    """Each line with its number, in order, of that station alone."""
    isr, tur = Author("isr"), Author("tur")
    journal.append([*tur.notices(2), *isr.notices(1)])
    assert list(journal.rows("tur")) == [(r.seq, r.raw) for r in tur.journal]
    assert list(journal.rows_backwards("tur", 0)) == [(r.seq, r.raw) for r in tur.journal[::-1]]
    assert list(journal.rows_backwards("tur", 1)) == [(2, tur.journal[1].raw)]


def test_records_are_read_in_the_order_of_their_times(journal: Journal) -> None:
    """Those of one journal always in its own order, however its clock was set."""
    isr, tur = Author("isr"), Author("tur")
    for author, at_ms in ((isr, 20), (isr, 40), (tur, 10), (tur, 30), (tur, 5)):
        journal.append([author.says(Kind.CHECK, check(), T0 + at_ms)])
    read = [(record.station, record.at_ms - T0) for record in journal.records()]
    assert read == [("tur", 10), ("isr", 20), ("tur", 30), ("tur", 5), ("isr", 40)]


def test_what_was_pruned_is_counted_and_not_missed(journal: Journal) -> None:
    """A journal goes as far as it did; what is read of it begins after what was taken out."""
    isr, tur = Author("isr"), Author("tur")
    records = [*isr.notices(2), *tur.notices(3)]
    journal.store(Turn(records, checkpoint=Checkpoint({"isr": 2, "tur": 3})))
    heads = journal.heads()
    journal.prune({"isr": 2, "tur": 1})
    assert journal.heads() == heads
    assert journal.pruned() == {
        author.station: Head(seq, digest(author.journal[seq - 1].raw))
        for author, seq in ((isr, 2), (tur, 1))
    }
    assert journal.stations() == ["tur"]
    assert journal.lines("tur", 0, 10**6) == [record.raw for record in tur.journal[1:]]
    assert list(journal.faults()) == []


def test_what_was_changed_is_damage_to_whoever_reads_it(journal: Journal) -> None:
    """A record that is missing, and one that is none: nothing is told as if it were whole."""
    isr, tur = Author("isr"), Author("tur")
    journal.append([*isr.notices(2), *tur.notices(3)])
    edit = journal._connection.execute
    edit("DELETE FROM records WHERE station = 'tur' AND seq = 2")
    with pytest.raises(Damaged, match="tur/3: follows on 1"):
        journal.lines("tur", 0, 10**6)
    edit("UPDATE records SET raw = 'gone' WHERE station = 'isr' AND seq = 2")
    with pytest.raises(Damaged, match="isr/2: "):
        list(journal.records())
    not_a_record, gap = journal.faults()
    assert not_a_record.startswith("isr/2: is not a record")
    assert gap == "tur/3: follows on 1; expected 2"


def test_a_line_that_somebody_stored_as_a_text_is_read_as_bytes(journal: Journal) -> None:
    """A record that was put back by hand is the record that it was."""
    tur = Author("tur")
    journal.append(tur.notices(1))
    journal._connection.execute("UPDATE records SET raw = CAST(raw AS TEXT)")
    assert journal.lines("tur", 0, 10**6) == [tur.journal[0].raw]


def test_a_journal_can_be_looked_at_while_its_station_writes(
    journal: Journal, directory: Path
) -> None:
    """A reader sees all that was committed so far, and then what came since."""
    isr = Author("isr")
    journal.append(isr.notices(1))
    reader = JournalReader.look_at(directory)
    assert reader.owner() == (LINE, "isr")
    assert list(reader.records()) == isr.journal
    journal.append(isr.notices(1))
    assert list(reader.records()) == isr.journal
    reader.close()


def test_who_looks_cannot_write(journal: Journal, directory: Path) -> None:
    """Looking changes nothing."""
    reader = Journal.look_at(directory)
    with pytest.raises(LocalError, match="takes no more records"):
        reader.append(Author("isr").notices(1))
    reader.close()
    assert list(journal.records()) == []


def test_a_journal_can_be_looked_at_when_its_station_is_gone(
    journal: Journal, directory: Path
) -> None:
    """After a clean end as well as during the run."""
    journal.append(Author("isr").notices(1))
    journal.close()
    reader = JournalReader.look_at(directory)
    assert len(list(reader.records())) == 1
    reader.close()


def test_there_must_be_a_journal_to_look_at(tmp_path: Path) -> None:
    """A directory without one is named in the error, and none is made."""
    with pytest.raises(LocalError, match=f"no journal in {tmp_path}"):
        JournalReader.look_at(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"holiday photographs" * 100, b""], ids=["other", "empty"])
def test_a_file_that_is_no_journal_cannot_be_looked_at(tmp_path: Path, content: bytes) -> None:
    """Whatever stands there under a journal's name, the error is a sentence."""
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(LocalError, match="cannot read the journal"):
        JournalReader.look_at(tmp_path)
