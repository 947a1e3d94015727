"""A line of the log stream, as it is written and as desks get it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hotline.clock import Clock, WallClock
from hotline.times import format_instant

_WALL = WallClock()


class LogLine(NamedTuple):
    """A line whose times are not written out yet: hardly anybody reads the lines sent to desks."""

    wall_ms: int
    at_ms: int
    severity: str
    event: str
    fields: Mapping[str, Any]

    @classmethod
    def now(cls, clock: Clock, severity: str, event: str, fields: Mapping[str, Any]) -> "LogLine":
        """A line of this moment; `clock` is the line's."""
        wall_ms = _WALL.now_ms()
        at_ms = wall_ms if isinstance(clock, WallClock) else clock.now_ms()
        return cls(wall_ms, at_ms, severity, event, fields)

    def as_dict(self) -> dict[str, Any]:
        """The line with both times in front, though on a live line they are the same."""
        return {
            "wall": format_instant(self.wall_ms),
            "at": format_instant(self.at_ms),
            "severity": self.severity,
            "event": self.event,
            **self.fields,
        }
