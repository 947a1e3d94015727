"""A channel on which two comm checks in a row were missed."""

import pytest

from hotline.bodies import Answer, Resume, Suspend
from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, TIMERS, check, reply
from tests.watch import GRACE_MS, Watch

CHECK_MS = TIMERS.answer_check_ms
MANY = 100  # checks of one party, all of them open


def test_a_degraded_channel_is_an_alarm_until_a_check_is_answered(wire: Watch) -> None:
    """It is about the party that does not answer."""
    wire.say("tur", check())
    wire.go(CHECK_MS + GRACE_MS)
    assert wire.board() == {"unanswered-tur-1"}
    wire.say("tur", check())
    wire.go(CHECK_MS + GRACE_MS)
    assert "degraded isr ALARM" in wire.flags()
    assert wire.last_flag().detail == ("channel: isr has missed check tur/2 and the one before it")
    wire.restart("dog", SECOND_MS)
    wire.say("tur", FLASH)
    wire.settle()
    wire.say("isr", reply("tur", 3))
    wire.settle()
    assert "degraded-isr" in wire.board(), "what is answered but checks mends nothing"
    wire.say("isr", reply("tur", 2, Answer.ROGER))
    wire.settle()
    assert "degraded-isr" not in wire.board()


@pytest.mark.parametrize("watches", ["all the time", "afterwards"])
def test_a_channel_that_was_mended_is_not_degraded_for_a_start(wire: Watch, watches: str) -> None:
    """Two old checks that nobody will ever answer are no reason: a later one was answered."""
    if watches == "afterwards":
        wire.crash("dog")
    for _ in range(3):
        wire.say("tur", check())
        wire.go(CHECK_MS - 1)
    wire.say("isr", reply("tur", 3, Answer.ROGER))
    wire.go(CHECK_MS)
    if watches == "all the time":
        wire.crash("dog")
    wire.start("dog")
    wire.go(GRACE_MS)
    flags = [flag for flag in wire.flags() if "degraded" in flag]
    assert flags == ["degraded isr ALARM", "degraded isr cleared"]
    assert wire.board() == {"unanswered-tur-1", "unanswered-tur-2"}


def test_a_start_does_not_degrade_again_what_was_mended(wire: Watch) -> None:
    """The third check was missed while the flag stood, and stays flagged itself."""
    for _ in range(4):
        said = wire.say("tur", check())
        wire.go(CHECK_MS - 1)
    wire.say("isr", reply("tur", said.seq, Answer.ROGER))
    wire.go(CHECK_MS)
    flags = wire.flags()
    assert flags.count("degraded isr ALARM") == flags.count("degraded isr cleared") == 1
    wire.restart("dog", MINUTE_MS)
    assert wire.flags() == flags
    assert wire.board() == {f"unanswered-tur-{seq}" for seq in (1, 2, 3)}


@pytest.mark.parametrize("watches", ["all the time", "afterwards"])
def test_a_channel_that_was_degraded_already_is_not_degraded_again(
    wire: Watch, watches: str
) -> None:
    """However many more checks are missed, one alarm stands until one of them is answered."""
    if watches == "afterwards":
        wire.crash("dog")
    for _ in range(4):
        said = wire.say("tur", check())
        wire.go(CHECK_MS + MINUTE_MS)
    wire.say("isr", reply("tur", said.seq, Answer.ROGER))
    for _ in range(2):
        wire.say("tur", check())
        wire.go(CHECK_MS + MINUTE_MS)
    wire.say("isr", reply("tur", said.seq + 2, Answer.ROGER))
    if watches == "afterwards":
        wire.start("dog")
    wire.go(GRACE_MS)
    flags = [flag for flag in wire.flags() if "degraded" in flag]
    assert flags == 2 * ["degraded isr ALARM", "degraded isr cleared"]


def test_of_checks_that_were_said_at_once_two_are_enough(wire: Watch) -> None:
    """Though one of them was answered in time, and two more after it were not."""
    for _ in range(5):
        wire.say("tur", check())
    wire.say("isr", reply("tur", 3, Answer.ROGER))
    wire.go(CHECK_MS + GRACE_MS // 2)
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.go(GRACE_MS)
    flags = [flag for flag in wire.flags() if "degraded" in flag]
    assert flags == ["degraded isr ALARM", "degraded isr cleared"]


def test_an_answer_to_any_check_mends_however_many_came_after_it(wire: Watch) -> None:
    """It came after the flag's deadline, but before that was judged."""
    for _ in range(MANY):
        wire.say("tur", check())
    wire.go(CHECK_MS + GRACE_MS // 2)
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.go(GRACE_MS)
    flags = [flag for flag in wire.flags() if "degraded" in flag]
    assert flags == ["degraded isr ALARM", "degraded isr cleared"]


def test_a_check_that_was_answered_before_mends_nothing(wire: Watch) -> None:
    """The channel was well then."""
    first = wire.say("tur", check())
    wire.settle()
    wire.say("isr", reply("tur", first.seq, Answer.ROGER))
    wire.settle()
    for _ in range(2):
        wire.say("tur", check())
        wire.go(CHECK_MS + GRACE_MS)
    assert "degraded-isr" in wire.board()


def test_the_second_miss_degrades_the_channel_however_many_checks_are_open(wire: Watch) -> None:
    """What counts is the one that was said before it."""
    for _ in range(MANY):
        wire.say("tur", check())
        wire.go(SECOND_MS)
    second_ms = wire.now_ms - (MANY - 1) * SECOND_MS
    wire.go_to(second_ms + CHECK_MS + GRACE_MS - 1)
    assert wire.board() == {"unanswered-tur-1"}
    wire.go(1)
    assert wire.board() == {"unanswered-tur-1", "unanswered-tur-2", "degraded-isr"}


def test_a_channel_that_is_suspended_is_degraded_no_more(wire: Watch) -> None:
    """The silence is declared now."""
    for _ in range(2):
        wire.say("tur", check())
        wire.go(CHECK_MS + GRACE_MS)
    assert "degraded-isr" in wire.board()
    wire.say("isr", Suspend())
    wire.settle()
    assert wire.board() == set()


def test_a_silence_mends_a_channel_that_is_judged_after_it(wire: Watch) -> None:
    """By its party's clock, which was set back before it resumed, it began after the deadline."""
    for _ in range(2):
        wire.say("tur", check())
    wire.now_ms += CHECK_MS
    wire.say("isr", Suspend())
    wire.now_ms -= CHECK_MS
    wire.say("isr", Resume())
    wire.go(CHECK_MS + GRACE_MS)
    flags = [flag for flag in wire.flags() if "degraded" in flag]
    assert flags == ["degraded isr ALARM", "degraded isr cleared"]
