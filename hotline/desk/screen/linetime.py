"""The line's time between two states: it goes on as the last one said, faster in a scenario."""

from collections.abc import Callable
from typing import Any

from hotline.times import SECOND_MS, parse_instant


class LineTime:
    """What time it is on the line. `monotonic` is a clock in seconds that nobody can set."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._told_ms = 0
        self._told_s = 0.0
        self._ms_per_s = 0.0

    def learn(self, state: dict[str, Any]) -> None:
        """A state says what time it is, and how fast it goes."""
        self._told_ms = parse_instant(state["now"])
        self._told_s = self._monotonic()
        self._ms_per_s = state["rate"] * SECOND_MS

    def lose(self) -> None:
        """Nobody says now how fast it goes: a scenario's time may be over, so it stands still."""
        if self._ms_per_s != SECOND_MS:
            self._told_ms, self._ms_per_s = self.now_ms(), 0.0

    def now_ms(self) -> int:
        """The line's time now, in epoch ms."""
        return self._told_ms + int((self._monotonic() - self._told_s) * self._ms_per_s)
