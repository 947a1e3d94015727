"""How far each journal of the line goes: what we hold, what others claim, what is missing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from hotline.station.turn import GapFound, GapRepaired, GapWithdrawn


class Head(NamedTuple):
    """How long a journal is, and the digest of its last record (empty at 0)."""

    seq: int
    digest: str

    def takes(self, prev: str | None) -> bool:
        """Whether a record with this `prev` can follow; one without `prev` always can."""
        return prev is None or prev == self.digest


NOTHING = Head(0, "")


@dataclass(slots=True)
class _Copy:
    """What we know of one journal: our own or another's."""

    head: Head
    # A station's last word replaces those before it, so a false one does no lasting harm.
    claims: dict[str, int] = field(default_factory=dict)
    known: int = 0  # the highest of the claims
    asked_ms: int | None = None
    gap_after: int | None = None  # while a gap is open: what we held when it was found


class Copies:
    """The heads of all journals that a station keeps, its own among them.

    Args:
        stations: whose journals.
        heads: how far we hold them.
        pause_ms: how long to wait before asking for the same records of a journal again.
    """

    def __init__(
        self, stations: Iterable[str], heads: Mapping[str, Head], pause_ms: Callable[[str], int]
    ) -> None:
        self._of = {station: _Copy(heads.get(station, NOTHING)) for station in stations}
        self.changes = 0
        """How often a head or a claim has changed."""
        self._behind: set[str] = set()
        self._put_off: set[str] = set()  # due to be asked for, but letting another catch up first
        self._pause_ms = pause_ms

    def __contains__(self, station: str) -> bool:
        return station in self._of

    def head(self, of: str) -> Head:
        """How far we hold `of`'s journal."""
        return self._of[of].head

    def is_behind(self, of: str) -> bool:
        """Whether records of `of`'s are known to exist that we do not hold."""
        return of in self._behind

    def is_any_behind(self, journals: AbstractSet[str]) -> bool:
        """Whether records of any of these are known to exist that we do not hold."""
        return not self._behind.isdisjoint(journals)

    def holders(self, of: str) -> list[str]:
        """Who claims to have records of `of`'s that we lack."""
        copy = self._of[of]
        return sorted(by for by, upto in copy.claims.items() if upto > copy.head.seq)

    def claim(
        self, of: str, upto: int, *, by: str, last_word: bool
    ) -> GapFound | GapRepaired | GapWithdrawn | None:
        """`by` says that `of`'s journal goes up to `upto`; that may open or close a gap.

        Its last word is exact; any other only shows that the journal goes at least that far.
        """
        copy = self._of[of]
        before = copy.claims.get(by, 0)
        if upto == before or (upto < before and not last_word):
            return None
        self.changes += 1
        copy.claims[by] = upto
        copy.known = max(copy.claims.values())
        if copy.known <= copy.head.seq:
            return self._close(of, copy)
        self._behind.add(of)
        if copy.gap_after is not None:
            return None
        copy.gap_after = copy.head.seq
        return GapFound(of, copy.head.seq, copy.known)

    def advance(self, of: str, head: Head) -> GapRepaired | GapWithdrawn | None:
        """We hold one record more; that may close a gap."""
        copy = self._of[of]
        self.changes += 1
        copy.head = head
        copy.asked_ms = None  # progress: what is still missing is asked for at once
        return self._close(of, copy) if copy.known <= head.seq else None

    def forget_asking(self) -> None:
        """Nobody hears us now: what was asked for must be asked for again."""
        for copy in self._of.values():
            copy.asked_ms = None

    def ask(
        self, now_ms: int, ahead: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[tuple[str, int]]:
        """What to ask for by now: whose records, after which number.

        Args:
            now_ms: now.
            ahead: which journal must let which other one catch up first.
        """
        due = {of: self._of[of].asked_ms for of in sorted(self._behind) if self._is_due(of, now_ms)}
        # The other one is on its way as long as no request for it was in vain.
        self._put_off = {
            of for of in due if ahead.get(of) in self._behind and due.get(ahead[of]) is None
        }
        for of in due:
            if of not in self._put_off:
                self._of[of].asked_ms = now_ms
                yield of, self._of[of].head.seq

    def _is_due(self, of: str, now_ms: int) -> bool:
        asked_ms = self._of[of].asked_ms
        return asked_ms is None or now_ms - asked_ms >= self._pause_ms(of)

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): what was counted on it moves along."""
        for copy in self._of.values():
            if copy.asked_ms is not None:
                copy.asked_ms += by_ms

    def due_ms(self) -> int | None:
        """When something must be asked for again."""
        # A journal that was put off waits for records, or for the other's time: not for its own.
        asked = ((of, self._of[of].asked_ms) for of in self._behind - self._put_off)
        return min((ms + self._pause_ms(of) for of, ms in asked if ms is not None), default=None)

    def _close(self, of: str, copy: _Copy) -> GapRepaired | GapWithdrawn | None:
        self._behind.discard(of)
        after, copy.gap_after = copy.gap_after, None
        if after is None:
            return None
        if after == copy.head.seq:
            return GapWithdrawn(of, after)
        return GapRepaired(of, after, copy.head.seq)
