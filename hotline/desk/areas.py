"""Places as a person types them, as ASTM F3548 has them, and back."""

import re
from typing import Any

Volume = dict[str, Any]

_RADIUS = re.compile(r"(\d+(?:\.\d+)?)\s*(km|m)?")
_KM = 1_000
_CORNERS = 3  # at least


def circle(text: str) -> Volume:
    """`34.52,37.63,8km` as a volume's outline; without a unit the radius is in metres.

    Raises:
        ValueError: it is none.
    """
    lat, _, rest = text.partition(",")
    lng, _, radius = rest.partition(",")
    found = _RADIUS.fullmatch(radius.strip())
    try:
        centre = _point(lat, lng)
    except ValueError:
        found = None
    if not found:
        raise ValueError(f"expected LAT,LNG,RADIUS such as 34.52,37.63,8km, got {text!r}")
    metres = float(found[1]) * (_KM if found[2] == "km" else 1)
    return {"outline_circle": {"center": centre, "radius": {"value": metres, "units": "M"}}}


def polygon(text: str) -> Volume:
    """`34.5,37.6 34.6,37.6 34.6,37.7` as a volume's outline.

    Raises:
        ValueError: it is none.
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
    except ValueError:
        if len(text.split()) > 1:
            return polygon(text)
        raise


def typed(volume: Volume) -> str:
    """An outline as `outline` reads it, with all its digits."""
    if found := volume.get("outline_circle"):
        centre = found["center"]
        return f"{centre['lat']},{centre['lng']},{number(found['radius']['value'])}m"
    corners = volume["outline_polygon"]["vertices"]
    return " ".join(f"{corner['lat']},{corner['lng']}" for corner in corners)


def number(value: float) -> str:
    """A number with all its digits, but without a fraction that is none."""
    return str(value).removesuffix(".0")


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
