"""What a machine wants done after a turn: effects for the shell, events for those who look on.

Nothing of a turn may leave the station before its `appends` are on disk.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hotline.picture.availability import Availability
from hotline.picture.changes import Change
from hotline.picture.doubts import Doubt
from hotline.picture.lifecycle import Phase
from hotline.picture.message import Message
from hotline.picture.past import Checkpoint
from hotline.records import MAX_BATCH_BYTES, Record


class Incoming(NamedTuple):
    """What a broker brought. `retained` means that it was said before we listened."""

    topic: str
    payload: bytes
    retained: bool = False


class Publish(NamedTuple):
    """Say this on a topic."""

    topic: str
    payload: bytes
    retain: bool = False


@dataclass(frozen=True, slots=True)
class Replay:
    """Send `reader` a batch of `of`'s records after number `after`, of at most `max_bytes`."""

    of: str
    after: int
    reader: str
    max_bytes: int = MAX_BATCH_BYTES


@dataclass(slots=True)  # there are many of these two; frozen, they would cost three times as much
class Said:
    """We added a record to our own journal."""

    record: Record
    changes: Sequence[Change]


@dataclass(slots=True)
class Heard:
    """We added a record to a copy (or, to our own journal, one that was said in our name)."""

    record: Record
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """`reader` says that it has `of`'s records after `after` up to and with `upto` on disk."""

    reader: str
    of: str
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class CameOnline:
    """A station can be heard."""

    station: str


@dataclass(frozen=True, slots=True)
class FellSilent:
    """A station cannot be heard any more, and why we think so."""

    station: str
    reason: str


@dataclass(frozen=True, slots=True)
class GapFound:
    """We hold `of`'s journal up to `held`, and it goes on to `known` at least."""

    of: str
    held: int
    known: int


@dataclass(frozen=True, slots=True)
class GapRepaired:
    """The records of `of`'s journal that were missing, after `held` up to `upto`, are here."""

    of: str
    held: int
    upto: int


@dataclass(frozen=True, slots=True)
class GapWithdrawn:
    """Nobody claims any longer that anything of `of`'s journal is missing after `held`."""

    of: str
    held: int


@dataclass(frozen=True, slots=True)
class ForkFound:
    """`by` shows another record under a number of `of`'s than we hold: one of them is false.

    `seq` is None when two processes speak under one name and no record differs yet.
    """

    of: str
    seq: int | None
    by: str

    def __str__(self) -> str:
        if self.seq is None:
            return f"two stations are on the line under the name {self.of}"
        return f"{self.by} shows another {self.of}/{self.seq} than is stored here"


@dataclass(frozen=True, slots=True)
class ForkHealed:
    """`by` shows the same of `of`'s journal as we hold again."""

    of: str
    by: str


@dataclass(frozen=True, slots=True)
class ClockSkewed:
    """The clock of `of` differs from ours by more than the line tolerates.

    `ahead_ms` is by how much it is ahead (behind if negative).
    """

    of: str
    ahead_ms: int


@dataclass(frozen=True, slots=True)
class ClockAgrees:
    """The clock of `of` agrees with ours again."""

    of: str


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """Our own clock was set forward (back if negative)."""

    by_ms: int


@dataclass(frozen=True, slots=True)
class FlightChanged:
    """The window of a notice has opened or closed, or its flight does not go as announced."""

    message: Message
    phase: Phase


@dataclass(frozen=True, slots=True)
class DayEnded:
    """A UTC day is over: how much of it a party could be heard."""

    party: str
    availability: Availability


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that came in, or was to go out, could not be taken and was dropped."""

    topic: str
    reason: str


@dataclass(frozen=True, slots=True)
class LinkUp:
    """We are connected to the broker."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """We are cut off from the broker."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """The broker takes what we say and brings none of it back: nobody may hear us, or we nobody."""


@dataclass(frozen=True, slots=True)
class HeardAgain:
    """What we say comes back from the broker again."""


Event = (
    Said
    | Heard
    | Acknowledged
    | CameOnline
    | FellSilent
    | GapFound
    | GapRepaired
    | GapWithdrawn
    | ForkFound
    | ForkHealed
    | ClockSkewed
    | ClockAgrees
    | ClockJumped
    | FlightChanged
    | DayEnded
    | Refused
    | LinkUp
    | LinkDown
    | Unheard
    | HeardAgain
)


@dataclass(slots=True)
class Turn:
    """All that one turn brought about, in order."""

    appends: list[Record] = field(default_factory=list)
    publishes: list[Publish] = field(default_factory=list)
    replays: list[Replay] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    checkpoint: Checkpoint | None = None  # must be stored with the appends
    confirmed: Mapping[str, int] = field(default_factory=dict)  # and so must these, if any
    doubts: Sequence[Doubt] | None = None  # and so must those that have changed

    def of_records(self) -> Iterator[Said | Heard]:
        """Its events that stay true once they are stored: what it adds to the journals."""
        return (event for event in self.events if isinstance(event, (Said, Heard)))
