"""Receipts: how far each station says that it has each journal on disk."""

from collections.abc import Collection, Iterator, Mapping

from hotline.station.turn import Acknowledged
from hotline.status import Status
from hotline.times import LONG_AGO_MS


class Receipts:
    """What the statuses acknowledge.

    Args:
        parties: whose receipts confirm, whatever role a status claims.
        confirmed: how far each journal was known to be on the other party's disk.
        patience_ms: after how long receipts are stored on their own, if no record comes meanwhile.
    """

    def __init__(
        self, parties: Collection[str], confirmed: Mapping[str, int], patience_ms: int
    ) -> None:
        self._parties = parties
        self.confirmed = dict(confirmed)
        """How far each journal was ever known to be on the other party's disk."""
        self._patience_ms = patience_ms
        self._unsaved_since_ms: int | None = None  # set while more is confirmed than is on disk
        self._acknowledged: dict[tuple[str, str], int] = {}  # of whose journal, by whom

    def acknowledged(self, of: str, *, by: str) -> int:
        """How far a station says that it has `of`'s journal on disk."""
        return self._acknowledged.get((of, by), 0)

    def hear(
        self, told: Status, heads: Mapping[str, int], *, last_word: bool, now_ms: int
    ) -> Iterator[Acknowledged]:
        """Take what a status acknowledges of these journals; only a last word can take back.

        What is confirmed is never taken back: it goes no further than the `heads` that we hold.
        """
        for journal, head in heads.items():
            upto, before = told.held.get(journal), self.acknowledged(journal, by=told.station)
            if upto is None:
                continue
            if upto > before or last_word:
                self._acknowledged[journal, told.station] = upto
            if upto > before:
                yield Acknowledged(told.station, journal, before, upto)
            if told.station in self._parties and min(upto, head) > self.confirmed.get(journal, 0):
                self.confirmed[journal] = min(upto, head)
                if self._unsaved_since_ms is None:
                    self._unsaved_since_ms = now_ms

    def prove(self, journal: str, upto: int) -> None:
        """Better proof than a receipt shows that the other party has it; that is stored at once."""
        if upto > self.confirmed.get(journal, 0):
            self.confirmed[journal] = upto
            self._unsaved_since_ms = LONG_AGO_MS

    def due_ms(self) -> int | None:
        """When receipts are stored even without a record."""
        if self._unsaved_since_ms is None:
            return None
        return self._unsaved_since_ms + self._patience_ms

    def hasten(self) -> None:
        """From now on what is confirmed is stored with its turn, even without a record."""
        self._patience_ms = 0

    def save(self) -> dict[str, int]:
        """What is confirmed, to be stored with this turn; nothing when it is on disk already."""
        if self._unsaved_since_ms is None:
            return {}
        self._unsaved_since_ms = None
        return dict(self.confirmed)

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative)."""
        if self._unsaved_since_ms is not None:
            self._unsaved_since_ms += by_ms
