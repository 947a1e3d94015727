"""Recorded flight notices as a scenario file writes them: named areas, and times from its start."""

from collections.abc import Callable, Sequence
from typing import Any

from hotline.notice import Category, FlightNotice, Time, Volume3D
from hotline.times import HOUR_MS, SECOND_MS, format_instant, write_duration
from sim.scenario import outline

_LATER_MS = 12 * HOUR_MS  # far enough not to shorten the time that an officer has
_ROOM = 0.001  # degrees, about a hundred metres


class Flights:
    """Turns notices into fields, and their volumes into areas.

    Args:
        begins_ms: the scenario's start, epoch ms.
        remark: is called with what a scenario has to say, and was not said.
        change: is called with what was said, and a scenario cannot say.
    """

    def __init__(
        self, begins_ms: int, remark: Callable[[str], None], change: Callable[[str], None]
    ) -> None:
        self.areas: dict[str, Any] = {}
        self._begins_ms = begins_ms
        self._remark = remark
        self._change = change

    def fields(self, body: FlightNotice, at_ms: int) -> dict[str, Any]:
        """All fields of a notice that was said at a time after the start."""
        first, *further = (
            {
                "area": self._area(volume.volume, body),
                **self._window(body.notice, volume.time_start, volume.time_end, at_ms),
            }
            for volume in body.volumes
        )
        return {
            "id": body.notice,
            "precedence": body.precedence.value,
            "category": body.category.value,
            "activity": body.activity.value,
            "aircraft_identification": body.aircraft_identification,
            "aircraft_type": body.aircraft_type,
            "aircraft_count": body.aircraft_count,
            **first,
            "further": further,
            "remarks": body.remarks,
        }

    def _window(
        self, notice: str, start: Time | None, end: Time | None, at_ms: int
    ) -> dict[str, str]:
        if start is None or end is None:
            self._remark(f"{notice} gave no time_start or no time_end: that one is made up")
        begins_ms = self._begins_ms + at_ms + _LATER_MS if start is None else start.value
        if start is None and end:
            begins_ms = max(min(begins_ms, end.value - SECOND_MS), self._begins_ms)
        ends_ms = max(begins_ms, self._begins_ms) + HOUR_MS if end is None else end.value
        return {
            "from": self.moment(begins_ms, f"{notice}'s from"),
            "until": self.moment(max(ends_ms, self._begins_ms + SECOND_MS), f"{notice}'s until"),
        }

    def moment(self, instant_ms: int, what: str) -> str:
        """A time as a duration from the start; one before it is the start."""
        if instant_ms < self._begins_ms:
            self._change(f"{what} was {format_instant(instant_ms)}, before the start")
        return write_duration(max(instant_ms - self._begins_ms, 0))

    def _area(self, volume: Volume3D, body: FlightNotice) -> str:
        area, activity = _area(volume), body.activity
        if (polygon := area.get("polygon")) and outline.what_is_wrong(polygon):
            self._change(f"{body.notice}'s polygon is not an outline: it is the box around it")
            area["polygon"] = _box_around(polygon)
        for name, known in self.areas.items():
            if known == area:
                return name
        count = sum(name.rpartition("-")[0] == activity for name in self.areas) + 1
        self.areas[f"{activity}-{count}"] = area
        return f"{activity}-{count}"


def without_defaults(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a notice without those that have their default."""
    silent = {
        "category": Category.REQUEST.value,
        "aircraft_count": 1,
        "further": [],
        "remarks": None,
    }
    return {
        name: value for name, value in fields.items() if name not in silent or value != silent[name]
    }


def number(value: float) -> float:
    """A number as a person writes it."""
    return int(value) if value == int(value) else value


def _box_around(corners: Sequence[Sequence[float]]) -> list[list[float]]:
    """A box around all corners, with some room in case they lie on one line."""
    lats, lngs = zip(*corners, strict=True)
    south, north = max(min(lats) - _ROOM, -90), min(max(lats) + _ROOM, 90)
    west, east = max(min(lngs) - _ROOM, -180), min(max(lngs) + _ROOM, 180)
    box = [[south, west], [south, east], [north, east], [north, west]]
    return [[number(round(lat, 6)), number(round(lng, 6))] for lat, lng in box]


def _area(volume: Volume3D) -> dict[str, Any]:
    area: dict[str, Any] = {}
    if polygon := volume.outline_polygon:
        area["polygon"] = [[number(v.lat), number(v.lng)] for v in polygon.vertices]
    if circle := volume.outline_circle:
        at = circle.center
        area["circle"] = [number(at.lat), number(at.lng), number(circle.radius.value)]
    lower, upper = volume.altitude_lower, volume.altitude_upper
    if lower or upper:
        area["altitude"] = [lower and number(lower.value), upper and number(upper.value)]
    return area
