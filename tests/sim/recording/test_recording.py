"""From records to a scenario and back: what was said is said again, and what cannot be is told."""

import sys
from pathlib import Path
from types import FrameType

import pytest

from hotline.bodies import (
    Answer,
    Clear,
    Flag,
    Handover,
    Kind,
    Level,
    RefersTo,
    Resume,
    Rule,
    Stop,
    Subject,
    Suspend,
    Voice,
)
from hotline.errors import LocalError
from hotline.picture.picture import Picture
from hotline.picture_json import as_dict
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.recording.absences import Absence
from sim.recording.recording import Recording
from sim.scenario import loading
from sim.stage.runner import play_virtual
from tests.helpers import LINE, T0, Author, cancel, check, notice, reply
from tests.sim.plays import quiet, verdict


def recorded(*records: Record, seen: tuple[Absence, ...] = ()) -> Recording:
    """A recording of half an hour."""
    ends_ms = T0 + 30 * MINUTE_MS
    return Recording(LINE, {"isr": "Israel"}, records, T0, ends_ms, "a test", Timers(), seen)


def text(recording: Recording, from_ms: int | None = None, until_ms: int | None = None) -> str:
    """The scenario file."""
    return recording.cut(from_ms, until_ms).sheet().as_yaml()


def in_one_line(text: str) -> str:
    """The text without its line breaks, for sentences that are folded."""
    return " ".join(text.replace("#", " ").split())


def played(folder: Path, written: str) -> Picture:
    """What comes of the file."""
    (folder / "recorded.yaml").write_text(written, encoding="utf-8")
    loaded = loading.load(folder / "recorded.yaml")
    assert verdict(loaded).word == "pass"
    return play_virtual(loaded.scenario, 0, quiet()).picture


def test_all_that_was_said_is_said_again(tmp_path: Path) -> None:
    """Notices, revisions, cancellations, checks, and every answer to the record that it was to."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 1)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.STANDBY, expected_ms=T0 + HOUR_MS), T0 + 9_000)
    tur.says(Kind.NOTICE, notice(revision=2, starts_ms=T0 + 5 * HOUR_MS), T0 + 60_000)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.REJECT), T0 + 60_400)  # to what was revised
    isr.says(Kind.CHECK, check(), T0 + 61_000)
    isr.says(Kind.CHECK, check(), T0 + 62_000)
    tur.says(Kind.REPLY, reply("isr", 4, Answer.ROGER), T0 + 70_000)  # the second one first
    tur.says(Kind.REPLY, reply("isr", 3, Answer.ROGER), T0 + 71_000)
    tur.says(Kind.CANCEL, cancel(), T0 + 80_000)
    isr.says(Kind.REPLY, reply("tur", 5, Answer.ROGER), T0 + 90_000)
    records = [*isr.journal, *tur.journal]
    picture = Picture(LINE)
    picture.fold_all(records)
    again = as_dict(played(tmp_path, text(recorded(*records))), T0)
    for message in again["messages"]:
        message["ends"] = None  # the notices of these tests have none, so one is made up
    assert again["messages"] == as_dict(picture, T0)["messages"]


def test_the_whole_conversation_is_said_again(tmp_path: Path) -> None:
    """Stops, silences, telephone calls, watches; answers to each of them."""
    isr, tur = Author("isr"), Author("tur")
    about = RefersTo(station="tur", seq=1)
    tur.says(Kind.NOTICE, notice(), T0 + 1_000)
    said = {"officer": "Levi", "spoke_with": "Demir", "text": "call me back"}
    isr.says(Kind.VOICE, Voice(**said), T0 + 2_000)
    isr.says(
        Kind.VOICE, Voice(refers_to=about, answer=Answer.REJECT, reason="no", **said), T0 + 3_000
    )
    isr.says(Kind.STOP, Stop(text="knock it off", notice="TUR-014"), T0 + 4_000)
    isr.says(Kind.STOP, Stop(text="all of it"), T0 + 4_500)
    tur.says(Kind.REPLY, reply("isr", 3, Answer.ROGER), T0 + 5_000)
    tur.says(Kind.REPLY, reply("isr", 4, Answer.ROGER), T0 + 5_500)
    tur.says(Kind.SUSPEND, Suspend(reason="a storm", until=T0 + HOUR_MS), T0 + 6_000)
    isr.says(Kind.REPLY, reply("tur", 4, Answer.ROGER), T0 + 7_000)
    tur.says(Kind.RESUME, Resume(), T0 + 8_000)
    isr.says(Kind.REPLY, reply("tur", 5, Answer.ROGER), T0 + 9_000)
    isr.says(Kind.HANDOVER, Handover(officer="Peretz", deputy="Levi", hours=7.5), T0 + 10_000)
    records = [*isr.journal, *tur.journal]
    picture = Picture(LINE)
    picture.fold_all(records)
    again = as_dict(played(tmp_path, text(recorded(*records))), T0)
    again["messages"][0]["ends"] = None  # made up
    for part in ("messages", "declared"):
        assert again[part] == as_dict(picture, T0)[part]


def test_what_was_before_the_cut_is_told_of() -> None:
    """A cancellation of what was settled, its answer, and a revision that is now the first.

    The notice that is cancelled would be flagged as late, if it was said at the beginning.
    """
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 1)
    tur.says(Kind.NOTICE, notice("TUR-2", starts_ms=T0 + 10 * MINUTE_MS), T0 + 2)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 3_000)
    isr.says(Kind.REPLY, reply("tur", 2), T0 + 4_000)
    tur.says(Kind.NOTICE, notice(revision=2), T0 + 10_000)
    tur.says(Kind.CANCEL, cancel("TUR-2"), T0 + 11_000)
    isr.says(Kind.REPLY, reply("tur", 4, Answer.ROGER), T0 + 12_000)
    written = in_one_line(text(recorded(*isr.journal, *tur.journal), T0 + 5_000))
    assert "Cut to what was said from 2026-01-12T06:00:05.000Z" in written
    assert "TUR-014 rev 1 was rev 2" in written
    assert "left out: tur/4 cancels TUR-2, said before the cut" in written
    assert "left out: isr/3, ROGER by Levi to cancel of TUR-2, which is not here" in written


def test_until_ends_the_scenario() -> None:
    """What came after is neither said nor expected, and its message is still open."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 1)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 9_000)
    written = text(recorded(*isr.journal, *tur.journal), None, T0 + 5_000)
    assert "duration: 5s" in written
    assert "{state: open, of: TUR-014}" in written
    assert "isr," not in written


def test_a_part_in_which_nothing_was_said_is_no_scenario() -> None:
    """A sentence, with the times that were looked at."""
    tur = Author("tur")
    tur.says(Kind.CHECK, check(), T0 + 1)
    with pytest.raises(LocalError, match="nothing was said between 2026-01-12T06:11"):
        text(recorded(*tur.journal), T0 + 11 * MINUTE_MS)


def test_what_made_no_sense_is_left_out_and_told() -> None:
    """With its reason."""
    tur = Author("tur")
    tur.says(Kind.CHECK, check())
    tur.says(Kind.CANCEL, cancel("TUR-9"))
    about = Subject(station="isr")
    flag = Flag(rule=Rule.SILENT, subject=about, level=Level.ALARM, due=T0, detail="so I think")
    tur.says(Kind.FLAG, flag)
    written = in_one_line(text(recorded(*tur.journal)))
    assert "left out: tur/2, a cancel at 2026-01-12T06:00:00.000Z, cancels_nothing" in written
    assert "left out: tur/3, a flag at 2026-01-12T06:00:00.000Z, author_is_no_watchdog" in written


def test_no_answer_comes_before_its_question(tmp_path: Path) -> None:
    """Two clocks differ: the answer is said after what it answers, and a comment says so."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 9_000)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 8_000)
    written = text(recorded(*isr.journal, *tur.journal))
    assert "isr/1 was said at 2026-01-12T06:00:08.000Z by its own clock" in in_one_line(written)
    assert next(iter(played(tmp_path, written).messages.values())).officer == "Levi"


def test_silences_become_faults_and_flags_become_expectations(tmp_path: Path) -> None:
    """A link that was lost, and the same silence and its end when it is played."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check())
    about = Subject(station="tur")
    flag = Flag(
        rule=Rule.SILENT, subject=about, level=Level.ALARM, due=T0 + 60_000, detail="tur: link lost"
    )
    dog.says(Kind.FLAG, flag, T0 + 60_000)
    dog.says(Kind.CLEAR, Clear(rule=Rule.SILENT, subject=about, reason="back"), T0 + 90_500)
    written = text(recorded(*tur.journal, *dog.journal), None, T0 + 4 * MINUTE_MS)
    assert "# tur could not be heard: link lost" in written
    assert "{at: 1m, fault: {kind: cut, of: tur, for: 30.5s}}" in written
    assert "{flag: silent, of: tur, level: ALARM, after: 59s, within: 1m5s}" in written
    [entry] = played(tmp_path, written).flags_seen()
    assert (entry.raised_ms - T0, entry.cleared_ms) == (60_000, T0 + 90_500)


def test_missed_heartbeats_become_a_link_that_carries_nothing(tmp_path: Path) -> None:
    """From the last heartbeat on, so that the silence is flagged when it was."""
    tur = Author("tur")
    tur.says(Kind.CHECK, check())
    gone = Absence("tur", T0 + 65_000, T0 + 90_000, "not heard for 15s")
    written = text(recorded(*tur.journal, seen=(gone,)), None, T0 + 2 * MINUTE_MS)
    assert "{at: 50.001s, fault: {kind: loss, of: tur, share: 1.0, for: 39.998s}}" in written
    written = written.replace("  - {never: {flag: silent}}\n", "")
    [entry] = played(tmp_path, written).flags_seen()
    assert entry.flag.detail == "tur: not heard for 15s"
    assert abs(entry.raised_ms - T0 - 65_000) <= 5 * SECOND_MS


def test_who_said_goodbye_leaves_again() -> None:
    """In order; its last words may bear a later time, by its clock."""
    tur = Author("tur")
    tur.says(Kind.CHECK, check(), T0 + 60_400)
    gone = Absence("tur", T0 + MINUTE_MS, T0 + 90_000, "goodbye")
    written = text(recorded(*tur.journal, seen=(gone,)), None, T0 + 2 * MINUTE_MS)
    assert "{at: 1m0.401s, fault: {kind: leave, of: tur, for: 29.599s}}" in written


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule.CLOCK_SKEW, "how a clock was set"),
        (Rule.FORK, "who spoke in another's name"),
        (Rule.BLIND, "why the watchdog did not get the records that it knew of"),
    ],
)
def test_a_flag_that_cannot_come_again_is_not_expected(rule: Rule, why: str) -> None:
    """It is told in a comment."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check())
    about = Subject(station="tur")
    flag = Flag(rule=rule, subject=about, level=Level.WARNING, due=T0, detail="x")
    dog.says(Kind.FLAG, flag)
    written = text(recorded(*tur.journal, *dog.journal))
    says = f"not expected: {rule} WARNING of tur at 2026-01-12T06:00:00.000Z; {why} is not recorded"
    assert says in in_one_line(written)
    assert f"flag: {rule}," not in written


def test_the_line_is_named_as_people_name_it() -> None:
    """Display names and timers that are known; and members of a body that no event has."""
    tur = Author("tur")
    tur.says(Kind.CHECK, check())
    raw = tur.journal[0].raw.replace(b'"body":{', b'"body":{"squawk":7000')
    written = text(recorded(tur.journal[0]._replace(raw=raw)))
    assert "parties: {isr: Israel, tur: tur}" in written
    assert "left out of tur/1: 'squawk'" in written
    assert "timers" not in written


def calls_for(checks: int) -> int:
    """How many calls it takes to record so many checks, each flagged and then answered."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    for seq in range(1, checks + 1):
        at_ms, about = T0 + seq * 20 * SECOND_MS, Subject(station="tur", seq=seq)
        tur.says(Kind.CHECK, check(), at_ms)
        flag = Flag(rule=Rule.UNANSWERED, subject=about, level=Level.ALARM, due=at_ms, detail="x")
        dog.says(Kind.FLAG, flag, at_ms + SECOND_MS)
        isr.says(Kind.REPLY, reply("tur", seq, Answer.ROGER), at_ms + 2 * SECOND_MS)
    records = [*tur.journal, *dog.journal, *isr.journal]
    ends_ms = T0 + (checks + 1) * 20 * SECOND_MS
    recording = Recording(LINE, {}, records, T0, ends_ms, "a test", Timers())
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        recording.cut(None, None).sheet()
    finally:
        sys.setprofile(None)
    return calls


def test_a_long_recording_takes_no_more_for_each_record() -> None:
    """Twice as much takes twice as long: no flag is compared with everything that was said."""
    assert calls_for(400) < 2.3 * calls_for(200)
