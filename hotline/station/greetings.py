"""Which of the others have spoken to us since our start, and which word of each is the last."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hotline.status import GOODBYE, Status

_CONNECTIONS = 4  # remembered of each station, in case several processes share its name


class _News(NamedTuple):
    """What a status said of the journals, and what we knew of them by then."""

    head: int
    held: Mapping[str, int]
    digests: Mapping[str, str]
    known: int


class Greetings:
    """What the statuses are worth: who has been heard, who has just come, which word is old."""

    def __init__(self, others: Iterable[str]) -> None:
        self.unheard = set(others)
        """The stations that we have not heard since our start, and still wait for."""
        self._greeted: dict[str, tuple[int, ...]] = {}  # connections, last heard first
        self._told_ms: dict[str, int] = {}  # when each station said its last live word
        self._news: dict[str, _News] = {}  # what each station's last word was

    def hear(self, told: Status, *, retained: bool) -> bool:
        """A status came in; say whether its station has just connected, and may wait for ours.

        A retained one may be as old as a broker that came back, a will as old as its connection:
        neither tells what its station holds. A goodbye does, for nothing comes after it. Processes
        that share a name speak in turn: each has connected once. If every turn were answered, two
        such names would have all stations answer one another without end.
        """
        if (told.online and not retained) or told.reason == GOODBYE:
            self.unheard.discard(told.station)
        if not told.online or retained:
            return False
        before = self._greeted.get(told.station, ())
        others = (since_ms for since_ms in before if since_ms != told.since_ms)
        self._greeted[told.station] = (told.since_ms, *others)[:_CONNECTIONS]
        return told.since_ms not in before

    def is_last_word(self, told: Status, *, retained: bool, now_ms: int) -> bool:
        """Whether a status may take back what its station said before.

        A will was written when its connection began, a retained status before we listened, and an
        overtaken one before one that is already here: they only add to what we know.
        """
        if retained or not told.online:
            return False
        return self.note(told.station, told.at_ms, now_ms)

    def note(self, station: str, at_ms: int, now_ms: int) -> bool:
        """A live status or record came in, said `at_ms`; False if it was overtaken on its way."""
        if at_ms < self._told_ms.get(station, at_ms):
            return False
        self._told_ms[station] = min(at_ms, now_ms)  # nobody speaks from the future
        return True

    def remember(self, told: Status, known: int, *, last_word: bool) -> None:
        """What a status said of the journals has been learned; `known` numbers what we know."""
        if last_word:
            self._news[told.station] = _News(told.head, told.held, told.digests, known)
        else:
            self._news.pop(told.station, None)

    def repeats(self, told: Status, known: int) -> bool:
        """Whether it says of the journals what was learned last, and we know no more since."""
        news = self._news.get(told.station)
        return news == (told.head, told.held, told.digests, known)
