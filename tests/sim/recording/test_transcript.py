"""What parties said, written down as events."""

from typing import Any

from hotline.bodies import Answer, Kind, Resume, Suspend
from hotline.picture.picture import Picture
from hotline.records import Record
from sim.recording.transcript import Transcript
from tests.helpers import LINE, T0, Author, check, notice, reply, stop


def events(*records: Record, after: int = 0) -> tuple[list[dict[str, Any]], list[str]]:
    """The events of these records but the first ones, and every comment."""
    picture = Picture(LINE)
    picture.fold_all(records)
    transcript = Transcript(LINE, picture, T0)
    transcript.write_down(records[after:])
    comments = [comment for _, item in transcript.items for comment in item.comments]
    return [item.fields for _, item in transcript.items], comments + transcript.left_over


def test_an_answer_names_the_revision_only_if_there_are_several() -> None:
    """And what has no name by the time at which it was said."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 1_000)
    tur.says(Kind.NOTICE, notice(revision=2), T0 + 2_000)
    isr.says(Kind.REPLY, reply("tur", 2), T0 + 3_000)
    tur.says(Kind.CHECK, check(), T0 + 4_500)
    isr.says(Kind.REPLY, reply("tur", 3, Answer.ROGER), T0 + 5_000)
    found, _ = events(*isr.journal, *tur.journal)
    answers = [event["answer"] for event in found if "answer" in event]
    assert answers == [
        {"to": "TUR-014", "answer": "ACCEPT", "officer": "Levi"},
        {"to": "TUR-014", "revision": 2, "answer": "ACCEPT", "officer": "Levi"},
        {"kind": "check", "sent": "4.5s", "answer": "ROGER", "officer": "Levi"},
    ]


def test_of_messages_at_one_time_an_answer_says_which() -> None:
    """Nor do times tell apart what is said within a second: a real machine may be that late."""
    isr, tur = Author("isr"), Author("tur")
    for at_ms in (0, 0, 400, 5_000):
        tur.says(Kind.CHECK, check(), T0 + at_ms)
    tur.says(Kind.STOP, stop(), T0 + 5_000)
    for seq in range(1, 6):
        isr.says(Kind.REPLY, reply("tur", seq, Answer.ROGER), T0 + 6_000)
    found, _ = events(*isr.journal, *tur.journal)
    answers = [event["answer"] for event in found if "answer" in event]
    assert [(each["kind"], each["sent"], each.get("nth")) for each in answers] == [
        ("check", "0s", None),
        ("check", "0s", 2),
        ("check", "0s", 3),
        ("check", "5s", None),
        ("stop", "5s", None),
    ]


def test_what_was_suspended_before_the_cut_is_not_resumed() -> None:
    """Nobody would know what is over, and the record would make no sense."""
    tur = Author("tur")
    tur.says(Kind.SUSPEND, Suspend(reason="night"), T0 - 1_000)
    tur.says(Kind.RESUME, Resume(reason="morning"), T0 + 1_000)
    tur.says(Kind.SUSPEND, Suspend(reason="noon"), T0 + 2_000)
    tur.says(Kind.RESUME, Resume(reason="evening"), T0 + 3_000)
    found, comments = events(*tur.journal, after=1)
    assert [event.get("resume") for event in found] == [None, "evening"]
    assert comments == ["left out: tur/2 resumes what was suspended before the cut"]


def test_nothing_is_promised_for_a_time_that_is_past() -> None:
    """A file that promises so does not load: the least that can be is written, and told.

    What counts is when the word is said in the scenario, which is not always its author's time.
    """
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 5_000)
    isr.says(Kind.CHECK, check(), T0 + 8_000)
    late = reply("tur", 1, Answer.STANDBY, expected_ms=T0 + 7_000)
    isr.says(Kind.REPLY, late, T0 + 6_000)  # by a clock that was set back
    isr.says(Kind.SUSPEND, Suspend(until=T0 + 7_000), T0 + 6_000)
    found, comments = events(*isr.journal, *tur.journal)
    _, _, replied, suspended = found
    assert (replied["at"], replied["answer"]["expected"]) == ("8s", "8.001s")
    assert suspended["suspend"] == {}
    assert "isr/2 promised an answer for 2026-01-12T06:00:07.000Z, which had passed" in comments
    assert "isr/3 ends at 2026-01-12T06:00:07.000Z, before it began" in comments


def test_a_journal_never_runs_backwards() -> None:
    """A clock that was set back changes no order; the comment has the time that was shown."""
    tur = Author("tur")
    tur.says(Kind.CHECK, check(), T0 + 5_000)
    tur.says(Kind.CHECK, check(), T0 + 1_000)
    found, comments = events(*tur.journal)
    assert [event["at"] for event in found] == ["5s", "5s"]
    assert comments == ["tur/2 was said at 2026-01-12T06:00:01.000Z by its own clock"]


def test_two_parties_cannot_have_one_name_for_a_notice() -> None:
    """In a scenario a notice is known by its name alone."""
    isr, tur = Author("isr"), Author("tur")
    isr.says(Kind.NOTICE, notice("N-1"), T0)
    tur.says(Kind.NOTICE, notice("N-1"), T0 + 1_000)
    found, comments = events(*isr.journal, *tur.journal)
    assert [event["who"] for event in found] == ["isr"]
    assert comments[-1].startswith("left out: tur/1, N-1 rev 1: isr has a notice of that name")


def test_a_stop_may_name_what_nobody_has_heard_of() -> None:
    """A scenario can only name its own notices; whose it was is in the comment."""
    tur = Author("tur")
    tur.says(Kind.NOTICE, notice("N-1"), T0)
    tur.says(Kind.STOP, stop("N-1"), T0 + 1_000)
    tur.says(Kind.STOP, stop("N-2"), T0 + 2_000)
    found, comments = events(*tur.journal)
    assert [event["stop"].get("notice") for event in found[1:]] == ["N-1", None]
    assert comments[-1] == "tur/3 names N-2, but there is no such notice"


def test_an_answer_of_nobody_is_told() -> None:
    """A record that was typed by hand may name no officer."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.CHECK, check(), T0)
    nobody = reply("tur", 1, Answer.ROGER).model_copy(update={"officer": None})
    isr.says(Kind.REPLY, nobody, T0 + 1_000)
    found, comments = events(*isr.journal, *tur.journal)
    assert found[1]["answer"] == {"kind": "check", "sent": "0s", "answer": "ROGER"}
    assert comments == ["no officer was named"]
