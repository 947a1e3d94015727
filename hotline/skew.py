"""Whose clock differs from ours, as the times in the live statuses show."""

from collections import deque
from collections.abc import Iterable

from hotline.times import SECOND_MS
from hotline.turn import ClockAgrees, ClockSkewed

# A message that is late on its way makes a clock look slow; of so many, one was not. What comes
# within a second may have been held up together (a link hung, say), and counts as one.
_COUNTED = 5


class Skews:
    """How far the clocks of the other stations are ahead of ours, in ms."""

    def __init__(self, others: Iterable[str], tolerance_ms: int) -> None:
        self._tolerance_ms = tolerance_ms
        self._seen: dict[str, deque[int]] = {name: deque(maxlen=_COUNTED) for name in others}
        self._counts_from_ms: dict[str, int] = {}  # when the last of the seen was begun
        self._skewed: set[str] = set()

    def hear(self, station: str, at_ms: int, now_ms: int) -> ClockSkewed | ClockAgrees | None:
        """A live status came in that was said `at_ms`; an event when that changes what we know."""
        self._note(station, at_ms, now_ms)
        change = self._change(station)
        match change:
            case ClockSkewed():
                self._skewed.add(station)
            case ClockAgrees():
                self._skewed.discard(station)
        return change

    def keep(self, station: str, at_ms: int, now_ms: int) -> bool:
        """A live status came in; if it changes nothing that we know, that is all there is to it."""
        self._note(station, at_ms, now_ms)
        return self._change(station) is None

    def _note(self, station: str, at_ms: int, now_ms: int) -> None:
        seen = self._seen[station]
        if seen and now_ms - self._counts_from_ms[station] < SECOND_MS:
            seen.append(max(seen.pop(), at_ms - now_ms))
        else:
            self._counts_from_ms[station] = now_ms
            seen.append(at_ms - now_ms)

    def _change(self, station: str) -> ClockSkewed | ClockAgrees | None:
        seen = self._seen[station]
        ahead_ms = max(seen)
        fast = ahead_ms > self._tolerance_ms  # no delay makes a clock look fast
        slow = ahead_ms < -self._tolerance_ms and len(seen) == _COUNTED
        if (fast or slow) and station not in self._skewed:
            return ClockSkewed(station, ahead_ms)
        if -self._tolerance_ms <= ahead_ms <= self._tolerance_ms and station in self._skewed:
            return ClockAgrees(station)
        return None

    def doubt(self, station: str) -> None:
        """We said before our start that its clock differs: say so when it agrees."""
        self._skewed.add(station)

    def forget(self) -> None:
        """Our own clock was set: what it showed of the others is void."""
        for seen in self._seen.values():
            seen.clear()
