"""Which entries of a list stay when it is too long: some of every kind, the first of each."""

import heapq
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_shares(entries: Sequence[T], kind: Callable[[T], Hashable], most: int) -> list[T]:
    """At most `most` of them, in their order: the first of each kind, then the second of each.

    So the many of one kind lose entries before the few of another do.
    """
    seen: Counter[Hashable] = Counter()
    rounds = []
    for place, entry in enumerate(entries):
        seen[kind(entry)] += 1
        rounds.append((seen[kind(entry)], place))
    return [entries[place] for place in sorted(place for _, place in heapq.nsmallest(most, rounds))]
