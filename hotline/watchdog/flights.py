"""All flights of a line: a watchdog follows how far each is, and tells when that changes."""

import heapq

from hotline.bodies import Kind, Ref
from hotline.picture.changes import Change, What
from hotline.picture.lifecycle import Phase
from hotline.picture.message import Message
from hotline.picture.phase import phase_of
from hotline.picture.picture import Picture
from hotline.station.turn import FlightChanged


class Flights:
    """The next moment of each flight, the next one first."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._next: list[tuple[int, Ref]] = []
        self._told: dict[Ref, Phase] = {}  # of those that are in the air
        self._has_begun = False

    def hear(self, change: Change, now_ms: int) -> list[FlightChanged]:
        """A record was read: say what it changes of a flight."""
        what, message = change.what, change.message
        if message is None:
            return []
        if what is What.OPENED:
            if message.kind == Kind.STOP and message.notice:
                return self._stopped(message.notice, now_ms)
            return self._follow(message, now_ms)
        if what is What.SUPERSEDED or what is What.CANCELLED:
            return self._look_at(message, now_ms)
        return []

    def due_ms(self) -> int | None:
        """When the next window opens or closes."""
        return self._next[0][0] if self._next else None

    def tick(self, now_ms: int) -> list[FlightChanged]:
        """Every flight whose phase has changed by the clock."""
        if not self._has_begun:  # a flight in the air before our start is not news
            self._has_begun = True
            past = self._picture.past
            put_away = {message.ref: message for message in past.flights(now_ms)}
            for message in (put_away | self._picture.messages).values():
                self._follow(message, now_ms)
        changed = []
        while self._next and self._next[0][0] <= now_ms:
            _, ref = heapq.heappop(self._next)
            flown = self._picture.find(ref)
            if flown is not None:
                changed += self._look_at(flown, now_ms)
                self._expect(flown, now_ms + 1)
        return changed

    def _follow(self, message: Message, now_ms: int) -> list[FlightChanged]:
        """A notice was said: its window will open, or has."""
        opens_ms = message.opens_ms
        if opens_ms is None:
            return []
        if opens_ms > now_ms:  # as most are
            heapq.heappush(self._next, (opens_ms, message.ref))
            return []
        self._expect(message, now_ms)
        return self._look_at(message, now_ms)

    def _stopped(self, notice: str, now_ms: int) -> list[FlightChanged]:
        """A stop was said about a notice."""
        return [
            change
            for ref in list(self._told)
            if (message := self._picture.find(ref)) and message.notice == notice
            for change in self._look_at(message, now_ms)
        ]

    def _look_at(self, message: Message, now_ms: int) -> list[FlightChanged]:
        """Say what is new of one flight."""
        phase = phase_of(message, self._picture, self._moment(message, now_ms))
        before = self._told.pop(message.ref, None)
        if phase in (Phase.ACTIVE, Phase.OFF_NOMINAL):
            self._told[message.ref] = phase
        elif before is None:
            return []  # it is not in the air, and as far as we have told, it was not
        return [FlightChanged(message, phase)] if phase not in (None, before) else []

    def _moment(self, message: Message, now_ms: int) -> int:
        """The time for which to find the phase: now or, if later, when it was last spoken of.

        Its author's clock may be ahead of ours. But if it is ahead of the window's end, the time is
        now: by our clock the flight goes on.
        """
        stopped_ms = self._picture.stops.get(message.notice or "")
        said_ms = (message.off_nominal_ms, message.taken_back_ms, stopped_ms)
        last_ms = max([now_ms, *(at_ms for at_ms in said_ms if at_ms is not None)])
        return last_ms if message.ends_ms is None or last_ms < message.ends_ms else now_ms

    def _expect(self, message: Message, from_ms: int) -> None:
        """Its window is open, or was: it will close."""
        ends_ms = message.ends_ms
        if ends_ms is not None and ends_ms >= from_ms:
            heapq.heappush(self._next, (ends_ms, message.ref))
