"""Requests for a resend: what one says, and whether it was made before."""

import json


def encode(after: int) -> bytes:
    """A request for all records after this one."""
    return b'{"after": %d}' % after


def decode(payload: bytes) -> int | None:
    """After which record; None when that is no such request."""
    try:
        after = json.loads(payload)["after"]
    except (ValueError, TypeError, LookupError, RecursionError):
        return None
    return after if isinstance(after, int) and after >= 0 else None


class Requests:
    """Who has asked for what: who asks for the same again was answered by nobody."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], int] = {}

    def is_repeated(self, reader: str, of: str, after: int) -> bool:
        """Note a request; say whether `reader` made the same the last time that it asked."""
        before = self._last.get((reader, of))
        self._last[reader, of] = after
        return before == after
