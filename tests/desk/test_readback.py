"""What was said, in one line."""

from typing import Any, get_args

import pytest

from hotline.bodies import Answer
from hotline.desk import readback
from hotline.desk.requests import Speech
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
    assert readback.said({"do": "notify"}, _told((start, end))) == (
        f"said flight notice: isr/7 – ISR-7 rev 2, {says}, 8 km around 34.52, 37.63"
    )


def test_several_volumes() -> None:
    """From the first beginning to the last end; the first place stands for all."""
    told = _told((None, "2026-01-13T01:30:00Z"), ("2026-01-13T01:00:00Z", "2026-01-13T03:00:00Z"))
    assert readback.said({"do": "notify"}, told).endswith(
        "Tue 13 Jan 2026 01:00 to 03:00 UTC, 8 km around 34.52, 37.63, and 1 more"
    )


def test_a_volume_that_stays_open() -> None:
    """The flight has no end then, whichever ends the others have."""
    told = _told(("2026-01-13T01:00:00Z", None), ("2026-01-13T02:00:00Z", "2026-01-13T03:00:00Z"))
    assert readback.said({"do": "notify"}, told).endswith(
        ", from Tue 13 Jan 2026 01:00 UTC, 8 km around 34.52, 37.63, and 1 more"
    )


def test_no_window() -> None:
    """Nothing is said of it."""
    told = _told((None, None))
    assert readback.said({"do": "revise", "notice": "ISR-7"}, told) == (
        "said revision of ISR-7: isr/7 – ISR-7 rev 2, 8 km around 34.52, 37.63"
    )


def test_a_promise_is_said_back_with_its_day() -> None:
    """A time of day that was typed may be tomorrow's."""
    request = {"do": "suspend", "until": "2026-01-13T05:26:00.000Z"}
    assert readback.said(request, {"record": "isr/8"}) == (
        "said suspension until Tue 13 Jan 2026 05:26 UTC: isr/8"
    )


@pytest.mark.parametrize(
    ("at", "says"),
    [("2026-01-12T05:26:00.000Z", "05:26"), ("2026-01-13T05:26:00.000Z", "Tue 13 Jan 05:26")],
)
def test_only_another_day_is_named(at: str, says: str) -> None:
    """Where there is little room, today goes without saying."""
    assert readback.hour(at, T0) == says


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        ({"do": "stop", "text": "break off"}, "STOP of everything"),
        ({"do": "stop", "text": "break off", "notice": "ISR-7"}, "STOP of ISR-7"),
        ({"do": "handover", "officer": "Levi\x1b[2J"}, "handover to Levi [2J"),
        ({"do": "voice", "text": "all is off"}, "voice log"),
    ],
)
def test_any_other_word(request_: dict[str, Any], what: str) -> None:
    """What it is, and its record, are enough; and nothing in it moves the cursor."""
    assert readback.said(request_, {"record": "isr/8"}) == f"said {what}: isr/8"


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        ({"do": "answer", "record": "TUR-9", "answer": "ACCEPT"}, "ACCEPT to TUR-9 rev 2"),
        ({"do": "voice", "text": "later", "record": "tur/1"}, "voice log about TUR-9 rev 2"),
        (
            {"do": "voice", "text": "yes", "answer": Answer.ACCEPT, "record": "tur/1"},
            "voice log, ACCEPT to TUR-9 rev 2",
        ),
    ],
)
def test_what_was_answered_is_said_back(request_: dict[str, Any], what: str) -> None:
    """Whoever names a notice may have read its last revision but one."""
    told = {"record": "isr/8", "message": "TUR-9 rev 2"}
    assert readback.said(request_, told) == f"said {what}: isr/8"


def test_whatever_can_be_said_is_said_back() -> None:
    """Each of the requests that say something has its words."""
    said = {get_args(each.model_fields["do"].annotation)[0] for each in get_args(Speech)}
    assert said == readback._WHAT.keys()
