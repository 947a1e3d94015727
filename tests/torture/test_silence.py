"""Every flag that is missing, doubled, false or left standing is found out."""

import pytest

from tests.torture.evidence import Trouble
from tests.torture.hand import (
    END,
    FLASH,
    GRACE,
    T0,
    Hand,
    a_late_answer,
    finds,
    found,
    instant,
    without,
)
from tests.torture.line import STATIONS, WATCHDOG


def test_a_missing_flag_is_found_however_the_weather_was() -> None:
    """A silence that nobody saw is still one."""
    hand = without(a_late_answer(), WATCHDOG, 2)
    storm = [Trouble("cut", f"link:{name}", T0, END) for name in STATIONS]
    assert finds(hand.evidence(*storm), "isr/1 at ALARM: not flagged")


def test_a_message_that_is_never_answered_needs_all_its_flags() -> None:
    """It reaches every level, and its flag stands."""
    hand = Hand()
    hand.notice(T0)
    hand.flags(1, T0 + FLASH, "WARNING")
    hand.flags(1, T0 + FLASH * 3 // 2, "ALARM")
    assert finds(hand.evidence(), "isr/1 at VOICE_REQUIRED: not flagged")
    hand.flags(1, T0 + FLASH * 2, "VOICE_REQUIRED")
    assert found(hand.evidence()) == []


def test_a_silence_before_a_standby_is_one() -> None:
    """A late STANDBY ends a wait, and begins one with its own deadlines."""
    hand = Hand()
    hand.notice(T0)
    late_ms = T0 + FLASH * 3 // 2 + 100
    hand.flags(1, T0 + FLASH, "WARNING")
    hand.answers(1, late_ms, "STANDBY", expected_at=instant(late_ms + 1_000))
    hand.clears(1, late_ms + 10)
    hand.flags(1, late_ms + 1_000, "WARNING")
    hand.answers(1, late_ms + 2_100)
    hand.clears(1, late_ms + 2_110)
    assert [text for text in found(hand.evidence()) if "ALARM" not in text] == []
    assert any(
        "isr/1 at WARNING: not flagged" in t for t in found(without(hand, WATCHDOG, 1).evidence())
    )


def test_a_flag_raised_twice_is_found() -> None:
    """Also when it was cleared in between."""
    hand = a_late_answer()
    hand.flags(1, T0 + FLASH, "WARNING", T0 + FLASH * 3)
    hand.clears(1, T0 + FLASH * 3)
    violations = found(hand.evidence(Trouble("stall", "everything", T0, END)))
    assert violations == [
        "invariant 4/5 silences and false alarms: isr/1 at WARNING: flagged 2 times"
    ]


def test_a_level_raised_again_while_it_stands_is_found() -> None:
    """Levels only rise."""
    hand = Hand()
    hand.notice(T0)
    hand.flags(1, T0 + FLASH, "WARNING")
    hand.flags(1, T0 + FLASH, "WARNING")
    hand.answers(1, T0 + FLASH + GRACE + 100)
    hand.clears(1, T0 + FLASH + GRACE + 110)
    assert any("is flagged again with WARNING" in text for text in found(hand.evidence()))


def test_a_false_flag_is_found_in_good_weather_only() -> None:
    """An answer that the line carried before the deadline must not be flagged."""
    hand = Hand()
    hand.notice(T0)
    hand.answers(1, T0 + FLASH - 1_000)
    hand.flags(1, T0 + FLASH, "WARNING")
    hand.clears(1, T0 + FLASH + GRACE + 10)
    assert finds(hand.evidence(), "isr/1 at WARNING: flagged, though tur was heard")
    for whom in ("link:tur", "tur", "broker", "link:watchdog", "watchdog", "everything"):
        assert found(hand.evidence(Trouble("cut", whom, T0 - 1_000, T0))) == []
    # Trouble that cannot have caused it, or was over long before, is no excuse.
    assert found(hand.evidence(Trouble("cut", "link:isr", T0 - 1_000, T0)))
    assert found(hand.evidence(Trouble("cut", "broker", T0 - 30_000, T0 - 20_000)))


def test_a_flag_of_no_deadline_is_found() -> None:
    """A `due` that the message never had is false, whatever the weather."""
    hand = Hand()
    hand.notice(T0)
    hand.answers(1, T0 + 500)
    hand.flags(1, T0 + FLASH + 700, "WARNING")
    hand.clears(1, T0 + FLASH + 5_000)
    storm = Trouble("stall", "everything", T0, END)
    assert finds(hand.evidence(storm), "isr/1: flagged by watchdog/1 for a deadline")


def test_a_flag_before_the_grace_is_over_is_found() -> None:
    """A record on its way has the grace, in any weather."""
    hand = Hand()
    hand.notice(T0)
    hand.flags(1, T0 + FLASH, "WARNING", T0 + FLASH + 200)
    hand.answers(1, T0 + FLASH + 300)
    hand.clears(1, T0 + FLASH + 310)
    assert finds(hand.evidence(), "isr/1 at WARNING: flagged 800 ms too soon")


def test_a_flag_that_comes_late_in_good_weather_is_found() -> None:
    """A watchdog that is well is at most one tick late."""
    hand = Hand()
    hand.notice(T0)
    hand.flags(1, T0 + FLASH, "WARNING", T0 + FLASH + GRACE + 1_100)
    hand.answers(1, T0 + FLASH + GRACE + 1_110)
    hand.clears(1, T0 + FLASH + GRACE + 1_120)
    violations = [text for text in found(hand.evidence()) if "ALARM" not in text]
    assert len(violations) == 1
    assert "isr/1 at WARNING: flagged 1100 ms too late" in violations[0]


def test_a_flag_that_is_never_cleared_is_found() -> None:
    """What was answered does not stay flagged."""
    hand = without(a_late_answer(), WATCHDOG, 3)
    assert finds(hand.evidence(), "unanswered isr/1: flagged by watchdog/2 and never cleared")


def test_a_silence_of_a_station_that_is_never_cleared_is_found() -> None:
    """In the end everybody is there."""
    hand = a_late_answer()
    subject = {"station": "isr"}
    hand.says(WATCHDOG, T0, "flag", rule="silent", subject=subject, level="ALARM", due=instant(T0))
    storm = Trouble("kill", "isr", T0 - 5_000, T0)
    assert finds(hand.evidence(storm), "silent isr/0", "never cleared")


def test_a_second_clear_is_found() -> None:
    """One clear ends all levels, once."""
    hand = a_late_answer()
    hand.clears(1, T0 + FLASH * 3)
    assert finds(hand.evidence(), "watchdog/4", "is cleared and was not flagged")


def test_a_clear_without_an_answer_is_found() -> None:
    """A flag stands until something comes."""
    hand = Hand()
    hand.notice(T0)
    for level, halves in (("WARNING", 2), ("ALARM", 3), ("VOICE_REQUIRED", 4)):
        hand.flags(1, T0 + FLASH * halves // 2, level)
    hand.clears(1, T0 + FLASH * 3)
    assert finds(hand.evidence(), "watchdog/4: clears isr/1, for which nothing had come")


def test_a_missed_receipt_of_what_was_answered_is_a_false_alarm() -> None:
    """If the watchdog had its answer, it was delivered."""
    hand = Hand()
    hand.notice(T0)
    hand.answers(1, T0 + 1_000)
    hand.flags(1, T0 + 3_000, "WARNING", T0 + 20_000, rule="undelivered")
    hand.clears(1, T0 + 21_000, rule="undelivered")
    storm = Trouble("kill", "watchdog", T0 + 15_000, T0 + 16_000)
    assert finds(hand.evidence(storm), "isr/1 is undelivered, 19000 ms after tur/1")


def test_any_alarm_without_any_fault_is_false() -> None:
    """Nobody is silent, and nothing undelivered, when nothing has been wrong for long."""
    hand = Hand()
    hand.notice(T0)
    hand.flags(1, T0 + 3_000, "WARNING", T0 + 4_000, rule="undelivered")
    hand.clears(1, T0 + 5_000, rule="undelivered")
    hand.answers(1, T0 + 2_800)
    assert finds(hand.evidence(), "undelivered isr/1, though nothing was wrong")


@pytest.mark.parametrize(
    ("rule", "instead"),
    [
        ("invalid", "all that was said made sense"),
        ("fork", "nobody gives one number to two records"),
        ("clock_skew", "all stations have one clock"),
    ],
)
def test_what_cannot_be_is_never_flagged(rule: str, instead: str) -> None:
    """Whatever the weather: nonsense, a fork or another clock is a violation."""
    hand = a_late_answer()
    hand.flags(1, T0, "WARNING", T0, rule=rule)
    storm = Trouble("stall", "everything", T0 - 5_000, T0)
    assert finds(hand.evidence(storm), instead)


def test_waits_may_share_a_deadline() -> None:
    """Twice half the time to the flight's start is the start itself, after a STANDBY, too."""
    hand = Hand()
    starts_ms = T0 + 5_000
    volumes = [{"time_start": {"value": instant(starts_ms)}}]
    hand.says("isr", T0, "notice", notice="N-1", precedence="FLASH", volumes=volumes)
    hand.answers(1, T0 + 400, "STANDBY", expected_at=instant(END))
    half_ms = (starts_ms - T0 - 400) // 2
    hand.flags(1, T0 + 400 + half_ms, "WARNING")
    hand.flags(1, T0 + 400 + half_ms * 3 // 2, "ALARM")
    assert finds(hand.evidence(), "isr/1 at VOICE_REQUIRED: not flagged")
    hand.flags(1, starts_ms, "VOICE_REQUIRED")
    assert found(hand.evidence()) == []


def test_a_standby_that_came_after_the_cancellation_begins_no_wait() -> None:
    """This holds if its message was taken back first, as far as the watchdog could know."""
    hand = Hand()
    hand.notice(T0)
    hand.answers(1, T0 + 500, "STANDBY", expected_at=instant(T0 + 1_000))
    hand.says("isr", T0 + 2_600, "cancel", notice="N-1")
    hand.answers(2, T0 + 2_700, "ROGER")
    assert any("isr/1 at WARNING: not flagged" in text for text in found(hand.evidence()))
    assert found(hand.evidence(Trouble("cut", "link:tur", T0, T0 + 3_000))) == []
    assert any("isr/1" in t for t in found(hand.evidence(Trouble("cut", "link:isr", T0, END))))


def test_a_shared_deadline_may_be_flagged_once_for_each_wait() -> None:
    """A late STANDBY clears what stood, but the wait that it began is overdue, too."""
    hand = Hand()
    starts_ms = T0 + 2 * FLASH
    volumes = [{"time_start": {"value": instant(starts_ms)}}]
    hand.says("isr", T0, "notice", notice="N-1", precedence="FLASH", volumes=volumes)
    stood_ms = T0 + FLASH // 2
    hand.answers(1, stood_ms, "STANDBY", expected_at=instant(END))
    heard_ms = starts_ms + 3_000
    for due_ms, level in ((T0 + FLASH, "WARNING"), (T0 + FLASH * 3 // 2, "ALARM")):
        hand.flags(1, due_ms, level)
    hand.flags(1, starts_ms, "VOICE_REQUIRED")
    hand.clears(1, heard_ms)
    allowed_ms = (starts_ms - stood_ms) // 2
    for halves, level in ((2, "WARNING"), (3, "ALARM"), (4, "VOICE_REQUIRED")):
        hand.flags(1, stood_ms + allowed_ms * halves // 2, level, heard_ms + 10)
    link = Trouble("stall", "everything", T0 - 1_000, heard_ms)
    assert found(hand.evidence(link)) == []
    hand.flags(1, starts_ms, "VOICE_REQUIRED", heard_ms + 20)
    assert any("flagged 3 times" in text for text in found(hand.evidence(link)))
