"""What time it is on a line, for those who only listen."""

from hotline.clock import Clock
from hotline.picture.messages import CLOCKS_DIFFER_MS


class LineClock:
    """A line's time: ours, unless everybody heard has another one, as in a scenario."""

    def __init__(self, ours: Clock) -> None:
        self._ours = ours
        self._ahead_ms = 0
        self._is_ours = False

    @property
    def is_another(self) -> bool:
        """Whether the line's time is not ours; it may also run faster."""
        return bool(self._ahead_ms)

    def learn(self, at_ms: int) -> None:
        """Somebody has just said what time it is; once anybody agrees with ours, it is right."""
        ahead_ms = at_ms - self._ours.now_ms()
        self._is_ours = self._is_ours or abs(ahead_ms) <= CLOCKS_DIFFER_MS
        self._ahead_ms = 0 if self._is_ours else ahead_ms

    def now_ms(self) -> int:
        """The line's time, as it was said last."""
        return self._ours.now_ms() + self._ahead_ms
