"""Silences that a watchdog did not see begin or end: it says what one that saw them says."""

import pytest

from hotline.bodies import Resume, Suspend
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.watch import GRACE_MS, TIMERS, Watch, declare


@pytest.mark.parametrize("knows_it", [False, True])
def test_its_end_is_judged_by_a_watchdog_that_saw_nothing_of_it(
    wire: Watch, *, knows_it: bool
) -> None:
    """Whether it knew of the silence before or not: that he left then is no excuse for ever."""
    if not knows_it:
        wire.cut("dog")
    until_ms = wire.now_ms + HOUR_MS
    declare(wire, Suspend(until=until_ms))
    if knows_it:
        wire.cut("dog")
    wire.stop("isr")
    wire.go_to(until_ms + HOUR_MS)
    wire.link("dog")
    wire.go(TIMERS.silent_ms + GRACE_MS)
    assert wire.flags() == ["silent isr WARNING", "silent isr ALARM"]


def test_who_was_back_in_time_and_has_left_is_not_missed_by_a_start(wire: Watch) -> None:
    """Nobody has to resume what is over: it says nothing of a silence that came later."""
    declare(wire, Suspend(until=wire.now_ms + HOUR_MS))
    wire.go(2 * HOUR_MS)
    wire.stop("isr")
    wire.go(MINUTE_MS)
    wire.restart("dog", MINUTE_MS)
    assert wire.flags() == ["silent isr WARNING"]


@pytest.mark.parametrize("watches", ["all the time", "afterwards", "unlinked"])
def test_who_has_resumed_and_left_is_a_warning(wire: Watch, watches: str) -> None:
    """Whoever was there saw him come and go, and who was not says the same."""
    declare(wire, Suspend())
    wire.stop("isr")
    wire.settle()
    if watches == "afterwards":
        wire.crash("dog")
    elif watches == "unlinked":
        wire.cut("dog")
    wire.start("isr")
    wire.go(SECOND_MS)
    declare(wire, Resume())
    wire.stop("isr")
    if watches == "afterwards":
        wire.start("dog")
    elif watches == "unlinked":
        wire.link("dog")
    wire.go(TIMERS.greeting_ms)
    assert wire.flags() == ["silent isr WARNING", "silent isr cleared", "silent isr WARNING"]
    assert wire.last_flag().detail == "isr left the line"


@pytest.mark.parametrize("is_dead", [False, True])
def test_who_vanished_and_came_back_unheard_and_left_is_a_warning(
    wire: Watch, *, is_dead: bool
) -> None:
    """He was there to say goodbye."""
    wire.crash("isr")
    wire.settle()
    wire.crash("dog") if is_dead else wire.cut("dog")
    wire.start("isr")
    wire.settle()
    wire.go(SECOND_MS)
    wire.stop("isr")
    wire.start("dog") if is_dead else wire.link("dog")
    wire.go(SECOND_MS)
    assert wire.flags() == ["silent isr ALARM", "silent isr cleared", "silent isr WARNING"]


def test_who_left_and_came_back_unheard_and_vanished_is_an_alarm(wire: Watch) -> None:
    """That he said goodbye before is no excuse."""
    wire.stop("isr")
    wire.settle()
    wire.cut("dog")
    wire.start("isr")
    wire.settle()
    wire.crash("isr")
    wire.link("dog")
    wire.settle()
    assert wire.flags() == ["silent isr WARNING", "silent isr ALARM"]
    assert wire.last_flag().detail == "isr: link lost"


@pytest.mark.parametrize("is_back", [False, True])
def test_who_left_is_no_alarm_when_the_broker_has_lost_his_goodbye(
    wire: Watch, *, is_back: bool
) -> None:
    """A watchdog that starts then has flagged it; unless a status is there from after that."""
    wire.stop("isr")
    wire.settle()
    wire.crash("dog")
    wire.retained.clear()
    wire.go(SECOND_MS)
    if is_back:
        wire.start("isr")
        wire.go(SECOND_MS)
        found = wire.retained.copy()
        wire.crash("isr")
        wire.retained = found  # and not his last will
    wire.go(TIMERS.silent_ms)
    wire.start("dog")
    wire.go(TIMERS.silent_ms + GRACE_MS)
    assert wire.flags() == ["silent isr WARNING", "silent isr ALARM"][: 1 + is_back]


def test_who_resumed_unheard_and_vanished_is_an_alarm(wire: Watch) -> None:
    """His last will was heard first, when he seemed to be suspended."""
    declare(wire, Suspend())
    wire.cut("dog")
    wire.say("isr", Resume())
    wire.settle()
    wire.crash("isr")
    wire.go(SECOND_MS)
    wire.link("dog")
    wire.go(SECOND_MS)
    assert wire.flags() == ["silent isr WARNING", "silent isr ALARM"]
    assert wire.last_flag().detail == "isr: resumed, and not heard"
    wire.restart("dog", MINUTE_MS)
    assert len(wire.flags()) == 2, "said once"
