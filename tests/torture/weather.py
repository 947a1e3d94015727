"""When the line was sound, by the log of faults: the times in which a demand may be strict."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from tests.torture.evidence import Trouble
from tests.torture.line import BROKER

# After a fault is undone: a process starts within about 1 s, a station's pause between two
# attempts is up to 2 s, an attempt may hang for 5 s, missing records are asked for every 1 s.
SETTLE_MS = 8_000


class Weather:
    """The troubles of a run, by victim."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        self._of: dict[str, list[tuple[int, int]]] = {}
        for trouble in sorted(troubles, key=lambda trouble: trouble.from_ms):
            spans = self._of.setdefault(trouble.whom.removeprefix("link:"), [])
            # Kept with the latest end so far, so that one look at the last beginning is enough.
            end_ms = max(trouble.until_ms + SETTLE_MS, spans[-1][1] if spans else 0)
            spans.append((trouble.from_ms, end_ms))

    def was_good(self, stations: Iterable[str], from_ms: int, until_ms: int) -> bool:
        """Whether the broker and these stations, with their links, were sound all that time."""
        return all(
            self.was_spared(whom, from_ms, until_ms) for whom in (*stations, BROKER, "everything")
        )

    def was_spared(self, whom: str, from_ms: int, until_ms: int) -> bool:
        """Whether nothing was done to this one in all that time."""
        spans = self._of.get(whom, [])
        before = bisect_right(spans, (until_ms, until_ms + SETTLE_MS * 1000))
        return before == 0 or spans[before - 1][1] < from_ms
