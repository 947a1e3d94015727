"""A start reads what came after the last checkpoint; if that is much, only once."""

from contextlib import closing
from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.journal import taking_up
from hotline.journal.journal import Journal
from hotline.journal.taking_up import take_up
from hotline.picture.picture import Picture
from hotline.picture_json import as_dict
from hotline.records import Record
from hotline.times import MINUTE_MS
from tests.helpers import LINE, T0, Author, notice, reply


def story(notices: int) -> list[Record]:
    """So many notices of tur's, all answered by isr but the last, journal by journal."""
    tur, isr = Author("tur"), Author("isr")
    for number in range(1, notices + 1):
        tur.says(Kind.NOTICE, notice(f"N-{number}"), T0 + number * MINUTE_MS)
        if number < notices:
            isr.says(Kind.REPLY, reply("tur", number), T0 + number * MINUTE_MS + 1)
    return [*isr.journal, *tur.journal]


def test_what_was_imported_is_put_away_by_the_first_who_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the file was sorted, answers are read after what they answer, so few wait."""
    monkeypatch.setattr(taking_up, "_MOST_RECORDS", 10)
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        journal.append(story(30))
        first = take_up(journal, LINE)
        assert sum(journal.shelf.checkpoint().heads.values()) >= 59 - 10
        assert len(first.messages) <= 10
        second = take_up(journal, LINE)
        read = 59 - sum(journal.shelf.checkpoint().heads.values())
        assert len(second.messages) <= read < 10, "and the second read no more than that"


def test_the_picture_is_the_same_whatever_was_put_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is there, and what is settled is found."""
    whole = Picture(LINE)
    whole.fold_all(story(30))
    monkeypatch.setattr(taking_up, "_MOST_RECORDS", 10)
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        journal.append(story(30))
        take_up(journal, LINE)
        again = take_up(journal, LINE)
        assert [m.notice for m in again.waiting_for("isr")] == ["N-30"]
        everything = Picture(LINE)
        everything.take_up(journal.shelf.checkpoint(everything=True))
        everything.fold_all(journal.records(after=everything.heads))
    assert as_dict(everything, T0) == as_dict(whole, T0)
