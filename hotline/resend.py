"""Requests for a resend: what one says, whether it was made before, and how much answers it."""

from typing import NamedTuple

from hotline.bodies import MAX_SEQ
from hotline.records import MAX_BATCH_BYTES, read_json

_LEAST_BYTES = 1024  # a slow line carries so much in the time after which one asks again


def encode(after: int) -> bytes:
    """A request for all records after this one."""
    return b'{"after": %d}' % after


def decode(payload: bytes) -> int | None:
    """After which record; None when that is no such request."""
    try:
        fields = read_json(payload)
    except ValueError:
        return None
    after = fields.get("after") if isinstance(fields, dict) else None
    return after if type(after) is int and 0 <= after <= MAX_SEQ else None


class Request(NamedTuple):
    """What was asked for the last time, whether once more, and how much may be sent for it."""

    after: int
    is_repeated: bool
    max_bytes: int


class Requests:
    """Who has asked for what: a request that is repeated was not answered, or not yet.

    A replay is of use only when all of it has arrived. On a slow line it never does, for nothing
    else gets through meanwhile, and the link is given up. So a reader who has to ask again is sent
    half as much as the last time, and one who goes on twice as much.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], Request] = {}

    def note(self, reader: str, of: str, after: int) -> Request:
        """Note that `reader` asks for `of`'s records after this number."""
        before = self._last.get((reader, of))
        if before is None:
            request = Request(after, is_repeated=False, max_bytes=MAX_BATCH_BYTES)
        elif before.after == after:
            less = max(before.max_bytes // 2, _LEAST_BYTES)
            request = Request(after, is_repeated=True, max_bytes=less)
        else:
            more = min(before.max_bytes * 2, MAX_BATCH_BYTES)
            request = Request(after, is_repeated=False, max_bytes=more)
        self._last[reader, of] = request
        return request
