"""Which of a station's records have not reached an observer, as their numbers tell."""

from collections.abc import Iterator
from typing import NamedTuple

_MOST_GAPS = 1_000  # of one station; of more, the oldest are forgotten


class Gap(NamedTuple):
    """Records that have not come, from the first of these numbers to the last."""

    first: int
    last: int
    since_ms: int
    is_told: bool = False

    def without(self, seq: int) -> list["Gap"]:
        """What is left of it when this record has come."""
        if not self.first <= seq <= self.last:
            return [self]
        before, after = self._replace(last=seq - 1), self._replace(first=seq + 1)
        return [part for part in (before, after) if part.first <= part.last]


class Missing:
    """What one station has said and an observer has not heard, since he first heard of its journal.

    A station says the next number, and in its live statuses the last one: what lies between was
    said while its link was down, or was dropped on the way.

    Args:
        patience_ms: how long a replay of it may take.
    """

    def __init__(self, patience_ms: int) -> None:
        self._patience_ms = patience_ms
        self._head: int | None = None
        self._heard = 0  # the highest number that came
        self._gaps: list[Gap] = []

    def __contains__(self, seq: int) -> bool:
        if self._head is not None and seq > self._head:  # its replay overtook the next live status
            return True
        return any(gap.first <= seq <= gap.last for gap in self._gaps)

    def learn(self, head: int, now_ms: int) -> None:
        """The station says how far its journal goes.

        If that is less than before, it begins anew, and may get back from others what came long
        ago. Or somebody mistyped a number.
        """
        before = self._head
        self._head = max(head, self._heard)
        if before is None:
            return
        if head > before:
            self._keep([*self._gaps, Gap(before + 1, head, now_ms)])
        elif head < before:
            self._keep([g._replace(last=min(g.last, head)) for g in self._gaps if g.first <= head])

    def hear(self, seq: int, now_ms: int) -> None:
        """A record of the station came."""
        if self._head is not None and seq <= self._head:
            self._keep([left for gap in self._gaps for left in gap.without(seq)])
            return
        if self._head is not None:
            self.learn(seq - 1, now_ms)
        self._head = self._heard = seq

    def due(self, now_ms: int) -> Iterator[Gap]:
        """What should have come by now; each gap once."""
        last_ms = now_ms - self._patience_ms
        for number, gap in enumerate(self._gaps):
            if not gap.is_told and gap.since_ms <= last_ms:
                self._gaps[number] = gap._replace(is_told=True)
                yield gap

    def _keep(self, gaps: list[Gap]) -> None:
        self._gaps = gaps[-_MOST_GAPS:]
