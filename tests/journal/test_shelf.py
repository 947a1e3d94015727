"""The shelf: what is put away says the same as what is in memory, and is found again."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline import records
from hotline.bodies import Answer, Handover, Kind, Ref, Suspend
from hotline.journal.journal import Journal
from hotline.machine import open_station
from hotline.notice import Precedence
from hotline.picture.changes import Change
from hotline.picture.lifecycle import Standing
from hotline.picture.picture import Picture
from hotline.picture_json import as_dict
from hotline.records import Record
from hotline.station.turn import Turn
from hotline.times import SECOND_MS
from tests.crew import Stage, played
from tests.helpers import (
    LINE,
    NONSENSE,
    T0,
    TIMERS,
    TWO_DOGS,
    Author,
    cancel,
    check,
    flag,
    notice,
    reply,
    stop,
    voice,
)
from tests.journals import interleaved, journals, seen

FLASH = Precedence.FLASH


def told(changes: Sequence[Change]) -> list[tuple[object, ...]]:
    """What a record changed, in a form that can be compared."""
    return [
        (c.what, c.record.ref, c.message and c.message.ref, c.reason, c.waited) for c in changes
    ]


def put_away(picture: Picture, journal: Journal) -> Picture:
    """The picture that a start finds after this one has been put away."""
    journal.store(Turn(checkpoint=picture.put_away()))
    again = Picture(picture.line, journal.shelf)
    again.take_up(journal.shelf.checkpoint())
    return again


def everything(picture: Picture, journal: Journal) -> Picture:
    """All that was ever put away, with the last of it."""
    journal.store(Turn(checkpoint=picture.put_away()))
    whole = Picture(picture.line)
    whole.take_up(journal.shelf.checkpoint(everything=True))
    return whole


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_picture_that_was_put_away_goes_on_as_if_it_had_not_been(data: st.DataObject) -> None:
    """Every record changes the same, and in the end the same is there."""
    order = interleaved(data, data.draw(journals()))
    cuts = data.draw(st.sets(st.integers(0, len(order))))
    in_memory = Picture(TWO_DOGS)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        journal = Journal.on(connection, TWO_DOGS, "dog")
        picture = Picture(TWO_DOGS, journal.shelf)
        for number, record in enumerate(order):
            if number in cuts:
                picture = put_away(picture, journal)
            assert told(picture.fold(record)) == told(in_memory.fold(record)), record.ref
        waiting = [[m.ref for m in picture.waiting_for(party)] for party in TWO_DOGS.parties]
        whole = everything(picture, journal)
    assert waiting == seen(in_memory)["waiting"]
    assert seen(whole) == seen(in_memory)
    assert as_dict(whole, T0) == as_dict(in_memory, T0)


def test_what_is_settled_is_no_longer_in_memory_and_is_found(journal: Journal) -> None:
    """A late answer, a second one, and the next revision find what they are about."""
    tur, isr = Author("tur"), Author("isr")
    picture = Picture(LINE, journal.shelf)
    picture.fold(tur.says(Kind.NOTICE, notice()))
    picture.fold(isr.says(Kind.REPLY, reply("tur", 1)))
    picture.fold(tur.says(Kind.CHECK, check()))
    picture = put_away(picture, journal)
    assert list(picture.messages) == [Ref("tur", 2)]
    again = picture.fold(isr.says(Kind.REPLY, reply("tur", 1, Answer.REJECT)))
    assert [change.reason for change in again] == ["answered_already"]
    picture = put_away(picture, journal)
    picture.fold(tur.says(Kind.NOTICE, notice(revision=2)))
    first = picture.find(Ref("tur", 1))
    assert first is not None
    assert first.standing is Standing.SUPERSEDED
    picture = put_away(picture, journal)
    picture.fold(tur.says(Kind.CANCEL, cancel()))
    late = picture.fold(tur.says(Kind.NOTICE, notice(revision=3)))
    assert [change.reason for change in late] == ["notice_was_cancelled"]


def test_all_that_is_put_away_is_read_as_it_was_written(journal: Journal) -> None:
    """Whatever was said of a message, of a party, of a flag: journals drawn by chance lack some."""
    tur, isr, dog = Author("tur"), Author("isr"), Author("dog")
    soon_ms = T0 + SECOND_MS
    tur.says(Kind.NOTICE, notice())
    tur.says(Kind.NOTICE, notice(revision=2))
    for _ in range(2):
        tur.says(Kind.CHECK, check())
    tur.says(Kind.STOP, stop("TUR-014"))
    tur.says(Kind.HANDOVER, Handover(officer="Demir", deputy="Kaya"))
    isr.says(Kind.REPLY, reply("tur", 1, Answer.STANDBY, expected_ms=soon_ms))
    isr.says(Kind.VOICE, voice("tur", 2, Answer.STANDBY, expected_ms=soon_ms))
    isr.says(Kind.REPLY, reply("tur", 3, Answer.ROGER))
    isr.says(Kind.SUSPEND, Suspend(reason="exercise", until=soon_ms))
    isr.says(Kind.CHECK, NONSENSE)
    isr.says(Kind.REPLY, reply("tur", 9))  # which has yet to come
    dog.says(Kind.FLAG, flag())
    picture = Picture(LINE, journal.shelf)
    picture.fold_all([*tur.journal, *isr.journal, *dog.journal])
    checkpoint = picture.put_away()
    assert [f.name for f in fields(checkpoint) if not getattr(checkpoint, f.name)] == []
    journal.store(Turn(checkpoint=checkpoint))
    found = journal.shelf.checkpoint(everything=True)
    for each in (checkpoint, found):
        each.messages.sort(key=attrgetter("ref"))
    assert found == checkpoint


def test_what_was_put_away_comes_with_the_records_or_not_at_all(journal: Journal) -> None:
    """A commit that fails leaves the last checkpoint as it was."""
    tur = Author("tur")
    first, second = tur.notices(2)
    picture = Picture(LINE, journal.shelf)
    picture.fold(first)
    journal.store(Turn([first], checkpoint=picture.put_away()))
    picture.fold(second)
    with pytest.raises(Exception, match="takes no more"):
        journal.store(Turn([second, first], checkpoint=picture.put_away()))
    assert journal.shelf.checkpoint().heads == {"tur": 1}
    assert journal.shelf.message(second.ref) is None


def test_a_checkpoint_of_another_version_is_not_taken_up(journal: Journal) -> None:
    """The records say it all; so everything is read anew."""
    tur = Author("tur")
    picture = Picture(LINE, journal.shelf)
    picture.fold(tur.says(Kind.NOTICE, notice()))
    journal.store(Turn(tur.journal, checkpoint=picture.put_away()))
    journal._connection.execute("UPDATE checkpoint SET version = 0")
    assert journal.shelf.checkpoint().heads == {}
    machine = open_station(journal, LINE, "isr", TIMERS)
    assert list(machine.picture.messages) == [Ref("tur", 1)]


def test_tables_of_another_version_are_made_anew(tmp_path: Path) -> None:
    """Of what they hold, only what no record says is kept: how far others have the journals."""
    tur = Author("tur")
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        picture = Picture(LINE, journal.shelf)
        picture.fold(tur.says(Kind.NOTICE, notice()))
        checkpoint = picture.put_away()
        journal.store(Turn(tur.journal, checkpoint=checkpoint, confirmed={"tur": 1}))
        journal._connection.executescript(
            "ALTER TABLE messages RENAME COLUMN state TO before;"
            "ALTER TABLE flags RENAME COLUMN state TO before;"
            "PRAGMA user_version = 1"
        )
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        machine = open_station(journal, LINE, "isr", TIMERS)
        assert list(machine.picture.messages) == [Ref("tur", 1)]
        journal.store(Turn(checkpoint=machine.picture.put_away()))
        assert len(journal.shelf.checkpoint(everything=True).messages) == 1
        assert journal.shelf.confirmed() == {"tur": 1}


def test_a_start_reads_only_what_came_after_the_checkpoint(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the history is."""
    tur = Author("tur")
    picture = Picture(LINE, journal.shelf)
    picture.fold_all(tur.notices(50))
    checkpoint = picture.put_away()
    journal.store(Turn(tur.journal, checkpoint=checkpoint, confirmed={"tur": 50}))
    journal.append([tur.says(Kind.CHECK, check())])
    read: list[int] = []
    decode = records.decode

    def spy(raw: bytes) -> Record:
        record = decode(raw)
        read.append(record.seq)
        return record

    monkeypatch.setattr("hotline.journal.journal_reader.decode", spy)
    machine = open_station(journal, LINE, "isr", TIMERS)
    assert read == [51]
    assert len(machine.picture.waiting_for("isr")) == 51
    assert machine.picture.heads == {"tur": 51}


def test_the_records_of_which_no_receipt_is_known_are_listed(tmp_path: Path) -> None:
    """With their times, for the watchdog that waits for their receipts."""
    tur = Author("tur")
    for number in range(3):
        tur.says(Kind.CHECK, check(), T0 + number)
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        journal.append(tur.journal)
        later = [(each.seq, each.at_ms) for each in journal.shelf.envelopes_after("tur", 1)]
        assert later == [(2, T0 + 1), (3, T0 + 2)]
        assert list(journal.shelf.envelopes_after("isr", 0)) == []


@pytest.mark.parametrize("every", [1, 2, 7])
def test_a_line_on_which_everybody_crashes_and_puts_away_tells_the_same_story(
    tmp_path: Path, every: int
) -> None:
    """Flags, pictures and what officers are shown do not depend on checkpoints."""

    def story(state: Path, *, crashing: bool) -> list[object]:
        async def play(stage: Stage) -> list[object]:
            if crashing:
                stage.checkpoint_every = every
            await stage.start_all()
            await stage.go(SECOND_MS)
            for number in range(1, 6):
                stage.say("tur", notice(f"N-{number}", precedence=FLASH))
                await stage.go(SECOND_MS)
                if number % 2:
                    stage.say("isr", reply("tur", number))
                await stage.go(TIMERS.silent_ms)
                if crashing:
                    for name in ("dog", "isr"):
                        await stage.crash(name)
                        await stage.start(name)
                await stage.go(TIMERS.answer_flash_ms)
            await stage.stop_all()
            told: list[object] = []
            for name in stage.line.stations:
                journal = Journal.look_at(state / name)
                picture = Picture(LINE)
                checkpoint = journal.shelf.checkpoint(everything=True)
                picture.take_up(checkpoint)
                picture.fold_all(journal.records(after=checkpoint.heads))
                journal.close()
                view = as_dict(picture, T0)
                unanswered = [f for f in view["flags"] if f["rule"] == "unanswered"]
                told.append([view["messages"], unanswered])
            return told

        return played(state, play)

    expected = story(tmp_path / "calm", crashing=False)
    assert story(tmp_path / "crashing", crashing=True) == expected
    assert expected[0] == expected[1] == expected[2]


def test_receipts_are_remembered_beside_the_records(tmp_path: Path) -> None:
    """The last word for each journal, with records or without."""
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        journal.store(Turn(Author("tur").notices(2), confirmed={"tur": 1}))
        journal.store(Turn(confirmed={"tur": 2, "isr": 4}))
        assert journal.shelf.confirmed() == {"tur": 2, "isr": 4}
