"""Answers that came before the messages that they answer, as journals interleave by chance."""

from collections import Counter
from collections.abc import Sequence

from hotline.bodies import Ref
from hotline.line import Line
from hotline.records import Record


class EarlyAnswers:
    """The answers that wait for messages that are not here yet."""

    def __init__(self) -> None:
        self._by_ref: dict[Ref, list[Record]] = {}
        self._waited_for: Counter[str] = Counter()  # whose messages: how many
        self._count = 0

    def __len__(self) -> int:
        """How many answers wait; several may answer the same message."""
        return self._count

    def put(self, answer: Record, to: Ref) -> None:
        """An answer came, and its message has not."""
        if to not in self._by_ref:
            self._by_ref[to] = []
            self._waited_for[to.station] += 1
        self._by_ref[to].append(answer)
        self._count += 1

    def take(self, ref: Ref) -> Sequence[Record]:
        """The answers that waited for this message, now here, in the order in which they came."""
        taken = self._by_ref.pop(ref, ())
        if taken:
            self._waited_for[ref.station] -= 1
        self._count -= len(taken)
        return taken

    def every(self) -> list[Record]:
        """All that waits."""
        return [answer for waiting in self._by_ref.values() for answer in waiting]

    def ahead(self, line: Line, most: int) -> dict[str, str]:
        """Parties with more than `most` answers whose message is not here yet.

        Each with the party whose messages they are.
        """
        waited_for = self._waited_for.items()
        return {line.other_party(party): party for party, many in waited_for if many > most}
