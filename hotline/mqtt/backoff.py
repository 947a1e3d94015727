"""How soon a link that is down is tried again."""

_PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)  # before each of several attempts; then the last
_STEADY_S = 5.0  # a link that is cut sooner has failed: brokers hang up on who does not suit them


class Backoff:
    """The more attempts fail in a row, the later a link is tried again.

    A link that is soon cut has failed too, and still counts when the next one is up.
    """

    def __init__(self) -> None:
        self._up_since_s: float | None = None
        self._failed = 0  # attempts in a row
        self._cut_soon = 0  # links in a row

    @property
    def is_up(self) -> bool:
        """Whether there is a link now."""
        return self._up_since_s is not None

    def up(self, now_s: float) -> None:
        """An attempt has made a link."""
        self._up_since_s = now_s
        self._failed = 0

    def down(self, now_s: float) -> bool:
        """The link is cut, or the attempt has failed; whether a link had stood for a while."""
        since_s, self._up_since_s = self._up_since_s, None
        if since_s is None:
            self._failed += 1
            return False
        is_steady = now_s - since_s >= _STEADY_S
        self._cut_soon = 0 if is_steady else self._cut_soon + 1
        return is_steady

    def pause_s(self) -> float:
        """How long to wait before the next attempt."""
        # The first link that is soon cut is tried again as soon as one that had stood.
        failures = self._failed + max(0, self._cut_soon - 1)
        return _PAUSES_S[min(failures, len(_PAUSES_S) - 1)]
