"""What a watchdog must look at, and when: its deadlines, the next one first."""

import heapq
from collections.abc import Callable
from typing import NamedTuple

from hotline.bodies import Ref, Rule

_UNKNOWN = -1
_ROOM = 1_000  # deadlines, before the void ones are looked for


class Deadline(NamedTuple):
    """When a rule is broken unless something has come by then.

    `judge_ms` is `due_ms` on our own clock: the same until our clock jumps. `level` counts from
    0; `since_ms` is where the wait began. All in epoch ms. `ahead_ms` is how far its author's
    clock was ahead of ours when we heard it, by more than clocks may differ.
    """

    judge_ms: int
    due_ms: int
    ref: Ref
    rule: Rule
    level: int
    since_ms: int
    ahead_ms: int = _UNKNOWN


class Agenda:
    """Deadlines in the order in which they must be judged; what became void is thrown out.

    Args:
        is_void: whether nothing can come of a deadline any more.
    """

    def __init__(self, is_void: Callable[[Deadline], bool]) -> None:
        self._heap: list[Deadline] = []
        self._is_void = is_void
        self._full = _ROOM
        self._latest_ms = 0  # when the last wait began

    def add(self, deadline: Deadline) -> None:
        """Have a deadline judged."""
        heapq.heappush(self._heap, deadline)
        self._latest_ms = max(self._latest_ms, deadline.since_ms)
        # An answer comes long before its deadline: without this, what was answered would pile up.
        if len(self._heap) >= self._full:
            self._heap = [each for each in self._heap if not self._is_void(each)]
            heapq.heapify(self._heap)
            self._full = 2 * len(self._heap) + _ROOM

    def escalate(self, missed: Deadline, level: int, due_ms: int) -> None:
        """Have the next level judged as much later than the one that was missed as it is due."""
        judge_ms = missed.judge_ms + due_ms - missed.due_ms
        self.add(missed._replace(judge_ms=judge_ms, due_ms=due_ms, level=level))

    def next_ms(self) -> int | None:
        """When the next deadline must be judged."""
        return self._heap[0].judge_ms if self._heap else None

    def take(self, until_ms: int) -> Deadline | None:
        """The next deadline that must be judged by then."""
        if self._heap and self._heap[0].judge_ms <= until_ms:
            return heapq.heappop(self._heap)
        return None

    def heard(self, now_ms: int, tolerance_ms: int) -> None:
        """What has been added was heard now: note by how much it was said later than that."""
        if self._latest_ms <= now_ms + tolerance_ms:
            return
        self._latest_ms = 0
        for index, each in enumerate(self._heap):
            if each.ahead_ms == _UNKNOWN and each.since_ms > now_ms + tolerance_ms:
                self._heap[index] = each._replace(ahead_ms=each.since_ms - now_ms)

    def shift(self, by_ms: int) -> None:
        """Our clock was put forward by so much: no deadline comes sooner or later for that.

        But what was said later than we heard it was not: our clock was behind then, and its
        deadline already is where it comes with the right one.
        """
        self._heap = [_shifted(each, by_ms) for each in self._heap]
        heapq.heapify(self._heap)

    def clear(self) -> None:
        """Forget all."""
        self._heap.clear()


def _shifted(deadline: Deadline, by_ms: int) -> Deadline:
    ahead_ms = max(deadline.ahead_ms, 0)
    made_good_ms = min(ahead_ms, max(by_ms, 0))
    judge_ms = deadline.judge_ms + by_ms - made_good_ms
    return deadline._replace(judge_ms=judge_ms, ahead_ms=ahead_ms - made_good_ms)
