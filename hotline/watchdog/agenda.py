"""What a watchdog must look at, and when: its deadlines, the next one first."""

import heapq
from collections.abc import Callable
from typing import NamedTuple

from hotline.bodies import Level, Ref, Rule

_ROOM = 1_000  # deadlines, before the void ones are looked for


class Deadline(NamedTuple):
    """When a rule is broken unless something has come by then.

    `judge_ms` is `due_ms` on our own clock: the same until our clock jumps. `level` is what is then
    reached; `since_ms` is where the wait began. All in epoch ms. `kind` is that of the record, if
    that matters to the rule.
    """

    judge_ms: int
    due_ms: int
    ref: Ref
    rule: Rule
    level: Level
    since_ms: int
    kind: str = ""

    @property
    def wait(self) -> tuple[Ref, int]:
        """What is waited for, and since when: the same for all levels."""
        return self.ref, self.since_ms


class Agenda:
    """Deadlines in the order in which they must be judged; void ones are thrown out.

    Args:
        is_void: whether nothing can come of a deadline any more.
    """

    def __init__(self, is_void: Callable[[Deadline], bool]) -> None:
        self._heap: list[Deadline] = []
        self._is_void = is_void
        self._full = _ROOM
        self._added: list[Deadline] = []  # since `heard`
        # The waits that begin after we heard of them, by more than clocks may differ: by how much.
        self._ahead_ms: dict[tuple[Ref, int], int] = {}

    def add(self, deadline: Deadline) -> None:
        """Have a deadline judged."""
        self._added.append(deadline)
        self._push(deadline)

    def _push(self, deadline: Deadline) -> None:
        heapq.heappush(self._heap, deadline)
        # Answers come long before their deadlines: without this, void deadlines would pile up.
        if len(self._heap) >= self._full:
            self._heap = [each for each in self._heap if not self._is_void(each)]
            heapq.heapify(self._heap)
            self._full = 2 * len(self._heap) + _ROOM

    def escalate(self, missed: Deadline, level: Level, due_ms: int) -> None:
        """Have the next level judged later than the missed one by as much as it is due later."""
        judge_ms = missed.judge_ms + due_ms - missed.due_ms
        self._push(missed._replace(judge_ms=judge_ms, due_ms=due_ms, level=level))

    def next_ms(self) -> int | None:
        """When the next deadline must be judged."""
        return self._heap[0].judge_ms if self._heap else None

    def take(self, until_ms: int) -> Deadline | None:
        """The next deadline that must be judged by then."""
        if self._heap and self._heap[0].judge_ms <= until_ms:
            return heapq.heappop(self._heap)
        return None

    def heard(self, now_ms: int, tolerance_ms: int) -> None:
        """What was added since the last call was heard now: note the waits that begin later."""
        for each in self._added:
            if each.since_ms > now_ms + tolerance_ms:
                self._ahead_ms[each.wait] = each.since_ms - now_ms
        self._added.clear()
        if len(self._ahead_ms) >= len(self._heap) + _ROOM:  # most of them were judged, or are void
            waits = {each.wait for each in self._heap}
            self._ahead_ms = {wait: ms for wait, ms in self._ahead_ms.items() if wait in waits}

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): no deadline comes sooner or later.

        The exception is a record said after we heard it, by its author's clock: ours was behind
        then, and the deadline is already where it belongs by the right clock.
        """
        made_good_ms = {wait: min(max(by_ms, 0), ms) for wait, ms in self._ahead_ms.items()}
        self._heap = [
            each._replace(judge_ms=each.judge_ms + by_ms - made_good_ms.get(each.wait, 0))
            for each in self._heap
        ]
        heapq.heapify(self._heap)
        for wait, ms in made_good_ms.items():
            self._ahead_ms[wait] -= ms

    def clear(self) -> None:
        """Forget all."""
        self._heap.clear()
        self._added.clear()
        self._ahead_ms.clear()
