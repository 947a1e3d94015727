"""A node's hatch, through which people look at what is on disk, and have the station say a word.

A node takes turns; a look in the middle of one would show what a crash may still undo. So a look
waits for the next turn to begin, and a word is made within the turn that says it, from the picture
as it is then: an answer to a message that was answered meanwhile is refused, not written.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from hotline.bodies import Body, kind_of
from hotline.errors import LocalError, TransportError
from hotline.records import Record
from hotline.station.station import Station
from hotline.station.turn import Event, Said
from hotline.times import format_duration

T = TypeVar("T")

Word = Callable[[int], Body]
"""Called with a time (epoch ms), it returns what somebody wants to say, or raises why he cannot."""


class StationGone(TransportError):
    """The station ended before it said anything more: what became of the word is not known."""

    def __init__(self) -> None:
        super().__init__(
            "the station left before it answered: look at the picture when it is back, before you"
            " say anything again"
        )


class NotYet(LocalError):
    """The station may not speak yet: it does not know all its own records."""


@dataclass(frozen=True, slots=True)
class _Wanted(Generic[T]):
    make: Callable[[int], T]
    told: asyncio.Future[Any]


class Hatch:
    """Where people wait for a node's next turn.

    Args:
        station: the one that is looked at, and speaks.
        knock: has the node take a turn soon.
    """

    def __init__(self, station: Station, knock: Callable[[], None]) -> None:
        self._station = station
        self._knock = knock
        self._looks: list[_Wanted[Any]] = []
        self._words: deque[_Wanted[Body]] = deque()
        self._said: tuple[Body, asyncio.Future[Any]] | None = None
        self._is_closed = False

    async def look(self, read: Callable[[int], T]) -> T:
        """What `read` finds between two turns, when all that the node knows is on its disk.

        Raises:
            StationGone: there is no next turn.
        """
        wanted = _Wanted(read, self._future())
        self._looks.append(wanted)
        self._knock()
        found: T = await wanted.told
        return found

    async def speak(self, word: Word) -> Record:
        """Have a word said; the record that it became, once that is on disk and on its way.

        Raises:
            NotYet: the station may not speak yet, and nothing was said.
            LocalError: it was refused, and nothing was said.
            StationGone: nobody knows whether it was said.
        """
        wanted = _Wanted(word, self._future())
        self._words.append(wanted)
        self._knock()
        record: Record = await wanted.told
        return record

    # The node's side

    @property
    def has_visitors(self) -> bool:
        """Whether somebody waits for the next turn."""
        return bool(self._looks or self._words)

    def show(self, now_ms: int) -> None:
        """Let everybody look: all is on disk."""
        looks, self._looks = self._looks, []
        for look in looks:
            _settle(look, now_ms)

    def next_word(self, now_ms: int) -> Body | None:
        """The first word that can be said, for this turn to say; one a turn.

        The next would be made from a picture in which this one is missing.
        """
        while self._words:
            wanted = self._words.popleft()
            if wanted.told.done():
                continue  # the one who wanted it has gone
            try:
                _expect_free_to_speak(self._station)
                body = wanted.make(now_ms)
                kind_of(body)  # or it raises that this is no body
            except Exception as error:  # noqa: BLE001 -- a bug at a desk must not end the station
                wanted.told.set_exception(error)
                continue
            self._said = body, wanted.told
            return body
        return None

    def confirm(self, events: Iterable[Event]) -> None:
        """The turn is on disk: tell whoever spoke in it which record he made."""
        if self._said is None:
            return
        (body, told), self._said = self._said, None
        if told.done():
            return
        for event in events:
            if isinstance(event, Said) and event.record.body is body:
                told.set_result(event.record)
                return
        told.set_exception(LocalError("this is too long for one record: say it in fewer words"))

    def close(self) -> None:
        """There are no more turns."""
        self._is_closed = True
        waiting = [wanted.told for wanted in (*self._looks, *self._words)]
        if self._said:
            waiting.append(self._said[1])
        for told in waiting:
            if not told.done():
                told.set_exception(StationGone())

    def _future(self) -> asyncio.Future[Any]:
        if self._is_closed:
            raise StationGone
        return asyncio.get_running_loop().create_future()


def _settle(wanted: _Wanted[Any], now_ms: int) -> None:
    if wanted.told.done():
        return
    try:
        wanted.told.set_result(wanted.make(now_ms))
    except Exception as error:  # noqa: BLE001 -- as for words
        wanted.told.set_exception(error)


def _expect_free_to_speak(station: Station) -> None:
    """Raise NotYet, with the reason, if a station may say nothing."""
    if station.may_speak:
        return
    if station.is_forked(station.name):
        raise NotYet(
            f"{station.name} may say nothing more: others hold a different journal of it"
            " (a fork); docs/operations.md says what to do"
        )
    if station.waits_for:
        whom = ", ".join(station.waits_for)
        most = format_duration(station.timers.greeting_ms)
        raise NotYet(
            f"{station.name} may not speak yet, since it has just started: it waits to hear"
            f" {whom}, for {most} on the line at most; nothing was said"
        )
    whom = ", ".join(station.fetches_from)
    raise NotYet(
        f"{station.name} may not speak yet: records of its own are said to be with {whom}, and"
        " are fetched as soon as possible (if never: docs/operations.md, When things go wrong);"
        " nothing was said"
    )
