"""Receipts, silences and nonsense: the rules that watch stations, not officers."""

import pytest

from hotline.bodies import Answer, Kind, Level
from hotline.records import digest
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from hotline.turn import Incoming
from tests.helpers import Author, cancel, changed, check, notice, records, reply
from tests.watch import FLASH, FLASH_MS, GRACE_MS, TIMERS, Watch


@pytest.fixture
def wire() -> Watch:
    """A line on which nothing has happened yet."""
    return Watch()


# Undelivered


def test_a_missing_receipt_is_flagged_with_two_levels(wire: Watch) -> None:
    """WARNING after five seconds, ALARM after forty, and cleared by the receipt."""
    with wire.losing(sender="tur", reader="isr"):
        said = wire.say("tur", Kind.NOTICE, notice())
        wire.expect(said.at_ms + TIMERS.receipt_ms + GRACE_MS, "undelivered tur/1 WARNING")
        assert wire.last_flag().detail == "TUR-014 rev 1: no receipt from isr after 5s"
        wire.go_to(said.at_ms + TIMERS.receipt_alarm_ms + GRACE_MS - 1)
        assert "undelivered tur/1 ALARM" not in wire.flags()
        wire.go(1)
        assert "undelivered tur/1 ALARM" in wire.flags()
        assert wire.board() == {"undelivered-tur-1"}
    wire.go(TIMERS.heartbeat_ms + SECOND_MS)
    assert wire.flags()[-1] == "undelivered tur/1 cleared"
    assert wire.board() == set()
    assert wire.last_clear().reason == "delivered"


def test_replies_want_a_receipt_too(wire: Watch) -> None:
    """An answer that did not reach the one who asked is as bad as a lost question."""
    wire.say("tur", Kind.NOTICE, notice())
    wire.go(SECOND_MS)
    with wire.losing(sender="isr", reader="tur"):
        wire.say("isr", Kind.REPLY, reply("tur", 1))
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.flags() == ["undelivered isr/1 WARNING"]
    assert wire.last_flag().detail == "record isr/1: no receipt from tur after 5s"


def test_one_receipt_clears_all_that_it_covers(wire: Watch) -> None:
    """Receipts are cumulative: many flags end with one status."""
    with wire.losing(sender="tur", reader="isr", channel="records"):
        for number in range(3):
            wire.say("tur", Kind.NOTICE, notice(f"N-{number}"))
        with wire.losing(sender="tur", reader="isr"):
            wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.board() == {f"undelivered-tur-{seq}" for seq in (1, 2, 3)}
    wire.go(TIMERS.heartbeat_ms + SECOND_MS)
    assert wire.board() == set()


def test_an_answer_proves_that_its_question_was_delivered(wire: Watch) -> None:
    """Who answers a record has it and all before it, even if no receipt of his ever came."""
    with wire.losing(sender="tur", reader="isr"):
        wire.say("tur", Kind.CHECK, check())
        wire.say("tur", Kind.CHECK, check())
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.board() == {"undelivered-tur-1", "undelivered-tur-2"}
    with wire.losing(sender="isr", reader="dog", channel="status"):
        wire.say("isr", Kind.REPLY, reply("tur", 2, Answer.ROGER))
        wire.settle()
    assert wire.board() == set()
    assert wire.flags()[-2:] == ["undelivered tur/1 cleared", "undelivered tur/2 cleared"]


def test_what_was_answered_at_once_is_not_called_undelivered(wire: Watch) -> None:
    """A person who types his answers by hand sends no receipts, and needs none."""
    wire.stop("isr")
    said = wire.say("tur", Kind.CHECK, check())
    typed = Author("isr").says(Kind.REPLY, reply("tur", 1, Answer.ROGER), said.at_ms + 1)
    wire.hear("dog", records(typed))
    wire.go(HOUR_MS)
    assert [flag for flag in wire.flags() if flag.startswith("undelivered tur")] == []


# Silent


def test_a_station_that_misses_its_heartbeats_is_flagged(wire: Watch) -> None:
    """After three heartbeats without a status; cleared with the next one."""
    wire.go(TIMERS.heartbeat_ms)
    with wire.losing(sender="tur"):
        silent_ms = wire.now_ms + TIMERS.silent_ms
        wire.expect(silent_ms, "silent tur ALARM")
        assert wire.last_flag().detail == "tur: not heard for 15m"
    wire.go(TIMERS.heartbeat_ms)
    assert wire.flags()[-1] == "silent tur cleared"
    assert wire.last_clear().reason == "back on the line"


def test_a_lost_link_is_an_alarm_at_once(wire: Watch) -> None:
    """The last will tells it sooner than missing heartbeats do."""
    wire.cut("tur")
    wire.settle()
    assert wire.flags() == ["silent tur ALARM"]
    assert wire.last_flag().detail == "tur: link lost"
    wire.link("tur")
    wire.settle()
    assert wire.flags() == ["silent tur ALARM", "silent tur cleared"]


def test_a_goodbye_is_a_warning(wire: Watch) -> None:
    """Who says goodbye leaves the line unmanned, but nothing has failed."""
    wire.stop("tur")
    wire.settle()
    assert wire.flags() == ["silent tur WARNING"]
    assert wire.last_flag().detail == "tur left the line"
    wire.go(HOUR_MS)
    assert len(wire.flags()) == 1


# Invalid


def test_a_record_that_makes_no_sense_is_flagged_once(wire: Watch) -> None:
    """The flag says which record and why; it is stored all the same and stops nothing."""
    wire.say("isr", Kind.REPLY, reply("tur", 9))
    wire.say("isr", Kind.REPLY, reply("isr", 1))
    wire.say("isr", Kind.CANCEL, cancel("NO-1"))
    wire.go(HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING", "invalid isr/3 WARNING"]
    assert wire.last_flag().detail == "record isr/3: cancels_nothing"
    assert len(wire.seats["dog"].journal("isr")) == 3


def test_a_second_answer_is_invalid_and_the_first_one_holds(wire: Watch) -> None:
    """Two answers to one question are one too many; nobody is owed a third."""
    wire.say("tur", Kind.NOTICE, notice())
    wire.settle()
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.ACCEPT))
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.REJECT))
    wire.go(24 * HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9000-01-01T00:00:00Z"])
def test_a_record_with_an_absurd_time_does_not_stop_the_watchdog(wire: Watch, at: str) -> None:
    """Whatever clock it was written by, the record is judged by it and the line goes on."""
    author = Author("tur")
    odd = changed(author.says(Kind.NOTICE, FLASH).raw, at=at)
    other = changed(
        author.says(Kind.CHECK, check()).raw, prev=digest(odd), at="2026-01-12T07:00:00Z"
    )
    wire.hear("dog", Incoming("hotline/v1/isr-tur/tur/records", odd + b"\n" + other))
    wire.go(HOUR_MS)
    assert "unanswered tur/2 VOICE_REQUIRED" in wire.flags()
    assert ("unanswered tur/1 VOICE_REQUIRED" in wire.flags()) is at.startswith("0001")


def test_flags_reach_the_parties_as_surely_as_notices(wire: Watch) -> None:
    """A flag is a record: lost on the wire, it is repaired like any other."""
    wire.say("tur", Kind.NOTICE, FLASH)
    with wire.losing(sender="dog"):
        wire.go(FLASH_MS + GRACE_MS)
    wire.go(TIMERS.silent_ms)
    assert wire.is_whole()
    flags = wire.machine("isr").picture.flags
    assert [entry.flag.level for entry in flags] == list(Level)
    assert {entry.flag.key for entry in flags} == {"unanswered-tur-1"}


def test_a_time_from_the_future_is_not_late(wire: Watch) -> None:
    """A deadline counts from the record's own time, also when that clock is ahead."""
    ahead = Author("tur").says(Kind.NOTICE, FLASH, wire.now_ms + MINUTE_MS)
    wire.hear("dog", Incoming("hotline/v1/isr-tur/tur/records", ahead.raw))
    wire.hear("isr", Incoming("hotline/v1/isr-tur/tur/records", ahead.raw))
    due_ms = wire.now_ms + MINUTE_MS + FLASH_MS + GRACE_MS
    wire.go_to(due_ms - 1)
    assert "unanswered tur/1 WARNING" not in wire.flags()
    wire.go_to(due_ms)
    assert "unanswered tur/1 WARNING" in wire.flags()
