"""Pruning: what goes is old, settled and held elsewhere; what stays is whole."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hotline.bodies import Answer, Kind, Ref
from hotline.cli import app
from hotline.commands import entry
from hotline.errors import LocalError
from hotline.journal.disk import JournalFailed
from hotline.journal.journal import Journal
from hotline.journal.journal_reader import JournalReader
from hotline.journal.pruning import move_out, prunable
from hotline.journal.taking_up import whole_picture
from hotline.machine import open_station
from hotline.picture.doubts import Doubt, End
from hotline.picture.message import Wait
from hotline.picture.picture import Picture
from hotline.picture_json import as_dict
from hotline.records import Record, digest
from hotline.station.copies import Head
from hotline.station.turn import Publish, Refused, Turn
from hotline.times import HOUR_MS, SECOND_MS
from tests.crew import Stage, on_stage
from tests.helpers import LINE, T0, TIMERS, Author, check, notice, reply, resend

LATER_MS = T0 + 100 * HOUR_MS
ENDS_MS = T0 + 10 * HOUR_MS


def story() -> list[Record]:
    """Three notices of tur's, an hour apart: two are answered by isr, the last one waits."""
    tur, isr = Author("tur"), Author("isr")
    for number in range(1, 4):
        flown = notice(f"N-{number}", starts_ms=T0, ends_ms=ENDS_MS)
        tur.says(Kind.NOTICE, flown, T0 + number * HOUR_MS)
    for number in range(1, 3):
        isr.says(Kind.REPLY, reply("tur", number, Answer.ACCEPT), T0 + number * HOUR_MS + 1)
    return [*tur.journal, *isr.journal]


@contextmanager
def kept(directory: Path, *records: Record, pruned: int = 0) -> Iterator[Journal]:
    """The journal of isr with these records, less so many of the first one's author."""
    with closing(Journal.create(directory, LINE, "isr")) as journal:
        journal.append(records)
        if pruned:
            prunable(journal, T0, LATER_MS)  # leaves a checkpoint
            journal.prune({records[0].station: pruned})
        yield journal


def picture_of(journal: Journal) -> dict[str, object]:
    """What `hotline picture` shows of a journal."""
    checkpoint = journal.shelf.checkpoint(everything=True)
    picture = Picture(LINE)
    picture.take_up(checkpoint)
    picture.fold_all(journal.records(after=checkpoint.heads))
    return as_dict(picture, T0)


def test_what_stays_is_whole_and_says_the_same(tmp_path: Path) -> None:
    """The chain goes on from what went, and no picture changes."""
    with kept(tmp_path / "isr", *story()) as journal:
        before = picture_of(journal)
        moved = tmp_path / "old.ndjson"
        assert move_out(journal, prunable(journal, LATER_MS, LATER_MS), moved) == 2
        assert moved.read_bytes().splitlines() == [record.raw for record in story()[:2]]
        assert journal.pruned() == {"tur": Head(2, digest(story()[1].raw))}
        assert [seq for seq, _ in journal.rows("tur")] == [3]
        assert list(journal.faults()) == []
        assert picture_of(journal) == before
        assert journal.heads()["tur"] == Head(3, digest(story()[2].raw))
        machine = open_station(journal, LINE, "isr", TIMERS)
        assert [m.notice for m in machine.picture.waiting_for("isr")] == ["N-3"]


def test_what_no_checkpoint_has_read_is_not_pruned(tmp_path: Path) -> None:
    """It would be forgotten."""
    with kept(tmp_path / "isr", *story()) as journal:
        with pytest.raises(LocalError, match="in no checkpoint yet"):
            journal.prune({"tur": 2})
        assert len(list(journal.rows("tur"))) == 3


def test_a_journal_that_was_pruned_to_its_end_keeps_its_head(tmp_path: Path) -> None:
    """Also bit by bit. The next record must still follow on the last one."""
    first, second = Author("tur").notices(2)
    with kept(tmp_path / "isr", first, second, pruned=1) as journal:
        journal.prune({"tur": 2})
        assert journal.heads()["tur"] == Head(2, digest(second.raw))
        assert list(journal.rows("tur")) == []


def test_journals_are_pruned_together_or_not_at_all(tmp_path: Path) -> None:
    """Whoever is told that nothing was pruned may throw the new file away."""
    records = [*Author("isr").notices(1), *Author("tur").notices(1)]
    with kept(tmp_path / "isr", *records) as journal:
        prunable(journal, T0, LATER_MS)  # leaves a checkpoint
        journal._connection.execute(
            "CREATE TRIGGER torn BEFORE DELETE ON records WHEN old.station = 'tur'"
            " BEGIN SELECT raise(ABORT, 'torn page'); END"
        )
        with pytest.raises(JournalFailed, match="torn page"):
            journal.prune({"isr": 1, "tur": 1})
        assert journal.pruned() == {}
        assert list(journal.records()) == records


def test_a_broken_chain_after_the_cut_is_found(tmp_path: Path) -> None:
    """The first record that stayed must follow on the last that went."""
    tur = Author("tur")
    tur.notices(2)
    other = Author("tur")
    other.says(Kind.CHECK, check())
    other.says(Kind.CHECK, check())
    with kept(tmp_path / "isr", tur.journal[0], other.journal[1], pruned=1) as journal:
        (fault,) = journal.faults()
        assert fault.startswith("tur/2: prev does not fit")


def test_nothing_is_pruned_when_the_file_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What went into it before must not be lost."""
    with kept(tmp_path / "isr", *story()):
        pass
    old = tmp_path / "old.ndjson"
    old.write_text("precious")
    words = ["journal", "prune", "--state", str(tmp_path / "isr"), "--before", "2026-02-01"]
    assert entry.run(app, [*words, "--to", str(old)]) == entry.USAGE
    assert "nothing was pruned" in capsys.readouterr().err
    assert old.read_text() == "precious"


def test_a_file_that_finds_no_room_is_not_left_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the same command can be given again once there is room."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with kept(tmp_path / "isr", *story()) as journal:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(LocalError, match="No space left on device; nothing was pruned"):
                move_out(journal, {"tur": 2}, tmp_path / "old.ndjson")
        assert not (tmp_path / "old.ndjson").exists()
        assert len(list(journal.rows("tur"))) == 3


def test_the_file_and_its_name_are_on_disk_before_anything_is_taken_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut in between leaves the records in both places, not in neither."""
    synced: dict[Path, int] = {}  # and how long it was then
    sync, prune = os.fsync, Journal.prune

    def noted(descriptor: int) -> None:
        sync(descriptor)
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced[name] = os.fstat(descriptor).st_size

    def pruned(journal: Journal, upto: dict[str, int]) -> None:
        assert list(synced) == [to, to.parent]
        assert synced[to] == to.stat().st_size
        prune(journal, upto)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Journal, "prune", pruned)
    to = tmp_path / "archive" / "old.ndjson"
    to.parent.mkdir()
    with kept(tmp_path / "isr", *story()) as journal:
        assert move_out(journal, prunable(journal, LATER_MS, LATER_MS), to) == 2
        assert len(list(journal.rows("tur"))) == 1


def test_a_watchdog_that_is_not_sure_yet_keeps_all(tmp_path: Path) -> None:
    """What it has yet to judge, it judges by the flags that it has raised."""
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        wait = Wait(T0, None)
        end = End(T0 + 1_000, "superseded", is_answer=False, begins=wait)
        journal.store(Turn(doubts=[Doubt(Ref("tur", 1), wait, [end])]))
        (doubt,) = journal.shelf.doubts()
        assert (doubt.ref, doubt.waited, list(doubt.ends)) == (("tur", 1), wait, [end])
        with pytest.raises(LocalError, match="start it once more"):
            prunable(journal, T0, LATER_MS)
        journal.store(Turn(doubts=[Doubt(Ref("tur", 1), wait, [])]))
        assert prunable(journal, T0, LATER_MS) == {}


def test_what_was_pruned_by_another_version_is_not_taken_up(tmp_path: Path) -> None:
    """What its records said was put away, and nobody can read it out of them any more."""
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        journal.append(Author("tur").notices(1))
        database = sqlite3.connect(tmp_path / "journal.sqlite")
        with database:
            database.execute("INSERT INTO pruned VALUES ('tur', 1, 'x')")
            database.execute("PRAGMA user_version = 1")
        database.close()
    with pytest.raises(LocalError, match="pruned by another version"):
        Journal.create(tmp_path, LINE, "isr")
    with (
        closing(JournalReader.look_at(tmp_path)) as reader,
        pytest.raises(LocalError, match="pruned by another version"),
    ):
        whole_picture(reader)


def test_the_command_says_what_went(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And where to; a second time, that nothing more can. A bad date is told."""
    with kept(tmp_path / "isr", *story()):
        pass
    words = ["journal", "prune", "--state", str(tmp_path / "isr"), "--before"]
    old, new = str(tmp_path / "[old].ndjson"), str(tmp_path / "new.ndjson")
    assert entry.run(app, [*words, "2026-02-01", "--to", old]) == entry.OK
    told = capsys.readouterr().out
    assert f" moved to {old}: " in told
    assert "tur up to 2" in told
    assert entry.run(app, [*words, "2026-02-01", "--to", new]) == entry.OK
    assert "nothing to prune" in capsys.readouterr().out
    assert not Path(new).exists()
    assert entry.run(app, [*words, "yesterday", "--to", new]) == entry.USAGE
    assert "--before: expected a UTC time" in capsys.readouterr().err
    assert entry.run(app, [*words, "2100-01-01", "--to", new]) == entry.USAGE
    assert "--before 2100-01-01 is still to come" in capsys.readouterr().err
    assert entry.run(app, ["journal", "verify", "--state", str(tmp_path / "isr")]) == entry.OK
    assert "tur: 3 records, those up to 2 pruned" in capsys.readouterr().out


@on_stage
async def test_who_asks_for_what_was_pruned_is_told_of(stage: Stage) -> None:
    """Nothing is replayed that could not be taken; the log says why, once for each request."""
    with kept(stage.state / "isr", *Author("isr").notices(3), pruned=2):
        pass

    isr = await stage.start("isr")
    await stage.go(TIMERS.silent_ms)
    for after in (1, 1, 1, 0):
        asked = resend("tur", "isr", b'{"after": %d}' % after)
        stage.broker.route(Publish(asked.topic, asked.payload))
        await stage.go(TIMERS.resend_ms)
    told = [event.reason for event in isr.events if isinstance(event, Refused)]
    assert told == ["tur asks for records of isr that were pruned here"] * 2


@on_stage
async def test_who_lost_its_disk_gets_what_its_author_has_pruned_from_another(stage: Stage) -> None:
    """The author is there and cannot answer, so whoever has the words does; all new ones follow."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    for _ in range(3):
        stage.say("tur", check())
    await stage.go(SECOND_MS)
    await stage.stop("tur")
    with closing(Journal.create(stage.state / "tur", LINE, "tur")) as journal:
        prunable(journal, T0, LATER_MS)  # leaves a checkpoint
        journal.prune({"tur": 2})
    await stage.crash("isr")
    shutil.rmtree(stage.state / "isr")
    await stage.start("tur")
    await stage.start("isr")
    await stage.go(TIMERS.greeting_ms)
    stage.say("tur", check())
    await stage.go(3 * TIMERS.resend_ms)
    assert stage.picture("isr").heads["tur"] == 4
