"""What is expected of a recording that is played again."""

from typing import Any

from hotline.bodies import Answer, Clear, Flag, Kind, Level, Rule, Subject
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import MINUTE_MS
from sim.recording.absences import HEARD_NOBODY, Absence
from sim.recording.outcome import Outcome
from sim.recording.transcript import Transcript
from tests.helpers import LINE, T0, Author, check, notice, reply


def outcome(
    *records: Record, away: tuple[Absence, ...] = ()
) -> tuple[list[dict[str, Any]], list[str]]:
    """The expectations of ten minutes, and what cannot be expected."""
    picture = Picture(LINE)
    picture.fold_all(records)
    transcript = Transcript(LINE, picture, T0)
    transcript.write_down([record for record in records if not isinstance(record.body, Flag)])
    found = Outcome(picture, transcript, away, T0, T0 + 10 * MINUTE_MS, Timers())
    return [item.fields for item in found.expected()], found.not_expected


def flag(rule: Rule, seq: int | None, due_ms: int) -> Flag:
    """A flag about one of tur's records, or about tur."""
    about = Subject(station="tur", seq=seq)
    return Flag(rule=rule, subject=about, level=Level.ALARM, due=T0 + due_ms, detail="x")


def cleared(rule: Rule, seq: int) -> Clear:
    """That such a flag is over."""
    return Clear(rule=rule, subject=Subject(station="tur", seq=seq), reason="x")


def test_of_each_revision_the_state_is_expected() -> None:
    """And that nothing was flagged that was not."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    tur.says(Kind.NOTICE, notice("TUR-2"), T0 + 2_000)
    tur.says(Kind.NOTICE, notice(revision=2), T0 + 3_000)
    isr.says(Kind.REPLY, reply("tur", 3, Answer.REJECT), T0 + 4_000)
    expected, not_expected = outcome(*tur.journal, *isr.journal)
    assert expected == [
        {"state": "superseded", "of": "TUR-014", "revision": 1},
        {"state": "open", "of": "TUR-2"},
        {"state": "rejected", "of": "TUR-014", "revision": 2},
        {"never": {"flag": "unanswered"}},
        {"never": {"flag": "undelivered"}},
        {"never": {"flag": "silent"}},
        {"never": {"flag": "invalid"}},
    ]
    assert not_expected == []


def test_a_flag_is_expected_about_when_it_came() -> None:
    """A little earlier or later: the machine and the broker are others, but not after the end."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    dog.says(Kind.FLAG, flag(Rule.UNANSWERED, 1, 121_000), T0 + 122_300)
    dog.says(Kind.FLAG, flag(Rule.SILENT, None, 597_000), T0 + 597_000)
    expected, _ = outcome(*tur.journal, *dog.journal)
    assert expected[:2] == [
        {
            "flag": "unanswered",
            "of": "TUR-014",
            "level": "ALARM",
            "after": "2m1s",
            "within": "2m8s",
        },
        {"flag": "silent", "of": "tur", "level": "ALARM", "after": "9m56s", "within": "10m"},
    ]
    assert {"never": {"flag": "unanswered"}} not in expected


def test_nothing_is_expected_before_what_it_is_about_was_said() -> None:
    """A watchdog whose clock is slow flags and clears that earlier; played again it is not slow."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 50_000)
    dog.says(Kind.FLAG, flag(Rule.LATE_NOTICE, 1, 50_000), T0 + 37_000)
    dog.says(Kind.CLEAR, cleared(Rule.LATE_NOTICE, 1), T0 + 41_000)
    expected, _ = outcome(*tur.journal, *dog.journal)
    assert [(each["after"], each["within"]) for each in expected[:2]] == [("49s", "55s")] * 2


def test_nothing_is_expected_before_it_was_due() -> None:
    """By a clock that is slow; `check` would refuse the file."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 50_000)
    dog.says(Kind.FLAG, flag(Rule.UNANSWERED, 1, 170_000), T0 + 151_000)
    dog.says(Kind.CLEAR, cleared(Rule.UNANSWERED, 1), T0 + 160_000)
    expected, _ = outcome(*tur.journal, *dog.journal)
    assert [(each["after"], each["within"]) for each in expected[:2]] == [("2m50s", "2m56s")] * 2
    dog.says(Kind.FLAG, flag(Rule.UNANSWERED, 1, 600_000), T0 + 190_000)
    _, [told] = outcome(*tur.journal, *dog.journal)
    assert told.endswith("its deadline, after the end, is not recorded")


def test_what_is_due_before_it_was_said_is_expected_when_it_was_said() -> None:
    """An answer was promised for a time that was over by the clock of whoever asked."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 50_000)
    dog.says(Kind.FLAG, flag(Rule.UNANSWERED, 1, 20_000), T0 + 21_000)
    expected, _ = outcome(*tur.journal, *dog.journal)
    assert (expected[0]["after"], expected[0]["within"]) == ("49s", "56s")


def test_what_was_flagged_before_the_beginning_is_not_expected() -> None:
    """It was of a time that is not played."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    dog.says(Kind.FLAG, flag(Rule.SILENT, None, -1), T0 - 1)
    expected, not_expected = outcome(*tur.journal, *dog.journal)
    assert {"never": {"flag": "silent"}} in expected
    assert not [each for each in expected if "flag" in each]
    assert not_expected == []


def test_a_late_receipt_is_expected_when_somebody_was_away() -> None:
    """Else nobody knows what held it up."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    dog.says(Kind.FLAG, flag(Rule.UNDELIVERED, 1, 6_000), T0 + 7_000)
    expected, not_expected = outcome(*tur.journal, *dog.journal)
    assert [each for each in expected if "undelivered" in str(each)] == []
    [says] = not_expected
    assert says.startswith("not expected: undelivered ALARM of tur/1 at 2026-01-12T06:00:07.000Z;")
    away = Absence("isr", T0, T0 + 9_000, "isr: link lost")
    expected, not_expected = outcome(*tur.journal, *dog.journal, away=(away,))
    assert not_expected == []
    assert any(each["flag"] == "undelivered" for each in expected if "flag" in each)


def test_a_late_receipt_is_expected_when_its_message_was_said_to_nobody() -> None:
    """Who is missed without a last will is flagged when he has been away for a while."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 20_000)
    dog.says(Kind.FLAG, flag(Rule.UNDELIVERED, 1, 25_000), T0 + 26_000)
    for flagged_ms, is_expected in ((34_000, True), (36_000, False)):
        away = Absence("isr", T0 + flagged_ms, T0 + 60_000, "isr: not heard for 15s")
        expected, not_expected = outcome(*tur.journal, *dog.journal, away=(away,))
        assert any("undelivered" in each.values() for each in expected) is is_expected
        assert (not not_expected) is is_expected


def test_of_an_absence_that_nobody_flagged_nothing_is_excluded() -> None:
    """Played again with a watchdog it may be flagged."""
    tur = Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    expected, _ = outcome(*tur.journal, away=(Absence("dog", T0, None, "goodbye"),))
    assert [each for each in expected if "never" in str(each)] == [
        {"never": {"flag": "unanswered"}},
        {"never": {"flag": "invalid"}},
    ]


def test_what_was_on_its_way_may_bring_a_flag_sooner() -> None:
    """On a slow line a flag is raised and cleared later than on the one that plays it again."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 60_000)
    dog.says(Kind.FLAG, flag(Rule.LATE_NOTICE, 1, 0), T0 + 63_000)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 100_000)
    dog.says(Kind.CLEAR, cleared(Rule.LATE_NOTICE, 1), T0 + 104_000)
    expected, _ = outcome(*tur.journal, *isr.journal, *dog.journal)
    assert [(each["after"], each["within"]) for each in expected[:2]] == [
        ("59s", "1m8s"),
        ("1m39s", "1m49s"),
    ]


def test_how_slow_a_line_was_is_told_by_its_receipts() -> None:
    """A receipt that was missed, with nobody away, and came in the end: so long records took."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 60_000)
    dog.says(Kind.FLAG, flag(Rule.UNDELIVERED, 1, 65_000), T0 + 66_000)
    dog.says(Kind.CLEAR, cleared(Rule.UNDELIVERED, 1), T0 + 75_000)
    dog.says(Kind.FLAG, flag(Rule.UNANSWERED, 1, 180_000), T0 + 181_000)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 190_000)
    dog.says(Kind.CLEAR, cleared(Rule.UNANSWERED, 1), T0 + 200_000)
    expected, _ = outcome(*tur.journal, *isr.journal, *dog.journal)
    assert [(each["after"], each["within"]) for each in expected[:2]] == [
        ("3m", "3m6s"),
        ("3m9s", "3m25s"),
    ]


def test_what_a_watchdog_missed_holds_up_no_receipt() -> None:
    """A flag that came late as its author's clock is wrong looks as if the watchdog was away."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    dog.says(Kind.FLAG, flag(Rule.UNDELIVERED, 1, 41_000), T0 + 61_000)
    away = Absence("dog", T0 + 21_000, T0 + 60_000, "flagged later than it was due")
    expected, not_expected = outcome(*tur.journal, *dog.journal, away=(away,))
    assert [each for each in expected if "undelivered" in str(each)] == []
    assert len(not_expected) == 1


def missed(from_ms: int, until_ms: int) -> tuple[list[dict[str, Any]], list[str]]:
    """What is expected of a silence without a last will, flagged and cleared at these times."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check())
    told = flag(Rule.SILENT, None, from_ms).model_copy(update={"detail": "tur: not heard for 15s"})
    dog.says(Kind.FLAG, told, T0 + from_ms)
    clear = Clear(rule=Rule.SILENT, subject=Subject(station="tur"), reason="x")
    dog.says(Kind.CLEAR, clear, T0 + until_ms)
    gone = Absence("tur", T0 + from_ms, T0 + until_ms, "tur: not heard for 15s")
    expected, not_expected = outcome(*tur.journal, *dog.journal, away=(gone,))
    return [each for each in expected if "of" in each], not_expected


def test_missed_heartbeats_are_flagged_up_to_one_sooner_and_cleared_up_to_one_later() -> None:
    """Where between two heartbeats the silence begins and ends is another matter each time."""
    expected, not_expected = missed(60_000, 90_000)
    assert expected == [
        {"flag": "silent", "of": "tur", "level": "ALARM", "after": "54s", "within": "1m5s"},
        {"cleared": "silent", "of": "tur", "after": "1m29s", "within": "1m40s"},
    ]
    assert not_expected == []


def test_what_a_deaf_party_did_not_hear_may_be_delivered_a_heartbeat_sooner() -> None:
    """It comes with the next one after that, whenever exactly it could hear again."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check(), T0 + 60_000)
    dog.says(Kind.FLAG, flag(Rule.UNDELIVERED, 1, 100_000), T0 + 101_000)
    dog.says(Kind.CLEAR, cleared(Rule.UNDELIVERED, 1), T0 + 150_000)
    deaf = Absence("isr", T0 + 59_999, T0 + 145_000, HEARD_NOBODY)
    expected, not_expected = outcome(*tur.journal, *dog.journal, away=(deaf,))
    assert {"cleared": "undelivered", "of": "tur", "after": "2m24s", "within": "2m35s"} in expected
    assert not_expected == []


def test_no_heartbeat_is_expected_after_the_end() -> None:
    """That clears a silence: it may come when nobody looks any more."""
    expected, _ = missed(560_000, 595_000)
    assert [next(iter(each)) for each in expected] == ["flag", "cleared"]
    expected, [says] = missed(560_000, 596_000)
    assert [next(iter(each)) for each in expected] == ["flag"]
    assert says.startswith("not expected: silent cleared of tur at 2026-01-12T06:09:56.000Z;")


def test_a_silence_that_began_before_the_start_is_not_expected() -> None:
    """It would be flagged later: the stations hear each other until the start."""
    expected, [says] = missed(14_000, 90_000)
    assert expected == []
    assert says.startswith("not expected: silent ALARM of tur at 2026-01-12T06:00:14.000Z;")
