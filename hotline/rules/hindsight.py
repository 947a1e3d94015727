"""Waits for an answer that were over before a watchdog could see how each of them ended."""

from collections.abc import Iterable, Iterator

from hotline.bodies import Ref
from hotline.doubts import Doubt, End
from hotline.lifecycle import Wait


class Hindsight:
    """What is in doubt, until all is here; the order in which it was read does not matter.

    Args:
        doubts: what was in doubt when the watchdog ended.
    """

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self._doubts = {doubt.ref: (doubt.waited, list(doubt.ends)) for doubt in doubts}
        self._is_saved = True

    def __bool__(self) -> bool:
        return bool(self._doubts)

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._doubts

    def note(self, ref: Ref, waited: Wait | None, end: End) -> None:
        """Something was read that may have ended a wait for an answer to a message.

        `waited` is the wait that it ended as far as we knew; it counts when it is the first.
        """
        if ref in self._doubts:
            self._doubts[ref][1].append(end)
        elif waited:
            self._doubts[ref] = waited, [end]
        else:
            return
        self._is_saved = False

    def take_all(self) -> Iterator[tuple[Ref, Wait, End]]:
        """Each wait that is over, with what ended it; then nothing is in doubt any more."""
        doubts, self._doubts = self._doubts, {}
        self._is_saved &= not doubts
        for ref, (waited, ends) in doubts.items():
            begun = waited
            for end in sorted(ends, key=lambda end: end.at_ms):
                if end.begins and end.begins.since_ms < begun.since_ms:
                    continue  # it came before the wait that we knew of
                yield ref, begun, end
                if end.begins is None:
                    break
                begun = end.begins

    def to_save(self) -> list[Doubt] | None:
        """All that is in doubt, to be put on disk; None: that is there already."""
        if self._is_saved:
            return None
        self._is_saved = True
        return [Doubt(ref, *story) for ref, story in self._doubts.items()]
