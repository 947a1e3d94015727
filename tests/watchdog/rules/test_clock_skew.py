from hotline.bodies import Level
from hotline.station.turn import ClockSkewed
from hotline.times import MINUTE_MS
from hotline.watchdog.rules.clock_skew import skewed
from tests.helpers import T0


def test_a_clock_is_ahead_or_behind() -> None:
    """The difference is told without a sign, as a person says it, with what a party's leads to."""
    ahead, behind = (
        skewed(ClockSkewed("tur", ms), T0, is_party=True) for ms in (MINUTE_MS, -MINUTE_MS)
    )
    says, much = "the clock of tur was found 1m", "by as much as they differ"
    assert ahead.detail == f"{says} ahead of ours: what it says falls due later here, {much}"
    assert behind.detail == f"{says} behind ours: what it says falls due sooner here, {much}"
    watchdogs = skewed(ClockSkewed("dog", MINUTE_MS), T0, is_party=False)
    assert watchdogs.detail == "the clock of dog was found 1m ahead of ours"
    assert ahead.level is Level.WARNING
