"""What a station need not keep in memory: the messages that are settled, put away on its disk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hotline.bodies import Ref, Rule
from hotline.picture.declared import Declared
from hotline.picture.doubts import Doubt
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message
from hotline.records import Envelope, Record


class Past:
    """Where a picture finds again what it has put away, and a station what it has stored.

    This one is empty: nothing was ever put away, and everything is in memory.
    """

    def message(self, ref: Ref) -> Message | None:
        """The message that this record opened, as it was put away."""
        return None

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a notice that was put away."""
        return None

    def flights(self, now_ms: int) -> Iterable[Message]:
        """Every notice that stands and was put away, whose window is not over by now."""
        return ()

    def flags_of(self, rule: Rule) -> Iterable[FlagEntry]:
        """Every flag of a rule that was put away."""
        return ()

    def flags_under(self, watchdog: str, key: str) -> Iterable[FlagEntry]:
        """Every flag that a watchdog raised under a key and that was put away."""
        return ()

    def invalid(self) -> Iterable[tuple[Ref, str]]:
        """Every record that made no sense and was put away, and why."""
        return ()

    def line_of(self, ref: Ref) -> bytes | None:
        """A record as it is stored."""
        return None

    def envelopes_after(self, of: str, seq: int) -> Iterable[Envelope]:
        """Each record that is stored after `seq`, with its body unread."""
        return ()

    def confirmed(self) -> Mapping[str, int]:
        """How far each journal was known to be on the other party's disk."""
        return {}

    def doubts(self) -> Iterable[Doubt]:
        """What a watchdog was not sure of when it ended."""
        return ()


class AnsweredCheck(NamedTuple):
    """A comm check, and when it was answered (epoch ms)."""

    at_ms: int
    ref: Ref


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What became of everything since the last checkpoint, to be stored with a commit.

    `heads` is how far each journal has been read; a start takes up what waits and what stands,
    and reads only what came after.
    """

    heads: Mapping[str, int]
    messages: list[Message] = field(default_factory=list)
    flags: list[FlagEntry] = field(default_factory=list)
    invalid: Mapping[Ref, str] = field(default_factory=dict)
    declared: Mapping[str, Declared] = field(default_factory=dict)
    stops: Mapping[str, int] = field(default_factory=dict)
    checks: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    answered_checks: Mapping[str, AnsweredCheck] = field(default_factory=dict)
    early: list[Record] = field(default_factory=list)
