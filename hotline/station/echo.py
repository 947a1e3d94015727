"""Whether what a station says of itself comes back to it."""

from hotline.station.turn import HeardAgain, Unheard
from hotline.timers import Timers


class Echo:
    """The broker brings our own statuses back to us, if it lets us both write and read.

    With MQTT 3.1.1 it does not say so when it drops what we publish, or gives us nothing to hear.

    A status that has not come back after a heartbeat is late, and others' may be late too. One that
    has not come back after the silence time is missed: it never will.
    """

    def __init__(self, timers: Timers) -> None:
        self._late_ms, self._patience_ms = timers.heartbeat_ms, timers.silent_ms
        # Not before a status can be late; and by then, on a quiet line, the next one is back.
        self._look_ms = timers.heartbeat_ms + max(timers.grace_ms, 1)
        self._missed_since_ms: int | None = None  # when we said the first that has not come back
        self.is_late = False
        """Whether it may be that we hear nothing: what we said should have come back by now."""
        self.is_missed = False
        """Whether nothing of what we say comes back."""

    def begin(self) -> None:
        """A new connection: what was said on the one before comes back no more."""
        self._missed_since_ms = None
        self.is_late = self.is_missed = False

    def say(self, now_ms: int) -> None:
        """A status goes out."""
        if self._missed_since_ms is None:
            self._missed_since_ms = now_ms

    def hear(self) -> None:
        """A status came back."""
        self._missed_since_ms = None

    def excuse(self, now_ms: int) -> None:
        """It may be here, and still unread."""
        if self._missed_since_ms is not None and not self.is_missed:
            self._missed_since_ms = now_ms

    def tick(self, now_ms: int) -> Unheard | HeardAgain | None:
        """Find out whether it is late, and whether it is missed; say so if that is news."""
        since_ms = self._missed_since_ms
        out_ms = 0 if since_ms is None else now_ms - since_ms
        # Excused or not, what was late is late until it comes.
        self.is_late = since_ms is not None and (self.is_late or out_ms > self._late_ms)
        is_missed = out_ms >= self._patience_ms
        if is_missed == self.is_missed:
            return None
        self.is_missed = is_missed
        return Unheard() if is_missed else HeardAgain()

    def due_ms(self, next_ms: int) -> int | None:
        """When to look whether it is late or missed: what is out, or else goes out at `next_ms`."""
        if self.is_missed:
            return None
        since_ms = next_ms if self._missed_since_ms is None else self._missed_since_ms
        return since_ms + (self._patience_ms if self.is_late else self._look_ms)

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): what was counted on it moves along."""
        if self._missed_since_ms is not None:
            self._missed_since_ms += by_ms
