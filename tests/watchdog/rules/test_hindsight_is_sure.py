"""Waits whose end the watchdog has seen for sure: judged once, and not anew with each start."""

from collections.abc import Callable

import pytest

from hotline.bodies import Answer, Body, Flag, Kind, Level, Reply, Rule, Voice
from hotline.records import Record
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, T0, Author, records, reply, status, voice
from tests.watch import FLASH_MS, GRACE_MS, LATE, TAKEN_BACK, Watch


def test_a_call_in_both_voice_logs_was_answered_when_the_first_says_so(wire: Watch) -> None:
    """Whoever writes it down later, and however often the watchdog starts."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS // 2)
    wire.say("isr", voice("tur", 1))
    wire.go(FLASH_MS)
    wire.say("tur", voice("tur", 1))
    wire.go(MINUTE_MS)
    wire.restart("dog", MINUTE_MS)
    assert wire.missed() == []


@pytest.mark.parametrize("say_first", [reply, voice])
@pytest.mark.parametrize("body", TAKEN_BACK)
def test_standbys_are_no_silence_after_a_start(
    wire: Watch, say_first: Callable[..., Reply | Voice], body: Body
) -> None:
    """Each was given in time, though from the first word to the last it was too long."""
    wire.say("tur", FLASH)
    promised_ms = wire.now_ms + HOUR_MS
    for say in (say_first, reply):
        wire.go(FLASH_MS * 2 // 3)
        wire.say("isr", say("tur", 1, Answer.STANDBY, expected_ms=promised_ms))
    wire.go(FLASH_MS // 3)
    wire.say("tur", body)
    wire.go(MINUTE_MS)
    wire.restart("dog", MINUTE_MS)
    assert wire.missed() == []


def test_an_answer_from_a_fast_clock_was_in_time_when_it_was_heard() -> None:
    """It was here before the deadline, whatever time it bears."""
    wire, isr = Watch(), Author("isr")
    wire.say("tur", FLASH)
    wire.go(FLASH_MS - 2 * SECOND_MS)
    wire.hear("dog", records(isr.says(Kind.REPLY, reply("tur", 1), wire.now_ms + 4 * SECOND_MS)))
    wire.go(MINUTE_MS)
    wire.restart("dog", MINUTE_MS)
    assert wire.missed() == []


def test_a_shorter_timer_judges_nothing_that_is_over(wire: Watch) -> None:
    """The line's timers are changed, and the watchdog is started with the new ones."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS - SECOND_MS)
    wire.say("isr", reply("tur", 1))
    wire.go(MINUTE_MS)
    half = {"answer_flash_ms": FLASH_MS // 2, "answer_floor_ms": FLASH_MS // 2}
    wire.timers = wire.timers.model_copy(update=half)
    wire.restart("dog", MINUTE_MS)
    assert wire.missed() == []


def test_a_wait_is_as_late_as_the_standby_that_ended_it(wire: Watch) -> None:
    """The answer that came after the STANDBY was not late at all."""
    said = wire.say("tur", FLASH)
    wire.settle()
    wire.cut("dog")
    wire.go_to(said.at_ms + FLASH_MS + MINUTE_MS // 2)
    standby = reply("tur", 1, Answer.STANDBY, expected_ms=wire.now_ms + HOUR_MS)
    wire.say("isr", standby)
    wire.go(MINUTE_MS // 2)
    wire.say("isr", reply("tur", 1))
    wire.link("dog")
    wire.go(MINUTE_MS)
    assert wire.missed() == LATE
    assert wire.last_clear().late_ms is None


@pytest.mark.parametrize("is_cut", [False, True])
def test_of_two_standbys_that_cross_the_later_one_counts(wire: Watch, *, is_cut: bool) -> None:
    """Though the one that was said first is the last to be read, and in doubt."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS // 2)
    with wire.losing(sender="isr", reader="dog"):
        soon_ms = wire.now_ms + 10 * SECOND_MS
        wire.say("isr", reply("tur", 1, Answer.STANDBY, expected_ms=soon_ms))
        wire.now_ms += 5
        later_ms = wire.now_ms + HOUR_MS
        by_voice = voice("tur", 1, Answer.STANDBY, expected_ms=later_ms)
        wire.say("tur", by_voice)
        wire.settle()
        if is_cut:
            wire.cut("dog")
    wire.go(FLASH_MS // 2)
    wire.say("isr", reply("tur", 1))
    wire.settle()
    if is_cut:
        wire.link("dog")
    wire.go(MINUTE_MS)
    assert wire.is_whole()
    assert wire.missed() == []


def test_a_clock_that_was_put_back_hides_no_silence() -> None:
    """An answer that bears a later time than ours is not for that older than its message."""
    wire, isr = Watch(), Author("isr")
    said = wire.say("tur", FLASH)
    wire.settle()
    wire.cut("dog")
    answered = isr.says(Kind.REPLY, reply("tur", 1), said.at_ms + FLASH_MS + MINUTE_MS // 2)
    dog, now_ms = wire.machine("dog"), said.at_ms + 2 * FLASH_MS - HOUR_MS
    dog.clock_jumped(-HOUR_MS)
    dog.connecting(now_ms)
    dog.connected(now_ms)
    said_by_dog: list[Record] = []
    for after_ms in (0, GRACE_MS):
        for party in ("isr", "tur"):
            dog.hear(status(party, at_ms=now_ms + after_ms, since_ms=T0), now_ms + after_ms)
        dog.hear(records(answered), now_ms + after_ms)
        dog.tick(now_ms + after_ms)
        said_by_dog += dog.flush(now_ms + after_ms).appends
    found = [r.body for r in said_by_dog if isinstance(r.body, Flag)]
    assert [flag.level for flag in found if flag.rule is Rule.UNANSWERED] == [Level.WARNING]
