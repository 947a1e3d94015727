"""Waits for an answer that were over before a watchdog could see how each of them ended."""

import itertools
from collections.abc import Iterable, Iterator

from hotline.bodies import Ref
from hotline.picture.doubts import Doubt, End
from hotline.picture.message import Wait
from hotline.watchdog import portions


class Hindsight:
    """The waits in doubt, until all is here; the order in which they were read does not matter.

    Args:
        doubts: what was in doubt when the watchdog ended.
    """

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self._doubts = {doubt.ref: (doubt.waited, list(doubt.ends)) for doubt in doubts}
        self._noted: dict[Ref, None] = {}  # since the last time it was saved
        self._over: dict[Ref, Wait] = {}

    def __bool__(self) -> bool:
        return bool(self._doubts)

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._doubts

    def note(self, ref: Ref, waited: Wait | None, end: End) -> None:
        """Something was read that may have ended a wait for an answer to a message.

        `waited` is the wait that it ended as far as we knew; only the first one counts.
        """
        if ref in self._doubts:
            self._doubts[ref][1].append(end)
        elif waited:
            self._doubts[ref] = waited, [end]
        else:
            return
        self._noted[ref] = None

    def take(self) -> Iterator[tuple[Ref, Wait, End]]:
        """Each wait that is over, with what ended it, of the first messages that are in doubt.

        These are no longer in doubt; the others are left for the next turn.
        """
        doubts = {ref: self._doubts[ref] for ref in itertools.islice(self._doubts, portions.MOST)}
        for ref, (waited, _) in doubts.items():
            del self._doubts[ref]
            self._noted.pop(ref, None)
            self._over[ref] = waited
        for ref, (waited, ends) in doubts.items():
            begun = waited
            for end in sorted(ends, key=lambda end: end.at_ms):
                if end.begins and end.begins.order < begun.order:
                    continue  # it came before the wait that we knew of
                yield ref, begun, end
                if end.begins is None:
                    break
                begun = end.begins

    def to_save(self) -> list[Doubt] | None:
        """What has changed since the last time, to be stored; None: nothing."""
        if not self._noted and not self._over:
            return None
        over = [Doubt(ref, waited, ()) for ref, waited in self._over.items()]
        noted = [Doubt(ref, *self._doubts[ref]) for ref in self._noted]
        self._over, self._noted = {}, {}
        return over + noted
