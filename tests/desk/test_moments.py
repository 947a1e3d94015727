"""Times as people type them."""

import pytest

from hotline.desk.moments import moment_ms
from hotline.times import HOUR_MS, MINUTE_MS
from tests.helpers import T0  # 06:00 UTC


@pytest.mark.parametrize(
    ("typed", "later_ms"),
    [
        ("+1h", HOUR_MS),
        ("06:30", 30 * MINUTE_MS),
        ("6:30", 30 * MINUTE_MS),
        ("06:00", 0),
        ("05:59:00", 24 * HOUR_MS - MINUTE_MS),  # that of today is over
        ("2026-01-12T09:00:00+02:00", HOUR_MS),
    ],
)
def test_a_moment(typed: str, later_ms: int) -> None:
    """A time of the day is the next one; a sum counts from now."""
    assert moment_ms(typed, T0) == T0 + later_ms


@pytest.mark.parametrize("typed", ["soon", "25:00", "+soon", "", "6", "2026-01-12T09:00:00"])
def test_what_is_none(typed: str) -> None:
    """It says what can be typed."""
    with pytest.raises(ValueError, match=r"expected 14:30 \(UTC\), \+1h or 2026"):
        moment_ms(typed, T0)
