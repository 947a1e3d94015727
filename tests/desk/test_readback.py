"""What was said, in one line."""

from typing import Any

import pytest

from hotline.desk import readback
from tests.helpers import T0

CIRCLE = {
    "outline_circle": {
        "center": {"lat": 34.52, "lng": 37.63},
        "radius": {"value": 8000.0, "units": "M"},
    }
}


def _told(*windows: tuple[str | None, str | None]) -> dict[str, Any]:
    volumes = []
    for window in windows:
        times = zip(("time_start", "time_end"), window, strict=True)
        given = {name: {"value": at, "format": "RFC3339"} for name, at in times if at}
        volumes.append({"volume": CIRCLE, **given})
    return {"record": "isr/7", "notice": {"notice": "ISR-7", "revision": 2, "volumes": volumes}}


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [
        ("2026-01-13T01:00:00Z", "2026-01-13T01:30:00Z", "Tue 13 Jan 2026 01:00 to 01:30 UTC"),
        (
            "2026-01-12T23:00:09Z",
            "2026-01-13T01:00:00Z",
            "Mon 12 Jan 2026 23:00:09 to Tue 13 Jan 2026 01:00 UTC",
        ),
        ("2026-01-13T01:00:00Z", None, "from Tue 13 Jan 2026 01:00 UTC"),
        (None, "2026-01-13T01:00:00Z", "until Tue 13 Jan 2026 01:00 UTC"),
    ],
)
def test_a_notice_is_said_back(start: str | None, end: str | None, says: str) -> None:
    """Its name, which later commands need, and whatever may have been mistyped."""
    assert readback.said("flight notice", _told((start, end))) == (
        f"said flight notice: isr/7 – ISR-7 rev 2, {says}, 8 km around 34.52, 37.63"
    )


def test_several_volumes() -> None:
    """From the first beginning to the last end; the first place stands for all."""
    told = _told(("2026-01-13T01:00:00Z", None), ("2026-01-13T02:00:00Z", "2026-01-13T03:00:00Z"))
    assert readback.said("it", told).endswith(
        "Tue 13 Jan 2026 01:00 to 03:00 UTC, 8 km around 34.52, 37.63, and 1 more"
    )


def test_no_window() -> None:
    """Nothing is said of it."""
    told = _told((None, None))
    assert readback.said("it", told) == "said it: isr/7 – ISR-7 rev 2, 8 km around 34.52, 37.63"


def test_a_promise_is_said_back_with_its_day() -> None:
    """A time of day that was typed may be tomorrow's."""
    assert readback.until("2026-01-13T05:26:00.000Z") == " until Tue 13 Jan 2026 05:26 UTC"
    assert readback.until(None) == ""


@pytest.mark.parametrize(
    ("at", "says"),
    [("2026-01-12T05:26:00.000Z", "05:26"), ("2026-01-13T05:26:00.000Z", "Tue 13 Jan 05:26")],
)
def test_only_another_day_is_named(at: str, says: str) -> None:
    """Where there is little room, today goes without saying."""
    assert readback.hour(at, T0) == says


def test_any_other_word() -> None:
    """Its record is enough; and nothing in it moves the cursor."""
    assert readback.said("STOP\x1b[2J", {"record": "isr/8"}) == "said STOP [2J: isr/8"
