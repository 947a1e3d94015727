"""A watchdog at which more comes in than it can read."""

import pytest

from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import TIMERS, reply
from tests.watchdog.unseen import with_a_flash
from tests.wire import Wire

FLASH_MS = TIMERS.answer_flash_ms
PATIENCE_MS = TIMERS.receipt_ms + TIMERS.grace_ms
SILENT_MS = TIMERS.silent_ms


@pytest.fixture
def wire() -> Wire:
    """A line on which a FLASH was said a minute ago, and is due in another one."""
    return with_a_flash()


def test_nobody_is_missed_whose_heartbeats_may_wait_to_be_read(wire: Wire) -> None:
    """However long the flood lasts; who is gone after it is missed as long after it as ever."""
    wire.flood("dog", 2 * SILENT_MS)
    assert not any(flag.startswith("silent") for flag in wire.flags())
    with wire.losing(sender="isr"):
        wire.go(SILENT_MS - 1)
        assert not any(flag.startswith("silent") for flag in wire.flags())
        wire.go(1)
    assert "silent isr ALARM" in wire.flags()


def test_an_answer_that_waits_to_be_read_is_not_missed(wire: Wire) -> None:
    """It was said in time; that it is read late is not its author's fault."""
    wire.go(FLASH_MS - MINUTE_MS - SECOND_MS)
    wire.say("isr", reply("tur", 1))
    wire.flood("dog", PATIENCE_MS - SECOND_MS)
    wire.go(10 * MINUTE_MS)
    assert wire.is_whole()
    assert wire.flags() == []


def test_what_nobody_answered_is_flagged_when_the_flood_is_over(wire: Wire) -> None:
    """A grace after it, as after any time in which the watchdog could not see."""
    wire.go(FLASH_MS - MINUTE_MS - SECOND_MS)
    wire.flood("dog", PATIENCE_MS - SECOND_MS)
    assert wire.flags() == []
    wire.go(TIMERS.grace_ms)
    assert wire.flags() == ["unanswered tur/1 WARNING"]


def test_a_flood_without_end_is_blindness_and_says_why(wire: Wire) -> None:
    """After as long as a receipt may take; when all is read again the flags are cleared."""
    began_ms = wire.now_ms + SECOND_MS // 2
    wire.flood("dog", PATIENCE_MS)
    assert wire.flags() == []
    wire.flood("dog", SECOND_MS)
    assert wire.flags() == ["blind isr ALARM", "blind tur ALARM"]
    flag = wire.standing()[0].flag
    assert flag.due == began_ms + TIMERS.receipt_ms
    assert flag.detail == "more comes in than can be read: nothing is judged meanwhile"
    wire.go(1)
    assert wire.flags()[2:] == ["blind isr cleared", "blind tur cleared"]
