"""What a request for a resend says: after which number records are missing."""

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
