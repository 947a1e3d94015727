"""What a part of a recording builds on is said at its beginning."""

import pytest

from hotline.bodies import Answer, Handover, Kind, RefersTo, Stop, Voice
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.recording.carried import carried
from sim.recording.recording import Recording
from tests.helpers import LINE, T0, Author, cancel, notice, reply
from tests.sim.recording.test_encore import told

BEGINS = T0 + 10 * MINUTE_MS


def found(*records: Record) -> list[str]:
    """What is said again at the beginning, of all these."""
    before = [record for record in records if record.at_ms < BEGINS]
    said = [record for record in records if record.at_ms >= BEGINS]
    return [str(each.ref) for each in carried(LINE, before, said, BEGINS, Timers())]


def settled(isr: Author, tur: Author) -> None:
    """A notice that was accepted before the beginning."""
    tur.says(Kind.NOTICE, notice(starts_ms=T0 + 5 * HOUR_MS), T0 + 1_000)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 2_000)


def test_a_watch_that_still_stands_is_handed_over_for_its_rest() -> None:
    """The last one of each party; one that is over, nobody is on."""
    isr, tur = Author("isr"), Author("tur")
    isr.says(Kind.HANDOVER, Handover(officer="Levi", hours=0.1), T0)
    tur.says(Kind.HANDOVER, Handover(officer="Kaya"), T0)
    tur.says(Kind.HANDOVER, Handover(officer="Demir", deputy="Kaya", hours=1.5), T0 + 60_000)
    [watch] = carried(LINE, [*isr.journal, *tur.journal], [], BEGINS, Timers())
    assert watch.body == Handover(officer="Demir", deputy="Kaya", hours=1.35)


def test_a_settled_notice_that_is_cancelled_or_stopped_is_said_again() -> None:
    """With its answer, in writing or by voice; one that is not spoken of is not."""
    isr, tur = Author("isr"), Author("tur")
    settled(isr, tur)
    tur.says(Kind.NOTICE, notice("TUR-2"), T0 + 3_000)
    spoken = Voice(
        refers_to=RefersTo(station="tur", seq=2),
        answer=Answer.ACCEPT,
        officer="Levi",
        spoke_with="Demir",
        text="go on",
    )
    isr.says(Kind.VOICE, spoken, T0 + 4_000)
    tur.says(Kind.NOTICE, notice("TUR-3"), T0 + 5_000)
    isr.says(Kind.REPLY, reply("tur", 3), T0 + 6_000)
    tur.says(Kind.CANCEL, cancel(), BEGINS + 1_000)
    isr.says(Kind.STOP, Stop(text="stop", notice="TUR-2"), BEGINS + 2_000)
    assert found(*isr.journal, *tur.journal) == ["tur/1", "isr/1", "tur/2", "isr/2"]


@pytest.mark.parametrize(
    ("answer", "starts_ms"), [(None, T0 + 5 * HOUR_MS), (Answer.ACCEPT, BEGINS + MINUTE_MS)]
)
def test_what_would_be_flagged_again_is_not_said_again(
    answer: Answer | None, starts_ms: int
) -> None:
    """What nobody has answered, and what would be a late notice at the beginning."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(starts_ms=starts_ms), T0 + 1_000)
    if answer:
        isr.says(Kind.REPLY, reply("tur", 1, answer), T0 + 2_000)
    tur.says(Kind.CANCEL, cancel(), BEGINS + 1_000)
    assert found(*isr.journal, *tur.journal) == []


def test_what_is_revised_first_needs_no_other_beginning() -> None:
    """The revision says all of it."""
    isr, tur = Author("isr"), Author("tur")
    settled(isr, tur)
    tur.says(Kind.NOTICE, notice(revision=2), BEGINS + 1_000)
    tur.says(Kind.CANCEL, cancel(), BEGINS + 2_000)
    assert found(*isr.journal, *tur.journal) == []


def test_a_part_with_what_it_builds_on_comes_out_the_same() -> None:
    """Nothing is left out, and comments say what is older."""
    isr, tur = Author("isr"), Author("tur")
    isr.says(Kind.HANDOVER, Handover(officer="Levi", deputy="Peretz"), T0)
    settled(isr, tur)
    tur.says(Kind.CANCEL, cancel(), BEGINS + 60_000)
    isr.says(Kind.REPLY, reply("tur", 2, Answer.ROGER), BEGINS + 70_000)
    records = [*isr.journal, *tur.journal]
    ends_ms = BEGINS + 5 * MINUTE_MS
    cut = Recording(LINE, {}, records, T0, ends_ms, "it", Timers()).cut(BEGINS, ends_ms)
    assert told(cut) == ["Played again, it gave the same words, to the second, and the same flags."]
    written = cut.sheet().as_yaml()
    assert "said again in 2 records of two parties." in written
    assert "# tur/1 was said before the start, at 2026-01-12T06:00:01.000Z\n" in written
    assert "handover: {officer: Levi, deputy: Peretz, hours: 7.8333}" in written
    assert "- {state: cancelled, of: TUR-014}\n" in written
    assert "left out" not in written


def test_nothing_but_what_is_older_is_no_part() -> None:
    """Nothing was said in it."""
    isr, tur = Author("isr"), Author("tur")
    isr.says(Kind.HANDOVER, Handover(officer="Levi"), T0)
    tur.says(Kind.HANDOVER, Handover(officer="Demir"), BEGINS + SECOND_MS)
    assert found(*isr.journal, *tur.journal) == ["isr/1"]
