"""What happens in a simulated run, fact by fact, as the evidence has it."""

import base64
import hashlib
from typing import NamedTuple


class Ref(NamedTuple):
    """Which record of which journal; number 0 stands for a whole station."""

    station: str
    seq: int

    def __str__(self) -> str:
        return f"{self.station}/{self.seq}"


class Row(NamedTuple):
    """One stored record, as bytes."""

    seq: int
    raw: bytes

    @property
    def digest(self) -> str:
        """The `prev` that the record after it must have."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.raw).digest()).rstrip(b"=").decode()


class Committed(NamedTuple):
    """A station put a record of its own on its disk."""

    at_ms: int
    ref: Ref
    raw: bytes


class Claim(NamedTuple):
    """A station let out that it has `of`'s journal up to `upto`; its disk then had `held`."""

    at_ms: int
    by: str
    what: str  # records, replay, status or shown
    of: str
    upto: int
    held: int


class Shown(NamedTuple):
    """A message was put before an officer, in one life of his: from one start to the next."""

    at_ms: int
    to: str
    life: int
    ref: Ref


class Seen(NamedTuple):
    """A station noticed that another is there, or is not."""

    at_ms: int
    by: str
    station: str
    silent: bool


class Flown(NamedTuple):
    """A station reported how far the flight of a notice is."""

    at_ms: int
    by: str
    ref: Ref
    phase: str


class Gone(NamedTuple):
    """A station had said goodbye and was off the line, until its next process started."""

    station: str
    from_ms: int
    until_ms: int


class Day(NamedTuple):
    """A watchdog reported how much of a UTC day, or of the end of one, a party was silent."""

    at_ms: int
    by: str
    party: str
    from_ms: int
    until_ms: int
    silent_ms: int
    declared_ms: int  # of that


class Told(NamedTuple):
    """A status or a record that reached a station: `of`'s journal goes up to `head`.

    `is_live` if it was just said by a station that is there: it is no will, and was not retained.
    """

    at_ms: int
    to: str
    of: str
    head: int
    is_live: bool = True


class Failure(NamedTuple):
    """The run, or a station in it, ended in a way that is never right."""

    at_ms: int
    what: str


class Trouble(NamedTuple):
    """From when to when something was wrong with a station (or `everything`), in epoch ms."""

    kind: str
    whom: str
    from_ms: int
    until_ms: int
    how_ms: int = 0  # by how much a clock was set
