"""Forks: one number of a journal that was given to two records, and who shows it.

What is stored first is kept, and nothing is ever merged; a person must find out which of the two
was the original. A fork heals when the station that showed it has shown no other record for as long
as a silence may last, and shows our bytes again (or, if its statuses carry no digests, shows
nothing).
"""

from collections.abc import Callable, Iterator

from hotline.bodies import Ref
from hotline.records import SHORT_DIGEST
from hotline.station.turn import ForkFound, ForkHealed
from hotline.status import Status


class Forks:
    """What does not agree with our copies.

    Args:
        digest_at: the digest of a record that we hold; None when we do not.
        patience_ms: how long no other record must have been shown before a fork is healed.
    """

    def __init__(self, digest_at: Callable[[Ref], str | None], patience_ms: int) -> None:
        self._digest_at = digest_at
        self._patience_ms = patience_ms
        self._seen_ms: dict[tuple[str, str], int] = {}  # whose journal, shown by whom: when last
        self._since_ms: dict[str, tuple[int, int]] = {}  # each station's connection, and the last
        self._newest_heard_ms: dict[str, int] = {}  # when it spoke last on the newer of them

    def stands(self, of: str) -> bool:
        """Whether anybody shows other bytes of this journal than we hold."""
        return any(forked == of for forked, _ in self._seen_ms)

    def would_repeat(self, told: Status) -> bool:
        """Whether `compare` would find nothing new in it, if our copies have not changed."""
        newest_ms, _ = self._since_ms.get(told.station, (None, None))
        return not self._seen_ms and told.since_ms == newest_ms

    def find(self, of: str, seq: int | None, by: str, now_ms: int) -> ForkFound | None:
        """`by` shows another record under this number; an event if that is new."""
        key = (of, by)
        is_new = key not in self._seen_ms
        self._seen_ms[key] = now_ms
        return ForkFound(of, seq, by) if is_new else None

    def recheck(self, of: str, now_ms: int) -> None:
        """An old flag says that this journal forked: its author must show our bytes."""
        self._seen_ms.setdefault((of, of), now_ms)  # as patient as ever: another may show others

    def compare(self, told: Status, now_ms: int) -> Iterator[ForkFound | ForkHealed]:
        """Compare what a live status says of every journal with our copies."""
        by = told.station
        if self._has_twin(told, now_ms) and (found := self.find(by, None, by, now_ms)):
            yield found
        if not told.digests:  # it has shown other records, perhaps mistyped
            for of in [of for of, shown_by in self._seen_ms if shown_by == by]:
                yield from self._heal(of, by, now_ms)
        for of, digest in told.digests.items():
            seq = told.head if of == by else told.held.get(of, 0)
            ours = self._digest_at(Ref(of, seq)) if seq else None
            if ours is None:
                continue
            if ours[:SHORT_DIGEST] == digest:
                yield from self._heal(of, by, now_ms)
            elif found := self.find(of, seq, by, now_ms):
                yield found

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative)."""
        self._seen_ms = {key: seen_ms + by_ms for key, seen_ms in self._seen_ms.items()}
        heard_ms = self._newest_heard_ms
        self._newest_heard_ms = {station: ms + by_ms for station, ms in heard_ms.items()}

    def _heal(self, of: str, by: str, now_ms: int) -> Iterator[ForkHealed]:
        """End what `by` showed, if it has shown no other record for long."""
        if now_ms - self._seen_ms.get((of, by), now_ms) >= self._patience_ms:
            del self._seen_ms[of, by]
            yield ForkHealed(of, by)

    def _has_twin(self, told: Status, now_ms: int) -> bool:
        """Whether an earlier connection speaks after a later one began: a process has but one.

        The later one is that which we heard of later, since a clock may have been put back. But a
        connection that is new to us, and spoke before the later one began, was only slow to arrive.
        A connection that has been quiet for the silence time is taken for ended.
        """
        station = told.station
        since_ms, before_ms = self._since_ms.get(station, (told.since_ms, told.since_ms))
        is_quiet = now_ms - self._newest_heard_ms.get(station, now_ms) >= self._patience_ms
        if told.since_ms not in (since_ms, before_ms):
            if told.at_ms <= since_ms and not is_quiet:
                return False
            since_ms, before_ms = told.since_ms, since_ms
        elif is_quiet:
            since_ms = before_ms = told.since_ms
        self._since_ms[station] = since_ms, before_ms
        if told.since_ms == since_ms:
            self._newest_heard_ms[station] = now_ms
            return False
        return told.at_ms > since_ms
