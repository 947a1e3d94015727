"""Waits that seemed to be over while a watchdog lacked records: judged once these are here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from hotline.bodies import Answer, Body, Flag, Kind, Rule
from hotline.picture.doubts import end_of
from hotline.records import Record
from hotline.times import HOUR_MS, MINUTE_MS
from hotline.watchdog import portions
from hotline.watchdog.rules.hindsight import Hindsight
from tests.helpers import FLASH, T0, Author, cancel, check, folded, notice, records, reply, voice
from tests.watch import FLASH_MS, GRACE_MS, LATE, TAKEN_BACK, TIMERS, Watch

PATIENCE_MS = TIMERS.receipt_ms + GRACE_MS


@contextmanager
def lacking(wire: Watch, of: str) -> Iterator[None]:
    """The watchdog knows of this party's records, and does not get them."""
    with (
        wire.losing(reader="dog", sender=of, channel="records"),
        wire.losing(reader="dog", channel="replay"),
    ):
        yield


def flags(wire: Watch) -> list[Flag]:
    """All that the watchdog flagged."""
    said = [record.body for record in wire.seats["dog"].disk if record.station == "dog"]
    return [body for body in said if isinstance(body, Flag)]


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("body", TAKEN_BACK)
def test_what_was_answered_before_it_was_taken_back_is_no_silence(
    wire: Watch, body: Body, *, is_killed: bool
) -> None:
    """Even when the watchdog can wait no longer for the answer before it reads the revision."""
    said = wire.say("tur", FLASH)
    with lacking(wire, "isr"):
        wire.go_to(said.at_ms + FLASH_MS - 1)
        wire.say("isr", reply("tur", 1))
        wire.go(MINUTE_MS)
        wire.say("tur", body)
        wire.go(PATIENCE_MS)
        assert len(wire.seats["dog"].journal("tur")) == 2, "the revision was read"
        if is_killed:
            wire.restart("dog")
        wire.go(PATIENCE_MS)
        assert "blind isr ALARM" in wire.flags()
    wire.go(MINUTE_MS)
    assert wire.is_whole()
    assert wire.missed() == []


@pytest.mark.parametrize("is_killed", [False, True])
@pytest.mark.parametrize("body", TAKEN_BACK)
def test_what_was_not_answered_before_is_flagged_as_soon_as_that_is_sure(
    wire: Watch, body: Body, *, is_killed: bool
) -> None:
    """Each level once, and cleared in the same turn."""
    said = wire.say("tur", FLASH)
    with lacking(wire, "isr"):
        wire.go_to(said.at_ms + FLASH_MS)
        wire.say("isr", check())
        wire.go(FLASH_MS // 4)
        wire.say("tur", body)
        wire.go(PATIENCE_MS)
        if is_killed:
            wire.restart("dog")
        wire.go(PATIENCE_MS)
        assert wire.missed() == []
    wire.go(TIMERS.resend_ms + GRACE_MS)
    assert wire.is_whole()
    assert wire.missed() == LATE
    assert wire.last_clear().reason in {"superseded", "cancelled"}
    assert "unanswered-tur-1" not in wire.board()
    wire.restart("dog", MINUTE_MS)
    assert wire.missed() == LATE, "and not once more after another start"


def test_a_late_answer_to_what_was_cancelled_before_is_no_silence(wire: Watch) -> None:
    """The other way round: of who answers all is here, and of who asked something is missing."""
    said = wire.say("tur", FLASH)
    wire.settle()
    with lacking(wire, "tur"):
        wire.go_to(said.at_ms + FLASH_MS - 1)
        wire.say("tur", cancel())
        wire.go(MINUTE_MS)
        wire.say("isr", reply("tur", 1))
        wire.go(2 * PATIENCE_MS)
        assert len(wire.seats["dog"].journal("isr")) == 1
    wire.go(MINUTE_MS)
    assert wire.is_whole()
    assert wire.missed() == []


def test_a_promise_that_was_not_kept_is_flagged_once(wire: Watch) -> None:
    """Its wait ends in the turn that looks back at the one before."""
    said = wire.say("tur", FLASH)
    wire.go_to(said.at_ms + MINUTE_MS)
    promised_ms = wire.now_ms + MINUTE_MS
    with lacking(wire, "tur"):
        wire.say("tur", check())
        wire.go(GRACE_MS)
        standby = reply("tur", 1, Answer.STANDBY, expected_ms=promised_ms)
        wire.say("isr", standby)
        wire.go_to(promised_ms + MINUTE_MS // 4)
        assert len(wire.seats["dog"].journal("isr")) == 1
        wire.say("tur", notice(revision=2))
        wire.settle()
    wire.go(MINUTE_MS)
    assert wire.is_whole()
    assert wire.missed() == LATE
    assert [flag.due for flag in flags(wire) if flag.rule is Rule.UNANSWERED] == [promised_ms]


def test_what_was_put_off_by_voice_and_then_settled_so_was_missed_twice(wire: Watch) -> None:
    """Though of all that was said by voice only the last word is kept."""
    wire.say("tur", FLASH)
    wire.settle()
    wire.cut("dog")
    wire.go(FLASH_MS + MINUTE_MS)
    promised_ms = wire.now_ms + MINUTE_MS
    wire.say("isr", voice("tur", 1, Answer.STANDBY, expected_ms=promised_ms))
    wire.go_to(promised_ms + MINUTE_MS // 4)
    wire.say("isr", voice("tur", 1))
    wire.link("dog")
    wire.go(MINUTE_MS)
    assert wire.missed() == [*LATE, *LATE]
    assert wire.last_clear().late_ms == MINUTE_MS // 4


def test_what_comes_in_one_turn_is_judged_together(wire: Watch) -> None:
    """A late answer is read before the revision that made it needless."""
    isr, tur = Author("isr"), Author("tur")
    tur.journal.append(wire.say("tur", FLASH))
    wire.settle()
    said_ms = wire.now_ms
    wire.cut("isr")
    wire.cut("tur")
    wire.go_to(said_ms + FLASH_MS + GRACE_MS - 1)
    revised = tur.says(Kind.NOTICE, notice(revision=2), said_ms + FLASH_MS - 1)
    wire.now_ms += TIMERS.grace_ms
    answered = isr.says(Kind.REPLY, reply("tur", 1), wire.now_ms)
    wire.hear("dog", records(answered))
    wire.hear("dog", records(revised))
    wire.settle()
    assert len(wire.seats["dog"].journal("tur")) == 2
    assert len(wire.seats["dog"].journal("isr")) == 1
    assert wire.missed() == []


def in_doubt(said: Iterable[Record]) -> Hindsight:
    """What is in doubt once these were read in this order."""
    _, changes = folded(said)
    hindsight = Hindsight(())
    for change in changes:
        if change.message and (end := end_of(change, T0 + HOUR_MS)):
            hindsight.note(change.message.ref, change.waited, end)
    return hindsight


def waits(hindsight: Hindsight) -> list[tuple[int, int]]:
    """From when to when each wait was, in ms since `T0`."""
    return [(wait.since_ms - T0, end.at_ms - T0) for _, wait, end in hindsight.take()]


@pytest.mark.parametrize("first", ["isr", "tur"])
def test_waits_end_where_the_next_begins_or_all_is_settled(first: str) -> None:
    """From STANDBY to STANDBY, and up to the first of answer and revision, however it was read."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.STANDBY, expected_ms=T0 + 500), T0 + 100)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.STANDBY, expected_ms=T0 + 900), T0 + 300)
    tur.says(Kind.NOTICE, notice(revision=2), T0 + 400)
    isr.says(Kind.VOICE, voice("tur", 1), T0 + 700)
    journals = sorted((isr, tur), key=lambda author: author.station != first)
    hindsight = in_doubt(record for author in journals for record in author.journal)
    again = Hindsight(hindsight.to_save() or ())
    assert waits(hindsight) == waits(again) == [(0, 100), (100, 300), (300, 400)]
    assert not hindsight


def test_a_standby_is_later_than_its_message_whatever_the_clocks_say() -> None:
    """Else the time that it promised would pass unseen."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.STANDBY, expected_ms=T0 + 500), T0 - 300)
    isr.says(Kind.REPLY, reply("tur", 1), T0 + 900)
    assert waits(in_doubt([*tur.journal, *isr.journal])) == [(0, -300), (-300, 900)]


def test_what_is_in_doubt_is_saved_when_it_has_changed() -> None:
    """And when nothing is in doubt any more."""
    tur = Author("tur")
    tur.says(Kind.NOTICE, notice(), T0)
    tur.says(Kind.NOTICE, notice(revision=2), T0 + 400)
    hindsight = in_doubt(tur.journal)
    saved = hindsight.to_save()
    assert [doubt.ref for doubt in saved or ()] == [("tur", 1)]
    assert hindsight.to_save() is None
    assert len(waits(hindsight)) == 1
    assert [(doubt.ref, doubt.ends) for doubt in hindsight.to_save() or ()] == [(("tur", 1), ())]
    assert waits(hindsight) == []
    assert hindsight.to_save() is None, "nothing has changed"


def test_so_many_are_judged_in_one_turn_and_the_others_stay_in_doubt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each part is over on disk when it is judged, and what is left is saved as it was noted."""
    monkeypatch.setattr(portions, "MOST", 2)
    tur = Author("tur")
    for number in range(1, 4):
        tur.says(Kind.NOTICE, notice(f"N-{number}"), T0)
        tur.says(Kind.CANCEL, cancel(f"N-{number}"), T0 + number)
    hindsight = in_doubt(tur.journal)
    assert waits(hindsight) == [(0, 1), (0, 2)]
    saved = [(doubt.ref.seq, len(doubt.ends)) for doubt in hindsight.to_save() or ()]
    assert saved == [(1, 0), (3, 0), (5, 1)]
    assert hindsight
    assert waits(hindsight) == [(0, 3)]
    assert [doubt.ref.seq for doubt in hindsight.to_save() or ()] == [5]
    assert not hindsight


@pytest.mark.parametrize("most", [500, 1])
def test_what_is_due_now_waits_for_all_that_is_over(
    wire: Watch, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a silence of today would stand where the one before it has yet to be flagged."""
    monkeypatch.setattr(portions, "MOST", most)
    wire.say("tur", check())
    wire.say("tur", FLASH)
    wire.settle()
    wire.cut("dog")
    wire.go(FLASH_MS + MINUTE_MS // 2)
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    standby = reply("tur", 2, Answer.STANDBY, expected_ms=wire.now_ms + HOUR_MS)
    wire.say("isr", standby)
    wire.go(2 * FLASH_MS)
    wire.link("dog")
    wire.go(MINUTE_MS)
    assert wire.flags() == [
        "unanswered tur/2 WARNING",
        "unanswered tur/2 cleared",
        "unanswered tur/2 WARNING",
        "unanswered tur/2 ALARM",
        "unanswered tur/2 VOICE_REQUIRED",
    ]
