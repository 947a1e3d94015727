"""A watchdog into whose journal records are imported judges them as if it had heard them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hotline.bodies import Answer, Kind, Resume, Suspend
from hotline.cli import app
from hotline.commands import entry
from hotline.journal import taking_up
from hotline.journal.journal import Journal
from hotline.journal.unjudged import read_as_heard
from hotline.notice import Precedence
from hotline.picture.message import Wait
from hotline.records import Record
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from hotline.watchdog import portions
from tests.crew import Stage, played
from tests.helpers import LINE, T0, TIMERS, Author, cancel, check, notice, reply
from tests.journal.test_importing import TOML

BEGAN_MS = T0 - HOUR_MS
FLASH = Precedence.FLASH
LATE_MS = TIMERS.answer_flash_ms + MINUTE_MS // 2


def story() -> dict[str, list[Record]]:
    """What tur said an hour ago, and what became of it; each message five minutes after another."""
    isr, tur = Author("isr"), Author("tur")
    for number, (name, starts_ms) in enumerate(
        [("LATE", HOUR_MS), ("IN-TIME", HOUR_MS), ("SOON", MINUTE_MS), ("CANCELLED", HOUR_MS)]
    ):
        said_ms = BEGAN_MS + number * 5 * MINUTE_MS
        flown = notice(name, precedence=FLASH, starts_ms=said_ms + starts_ms)
        tur.says(Kind.NOTICE, flown, said_ms)
    for seq, after_ms in ((1, LATE_MS), (2, SECOND_MS), (3, SECOND_MS)):
        said_ms = BEGAN_MS + (seq - 1) * 5 * MINUTE_MS
        isr.says(Kind.REPLY, reply("tur", seq, Answer.ACCEPT), said_ms + after_ms)
    tur.says(Kind.CANCEL, cancel("CANCELLED"), BEGAN_MS + 15 * MINUTE_MS + LATE_MS)
    roger = reply("tur", 5, Answer.ROGER)
    isr.says(Kind.REPLY, roger, BEGAN_MS + 15 * MINUTE_MS + LATE_MS + SECOND_MS)
    return {"isr": isr.journal, "tur": tur.journal}


FLAGS = [
    "late_notice tur/3 WARNING cleared",
    "unanswered tur/1 WARNING cleared",
    "unanswered tur/4 WARNING cleared",
]


def imported(directory: Path, *records: Record, to: str = "dog") -> int:
    """Import these into a station's journal; the exit code."""
    (directory / "line.toml").write_text(TOML, encoding="utf-8")
    file = directory / "records.ndjson"
    file.write_bytes(b"".join(record.raw + b"\n" for record in records))
    where = ["--line", str(directory / "line.toml"), "--station", to]
    state = ["--state", str(directory / to)]
    return entry.run(app, ["journal", "import", str(file), *where, *state])


def flags_of(stage: Stage) -> list[str]:
    """What the watchdog has flagged, and whether that is over."""
    return sorted(
        f"{e.flag.rule} {e.flag.subject} {e.level}{' cleared' if e.cleared_ms else ''}"
        for e in stage.picture("dog").flags
    )


async def judged(stage: Stage) -> list[str]:
    """What the watchdog says once all three have been on the line for a minute."""
    await stage.start_all()
    await stage.go(MINUTE_MS)
    flags = flags_of(stage)
    await stage.crash("dog")
    await stage.start("dog")
    await stage.go(MINUTE_MS)
    assert flags_of(stage) == flags, "another start finds nothing else"
    await stage.stop_all()
    return flags


async def without_isr(stage: Stage) -> list[str]:
    """What the watchdog says of isr, which is not on the line, once it was greeted in vain."""
    for name in ("tur", "dog"):
        await stage.start(name)
    await stage.go(TIMERS.greeting_ms + MINUTE_MS)
    return flags_of(stage)


def keep(directory: Path, *records: Record) -> None:
    """Have both parties hold these."""
    for name in LINE.parties:
        with closing(Journal.create(directory / name, LINE, name)) as journal:
            journal.append(records)


@pytest.mark.parametrize("most", [500, 1])
@pytest.mark.parametrize("order", [["isr", "tur"], ["tur", "isr"]])
def test_silences_that_are_over_are_flagged_when_they_are_imported(
    tmp_path: Path, order: list[str], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the file is sorted, and however many are judged in a turn; nothing else is."""
    monkeypatch.setattr(portions, "MOST", most)
    said = story()
    keep(tmp_path, *said["isr"], *said["tur"])
    assert imported(tmp_path, *(record for of in order for record in said[of])) == entry.OK
    assert played(tmp_path, judged) == FLAGS


def test_the_same_is_flagged_as_if_it_had_been_heard(tmp_path: Path) -> None:
    """By a watchdog that starts with an empty journal, and fetches all of it."""
    said = story()
    keep(tmp_path, *said["isr"], *said["tur"])
    assert played(tmp_path, judged) == FLAGS


def test_what_stands_flagged_is_cleared_by_an_answer_that_is_imported(tmp_path: Path) -> None:
    """Also by one that was in time, and had only not come through."""
    tur, isr = Author("tur"), Author("isr")
    tur.says(Kind.NOTICE, notice(precedence=FLASH), BEGAN_MS)
    tur.says(Kind.CHECK, check(), BEGAN_MS)
    keep(tmp_path, *tur.journal)
    standing = ["unanswered tur/1 ALARM", "unanswered tur/1 VOICE_REQUIRED"]
    standing += ["unanswered tur/1 WARNING", "unanswered tur/2 ALARM"]
    standing += ["unanswered tur/2 VOICE_REQUIRED", "unanswered tur/2 WARNING"]
    assert played(tmp_path, judged) == standing
    for seq, answer in ((1, Answer.ACCEPT), (2, Answer.ROGER)):
        isr.says(Kind.REPLY, reply("tur", seq, answer), BEGAN_MS + SECOND_MS)
    assert imported(tmp_path, *isr.journal) == entry.OK
    with closing(Journal.create(tmp_path / "isr", LINE, "isr")) as journal:
        journal.append(isr.journal)
    assert played(tmp_path, judged) == [f"{flag} cleared" for flag in standing]


def test_what_was_judged_is_not_judged_anew_when_it_is_imported_again(tmp_path: Path) -> None:
    """Into a new directory, with the watchdog's own words."""
    said = story()
    keep(tmp_path, *said["isr"], *said["tur"])
    assert played(tmp_path, judged) == FLAGS
    with closing(Journal.look_at(tmp_path / "dog")) as journal:
        records = list(journal.records())
    (tmp_path / "dog").rename(tmp_path / "moved")
    assert imported(tmp_path, *records) == entry.OK
    assert played(tmp_path, judged) == FLAGS
    with closing(Journal.look_at(tmp_path / "dog")) as journal:
        assert list(journal.records()) == records


def doubts_of(directory: Path, station: str) -> int:
    """How many messages a station has yet to judge."""
    with closing(Journal.look_at(directory / station)) as journal:
        return len(journal.shelf.doubts())


def test_only_a_watchdog_has_to_judge_and_only_what_is_new_to_it(tmp_path: Path) -> None:
    """Neither a party, nor who is given the same once more."""
    said = story()
    for station, doubts in (("isr", 0), ("dog", 5)):
        assert imported(tmp_path, *said["tur"], *said["isr"], to=station) == entry.OK
        assert doubts_of(tmp_path, station) == doubts
    with closing(Journal.create(tmp_path / "tur", LINE, "tur")) as journal:
        journal.append([*said["isr"], *said["tur"]])
    assert played(tmp_path, judged) == FLAGS
    assert imported(tmp_path, *said["tur"], *said["isr"]) == entry.OK
    assert doubts_of(tmp_path, "dog") == 0


def test_what_was_answered_was_delivered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when all of it was put away by the import, and who answered is gone."""
    monkeypatch.setattr(taking_up, "_MOST_RECORDS", 1)
    said = story()
    keep(tmp_path, *said["isr"], *said["tur"])
    assert imported(tmp_path, *said["isr"], *said["tur"]) == entry.OK

    assert played(tmp_path, without_isr) == sorted([*FLAGS, "silent isr ALARM"])


def test_a_missing_receipt_is_cleared_by_an_answer_that_is_imported(tmp_path: Path) -> None:
    """Also when who answered never comes back to say so."""
    tur, isr = Author("tur"), Author("isr")
    tur.says(Kind.CHECK, check(), BEGAN_MS)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), BEGAN_MS + SECOND_MS)
    keep(tmp_path, *tur.journal)

    def undelivered() -> list[str]:
        return [flag for flag in played(tmp_path, without_isr) if flag.startswith("undelivered")]

    standing = ["undelivered tur/1 ALARM", "undelivered tur/1 WARNING"]
    assert undelivered() == standing
    assert imported(tmp_path, *isr.journal) == entry.OK
    assert undelivered() == [f"{flag} cleared" for flag in standing]


def test_a_silence_excuses_nothing_that_was_missed_before_it(tmp_path: Path) -> None:
    """Of two checks that were answered late, the one that was due in a declared silence."""
    tur, isr = Author("tur"), Author("isr")
    late_ms = TIMERS.answer_check_ms + MINUTE_MS
    silence_ms = BEGAN_MS + 20 * MINUTE_MS
    for said_ms in (BEGAN_MS, silence_ms - MINUTE_MS):
        tur.says(Kind.CHECK, check(), said_ms)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), BEGAN_MS + late_ms)
    isr.says(Kind.SUSPEND, Suspend(reason="exercise"), silence_ms)
    tur.says(Kind.REPLY, reply("isr", 2, Answer.ROGER), silence_ms + SECOND_MS)
    isr.says(Kind.RESUME, Resume(), silence_ms + late_ms)
    isr.says(Kind.REPLY, reply("tur", 2, Answer.ROGER), silence_ms + late_ms)
    tur.says(Kind.REPLY, reply("isr", 3, Answer.ROGER), silence_ms + late_ms + SECOND_MS)
    keep(tmp_path, *isr.journal, *tur.journal)
    assert imported(tmp_path, *isr.journal, *tur.journal) == entry.OK
    assert played(tmp_path, judged) == ["unanswered tur/1 WARNING cleared"]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """The watchdog's journal, new and open."""
    with closing(Journal.create(tmp_path / "dog", LINE, "dog")) as journal:
        yield journal


def test_who_has_answered_has_all_before_it(journal: Journal) -> None:
    """With a STANDBY too, and in whatever order; what was known before of receipts stays known."""
    tur, isr = Author("tur"), Author("isr")
    journal.append(tur.notices(3))
    asked = [
        isr.says(Kind.REPLY, reply("tur", 2, Answer.STANDBY, expected_ms=T0 + HOUR_MS), T0 + 1),
        isr.says(Kind.REPLY, reply("tur", 1), T0 + 2),
        isr.says(Kind.CHECK, check(), T0 + 3),  # which nobody has answered
    ]
    assert read_as_heard(journal, LINE, asked, T0 + 9).confirmed == {"tur": 2}
    journal.take_in((), {}, confirmed={"tur": 3, "isr": 2})
    assert read_as_heard(journal, LINE, asked, T0 + 9).confirmed == {"tur": 3, "isr": 2}


def test_what_is_imported_is_read_in_the_order_of_its_times(journal: Journal) -> None:
    """However the file has it: the wait was ended by the answer, and the revision came after."""
    tur, isr = Author("tur"), Author("isr")
    journal.append([tur.says(Kind.NOTICE, notice(), T0)])
    revised = tur.says(Kind.NOTICE, notice(revision=2), T0 + 30)
    answered = isr.says(Kind.REPLY, reply("tur", 1), T0 + 10)
    (doubt,) = read_as_heard(journal, LINE, [revised, answered], T0 + 99).doubts
    assert (doubt.ref, doubt.waited) == (("tur", 1), Wait(T0, None))
    assert [(end.at_ms, end.is_answer) for end in doubt.ends] == [(T0 + 10, True), (T0 + 30, False)]


def test_what_is_in_doubt_already_gets_its_other_ends_too(journal: Journal) -> None:
    """Of two imports the second may have what came first."""
    tur, isr = Author("tur"), Author("isr")
    journal.append([tur.says(Kind.NOTICE, notice(), T0)])
    revised = tur.says(Kind.NOTICE, notice(revision=2), T0 + 30)
    first = read_as_heard(journal, LINE, [revised], T0 + 99)
    journal.take_in([revised], {}, *first)
    answered = isr.says(Kind.REPLY, reply("tur", 1), T0 + 10)
    (doubt,) = read_as_heard(journal, LINE, [answered], T0 + 99).doubts
    assert [end.at_ms for end in doubt.ends] == [T0 + 30, T0 + 10]
