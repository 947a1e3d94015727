"""The feed: what happens at a station, for those who watch from a desk.

It outlives the station's restarts within one process. A watcher who is slow gets the latest state
instead of every one, and loses log lines instead of piling them up.
"""

import asyncio
from collections import deque
from typing import Any, NamedTuple

from hotline.bodies import Ref
from hotline.clock import Clock
from hotline.logs.log_line import LogLine
from hotline.picture.changes import What
from hotline.station.turn import Event, Heard

_REMEMBERED = 200  # log lines that a new watcher is told
_WAITING = 500  # log lines that wait for a slow one
_ARRIVALS = 1_000  # messages whose time of arrival is remembered


class News(NamedTuple):
    """What a watcher has yet to be told: log lines, how many before them were lost, the state."""

    lines: list[dict[str, Any]]
    lost: int
    state: bytes | None


class Watcher:
    """Somebody who watches, and what waits to be told to him."""

    def __init__(self, lines: list[LogLine]) -> None:
        self._lines: deque[LogLine] = deque(lines, _WAITING)
        self._lost = 0
        self._state: bytes | None = None
        self._has_news = asyncio.Event()
        self._has_news.set()

    def put_line(self, line: LogLine) -> None:
        """There is one more log line."""
        self._lost += len(self._lines) == _WAITING
        self._lines.append(line)
        self._has_news.set()

    def put_state(self, state: bytes) -> None:
        """There is a new state; one that he has not taken is dropped."""
        self._state = state
        self._has_news.set()

    async def news(self) -> News:
        """All that waits for him, once there is something."""
        await self._has_news.wait()
        self._has_news.clear()
        news = News([line.as_dict() for line in self._lines], self._lost, self._state)
        self._lines.clear()
        self._lost, self._state = 0, None
        return news


class Feed:
    """Collects log lines and changes for those who watch.

    Args:
        clock: the line's time.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.is_stale = asyncio.Event()
        """Whether somebody watches, and the state may have changed since all were told it."""
        self.came_ms: dict[Ref, int] = {}
        """When the newest messages came in, epoch ms, except those from before this process."""
        self._lines: deque[LogLine] = deque(maxlen=_REMEMBERED)
        self._watchers: set[Watcher] = set()

    def tell(self, severity: str, event: str, **fields: Any) -> None:
        """Tell the desks one log line, unless it is only for debugging."""
        if severity == "debug":
            return
        line = LogLine.now(self.clock, severity, event, fields)
        self._lines.append(line)
        for watcher in self._watchers:
            watcher.put_line(line)

    def changed(self, event: Event) -> None:
        """Something happened that a state may show."""
        if isinstance(event, Heard):
            for change in event.changes:
                if change.what is What.OPENED:
                    self.came_ms[change.record.ref] = self.clock.now_ms()
            while len(self.came_ms) > _ARRIVALS:
                del self.came_ms[next(iter(self.came_ms))]
        if self._watchers:
            self.is_stale.set()

    def show(self, state: bytes) -> None:
        """Tell everybody the state."""
        for watcher in self._watchers:
            watcher.put_state(state)

    @property
    def is_watched(self) -> bool:
        """Whether anybody watches."""
        return bool(self._watchers)

    def begin(self) -> Watcher:
        """Somebody starts to watch."""
        watcher = Watcher(list(self._lines))
        self._watchers.add(watcher)
        self.is_stale.set()
        return watcher

    def end(self, watcher: Watcher) -> None:
        """He no longer watches."""
        self._watchers.discard(watcher)
