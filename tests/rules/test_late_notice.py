"""Notices that come late, by their own times."""

import pytest

from hotline.bodies import Answer, Kind
from hotline.times import HOUR_MS, MINUTE_MS
from tests.helpers import cancel, reply, voice
from tests.watch import ALARM, GRACE_MS, TIMERS, Watch, say_flash


@pytest.fixture
def wire() -> Watch:
    """A line on which nothing has happened yet."""
    return Watch()


def test_a_notice_with_too_short_a_lead_is_flagged_when_it_is_said(wire: Watch) -> None:
    """With the time by which it should have been; the answer clears it."""
    starts_ms = say_flash(wire, TIMERS.late_notice_ms - 1)
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
    say_flash(wire, TIMERS.late_notice_ms)
    assert wire.flags() == []


def test_a_notice_of_a_flight_that_has_begun_is_an_alarm(wire: Watch) -> None:
    """The officer has the least time that there is, and then the telephone is needed."""
    say_flash(wire, -MINUTE_MS)
    assert wire.last_flag().level is ALARM
    assert wire.last_flag().detail == (
        "TUR-014 rev 1: said 1m after its window opened, 10m are due"
    )
    wire.expect(wire.now_ms + TIMERS.answer_flash_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.CANCEL])
def test_what_its_author_takes_back_is_late_no_more(wire: Watch, kind: Kind) -> None:
    """A revision has a lead of its own."""
    say_flash(wire, MINUTE_MS)
    if kind is Kind.CANCEL:
        wire.say("tur", kind, cancel())
        wire.settle()
    else:
        say_flash(wire, HOUR_MS, revision=2)
    assert wire.flags() == ["late_notice tur/1 WARNING", "late_notice tur/1 cleared"]


def test_a_call_clears_it_too(wire: Watch) -> None:
    """What was settled by voice is known to the other party."""
    say_flash(wire, MINUTE_MS)
    wire.say("tur", Kind.VOICE, voice("tur", 1))
    wire.settle()
    assert wire.flags()[-1] == "late_notice tur/1 cleared"
