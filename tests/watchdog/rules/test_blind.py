"""That the watchdog does not see, it says."""

import pytest

from hotline.bodies import Answer
from hotline.times import HOUR_MS, MINUTE_MS
from tests.helpers import TIMERS, check, reply, status
from tests.watchdog.unseen import no_repair, with_a_flash
from tests.wire import Wire

GRACE_MS = TIMERS.grace_ms
FLASH_MS = TIMERS.answer_flash_ms
PATIENCE_MS = TIMERS.receipt_ms + GRACE_MS


@pytest.fixture
def wire() -> Wire:
    """A line on which a FLASH was said and is on its way to be late."""
    return with_a_flash()


def test_a_watchdog_that_cannot_repair_says_that_it_is_blind(wire: Wire) -> None:
    """After as long as a receipt may take; with the records here, the flag is cleared."""
    with wire.fate(no_repair):
        with wire.losing(sender="isr", reader="dog", channel="records"):
            wire.say("isr", reply("tur", 1, Answer.ACCEPT))
        wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
        wire.settle()
        began_ms = wire.now_ms
        wire.go(PATIENCE_MS - 1)
        assert wire.flags() == []
        wire.go(1)
        assert wire.flags() == ["blind isr ALARM"]
        flag = wire.standing()[0].flag
        assert flag.due == began_ms + TIMERS.receipt_ms
        assert flag.detail == "cannot get the records of isr: nothing is judged meanwhile"
        wire.go(10 * FLASH_MS)
        assert wire.flags() == ["blind isr ALARM"], "blindness suspends all judging"
    wire.go(TIMERS.resend_ms)
    assert wire.flags() == ["blind isr ALARM", "blind isr cleared"]
    wire.go(10 * FLASH_MS)
    assert wire.flags() == ["blind isr ALARM", "blind isr cleared"]


def test_of_two_parties_the_one_that_was_missing_first_is_told_first() -> None:
    """Each after its own time, which nothing else may fall into."""
    timers = TIMERS.model_copy(update={"receipt_ms": TIMERS.receipt_ms + GRACE_MS // 2})
    wire = Wire(timers=timers)
    with wire.losing(reader="dog"):
        for party in wire.line.parties:
            wire.hear("dog", status(party, head=9, at_ms=wire.now_ms))
            wire.go(GRACE_MS)
        wire.go(timers.receipt_ms - GRACE_MS - 1)
        assert wire.flags() == []
        wire.go(1)
        assert wire.flags() == ["blind isr ALARM"]
        wire.go(GRACE_MS)
        assert wire.flags() == ["blind isr ALARM", "blind tur ALARM"]


def test_our_clock_does_not_make_us_blind_any_sooner(wire: Wire) -> None:
    """Put forward by an hour while something is missing, it makes nothing missing for an hour."""
    with wire.losing(sender="isr", reader="dog"):
        wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
        wire.settle()
        wire.set_clocks(HOUR_MS)
        wire.go(PATIENCE_MS - 1)
        assert [flag for flag in wire.flags() if "blind" in flag] == []
        wire.go(1)
        assert [flag for flag in wire.flags() if "blind" in flag] == ["blind isr ALARM"]


def test_an_outage_is_not_blindness(wire: Wire) -> None:
    """The time without a link does not count: repair is given its chance first."""
    wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
    wire.settle()
    wire.cut("dog")
    wire.go(10 * MINUTE_MS)
    wire.retained.clear()
    with wire.losing(sender="isr", reader="dog"):
        wire.link("dog")
        wire.go(PATIENCE_MS - 1)
        assert [flag for flag in wire.flags() if "blind" in flag] == []
        wire.go(1)
    assert [flag for flag in wire.flags() if "blind" in flag] == ["blind isr ALARM"]


def test_a_watchdog_that_hears_nothing_blames_nobody(wire: Wire) -> None:
    """Its broker lets it write but not read: both parties are there, and the answer was in time."""
    with wire.losing(reader="dog"):
        wire.say("isr", reply("tur", 1, Answer.ACCEPT))
        wire.settle()
        wire.go(10 * FLASH_MS)
        assert wire.flags() == ["blind isr ALARM", "blind tur ALARM"]
        assert "does not come back" in wire.standing()[0].flag.detail
    wire.go(FLASH_MS)
    assert sorted(wire.flags()[2:]) == ["blind isr cleared", "blind tur cleared"]
    assert wire.is_whole()


def test_what_was_said_while_it_heard_nothing_is_waited_for(wire: Wire) -> None:
    """When it hears again, each of the others may have said what shows only in its next status."""
    due_ms = wire.now_ms + FLASH_MS - MINUTE_MS
    wire.go_to(due_ms - 6_000)
    with wire.losing(reader="dog"):
        wire.go(2_500)
        wire.say("tur", check())  # so that isr's next status is not sent with the dog's
        wire.settle()
        wire.say("isr", reply("tur", 1, Answer.ACCEPT))
        wire.settle()
        wire.go_to(due_ms + 2_000)
        assert wire.machine("dog").reception.is_deaf
    wire.go(FLASH_MS)
    assert wire.flags() == []
    assert wire.is_whole()


def test_a_sleep_gives_no_hearing_back(wire: Wire) -> None:
    """What was late before the watchdog slept is late until it comes; the flag stands meanwhile."""
    with wire.losing(reader="dog"):
        while not wire.flags():
            wire.go(500)
        wire.now_ms += 2 * PATIENCE_MS
        wire.go(FLASH_MS)
        assert wire.flags() == ["blind isr ALARM", "blind tur ALARM"]
