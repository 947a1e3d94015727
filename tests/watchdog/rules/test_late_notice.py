"""Notices that come late, by their own times."""

import pytest

from hotline.bodies import Answer, Body, Clear, Kind, Rule
from hotline.records import decode
from hotline.times import HOUR_MS, MINUTE_MS
from hotline.watchdog import backlog
from tests.helpers import cancel, notice, replay, reply, voice
from tests.watch import ALARM, GRACE_MS, TIMERS, Watch, say_flash
from tests.wire import Wire


def test_a_notice_with_too_short_a_lead_is_flagged_when_it_is_said(wire: Watch) -> None:
    """With the time by which it should have been; the answer clears it."""
    starts_ms = say_flash(wire, TIMERS.late_notice_ms - 1)
    assert wire.flags() == ["late_notice tur/1 WARNING"]
    flag = wire.last_flag()
    assert flag.due == starts_ms - TIMERS.late_notice_ms
    assert flag.detail == "TUR-014 rev 1: said 9m59s before its window opens, 10m are due"
    wire.say("isr", reply("tur", 1, Answer.ACCEPT))
    wire.settle()
    assert wire.flags()[-1] == "late_notice tur/1 cleared"
    assert wire.last_clear().reason == "answered"


def test_a_notice_in_time_is_none_of_it(wire: Watch) -> None:
    """Ten minutes are enough."""
    say_flash(wire, TIMERS.late_notice_ms)
    assert wire.flags() == []


@pytest.mark.parametrize(("since_ms", "since"), [(0, "0ms"), (MINUTE_MS, "1m")])
def test_a_notice_of_a_flight_that_has_begun_is_an_alarm(
    wire: Watch, since_ms: int, since: str
) -> None:
    """The officer has the least time that there is, and then the telephone is needed."""
    say_flash(wire, -since_ms)
    assert wire.last_flag().level is ALARM
    assert wire.last_flag().detail == (
        f"TUR-014 rev 1: said {since} after its window opened, 10m are due"
    )
    wire.expect(wire.now_ms + TIMERS.answer_flash_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")


def test_a_line_may_have_no_such_rule() -> None:
    """Then not even a flight that has begun is flagged."""
    wire = Wire(timers=TIMERS.model_copy(update={"late_notice_ms": 0}))
    say_flash(wire, -MINUTE_MS)
    assert wire.flags() == []


def test_what_stands_flagged_ends_under_other_timers_too(wire: Watch) -> None:
    """The line was given shorter ones while its watchdog was down."""
    say_flash(wire, MINUTE_MS)
    wire.timers = TIMERS.model_copy(update={"late_notice_ms": 0})
    wire.restart("dog", MINUTE_MS)
    assert wire.board() >= {"late_notice-tur-1"}
    wire.say("isr", reply("tur", 1))
    wire.settle()
    assert wire.board() == set()


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.CANCEL])
def test_what_its_author_takes_back_is_late_no_more(wire: Watch, kind: Kind) -> None:
    """A revision has a lead of its own."""
    say_flash(wire, MINUTE_MS)
    if kind is Kind.CANCEL:
        wire.say("tur", cancel())
        wire.settle()
    else:
        say_flash(wire, HOUR_MS, revision=2)
    assert wire.flags() == ["late_notice tur/1 WARNING", "late_notice tur/1 cleared"]


def test_a_call_clears_it_too(wire: Watch) -> None:
    """What was settled by voice is known to the other party."""
    say_flash(wire, MINUTE_MS)
    wire.say("tur", voice("tur", 1))
    wire.settle()
    assert wire.flags()[-1] == "late_notice tur/1 cleared"


def test_a_call_that_answers_nothing_does_not_clear_it(wire: Watch) -> None:
    """Somebody spoke of it; whether it may fly so is still open."""
    say_flash(wire, MINUTE_MS)
    wire.say("tur", voice("tur", 1, None))
    wire.settle()
    assert wire.flags() == ["late_notice tur/1 WARNING"]


ENDS = [
    pytest.param("isr", reply("tur", 1), "answered", id="answered"),
    pytest.param("isr", voice("tur", 1), "answered", id="answered by voice"),
    pytest.param("tur", notice(revision=2), "superseded", id="revised"),
    pytest.param("tur", cancel(), "cancelled", id="cancelled"),
]


@pytest.mark.parametrize(("by", "body", "reason"), ENDS)
@pytest.mark.parametrize("when", ["at once", "before", "while it starts", "when it may speak"])
def test_what_was_over_before_the_watchdog_might_speak_is_flagged_all_the_same(
    wire: Watch, when: str, by: str, body: Body, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of its lives heard it, and the end of it; once, and cleared in the same turn.

    Also in one life, which heard too much to keep.
    """
    monkeypatch.setattr(backlog, "_MOST", 0)
    wire.say("isr", cancel("UNKNOWN"))
    wire.settle()
    assert wire.flags() == ["invalid isr/1 WARNING"]
    word = wire.last()  # which the others have
    wire.crash("dog")
    wire.seats["dog"].disk.clear()
    with wire.losing(reader="dog", channel="replay"):
        wire.start("dog")
        wire.settle()
        say_flash(wire, MINUTE_MS)
        if when in {"at once", "before"}:
            wire.say(by, body)
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        assert wire.seats["dog"].journal("tur"), "it was heard"
        if when != "at once":
            wire.restart("dog")
        if when == "while it starts":
            wire.say(by, body)
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        assert wire.flags() == []
    if when == "when it may speak":
        wire.hear("dog", replay("isr", "dog", word))
        wire.say(by, body)
    wire.go(MINUTE_MS)
    assert wire.flags()[1:] == ["late_notice tur/1 WARNING", "late_notice tur/1 cleared"]
    assert wire.last_clear().reason == reason
    wire.restart("dog", MINUTE_MS)
    assert [flag for flag in wire.flags()[3:] if "late_notice" in flag] == []


@pytest.mark.parametrize(("by", "body", "reason"), ENDS)
def test_what_is_over_in_the_turn_in_which_the_watchdog_may_speak_is_flagged_once(
    wire: Watch, by: str, body: Body, reason: str
) -> None:
    """It is heard, and looked at once more as what an earlier life may have heard."""
    wire.crash("dog")
    with wire.losing(reader="dog", channel="status"):
        wire.start("dog")
        say_flash(wire, MINUTE_MS)
        wire.say(by, body)
        wire.go(TIMERS.greeting_ms + GRACE_MS)
    wire.go(MINUTE_MS)
    assert [flag for flag in wire.flags() if "late_notice" in flag] == [
        "late_notice tur/1 WARNING",
        "late_notice tur/1 cleared",
    ]
    cleared = [decode(raw).body for raw in wire.seats["dog"].journal("dog")]
    assert [b.reason for b in cleared if isinstance(b, Clear) and b.rule is Rule.LATE_NOTICE] == [
        reason
    ]
