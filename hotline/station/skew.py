"""Whose clock differs from ours, as the times in the live statuses show."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from hotline.station.turn import ClockAgrees, ClockSkewed
from hotline.times import SECOND_MS

# A delayed message makes a clock look slow; of this many, at least one was not delayed. Messages
# within a second may have been held up together (a link hung, say), and count as one.
_COUNTED = 5


@dataclass(slots=True)
class _Seen:
    """What the last statuses of one station showed, in ms."""

    ahead_ms: deque[int] = field(default_factory=lambda: deque(maxlen=_COUNTED))
    begun_ms: int = 0  # when the last of them came, or the first that counts as one with it
    is_skewed: bool = False

    def note(self, ahead_ms: int, now_ms: int) -> int:
        """Take one more; return the best of them."""
        if self.ahead_ms and now_ms - self.begun_ms < SECOND_MS:
            ahead_ms = max(self.ahead_ms.pop(), ahead_ms)
        else:
            self.begun_ms = now_ms
        self.ahead_ms.append(ahead_ms)
        return max(self.ahead_ms)


class Skews:
    """How far the clocks of the other stations are ahead of ours, in ms."""

    def __init__(self, others: Iterable[str], tolerance_ms: int) -> None:
        self._tolerance_ms = tolerance_ms
        self._of = {name: _Seen() for name in others}

    def hear(self, station: str, at_ms: int, now_ms: int) -> ClockSkewed | ClockAgrees | None:
        """A live status came in that was said `at_ms`; an event when that changes what we know."""
        seen = self._of[station]
        ahead_ms = seen.note(at_ms - now_ms, now_ms)
        if not self._changes(seen, ahead_ms):
            return None
        seen.is_skewed = not seen.is_skewed
        return ClockSkewed(station, ahead_ms) if seen.is_skewed else ClockAgrees(station)

    def overhear(self, station: str, at_ms: int, now_ms: int) -> bool:
        """A live status came in; say whether what we know stays as it is."""
        seen = self._of[station]
        return not self._changes(seen, seen.note(at_ms - now_ms, now_ms))

    def _changes(self, seen: _Seen, ahead_ms: int) -> bool:
        agrees = -self._tolerance_ms <= ahead_ms <= self._tolerance_ms
        if agrees or seen.is_skewed:
            return agrees and seen.is_skewed
        # No delay makes a clock look fast.
        return ahead_ms > 0 or len(seen.ahead_ms) == _COUNTED

    def recheck(self, station: str) -> None:
        """A flag in our name says that its clock differs, so it does until it agrees."""
        if station in self._of:
            self._of[station].is_skewed = True

    def forget(self) -> None:
        """Our own clock was set: what it showed of the others is void."""
        for seen in self._of.values():
            seen.ahead_ms.clear()
