"""Receipts: how far each station says that it has each journal on disk."""

from collections.abc import Iterator, Mapping

from hotline.status import Role, Status
from hotline.turn import Received


class Receipts:
    """What the statuses acknowledge.

    Args:
        confirmed: how far each journal was known to be on the other party's disk.
    """

    def __init__(self, confirmed: Mapping[str, int]) -> None:
        self.confirmed = dict(confirmed)
        self._received: dict[tuple[str, str], int] = {}

    def of(self, journal: str, reader: str) -> int:
        """How far `reader` says that it has this journal."""
        return self._received.get((reader, journal), 0)

    def hear(
        self, told: Status, heads: Mapping[str, int], *, last_word: bool
    ) -> Iterator[Received]:
        """Take what a status acknowledges of these journals; only a last word takes back.

        What is confirmed is never taken back: it goes no further than the `heads` that we hold.
        """
        for journal, head in heads.items():
            upto, before = told.held.get(journal), self.of(journal, told.station)
            if upto is None:
                continue
            if upto > before or last_word:
                self._received[told.station, journal] = upto
            if upto > before:
                yield Received(told.station, journal, before, upto)
            if told.role is Role.PARTY:
                known = self.confirmed.get(journal, 0)
                self.confirmed[journal] = max(known, min(upto, head))
