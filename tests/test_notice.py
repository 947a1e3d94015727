import json

import pytest
from pydantic import ValidationError

from hotline.notice import Category, FlightNotice, Precedence
from hotline.times import HOUR_MS
from tests.helpers import T0, notice

# As a UTM system hands it out (ASTM F3548-21), with members that are none of our business.
FROM_UTM = json.loads("""
{
  "volume": {
    "outline_polygon": {"vertices": [
      {"lat": 34.1, "lng": 38.2}, {"lat": 34.4, "lng": 38.2}, {"lat": 34.4, "lng": 38.6}
    ]},
    "altitude_lower": {"value": 3000, "reference": "W84", "units": "M"},
    "altitude_upper": {"value": 6000, "reference": "W84", "units": "M"}
  },
  "time_start": {"value": "2026-01-12T08:00:00Z", "format": "RFC3339"},
  "time_end": {"value": "2026-01-12T09:00:00+00:00", "format": "RFC3339"},
  "uss_base_url": "https://uss.example/utm"
}
""")
GOOD = {
    "notice": "TUR-014",
    "precedence": "IMMEDIATE",
    "category": "request",
    "activity": "strike",
    "aircraft_identification": "TRK42",
    "aircraft_type": "F16",
    "aircraft_count": 4,
    "volumes": [FROM_UTM],
}


def volume(**members: object) -> dict[str, object]:
    """The volume from the UTM system with other members."""
    return {**FROM_UTM, "volume": FROM_UTM["volume"] | members}


def test_a_volume_from_a_utm_system_pastes_in_unchanged() -> None:
    """An F3548 Volume4D is read as it is; members that we do not know are passed over."""
    read = FlightNotice.model_validate(GOOD)
    assert read.starts_ms == T0 + 2 * HOUR_MS
    assert read.ends_ms == T0 + 3 * HOUR_MS
    assert read.volumes[0].volume.altitude_upper is not None
    assert read.volumes[0].volume.altitude_upper.value == 6_000
    assert read.revision == 1


def test_a_notice_survives_being_written() -> None:
    """What is dumped for the wire reads as the same notice."""
    read = FlightNotice.model_validate(GOOD | {"remarks": " low fuel "})
    text = json.dumps(read.model_dump(mode="json", exclude_none=True))
    assert FlightNotice.model_validate(json.loads(text)) == read
    assert read.remarks == "low fuel"


def test_a_notice_starts_with_its_first_volume_and_ends_with_its_last() -> None:
    """The span of a notice is that of all its volumes together; it has no end if one has none."""
    later = FROM_UTM | {
        "time_start": {"value": "2026-01-12T10:00:00Z"},
        "time_end": {"value": "2026-01-12T11:00:00Z"},
    }
    timeless = {"volume": FROM_UTM["volume"]}
    both = FlightNotice.model_validate(GOOD | {"volumes": [later, FROM_UTM]})
    assert (both.starts_ms, both.ends_ms) == (T0 + 2 * HOUR_MS, T0 + 5 * HOUR_MS)
    opened = FlightNotice.model_validate(GOOD | {"volumes": [timeless, later, FROM_UTM]})
    assert (opened.starts_ms, opened.ends_ms) == (T0 + 2 * HOUR_MS, None)
    never = FlightNotice.model_validate(GOOD | {"volumes": [timeless]})
    assert (never.starts_ms, never.ends_ms) == (None, None)


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"notice": ""}, "notice"),
        ({"notice": "-14"}, "notice"),
        ({"notice": "TUR 14"}, "notice"),
        ({"notice": "TUR-014\n"}, "notice"),
        ({"notice": "N" * 33}, "notice"),
        ({"revision": 0}, "revision"),
        ({"revision": "2"}, "revision"),
        ({"precedence": "URGENT"}, "precedence"),
        ({"category": "order"}, "category"),
        ({"activity": "sightseeing"}, "activity"),
        ({"aircraft_identification": "trk42"}, "aircraft_identification"),
        ({"aircraft_identification": "TRK42042"}, "aircraft_identification"),
        ({"aircraft_type": "16F"}, "aircraft_type"),
        ({"aircraft_count": 0}, "aircraft_count"),
        ({"volumes": []}, "volumes"),
        ({"remarks": "   "}, "remarks"),
        ({"volumes": [volume(outline_circle=None, outline_polygon=None)]}, "volumes"),
        (
            {
                "volumes": [
                    volume(
                        outline_circle={"center": {"lat": 34, "lng": 38}, "radius": {"value": 1}}
                    )
                ]
            },
            "volumes",
        ),
        (
            {"volumes": [volume(outline_polygon={"vertices": [{"lat": 34, "lng": 38}] * 2})]},
            "volumes",
        ),
        (
            {"volumes": [volume(outline_polygon={"vertices": [{"lat": 91, "lng": 38}] * 3})]},
            "volumes",
        ),
        ({"volumes": [volume(altitude_lower={"value": 6_001})]}, "volumes"),
        ({"volumes": [volume(altitude_lower={"value": 9_000, "units": "FT"})]}, "volumes"),
        ({"volumes": [volume(altitude_lower={"value": 10, "reference": "AGL"})]}, "volumes"),
        ({"volumes": [FROM_UTM | {"time_end": {"value": "2026-01-12T08:00:00Z"}}]}, "volumes"),
        ({"volumes": [FROM_UTM | {"time_end": {"value": "2026-01-12T09:00:00"}}]}, "volumes"),
    ],
)
def test_a_notice_that_makes_no_sense_is_refused(members: dict[str, object], field: str) -> None:
    """Each mistake names the field that it is in."""
    with pytest.raises(ValidationError) as refused:
        FlightNotice.model_validate(GOOD | members)
    assert {mistake["loc"][0] for mistake in refused.value.errors()} == {field}


@pytest.mark.parametrize(
    ("value", "is_one"), [(-1_000, 1), (100_000, 1), (-1_001, 0), (100_001, 0)]
)
def test_an_altitude_is_one_at_which_something_may_fly(value: float, is_one: int) -> None:
    """From below the lowest shore to the edge of space, both included."""
    flown = GOOD | {"volumes": [volume(altitude_lower=None, altitude_upper={"value": value})]}
    if is_one:
        FlightNotice.model_validate(flown)
    else:
        with pytest.raises(ValidationError, match="altitude_upper"):
            FlightNotice.model_validate(flown)


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_radius_is_a_number_of_metres(value: float) -> None:
    """No radius is taken that JSON could not carry or a map could not show."""
    circle = {"center": {"lat": 34, "lng": 38}, "radius": {"value": value}}
    with pytest.raises(ValidationError):
        FlightNotice.model_validate(GOOD | {"volumes": [{"volume": {"outline_circle": circle}}]})


@pytest.mark.parametrize(
    "missing",
    ["notice", "precedence", "category", "activity", "aircraft_identification", "volumes"],
)
def test_a_notice_lacks_nothing_that_an_officer_needs(missing: str) -> None:
    """Who, what, where and how urgent must be said; only the count and remarks may be left out."""
    with pytest.raises(ValidationError) as refused:
        FlightNotice.model_validate({key: value for key, value in GOOD.items() if key != missing})
    assert refused.value.errors()[0]["loc"] == (missing,)


def test_a_notice_is_a_value() -> None:
    """A notice cannot be changed once it was said: a new revision says everything anew."""
    said = notice(precedence=Precedence.FLASH, category=Category.INFORMATION)
    with pytest.raises(ValidationError, match="frozen"):
        said.revision = 2  # type: ignore[misc]
    assert said.model_copy(update={"revision": 2}) == notice(
        revision=2, precedence=Precedence.FLASH, category=Category.INFORMATION
    )
