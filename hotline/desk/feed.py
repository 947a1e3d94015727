"""The feed: what happens at a station, for those who watch it from a desk.

It outlives the station's restarts within one process. A watcher who is slow gets the latest state
instead of every one, and loses log lines instead of piling them up.
"""

import asyncio
from collections import deque
from typing import Any

from hotline.clock import Clock, WallClock
from hotline.narrator import Log
from hotline.times import format_instant
from hotline.turn import Event

_REMEMBERED = 200  # log lines that a new watcher is told
_WAITING = 500  # log lines that wait for a slow one

LogLine = dict[str, Any]


class Watcher:
    """One who watches, and what he has yet to be told."""

    def __init__(self, lines: list["_Line"]) -> None:
        self.has_news = asyncio.Event()
        self.is_stale = True
        """Whether the state may have changed since he was told it."""
        self._lines: deque[_Line] = deque(lines, _WAITING)
        self._lost = 0

    def put(self, line: "_Line") -> None:
        """There is one more log line."""
        self._lost += len(self._lines) == _WAITING
        self._lines.append(line)

    def take(self) -> tuple[list[LogLine], int]:
        """The log lines that wait, and how many before them were lost."""
        lines, lost = [line.as_dict() for line in self._lines], self._lost
        self._lines.clear()
        self._lost = 0
        return lines, lost


class _Line:
    __slots__ = ("_at_ms", "_event", "_fields", "_severity", "_wall_ms")

    def __init__(
        self, wall_ms: int, at_ms: int, severity: str, event: str, fields: dict[str, Any]
    ) -> None:
        self._wall_ms, self._at_ms = wall_ms, at_ms
        self._severity, self._event, self._fields = severity, event, fields

    def as_dict(self) -> LogLine:
        """The line as the log stream writes it."""
        return {
            "wall": format_instant(self._wall_ms),
            "at": format_instant(self._at_ms),
            "severity": self._severity,
            "event": self._event,
            **self._fields,
        }


class Feed:
    """Collects log lines and changes, and wakes those who watch.

    Args:
        clock: the line's time.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._wall = WallClock()
        self._lines: deque[_Line] = deque(maxlen=_REMEMBERED)
        self._watchers: set[Watcher] = set()

    def through(self, log: Log) -> Log:
        """A log that also goes to the desks."""

        def write(severity: str, event: str, **fields: Any) -> None:  # noqa: ANN401 -- as Log has it
            log(severity, event, **fields)
            self.tell(severity, event, **fields)

        return write

    def tell(self, severity: str, event: str, **fields: Any) -> None:  # noqa: ANN401
        """Tell the desks one log line, unless it is one for the curious."""
        if severity == "debug":
            return
        wall_ms = self._wall.now_ms()
        at_ms = wall_ms if isinstance(self.clock, WallClock) else self.clock.now_ms()
        line = _Line(wall_ms, at_ms, severity, event, fields)
        self._lines.append(line)
        for watcher in self._watchers:
            watcher.put(line)
            watcher.is_stale = True
            watcher.has_news.set()

    def changed(self, event: Event) -> None:  # noqa: ARG002 -- whatever it was
        """Something happened that a state may show."""
        for watcher in self._watchers:
            watcher.is_stale = True
            watcher.has_news.set()

    def begin(self) -> Watcher:
        """Somebody starts to watch."""
        watcher = Watcher(list(self._lines))
        self._watchers.add(watcher)
        return watcher

    def end(self, watcher: Watcher) -> None:
        """He watches no more."""
        self._watchers.discard(watcher)
