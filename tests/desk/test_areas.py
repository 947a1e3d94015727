"""Places as people type them."""

from typing import Any

import pytest

from hotline.desk import areas
from hotline.notice import Volume3D


@pytest.mark.parametrize(
    ("typed", "metres"),
    [
        ("34.52,37.63,8km", 8_000),
        ("34.52, 37.63, 500m", 500),
        ("1,2,5 NM", 9_260),
        ("1,2,10ft", 3.048),
        ("-34.52,37.63,1.5km", 1_500),
    ],
)
def test_a_circle(typed: str, metres: float) -> None:
    """Latitude, longitude and a radius; F3548 takes what comes out."""
    volume = Volume3D.model_validate(areas.outline(typed))
    assert volume.outline_circle
    assert volume.outline_circle.radius.value == metres


@pytest.mark.parametrize("typed", ["34.52,37.63,8", "34.52, 37.63, 8"])
def test_a_radius_without_a_unit(typed: str) -> None:
    """Kilometres and metres are far apart: it is not guessed which was meant."""
    with pytest.raises(ValueError, match="a radius of 8 of what\\? Say 8km, 8m, 8NM or 8ft"):
        areas.outline(typed)


@pytest.mark.parametrize(("typed", "metres"), [("2000m", 2_000), ("-100 m", -100), ("6KM", 6_000)])
def test_a_length(typed: str, metres: float) -> None:
    """A number with its unit; what it is typed as is the same length again."""
    assert areas.length(typed) == metres
    assert areas.length(areas.typed_length(metres)) == metres


@pytest.mark.parametrize(
    ("typed", "says"),
    [("2000", "2000 of what"), ("high", "expected a length such as"), ("8 miles", "expected a")],
)
def test_what_is_no_length(typed: str, says: str) -> None:
    """It says what was expected."""
    with pytest.raises(ValueError, match=says):
        areas.length(typed)


@pytest.mark.parametrize("metres", [0.00001, 1e20, 1852.25])
def test_a_length_is_typed_with_all_its_digits(metres: float) -> None:
    """Also one that Python would write with an exponent."""
    assert areas.length(areas.typed_length(metres)) == metres


def test_a_polygon() -> None:
    """Corners, apart by spaces."""
    volume = Volume3D.model_validate(areas.outline("34.5,37.6 34.6,37.6  34.6,37.7"))
    assert volume.outline_polygon
    assert [corner.lat for corner in volume.outline_polygon.vertices] == [34.5, 34.6, 34.6]


@pytest.mark.parametrize(
    "typed", ["34.123456789,-0.1,8000m", "34.5,37.6 34.1234567,37.6 34.6,37.7654321"]
)
def test_an_outline_is_typed_as_it_was(typed: str) -> None:
    """With all its digits, so that it is the same place."""
    assert areas.typed(areas.outline(typed)) == typed


@pytest.mark.parametrize("typed", ["", "34.52,37.63", "34.52,37.63,8 miles", "a,b,8km"])
def test_what_is_no_circle(typed: str) -> None:
    """It says what was expected."""
    with pytest.raises(ValueError, match=r"expected LAT,LNG,RADIUS such as 34\.52,37\.63,8km, got"):
        areas.circle(typed)


@pytest.mark.parametrize("typed", ["34.5,37.6 34.6", "34.5,37.6 34.6,37.6", "1,2,3 4,5,6 7,8,9"])
def test_what_is_no_polygon(typed: str) -> None:
    """It says what was expected."""
    with pytest.raises(ValueError, match="expected 'LAT,LNG LAT,LNG LAT,LNG' or more, got"):
        areas.outline(typed)


def test_limits() -> None:
    """Only those that are given."""
    expected: dict[str, Any] = {
        "altitude_upper": {"value": 5_000, "reference": "W84", "units": "M"}
    }
    assert areas.limits(None, 5_000) == expected
    assert areas.limits(None, None) == {}
