"""Whether a station hears its broker, and since when nothing that is said escapes it."""

from hotline.times import LONG_AGO_MS


class Reception:
    """What a station can hear, by its own clock.

    Args:
        patience_ms: a station that is awake calls `stay_awake` at least this often.
    """

    def __init__(self, patience_ms: int) -> None:
        self.since_ms: int | None = None
        """Since when everything that is said reaches us; None while the link is down.

        A process that was stopped for a while begins anew when it wakes.
        """
        self._patience_ms = patience_ms
        self.is_overrun = False
        """Whether more reaches us than we can read."""
        self.is_deaf = False
        """Whether it may be that nothing reaches us, though the link is up."""
        self._unread_ms = LONG_AGO_MS  # when one of these was last so
        self._awake_ms = LONG_AGO_MS  # when we looked at our clock last

    def begin(self, now_ms: int) -> None:
        """All that is said reaches us from now on."""
        self.since_ms = self._awake_ms = now_ms

    @property
    def reads_since_ms(self) -> int | None:
        """Since when everything that reaches us is read at once; None while the link is down."""
        return None if self.since_ms is None else max(self.since_ms, self._unread_ms)

    def read(self, now_ms: int, *, all_heard: bool, is_deaf: bool) -> int:
        """What has come was read, all of it or not; say since when everything is read at once."""
        self.is_overrun, self.is_deaf = not all_heard, is_deaf
        if self.is_overrun or is_deaf:
            self._unread_ms = now_ms
        return self._unread_ms if self.since_ms is None else max(self.since_ms, self._unread_ms)

    def end(self) -> None:
        """The broker cannot be heard."""
        self.since_ms = None

    def has_slept(self, now_ms: int) -> bool:
        """Whether we were stopped for a while, or the clock was put back.

        What was said meanwhile is still to be read, so everything has to `begin` anew.
        """
        return not 0 <= now_ms - self._awake_ms <= self._patience_ms

    def stay_awake(self, now_ms: int) -> None:
        """We look at our clock."""
        self._awake_ms = now_ms

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): what was counted on it moves along."""
        self._awake_ms += by_ms
        self._unread_ms += by_ms
        if self.since_ms is not None:
            self.since_ms += by_ms
