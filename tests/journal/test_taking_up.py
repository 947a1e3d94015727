"""A start reads what came after the last checkpoint; if that is much, only once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hotline.bodies import Clear, Kind
from hotline.journal import taking_up
from hotline.journal.journal import Journal
from hotline.journal.journal_reader import JournalReader
from hotline.journal.taking_up import last_said_ms, take_up, whole_picture
from hotline.line import Line
from hotline.picture.picture import Picture
from hotline.picture_json import as_dict
from hotline.records import Record
from hotline.station.turn import ForkFound, Turn
from hotline.times import MINUTE_MS
from hotline.watchdog.rules.fork import forked
from hotline.watchdog.rules.silent import silence
from tests.helpers import LINE, T0, Author, notice, reply

FORK = ForkFound("tur", 1, "isr")


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


def test_a_whole_picture_is_of_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the station puts away while somebody reads is not read twice."""
    tur, isr = Author("tur"), Author("isr")
    picture = Picture(LINE)
    with (
        closing(Journal.create(tmp_path, LINE, "dog")) as journal,
        closing(JournalReader.look_at(tmp_path)) as reader,
    ):

        def store(record: Record) -> None:
            picture.fold(record)
            journal.store(Turn([record], checkpoint=picture.put_away()))

        store(tur.says(Kind.NOTICE, notice("N-1"), T0))
        rows = reader.shelf._rows

        def answered_before(query: str, *values: object) -> Iterator[tuple[Any, ...]]:
            if "FROM messages" in query:
                store(isr.says(Kind.REPLY, reply("tur", 1), T0 + 1))
            return rows(query, *values)

        monkeypatch.setattr(reader.shelf, "_rows", answered_before)
        seen = whole_picture(reader)
        assert (seen.heads, seen.invalid) == ({"tur": 1}, {})


def test_the_picture_is_the_same_whatever_was_put_away(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is there, and what is settled is found."""
    whole = Picture(LINE)
    whole.fold_all(story(30))
    monkeypatch.setattr(taking_up, "_MOST_RECORDS", 10)
    journal.append(story(30))
    take_up(journal, LINE)
    again = take_up(journal, LINE)
    assert [m.notice for m in again.waiting_for("isr")] == ["N-30"]
    everything = Picture(LINE)
    everything.take_up(journal.shelf.checkpoint(everything=True))
    everything.fold_all(journal.records(after=everything.heads))
    assert as_dict(everything, T0) == as_dict(whole, T0)


@pytest.mark.parametrize("put_away_by_then", [False, True])
def test_the_words_of_a_watchdog_that_has_left_the_line_are_not_read(
    tmp_path: Path, *, put_away_by_then: bool
) -> None:
    """They are no nonsense, and no flag stands for ever; back on the line, they count again."""
    with_cat = Line(LINE.name, LINE.parties, (*LINE.watchdogs, "cat"))
    cat = Author("cat", with_cat)
    flag = silence("tur", "not heard for 15s", T0)
    said = [cat.says(Kind.FLAG, flag), cat.says(Kind.FLAG, forked(FORK, T0))]
    cleared = cat.says(Kind.CLEAR, Clear(rule=flag.rule, subject=flag.subject, reason="heard"))
    with closing(Journal.create(tmp_path, with_cat, "dog")) as journal:
        journal.append(said)
        if put_away_by_then:
            journal.store(Turn(checkpoint=take_up(journal, with_cat).put_away()))
        journal.append([cleared])
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        picture = take_up(journal, LINE)
        assert (picture.invalid, picture.flags) == ({}, [])
        assert as_dict(whole_picture(journal), T0) == as_dict(picture, T0)
        journal.store(Turn(checkpoint=picture.put_away()))
    with closing(Journal.create(tmp_path, with_cat, "dog")) as journal:
        standing = take_up(journal, with_cat).flagged.standing("cat")
        assert list(standing) == [forked(FORK, T0).key]


def test_the_last_word_in_a_journal_may_be_anybodys(tmp_path: Path) -> None:
    """The station's whose name comes last may have fallen silent long before."""
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        assert last_said_ms(journal) is None
        journal.append(Author("tur").notices(2))
        journal.append([Author("isr").says(Kind.NOTICE, notice(), T0 + MINUTE_MS)])
        assert last_said_ms(journal) == T0 + MINUTE_MS
