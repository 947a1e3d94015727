"""Places as a person types them, as ASTM F3548 has them, and back."""

import re
from decimal import Decimal
from typing import Any

Volume = dict[str, Any]

_LENGTH = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)
_METRES = {"km": 1_000, "m": 1, "nm": 1_852, "ft": 0.3048}
_KM = 1_000
_CORNERS = 3  # at least


class UnitMissing(ValueError):
    """A length is a bare number: 8 kilometres and 8 metres are not the same place."""


def length(text: str) -> float:
    """`8km`, `500 m`, `5NM` or `20000ft` in metres.

    Raises:
        UnitMissing: it is a bare number.
        ValueError: it is not one.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found and not found[2]:
        amount = found[1]
        raise UnitMissing(f"{amount} of what? Say {amount}km, {amount}m, {amount}NM or {amount}ft")
    unit = _METRES.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise ValueError(f"expected a length such as 8km, 500m, 5NM or 20000ft, got {text!r}")
    # To the millimetre, so that no binary fraction of a foot gets into the record.
    return float(found[1]) if unit == 1 else round(float(found[1]) * unit, 3)


def circle(text: str) -> Volume:
    """`34.52,37.63,8km` as a volume's outline.

    Raises:
        ValueError: it is not one.
    """
    lat, _, rest = text.partition(",")
    lng, _, radius = rest.partition(",")
    try:
        centre, metres = _point(lat, lng), length(radius)
    except UnitMissing as error:
        raise UnitMissing(f"a radius of {error}") from None
    except ValueError:
        raise ValueError(f"expected LAT,LNG,RADIUS such as 34.52,37.63,8km, got {text!r}") from None
    return {"outline_circle": {"center": centre, "radius": {"value": metres, "units": "M"}}}


def polygon(text: str) -> Volume:
    """`34.5,37.6 34.6,37.6 34.6,37.7` as a volume's outline.

    Raises:
        ValueError: it is not one.
    """
    try:
        vertices = [_point(*corner.split(",")) for corner in text.split()]
    except (ValueError, TypeError):
        vertices = []
    if len(vertices) < _CORNERS:
        raise ValueError(f"expected 'LAT,LNG LAT,LNG LAT,LNG' or more, got {text!r}")
    return {"outline_polygon": {"vertices": vertices}}


def outline(text: str) -> Volume:
    """A circle, or a polygon of several points.

    Raises:
        ValueError: it is neither.
    """
    try:
        return circle(text)
    except UnitMissing:
        raise
    except ValueError:
        if len(text.split()) > 1:
            return polygon(text)
        raise


def typed(volume: Volume) -> str:
    """An outline as `outline` reads it, with all its digits."""
    if found := volume.get("outline_circle"):
        centre = found["center"]
        return f"{centre['lat']},{centre['lng']},{typed_length(found['radius']['value'])}"
    corners = volume["outline_polygon"]["vertices"]
    return " ".join(f"{corner['lat']},{corner['lng']}" for corner in corners)


def typed_length(metres: float) -> str:
    """A length as `length` reads it: with all its digits, but without a fraction of zero."""
    return f"{Decimal(str(metres)):f}".removesuffix(".0") + "m"


def in_words(volume: Volume) -> str:
    """A place as people read it: `8 km around 34.52, 37.63, from 2000 m to 6500 m`."""
    if found := volume.get("outline_circle"):
        centre, metres = found["center"], found["radius"]["value"]
        radius = f"{metres / _KM:g} km" if metres >= _KM else f"{metres:g} m"
        where = f"{radius} around {centre['lat']:g}, {centre['lng']:g}"
    else:
        corners = volume["outline_polygon"]["vertices"]
        where = "within " + "; ".join(f"{at['lat']:g}, {at['lng']:g}" for at in corners)
    lower, upper = volume.get("altitude_lower"), volume.get("altitude_upper")
    above = f"{lower['value']:g} m" if lower else "the ground"
    below = f"{upper['value']:g} m" if upper else "any height"
    return f"{where}, from {above} to {below}" if lower or upper else where


def limits(above: float | None, below: float | None) -> Volume:
    """The lower and the upper limit of a volume, in metres."""
    given = (("altitude_lower", above), ("altitude_upper", below))
    return {
        name: {"value": metres, "reference": "W84", "units": "M"}
        for name, metres in given
        if metres is not None
    }


def _point(lat: str, lng: str) -> dict[str, float]:
    return {"lat": float(lat), "lng": float(lng)}
