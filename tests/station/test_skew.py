"""A clock that differs is told from a message that is late."""

from hotline.station.skew import Skews
from hotline.station.turn import ClockAgrees, ClockSkewed
from hotline.times import SECOND_MS
from tests.helpers import T0

TOLERANCE_MS = 5 * SECOND_MS
LATE_MS = 6 * SECOND_MS


def test_a_slow_clock_shows_in_five_statuses() -> None:
    """One after another, none of which can have been held up by that much; and then it agrees."""
    skews = Skews(["tur"], TOLERANCE_MS)
    beats = [T0 + number * SECOND_MS for number in range(6)]
    said = [skews.hear("tur", beat_ms - LATE_MS, beat_ms) for beat_ms in beats[:5]]
    assert said == [None] * 4 + [ClockSkewed("tur", -LATE_MS)]
    assert skews.hear("tur", beats[5], beats[5]) == ClockAgrees("tur")


def test_statuses_that_were_held_up_together_show_nothing() -> None:
    """A link that hung brings them all at one time."""
    skews = Skews(["tur"], TOLERANCE_MS)
    for number in range(10):
        assert skews.hear("tur", T0 - LATE_MS + number, T0 + number) is None


def test_a_fast_clock_shows_at_once() -> None:
    """Nothing makes a status come before it was said; it is told once, by how much."""
    skews = Skews(["tur"], TOLERANCE_MS)
    assert skews.hear("tur", T0 + TOLERANCE_MS, T0) is None
    assert skews.hear("tur", T0 + 2 * LATE_MS, T0 + LATE_MS) == ClockSkewed("tur", LATE_MS)
    assert skews.hear("tur", T0 + 3 * LATE_MS, T0 + 2 * LATE_MS) is None


def test_a_busy_line_hides_no_clock() -> None:
    """Of many statuses in a second, one after the other, each is soon forgotten."""
    skews = Skews(["tur"], TOLERANCE_MS)
    told = [skews.hear("tur", now_ms - LATE_MS, now_ms) for now_ms in range(T0, T0 + 5_000, 50)]
    assert [event for event in told if event] == [ClockSkewed("tur", -LATE_MS)]
    skews = Skews(["tur"], TOLERANCE_MS)
    assert skews.hear("tur", T0 + LATE_MS, T0) == ClockSkewed("tur", LATE_MS)
    told = [skews.hear("tur", now_ms, now_ms) for now_ms in range(T0, T0 + 6_000, 50)]
    assert [event for event in told if event] == [ClockAgrees("tur")]


def test_our_own_clock_that_was_set_makes_nobodys_differ() -> None:
    """What it showed before is void, and a slow clock takes five statuses again."""
    skews = Skews(["tur"], TOLERANCE_MS)
    beats = [T0 + number * SECOND_MS for number in range(9)]
    for beat_ms in beats[:4]:
        skews.hear("tur", beat_ms - LATE_MS, beat_ms)
    skews.forget()
    assert [skews.hear("tur", beat_ms - LATE_MS, beat_ms) for beat_ms in beats[4:8]] == [None] * 4
    assert skews.hear("tur", beats[8] - LATE_MS, beats[8]) == ClockSkewed("tur", -LATE_MS)


def test_a_clock_that_is_said_to_differ_is_told_when_it_agrees() -> None:
    """Not before, and once."""
    skews = Skews(["tur"], TOLERANCE_MS)
    skews.recheck("tur")
    assert skews.hear("tur", T0 + LATE_MS, T0) is None
    for beat_ms in range(T0 + SECOND_MS, T0 + 5 * SECOND_MS, SECOND_MS):
        assert skews.hear("tur", beat_ms, beat_ms) is None
    now_ms = T0 + 5 * SECOND_MS
    assert skews.hear("tur", now_ms, now_ms) == ClockAgrees("tur")
    assert skews.hear("tur", now_ms, now_ms) is None


def test_news_of_a_clock_is_kept_for_who_tells_it() -> None:
    """To keep what shows nothing new counts; what shows something is told when it is heard."""
    skews = Skews(["tur"], TOLERANCE_MS)
    assert skews.overhear("tur", T0, T0)
    assert not skews.overhear("tur", T0 + 2 * LATE_MS, T0 + LATE_MS)
    assert skews.hear("tur", T0 + 2 * LATE_MS, T0 + LATE_MS) == ClockSkewed("tur", LATE_MS)
    assert skews.overhear("tur", T0 + 2 * LATE_MS, T0 + LATE_MS)
