"""What the watchdog does not see it does not judge."""

import pytest

from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import TIMERS, notice, reply, status
from tests.watchdog.unseen import no_repair, with_a_flash
from tests.wire import Wire

GRACE_MS = TIMERS.grace_ms
FLASH_MS = TIMERS.answer_flash_ms


@pytest.fixture
def wire() -> Wire:
    """A line on which a FLASH was said and is on its way to be late."""
    return with_a_flash()


# Behind


def test_nothing_is_judged_while_an_answer_may_be_among_what_is_missing(wire: Wire) -> None:
    """An answer in time that did not reach the watchdog raises no flag: it repairs first."""
    with wire.fate(no_repair):
        with wire.losing(sender="isr", reader="dog", channel="records"):
            wire.say("isr", reply("tur", 1))
            wire.settle()
        wire.go_to(wire.now_ms + TIMERS.heartbeat_ms)
        assert wire.machine("dog").is_behind("isr")
        wire.go(TIMERS.receipt_ms)
    wire.go(10 * FLASH_MS)
    assert wire.is_whole()
    assert [flag for flag in wire.flags() if "unanswered" in flag] == []


def test_a_repair_after_the_deadline_is_not_too_late(wire: Wire) -> None:
    """The answer was in time, the watchdog was not: it waits for it, past the deadline."""
    wire.go(MINUTE_MS - 2 * SECOND_MS)
    with wire.fate(no_repair):
        with wire.losing(sender="isr", reader="dog", channel="records"):
            wire.say("isr", reply("tur", 1))
            wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
            wire.settle()
        wire.go(3 * SECOND_MS)
        assert wire.machine("dog").is_behind("isr")
    wire.go(10 * FLASH_MS)
    assert wire.flags() == []


def test_what_was_due_during_blindness_is_flagged_when_it_is_over(wire: Wire) -> None:
    """All levels that passed meanwhile are raised at once, and say how late they were seen."""
    wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
    with wire.losing(sender="isr", reader="dog"):
        wire.go(2 * FLASH_MS)
        assert [flag for flag in wire.flags() if "unanswered" in flag] == []
    wire.go(TIMERS.heartbeat_ms)
    assert wire.flags()[-3:] == [
        "unanswered tur/1 WARNING",
        "unanswered tur/1 ALARM",
        "unanswered tur/1 VOICE_REQUIRED",
    ]
    body = next(e.flag for e in wire.standing() if e.flag.key == "unanswered-tur-1")
    assert "after 2m (seen " in body.detail


def test_a_party_that_dies_does_not_make_us_forget_what_it_said(wire: Wire) -> None:
    """Its last will knows less than its last status: the answer is still missing, not absent."""
    with wire.losing(sender="isr", reader="dog", channel="records"), wire.fate(no_repair):
        wire.say("isr", reply("tur", 1))
        wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
        wire.settle()
        wire.crash("isr")
        wire.seats["tur"].machine = None
        wire.go(2 * FLASH_MS)
    assert wire.machine("dog").is_behind("isr")
    assert [flag for flag in wire.flags() if "unanswered" in flag] == []


# Without a link


def test_nothing_is_judged_while_the_link_is_down(wire: Wire) -> None:
    """A watchdog that hears nobody flags nobody, and its time does not run."""
    wire.cut("dog")
    wire.go(10 * FLASH_MS)
    assert wire.flags() == []
    assert wire.machine("dog").due_ms() is None


def test_after_the_link_came_back_there_is_a_grace(wire: Wire) -> None:
    """What was said meanwhile is let in first; then what is overdue is flagged."""
    wire.cut("dog")
    wire.go(FLASH_MS)
    wire.link("dog")
    wire.go(GRACE_MS - 1)
    assert wire.flags() == []
    wire.go(1)
    assert wire.flags() == ["unanswered tur/1 WARNING", "unanswered tur/1 ALARM"]


def test_an_answer_during_an_outage_of_the_watchdog_is_no_alarm(wire: Wire) -> None:
    """It learns from the statuses that there is more, and has it before it judges."""
    wire.cut("dog")
    wire.go(SECOND_MS)
    wire.say("isr", reply("tur", 1))
    wire.go(10 * FLASH_MS)
    wire.link("dog")
    wire.go(10 * FLASH_MS)
    assert wire.is_whole()
    assert wire.flags() == []


def test_nothing_is_judged_before_both_parties_were_heard(wire: Wire) -> None:
    """After a reconnect the retained statuses may be old: it waits for live ones, or silence."""
    wire.cut("dog")
    wire.go(FLASH_MS)
    with wire.losing(sender="isr", reader="dog"):
        wire.retained.clear()
        wire.link("dog")
        wire.go(TIMERS.silent_ms - 1)
        assert wire.flags() == []
        wire.go(1)
    assert wire.flags() == [
        "silent isr ALARM",
        "unanswered tur/1 WARNING",
        "unanswered tur/1 ALARM",
    ]


# What was not seen


def test_a_silence_that_was_over_before_we_saw_it_is_flagged_all_the_same(wire: Wire) -> None:
    """Each level that it reached, and then the clear: it must not hang on who was looking."""
    wire.hear("dog", status("isr", head=1, at_ms=wire.now_ms, tur=1))
    with wire.losing(sender="isr", reader="dog"):
        wire.go(2 * MINUTE_MS)
        wire.say("isr", reply("tur", 1))
        wire.go(SECOND_MS)
        assert [flag for flag in wire.flags() if "unanswered" in flag] == []
    wire.go(10 * FLASH_MS)
    assert [flag for flag in wire.flags() if "unanswered" in flag] == [
        "unanswered tur/1 WARNING",
        "unanswered tur/1 cleared",
    ]


def test_an_answer_proves_that_all_before_it_was_delivered(wire: Wire) -> None:
    """A watchdog that restarts while the reader is gone knows no receipts, but it knows answers."""
    wire.say("tur", notice("TUR-2"))
    wire.say("isr", reply("tur", 1))
    wire.say("isr", reply("tur", 2))
    wire.settle()
    wire.crash("isr")
    wire.restart("dog", 10 * MINUTE_MS)
    assert [flag for flag in wire.flags() if "undelivered tur" in flag] == []
