"""What waits is read in the order of its times."""

import pytest

from hotline.records import Record
from hotline.station import intake
from hotline.station.copies import Head
from hotline.station.intake import Intake
from tests.helpers import T0, Author, ref

BEFORE = Head(0, "")


def numbered(intake: Intake) -> list[str]:
    """What is taken, in its order."""
    return [str(ref(record)) for record in intake.take_all()]


def at(record: Record, at_ms: int) -> Record:
    """The record, said at another time."""
    return record._replace(at_ms=at_ms)


def test_two_journals_are_read_as_they_were_said() -> None:
    """By their times, and those of one journal in its order even when its clock was put back."""
    isr, tur = Author("isr").notices(2), Author("tur").notices(2)
    intake = Intake(patience_ms=4_000)
    for record in (at(tur[0], T0 + 2), at(tur[1], T0 + 1), at(isr[0], T0), at(isr[1], T0 + 3)):
        intake.put(record, BEFORE, T0)
    assert numbered(intake) == ["isr/1", "tur/1", "tur/2", "isr/2"]
    assert numbered(intake) == []


def test_what_waits_is_not_stored() -> None:
    """The head on disk is the one before the first that waits, until all is taken.

    That is due so long after the first of all, whatever comes behind it.
    """
    record, next_one = Author("isr").notices(2)
    after = Head(2, "x")
    intake = Intake(patience_ms=4_000)
    assert intake.stored("isr", after) == after
    intake.put(record, BEFORE, T0)
    assert "isr" in intake
    assert intake.stored("isr", after) == BEFORE
    intake.put(next_one, Head(1, "d1"), T0 + 1_000)
    assert intake.stored("isr", after) == BEFORE
    assert intake.due_ms() == T0 + 4_000
    intake.shift(500)
    assert intake.due_ms() == T0 + 4_500
    intake.take_all()
    assert "isr" not in intake
    assert intake.stored("isr", after) == after
    assert intake.due_ms() is None


def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes until they can be read in the right order."""
    monkeypatch.setattr(intake, "_MOST_RECORDS", 3)
    isr, tur = Author("isr").notices(2), Author("tur").notices(1)
    waiting = Intake(patience_ms=4_000)
    seen = []
    for record in (*isr, *tur):
        waiting.put(record, BEFORE, T0)
        seen.append(waiting.is_full)
    waiting.take_all()
    assert [*seen, waiting.is_full] == [False, False, True, False]


def test_long_records_wait_in_bounded_memory_too() -> None:
    """Fewer of them: a notice with a large area takes a megabyte when it has been read."""
    long, *others = Author("isr").notices(200)
    waiting = Intake(patience_ms=4_000)
    for record in others:
        waiting.put(record._replace(raw=long.raw.ljust(60_000)), BEFORE, T0)
        if waiting.is_full:
            break
    assert 100 < len(waiting.take_all()) < 150
    waiting.put(long, BEFORE, T0)
    assert not waiting.is_full
