"""A clock that differs is told from a message that is late."""

from hotline.skew import Skews
from hotline.times import SECOND_MS
from hotline.turn import ClockAgrees, ClockSkewed
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
