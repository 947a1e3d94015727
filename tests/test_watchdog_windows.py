"""Notices that come late, and windows that open before anybody has answered."""

import pytest

from hotline.bodies import Answer, Kind
from hotline.notice import Precedence
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import cancel, notice, reply, voice
from tests.watch import ALARM, GRACE_MS, TIMERS, VOICE_REQUIRED, WARNING, Watch


@pytest.fixture
def wire() -> Watch:
    """A line on which nothing has happened yet."""
    return Watch()


def say(wire: Watch, lead_ms: int, revision: int = 1) -> int:
    """Tur says a notice with this lead; when its window opens."""
    starts_ms = wire.now_ms + lead_ms
    body = notice(precedence=Precedence.FLASH, starts_ms=starts_ms, revision=revision)
    wire.say("tur", Kind.NOTICE, body)
    wire.settle()
    return starts_ms


def test_a_notice_with_too_short_a_lead_is_flagged_when_it_is_said(wire: Watch) -> None:
    """With the time by which it should have been; the answer clears it."""
    starts_ms = say(wire, TIMERS.late_notice_ms - 1)
    assert wire.flags() == ["late_notice tur/1 WARNING"]
    flag = wire.last_flag()
    assert flag.due == starts_ms - TIMERS.late_notice_ms
    assert flag.detail == "TUR-014 rev 1: said 9m59s before its window opens, 10m are due"
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.ACCEPT))
    wire.settle()
    assert wire.flags()[-1] == "late_notice tur/1 cleared"
    assert wire.last_clear().reason == "answered"


def test_a_notice_in_time_is_none_of_it(wire: Watch) -> None:
    """Ten minutes are enough."""
    say(wire, TIMERS.late_notice_ms)
    assert wire.flags() == []


def test_a_notice_of_a_flight_that_has_begun_is_an_alarm(wire: Watch) -> None:
    """The officer has the least time that there is, and then the telephone is needed."""
    say(wire, -MINUTE_MS)
    assert wire.last_flag().level is ALARM
    assert wire.last_flag().detail == (
        "TUR-014 rev 1: said 1m after its window opened, 10m are due"
    )
    wire.expect(wire.now_ms + TIMERS.answer_flash_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.CANCEL])
def test_what_its_author_takes_back_is_late_no_more(wire: Watch, kind: Kind) -> None:
    """A revision has a lead of its own."""
    say(wire, MINUTE_MS)
    if kind is Kind.CANCEL:
        wire.say("tur", kind, cancel())
        wire.settle()
    else:
        say(wire, HOUR_MS, revision=2)
    assert wire.flags() == ["late_notice tur/1 WARNING", "late_notice tur/1 cleared"]


def test_a_call_clears_it_too(wire: Watch) -> None:
    """What was settled by voice is known to the other party."""
    say(wire, MINUTE_MS)
    wire.say("tur", Kind.VOICE, voice("tur", 1))
    wire.settle()
    assert wire.flags()[-1] == "late_notice tur/1 cleared"


def test_when_the_window_opens_unanswered_voice_is_required(wire: Watch) -> None:
    """However short the time was that was left to answer."""
    starts_ms = say(wire, 50 * SECOND_MS)
    wire.expect(starts_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")
    assert wire.last_flag().detail == "TUR-014 rev 1: no answer from isr after 50s"
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.ACCEPT))
    wire.settle()
    assert wire.board() == set()
    assert wire.last_clear().late_ms == GRACE_MS


def test_levels_that_come_before_the_window_opens_come_as_ever(wire: Watch) -> None:
    """And the worst one when it does."""
    starts_ms = say(wire, 3 * MINUTE_MS)
    wire.expect(starts_ms - MINUTE_MS + GRACE_MS, "unanswered tur/1 WARNING")
    wire.expect(starts_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")
    levels = [flag.split()[-1] for flag in wire.flags()]
    assert levels == [WARNING, WARNING, VOICE_REQUIRED]


def test_a_standby_does_not_put_off_the_worst_case(wire: Watch) -> None:
    """While the flight is there and nobody has agreed to it, somebody must telephone."""
    starts_ms = say(wire, 10 * MINUTE_MS)
    wire.go(MINUTE_MS)
    standby = reply("tur", 1, Answer.STANDBY, expected_ms=starts_ms + HOUR_MS)
    wire.say("isr", Kind.REPLY, standby)
    wire.go_to(starts_ms + GRACE_MS)
    assert wire.flags()[-1] == "unanswered tur/1 VOICE_REQUIRED"


def test_a_watchdog_that_was_away_flags_what_the_window_made_of_it(wire: Watch) -> None:
    """A late answer is measured by the window's opening."""
    starts_ms = say(wire, 50 * SECOND_MS)
    wire.crash("dog")
    wire.go_to(starts_ms + MINUTE_MS)
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.ACCEPT))
    wire.settle()
    wire.start("dog")
    wire.go(SECOND_MS * 5)
    assert "unanswered tur/1 VOICE_REQUIRED" in wire.flags()
    assert "unanswered tur/1 WARNING" not in wire.flags()
    assert wire.board() == set()
