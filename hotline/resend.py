"""Requests for a resend: what one says, whether it repeats another, and how much to send."""

from dataclasses import dataclass
from typing import NamedTuple

from hotline.bodies import MAX_SEQ
from hotline.records import MAX_BATCH_BYTES, read_json

_LEAST_BYTES = 1024  # what a slow line carries between two requests
_TRIES_MORE_AFTER = 16  # replays that came through


def encode(after: int) -> bytes:
    """A request for all records after this one."""
    return b'{"after": %d}' % after


def decode(payload: bytes) -> int | None:
    """The number after which records are wanted; None if it is not such a request."""
    try:
        fields = read_json(payload)
    except ValueError:
        return None
    after = fields.get("after") if isinstance(fields, dict) else None
    return after if type(after) is int and 0 <= after <= MAX_SEQ else None


class Request(NamedTuple):
    """What was asked for, whether again, and how much may be sent in answer."""

    after: int
    is_repeated: bool
    max_bytes: int


@dataclass(slots=True)
class _Asked:
    """What one reader has asked for of one journal."""

    after: int
    max_bytes: int = MAX_BATCH_BYTES
    most_bytes: int = MAX_BATCH_BYTES
    stuck_bytes: int = 0  # what did not come through the last time
    through: int = 0  # how many times in a row something did
    is_answered: bool = False

    def send_less(self) -> None:
        """What was sent has not come through."""
        if self.max_bytes == self.stuck_bytes > _LEAST_BYTES:  # nor had it the time before
            self.most_bytes = self.max_bytes // 2
        self.stuck_bytes, self.through = self.max_bytes, 0
        self.max_bytes = max(self.max_bytes // 2, _LEAST_BYTES)

    def send_more(self) -> None:
        """What was sent has come through."""
        if self.max_bytes >= self.stuck_bytes:
            self.stuck_bytes = 0
        self.through += 1
        if self.through % _TRIES_MORE_AFTER == 0:
            self.most_bytes = min(self.most_bytes * 2, MAX_BATCH_BYTES)
        self.max_bytes = min(self.max_bytes * 2, self.most_bytes)


class Requests:
    """Who has asked for what; a request that is repeated was not answered, or not yet.

    A replay is of use only when all of it has arrived. On a slow line it never does: nothing else
    gets through meanwhile, so the link is given up. A broker may also throw out a client that sends
    more than it takes. So a reader that asks again for what we sent it is sent half as much, and
    one that goes on twice as much. A size that failed twice is seldom tried again.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], _Asked] = {}

    def note(self, reader: str, of: str, after: int) -> Request:
        """Note that `reader` asks for `of`'s records after this number."""
        asked = self._asked.get((reader, of))
        if asked is None:
            self._asked[reader, of] = _Asked(after)
            return Request(after, is_repeated=False, max_bytes=MAX_BATCH_BYTES)
        is_repeated = asked.after == after
        if asked.is_answered:
            if is_repeated:
                asked.send_less()
            else:
                asked.send_more()
        asked.after, asked.is_answered = after, False
        return Request(after, is_repeated, asked.max_bytes)

    def answered(self, reader: str, of: str) -> None:
        """What was asked for last has been sent: a reader that asks again did not get it."""
        self._asked[reader, of].is_answered = True
