"""A tail that a test speaks to, and what it tells."""

from hotline.commands.tail import Tail
from hotline.station.turn import Incoming
from hotline.times import SECOND_MS
from tests.clocks import HandClock
from tests.helpers import LINE, T0, status
from tests.lines import Kept, Line, misfits

SILENT_MS = 15 * SECOND_MS


class Following:
    """A tail with a clock in our hand, and what it told."""

    def __init__(self, *expected: str, at_ms: int = T0) -> None:
        self.log, self._clock = Kept(), HandClock(at_ms)
        self._tail = Tail(self.log, self._clock, SILENT_MS, expected)

    def hears(self, *incoming: Incoming, after_ms: int = 0, all_heard: bool = True) -> list[Line]:
        """Messages come in after some time; these lines tell it."""
        self._clock.at_ms += after_ms
        before = len(self.log.lines)
        for message in incoming:
            self._tail.hear(message)
        self._tail.tick(all_heard=all_heard)
        new = self.log.lines[before:]
        assert misfits(new) == []
        return new

    def is_cut_off(self, reason: str) -> list[Line]:
        """Its link is lost for a while; these lines tell it."""
        before = len(self.log.lines)
        self._tail.cut(reason)
        self._tail.restored()
        new = self.log.lines[before:]
        assert misfits(new) == []
        return new


def events(lines: list[Line]) -> list[str]:
    """The names of the events."""
    return [line["event"] for line in lines]


def greeted(at_ms: int = T0) -> Following:
    """A tail that knows who is on the line."""
    following = Following(at_ms=at_ms)
    following.hears(*(status(name) for name in LINE.stations))
    return following
