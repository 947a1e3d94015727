"""Where a part of a recording begins: never in the middle of what still waits."""

from collections.abc import Sequence

import pytest

from hotline.bodies import Answer, Clear, Flag, Kind, Level, Rule, Subject, Suspend
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.recording.absences import Absence
from sim.recording.beginning import Waiting, all_that_waits, begin
from sim.recording.recording import Recording
from tests.helpers import LINE, T0, Author, cancel, check, notice, reply
from tests.sim.recording.test_encore import FLASH, played, told

ENDS = T0 + 2 * HOUR_MS


def waiting(*records: Record, away: Sequence[Absence] = ()) -> dict[str, tuple[int, int]]:
    """From when to when each thing waits, in seconds after the beginning."""
    picture = Picture(LINE)
    picture.fold_all(records)
    return {
        each.what: ((each.from_ms - T0) // SECOND_MS, (each.until_ms - T0) // SECOND_MS)
        for each in all_that_waits(picture, records, away, ENDS, Timers())
    }


@pytest.mark.parametrize(
    ("asked", "begins"),
    [
        (5_000, 5_000),  # nothing has happened yet
        (10_000, 10_000),  # what is said at the beginning belongs to it
        (10_001, 9_001),  # whole seconds before the time that was asked for
        (15_000, 10_000),
        (20_000, 10_000),  # its end would have been the first word
        (20_001, 20_001),
        (35_000, 30_000),
        (45_000, 30_000),  # by what waited at 40
        (52_000, 52_000),
    ],
)
def test_it_begins_at_the_last_moment_at_which_nothing_waited(asked: int, begins: int) -> None:
    """Step by step, as at the earlier moment something else may have waited."""
    waits = [
        Waiting("a", 10_000, 20_000),
        Waiting("b", 40_000, 50_000),
        Waiting("c", 30_000, 41_000),
    ]
    assert begin(asked, 0, waits).at_ms == begins


def test_there_is_nothing_before_the_recording() -> None:
    """What waited before that cannot be recorded; it begins where the recording does."""
    found = begin(9_500, 3_000, [Waiting("a", 1_000, 20_000)])
    assert found.at_ms == 3_000
    assert [each.what for each in found.waited] == ["a"]
    found = begin(3_000, 3_000, [Waiting("a", 1_000, 20_000)])
    assert list(found.remarks(3_000)) == []
    assert begin(2_000, 3_000, [Waiting("a", 1_000, 20_000)]).at_ms == 2_000  # as was asked for


def test_why_it_begins_earlier_is_told() -> None:
    """What waited at the time that was asked for, each with its own time; of many, some."""
    waits = [Waiting(f"TUR-{n}", T0 + n, T0 + 60_000) for n in range(7)]
    found = begin(T0 + 30_000, T0, waits)
    says = list(found.remarks(T0 + 30_000))
    assert says[0] == "It begins before 2026-01-12T06:00:30.000Z, with what still waited then:"
    assert says[1] == "- TUR-0 (from 2026-01-12T06:00:00.000Z on)"
    assert says[-1] == "- and 2 more."
    assert list(begin(T0, T0, waits).remarks(T0)) == []


def test_a_message_waits_until_the_last_word_about_it() -> None:
    """Its answer, its revision, the end of its flag, however late; unanswered, its last level."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice("A"), T0)
    tur.says(Kind.NOTICE, notice("B"), T0 + 1_000)
    tur.says(Kind.NOTICE, notice("C"), T0 + 2_000)
    tur.says(Kind.CHECK, check(), T0 + 3_000)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 9_000)
    isr.says(Kind.REPLY, reply("tur", 2, Answer.STANDBY, expected_ms=T0 + HOUR_MS), T0 + 10_000)
    tur.says(Kind.NOTICE, notice("B", revision=2), T0 + 20_000)
    tur.says(Kind.CANCEL, cancel("A"), T0 + 30_000)  # of what was settled
    about = Subject(station="tur", seq=3)
    flag = Flag(rule=Rule.UNANSWERED, subject=about, level=Level.WARNING, due=T0, detail="x")
    dog.says(Kind.FLAG, flag, T0 + 40 * MINUTE_MS)
    isr.says(Kind.REPLY, reply("tur", 3), T0 + 50 * MINUTE_MS)
    dog.says(Kind.CLEAR, Clear(rule=flag.rule, subject=about, reason="x"), T0 + 51 * MINUTE_MS)
    found = waiting(*isr.journal, *tur.journal, *dog.journal)
    assert found["A rev 1"] == (0, 9)
    assert found["B rev 1"] == (1, 20)
    assert found["C rev 1"] == (2, 51 * 60)
    assert found["check tur/4"] == (3, 3 + 10 * 60 + 1)


def test_silences_wait_until_they_end() -> None:
    """Declared ones; missed checks, from the first of two on; who is away, from the last word."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    isr.says(Kind.SUSPEND, Suspend(reason="a storm"), T0 + 7_000)
    tur.says(Kind.CHECK, check(), T0)
    tur.says(Kind.CHECK, check(), T0 + 20 * MINUTE_MS)
    tur.says(Kind.CHECK, check(), T0 + 40 * MINUTE_MS)
    flag = Flag(
        rule=Rule.DEGRADED,
        subject=Subject(station="isr"),
        level=Level.ALARM,
        due=T0 + 45 * MINUTE_MS,
        detail="x",
    )
    dog.says(Kind.FLAG, flag, T0 + 45 * MINUTE_MS)
    gone = [
        Absence("tur", T0 + 60_000, T0 + 90_000, "tur: link lost"),
        Absence("isr", T0 + 100_000, None, "isr: not heard for 15s"),
    ]
    found = waiting(*isr.journal, *tur.journal, *dog.journal, away=gone)
    assert found["the silence that isr had declared"] == (7, 2 * 3600)
    assert found["the checks that isr missed"] == (20 * 60, 2 * 3600)
    assert found["tur, which could not be heard: link lost"] == (60, 90)
    assert found["isr, which could not be heard: not heard for 15s"] == (85, 2 * 3600)


@pytest.mark.parametrize("asked_s", [200, 245, 305, 370, 425, 500, 610])
def test_a_part_out_of_the_middle_comes_out_the_same(asked_s: int) -> None:
    """In the middle of a silence, of an open notice with its flags, before a late answer."""
    recording = played(
        events=[
            FLASH,
            {"at": "4m", "fault": {"kind": "cut", "of": "tur", "for": "70s"}},
            {"at": "7m", "who": "isr", "suspend": {"reason": "a storm", "until": "9m"}},
            {"at": "8m20s", "who": "isr", "resume": "attended"},
            {"at": "10m", "who": "tur", "check": "how do you read?"},
        ],
        officers={"isr": [{"name": "Levi", "reads_in": "245s"}]},
    )
    cut = recording.cut(recording.begins_ms + asked_s * SECOND_MS, None)
    assert told(cut) == ["Played again, it gave the same words, to the second, and the same flags."]


def test_what_waits_is_said_in_the_file_at_its_time() -> None:
    """Whoever cuts an hour out finds at its beginning what lay on the desks."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 61_000)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 95_000)
    records = [*isr.journal, *tur.journal]
    recording = Recording(LINE, {}, records, T0, ENDS, "a test", Timers())
    written = recording.cut(T0 + 90_000, T0 + 150_000).sheet().as_yaml()
    assert "start: 2026-01-12T06:01:01Z\nduration: 1m29s\n" in written
    assert "# It begins before 2026-01-12T06:01:30.000Z, with what still waited then:\n" in written
    assert "# - TUR-014 rev 1 (from 2026-01-12T06:01:01.000Z on)\n" in written
    assert "{answer: ACCEPT, of" not in written
    assert "at: 34s" in written
    assert "left out" not in written
