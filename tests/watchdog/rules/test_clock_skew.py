from hotline.bodies import Level
from hotline.station.turn import ClockSkewed
from hotline.times import MINUTE_MS
from hotline.watchdog.rules.clock_skew import skewed
from tests.helpers import T0


def test_a_clock_is_ahead_or_behind() -> None:
    """The difference is told without a sign, as a person says it."""
    ahead, behind = (skewed(ClockSkewed("tur", ms), T0) for ms in (MINUTE_MS, -MINUTE_MS))
    assert ahead.detail == "the clock of tur is 1m ahead of ours"
    assert behind.detail == "the clock of tur is 1m behind ours"
    assert ahead.level is Level.WARNING
