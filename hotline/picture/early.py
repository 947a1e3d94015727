"""Answers that came before what they answer: how journals interleave is left to chance."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hotline.bodies import Ref
from hotline.line import Line
from hotline.picture.past import Early


class EarlyAnswers:
    """What waits for messages that are not here yet."""

    def __init__(self) -> None:
        self._by_ref: dict[Ref, list[Early]] = {}

    def __len__(self) -> int:
        """How many messages are waited for."""
        return len(self._by_ref)

    def put(self, early: Early) -> None:
        """An answer came, and its message has not."""
        self._by_ref.setdefault(early.to, []).append(early)

    def take(self, ref: Ref) -> Sequence[Early]:
        """What waits for this message, which is here now; in the order in which it came."""
        return self._by_ref.pop(ref, ())

    def every(self) -> list[Early]:
        """All that waits."""
        return [early for waiting in self._by_ref.values() for early in waiting]

    def take_up(self, answers: Iterable[Early]) -> None:
        """Have these wait, as they were put away."""
        for early in answers:
            self.put(early)

    def ahead(self, line: Line, most: int) -> dict[str, str]:
        """Parties with more than `most` answers whose message is not here yet.

        Each with the party whose messages they are.
        """
        if len(self._by_ref) <= most:
            return {}
        waited_for = Counter(ref.station for ref in self._by_ref)
        return {line.other_party(party): party for party, many in waited_for.items() if many > most}
