"""Flight notices as a scenario says them."""

from typing import Any

import pytest

from hotline.notice import FlightNotice
from hotline.times import HOUR_MS, format_instant
from sim.recording.flights import Flights, number, without_defaults
from sim.scenario.scenario import Area
from tests.helpers import T0, notice

CIRCLE = {"outline_circle": {"center": {"lat": 34.5, "lng": 38}, "radius": {"value": 5000}}}
CORNERS: list[list[float]] = [[34, 38.25], [35, 38.25], [35, 39]]
TRIANGLE = {"outline_polygon": {"vertices": [{"lat": lat, "lng": lng} for lat, lng in CORNERS]}}


def flight(*volumes: dict[str, Any]) -> FlightNotice:
    """A survey through these volumes."""
    fields = notice().model_dump(mode="json") | {"volumes": volumes}
    return FlightNotice.model_validate(fields)


def hours(start: float | None, end: float | None) -> dict[str, Any]:
    """When a volume is used, in hours after the start."""
    at = {"time_start": start, "time_end": end}
    return {
        name: {"value": format_instant(T0 + round(hour * HOUR_MS))}
        for name, hour in at.items()
        if hour is not None
    }


def test_each_volume_is_a_named_area_and_a_window() -> None:
    """The same area has the same name; times count from the start."""
    remarks: list[str] = []
    flights = Flights(T0, remarks.append, remarks.append)
    first = {"volume": CIRCLE | {"altitude_upper": {"value": 900.5}}, **hours(1, 2)}
    second = {"volume": TRIANGLE, **hours(2, 2.5)}
    fields = flights.fields(flight(first, second, first), 0)
    assert (fields["area"], fields["from"], fields["until"]) == ("survey-1", "1h", "2h")
    assert fields["further"] == [
        {"area": "survey-2", "from": "2h", "until": "2h30m"},
        {"area": "survey-1", "from": "1h", "until": "2h"},
    ]
    assert flights.areas == {
        "survey-1": {"circle": [34.5, 38, 5000], "altitude": [None, 900.5]},
        "survey-2": {"polygon": CORNERS},
    }
    assert remarks == []


@pytest.mark.parametrize(
    ("window", "expected", "says"),
    [
        ((None, None), ("12h", "13h"), "TUR-014 gave no time_start or no time_end"),
        ((3, None), ("3h", "4h"), "TUR-014 gave no time_start or no time_end"),
        ((None, 14), ("12h", "14h"), "TUR-014 gave no time_start or no time_end"),
        ((None, 2), ("1h59m59s", "2h"), "TUR-014 gave no time_start or no time_end"),
        ((None, -1), ("0s", "1s"), "TUR-014 gave no time_start or no time_end"),
        ((-1, 2), ("0s", "2h"), "TUR-014's from was 2026-01-12T05:00:00.000Z, before the start"),
        ((-2, -1), ("0s", "1s"), "TUR-014's from was 2026-01-12T04:00:00.000Z, before the start"),
    ],
)
def test_a_window_that_no_scenario_can_say_is_told(
    window: tuple[float | None, float | None], expected: tuple[str, str], says: str
) -> None:
    """With what it was, or that it is made up."""
    remarks: list[str] = []
    fields = Flights(T0, remarks.append, remarks.append).fields(
        flight({"volume": CIRCLE, **hours(*window)}), 0
    )
    assert (fields["from"], fields["until"]) == expected
    assert remarks[0].startswith(says)


def test_a_window_that_opens_with_the_scenario_can_be_said() -> None:
    """There is nothing to remark."""
    remarks: list[str] = []
    fields = Flights(T0, remarks.append, remarks.append).fields(
        flight({"volume": CIRCLE, **hours(0, 2)}), 0
    )
    assert (fields["from"], fields["until"], remarks) == ("0s", "2h", [])


@pytest.mark.parametrize(
    "corners",
    [
        [[34, 38], [35, 39], [35, 38], [34, 39]],
        [[34, 38], [34, 38.5], [34, 39]],
        [[34, 38], [34, 38], [34, 38]],
        [[90, 180], [89, 180], [88, 180]],
    ],
)
def test_a_polygon_that_is_no_outline_becomes_a_box(corners: list[list[float]]) -> None:
    """A line takes it, and a scenario does not; it is told."""
    remarks: list[str] = []
    flights = Flights(T0, remarks.append, remarks.append)
    vertices = [{"lat": lat, "lng": lng} for lat, lng in corners]
    outline = {"outline_polygon": {"vertices": vertices}}
    flights.fields(flight({"volume": outline, **hours(1, 2)}), 0)
    box = Area.model_validate(flights.areas["survey-1"]).polygon
    assert box
    (south, west), _, (north, east), _ = box
    assert all(south <= lat <= north and west <= lng <= east for lat, lng in corners)
    assert remarks == ["TUR-014's polygon is not an outline: it is the box around it"]


def test_what_goes_without_saying_is_not_said() -> None:
    """As a person would write the notice."""
    fields = Flights(T0, print, print).fields(flight({"volume": CIRCLE, **hours(1, 2)}), 0)
    said = without_defaults(fields)
    assert set(fields) - set(said) == {"category", "aircraft_count", "further", "remarks"}
    assert without_defaults(fields | {"aircraft_count": 2})["aircraft_count"] == 2
    assert [str(number(value)) for value in (2.0, 2.5)] == ["2", "2.5"]
