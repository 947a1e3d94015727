"""A missing answer: what is flagged and cleared, and when, to the millisecond."""

import pytest

from hotline.bodies import Answer, Body, Clear, Kind, Level
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, Author, cancel, check, notice, records, reply
from tests.watch import FLASH_MS, GRACE_MS, TIMERS, VOICE_REQUIRED, WARNING, Watch, say_flash


def test_a_missing_answer_is_flagged_with_three_levels(wire: Watch) -> None:
    """WARNING, ALARM and VOICE_REQUIRED, each when it is due and its grace is over."""
    said = wire.say("tur", FLASH)
    for level, halves in ((Level.WARNING, 2), (Level.ALARM, 3), (Level.VOICE_REQUIRED, 4)):
        due_ms = said.at_ms + FLASH_MS * halves // 2
        wire.expect(due_ms + GRACE_MS, f"unanswered tur/1 {level}")
        assert wire.last_flag().due == due_ms
    assert wire.last_flag().detail == "TUR-014 rev 1: no answer from isr after 4m"
    wire.go(24 * HOUR_MS)
    assert len(wire.flags()) == 3
    assert wire.board() == {"unanswered-tur-1"}


def test_a_comm_check_is_flagged_by_its_own_timer(wire: Watch) -> None:
    """A check that nobody answers within five minutes is flagged."""
    said = wire.say("isr", check())
    wire.expect(said.at_ms + TIMERS.answer_check_ms + GRACE_MS, "unanswered isr/1 WARNING")
    assert wire.last_flag().detail == "check isr/1: no answer from tur after 5m"


@pytest.mark.parametrize("early_ms", [0, 1, FLASH_MS])
def test_an_answer_in_time_is_never_flagged(wire: Watch, early_ms: int) -> None:
    """Up to the millisecond in which it is due."""
    said = wire.say("tur", FLASH)
    wire.go_to(said.at_ms + FLASH_MS - early_ms)
    wire.say("isr", reply("tur", 1))
    wire.go(24 * HOUR_MS)
    assert wire.flags() == []


@pytest.mark.parametrize("late_ms", [0, 1])
def test_what_was_not_seen_is_flagged_when_it_came_after_the_grace(
    wire: Watch, late_ms: int
) -> None:
    """And not when it came in the millisecond in which that was over."""
    said = wire.say("tur", FLASH)
    wire.settle()
    wire.cut("dog")
    wire.go_to(said.at_ms + FLASH_MS + GRACE_MS + late_ms)
    wire.say("isr", reply("tur", 1))
    wire.link("dog")
    wire.go(MINUTE_MS)
    flags = ["unanswered tur/1 WARNING", "unanswered tur/1 cleared"]
    assert wire.flags() == (flags if late_ms else [])
    details = [entry.flag.detail for entry in wire.machine("dog").picture.flags]
    late = "TUR-014 rev 1: no answer from isr after 2m (seen 2s after that)"
    assert details == ([late] if late_ms else [])


def test_an_answer_that_was_given_in_time_and_heard_late_is_not_called_late(wire: Watch) -> None:
    """Its officer did what he should; the wire did not."""
    wire.say("tur", FLASH)
    wire.settle()
    wire.cut("isr")
    wire.say("isr", reply("tur", 1))
    wire.go(FLASH_MS + MINUTE_MS)
    assert "unanswered tur/1 WARNING" in wire.flags()
    wire.link("isr")
    wire.settle()
    clears = [r.body for r in wire.seats["dog"].disk if isinstance(r.body, Clear)]
    assert ("answered ACCEPT in time, heard late", 0) in [(c.reason, c.late_ms) for c in clears]


def test_a_late_answer_by_a_clock_that_is_ahead_is_late_by_when_it_came(wire: Watch) -> None:
    """Nobody answers from the future, whether the watchdog saw it at once or looks back at it."""
    said = wire.say("tur", FLASH)
    wire.go_to(said.at_ms + 2 * FLASH_MS)
    ahead_ms = wire.now_ms + HOUR_MS
    wire.hear("dog", records(Author("isr").says(Kind.REPLY, reply("tur", 1), ahead_ms)))
    wire.settle()
    assert wire.last_clear().late_ms == FLASH_MS


def test_what_was_taken_back_in_time_by_our_clock_is_not_late_by_one_that_is_ahead(
    wire: Watch,
) -> None:
    """Not even if its message is still to come by ours, unless by more than clocks may differ."""
    ahead_ms, tur = TIMERS.clock_skew_ms, Author("tur")
    opens_ms = wire.now_ms + ahead_ms + SECOND_MS
    tur.says(Kind.NOTICE, notice(starts_ms=opens_ms), wire.now_ms + ahead_ms)
    wire.hear("dog", records(*tur.journal))
    wire.go(SECOND_MS + 2 * GRACE_MS)
    tur.says(Kind.CANCEL, cancel(), wire.now_ms + ahead_ms)
    wire.hear("dog", records(tur.journal[-1]))
    wire.settle()
    assert wire.now_ms < opens_ms
    assert wire.missed() == []


def test_a_late_answer_clears_the_flag_and_says_how_late_it_was(wire: Watch) -> None:
    """All levels end with one clear, late by the answer's own time."""
    said = wire.say("tur", FLASH)
    wire.go_to(said.at_ms + 2 * FLASH_MS)
    wire.say("isr", reply("tur", 1, Answer.REJECT))
    wire.settle()
    assert wire.flags()[-1] == "unanswered tur/1 cleared"
    assert wire.last_clear().late_ms == FLASH_MS
    assert wire.last_clear().reason == "answered REJECT, 2m late"
    assert wire.board() == set()
    wire.go(24 * HOUR_MS)
    assert len(wire.flags()) == 3, "WARNING, ALARM and the clear"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (notice(revision=2), "superseded"),
        (cancel(), "cancelled"),
    ],
)
def test_taking_a_word_back_clears_its_flag(wire: Watch, body: Body, reason: str) -> None:
    """Nobody owes an answer to what is void; what took its place has a timer of its own."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    wire.say("tur", body)
    wire.settle()
    assert wire.flags() == ["unanswered tur/1 WARNING", "unanswered tur/1 cleared"]
    assert wire.last_clear().reason == reason
    wire.go(24 * HOUR_MS)
    assert [flag for flag in wire.flags()[2:] if "tur/1" in flag] == []
    assert "unanswered tur/2 VOICE_REQUIRED" in wire.flags()


# Standby


def test_a_standby_restarts_the_timer(wire: Watch) -> None:
    """The old deadline passes without a flag, the new one counts from the STANDBY."""
    said = wire.say("tur", FLASH)
    wire.go(FLASH_MS - SECOND_MS)
    standby = wire.say("isr", reply("tur", 1, Answer.STANDBY, expected_ms=said.at_ms + HOUR_MS))
    wire.expect(standby.at_ms + FLASH_MS + GRACE_MS, "unanswered tur/1 WARNING")


def test_a_standby_waits_at_most_as_long_as_it_promised(wire: Watch) -> None:
    """Who promised an answer within a minute is flagged after a minute."""
    wire.say("tur", notice())
    wire.go(MINUTE_MS)
    promised_ms = wire.now_ms + MINUTE_MS
    wire.say("isr", reply("tur", 1, Answer.STANDBY, expected_ms=promised_ms))
    wire.expect(promised_ms + GRACE_MS, "unanswered tur/1 WARNING")
    wire.go_to(promised_ms + 20 * SECOND_MS)
    wire.say("isr", reply("tur", 1))
    wire.settle()
    assert wire.last_clear().late_ms == 20 * SECOND_MS


def test_every_standby_restarts_it_once_more(wire: Watch) -> None:
    """A second STANDBY buys time as the first did; no more is needed of an officer."""
    wire.say("tur", FLASH)
    for _ in range(3):
        wire.go(FLASH_MS - SECOND_MS)
        at_ms = wire.now_ms
        late_ms = at_ms + HOUR_MS
        wire.say("isr", reply("tur", 1, Answer.STANDBY, expected_ms=late_ms))
    wire.expect(at_ms + FLASH_MS + GRACE_MS, "unanswered tur/1 WARNING")


def test_a_late_standby_clears_the_flag_until_it_is_due_again(wire: Watch) -> None:
    """A STANDBY ends the levels that were raised; the next ones begin with WARNING."""
    wire.say("tur", FLASH)
    wire.go(2 * FLASH_MS)
    standby = wire.say("isr", reply("tur", 1, Answer.STANDBY, expected_ms=wire.now_ms + HOUR_MS))
    wire.settle()
    assert wire.last_clear().reason == "standby: the timer restarts"
    wire.expect(standby.at_ms + FLASH_MS + GRACE_MS, "unanswered tur/1 WARNING")
    assert wire.last_flag().detail == "TUR-014 rev 1: STANDBY, then no answer from isr after 2m"


def test_when_the_window_opens_unanswered_voice_is_required(wire: Watch) -> None:
    """However short the time was that was left to answer."""
    starts_ms = say_flash(wire, 50 * SECOND_MS)
    wire.expect(starts_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")
    assert wire.last_flag().detail == "TUR-014 rev 1: no answer from isr after 50s"
    wire.say("isr", reply("tur", 1, Answer.ACCEPT))
    wire.settle()
    assert wire.board() == set()
    assert wire.last_clear().late_ms == GRACE_MS


def test_levels_that_come_before_the_window_opens_come_as_ever(wire: Watch) -> None:
    """And the worst one when it does."""
    starts_ms = say_flash(wire, 3 * MINUTE_MS)
    wire.expect(starts_ms - MINUTE_MS + GRACE_MS, "unanswered tur/1 WARNING")
    wire.expect(starts_ms + GRACE_MS, "unanswered tur/1 VOICE_REQUIRED")
    levels = [flag.split()[-1] for flag in wire.flags()]
    assert levels == [WARNING, WARNING, VOICE_REQUIRED]


def test_a_standby_does_not_put_off_the_worst_case(wire: Watch) -> None:
    """While the flight is there and nobody has agreed to it, somebody must telephone."""
    starts_ms = say_flash(wire, 10 * MINUTE_MS)
    wire.go(MINUTE_MS)
    standby = reply("tur", 1, Answer.STANDBY, expected_ms=starts_ms + HOUR_MS)
    wire.say("isr", standby)
    wire.go_to(starts_ms + GRACE_MS)
    assert wire.flags()[-1] == "unanswered tur/1 VOICE_REQUIRED"


def test_a_watchdog_that_was_away_flags_what_the_window_made_of_it(wire: Watch) -> None:
    """A late answer is measured by the window's opening."""
    starts_ms = say_flash(wire, 50 * SECOND_MS)
    wire.crash("dog")
    wire.go_to(starts_ms + MINUTE_MS)
    wire.say("isr", reply("tur", 1, Answer.ACCEPT))
    wire.settle()
    wire.start("dog")
    wire.go(SECOND_MS * 5)
    assert "unanswered tur/1 VOICE_REQUIRED" in wire.flags()
    assert "unanswered tur/1 WARNING" not in wire.flags()
    assert wire.board() == set()
    assert wire.last_clear().late_ms == MINUTE_MS
