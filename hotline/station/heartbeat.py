"""What a station says of itself, and when: its own status, from the last will to the goodbye."""

from collections.abc import Mapping

from hotline.line import Line
from hotline.records import SHORT_DIGEST
from hotline.station.copies import Head
from hotline.station.echo import Echo
from hotline.station.turn import Publish
from hotline.status import GOODBYE, LINK_LOST, Role, Status, decode
from hotline.timers import Timers
from hotline.times import LONG_AGO_MS, format_instant
from hotline.topics import Channel, Topic

RECEIPT_DELAY_MS = 10  # what comes in meanwhile is acknowledged together
RECEIPT_SPACING_MS = 100  # on a busy line, where each status costs all who hear it a turn


class Heartbeat:
    """The statuses of one station. They say how far each journal is `stored` on its disk."""

    def __init__(self, line: Line, name: str, timers: Timers) -> None:
        self.echo = Echo(timers)
        """Whether they come back to us."""
        self.due_ms = LONG_AGO_MS
        """When the next status goes out."""
        self.topic = str(Topic(line.name, name, Channel.STATUS))
        """Where they are said."""
        self._line = line
        self._name = name
        self._role = Role.PARTY if name in line.parties else Role.WATCHDOG
        self._every_ms = timers.heartbeat_ms
        self._since_ms = 0
        self._acknowledges = False
        self._acknowledged_ms = LONG_AGO_MS
        self._last = b""
        # A beat, but for its time, is put together once for many of them.
        self._stored: Mapping[str, Head] | None = None
        self._before_time = self._after_time = b""

    def hasten(self, due_ms: int) -> None:
        """The next status goes out by then."""
        self.due_ms = min(self.due_ms, due_ms)

    def acknowledge(self, now_ms: int) -> None:
        """Have a status soon say how far all is stored; on a busy line later, for more at once."""
        self._acknowledges = True
        spaced_ms = min(self._acknowledged_ms, now_ms) + RECEIPT_SPACING_MS
        self.hasten(max(now_ms + RECEIPT_DELAY_MS, spaced_ms))

    def overhear(self, payload: bytes) -> bool:
        """Whether this is what we said last, come back to us in time: nothing follows from it."""
        if payload != self._last or self.echo.is_late:
            return False
        self.echo.hear()
        return True

    def hear(self, payload: bytes) -> None:
        """A status of ours came in; one that shows us as gone, an old will, is overwritten soon.

        Raises:
            NotAStatus: it is not a status.
        """
        if not payload:
            return
        told = decode(payload)
        if not told.online:
            self.hasten(LONG_AGO_MS)
        elif told.since_ms == self._since_ms:
            self.echo.hear()

    def will(self, stored: Mapping[str, Head], now_ms: int) -> Publish:
        """The last will of a connection that is about to be made."""
        self._since_ms, self._stored = now_ms, None
        return self._say(stored, now_ms, online=False, reason=LINK_LOST)

    def beat(self, stored: Mapping[str, Head], now_ms: int) -> Publish:
        """The status that says that we are there; the next one is due a heartbeat later."""
        self.due_ms = now_ms + self._every_ms
        self.echo.say(now_ms)
        if self._acknowledges:
            self._acknowledges, self._acknowledged_ms = False, now_ms
        time = format_instant(now_ms).encode()
        if stored is not self._stored:
            status = self._say(stored, now_ms, online=True)
            self._before_time, _, self._after_time = status.payload.partition(time)
            self._stored = stored
        self._last = self._before_time + time + self._after_time
        return Publish(self.topic, self._last, retain=True)

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative): what was counted on it moves along."""
        self.due_ms += by_ms
        self.echo.shift(by_ms)

    def goodbye(self, stored: Mapping[str, Head], now_ms: int) -> Publish:
        """The status with which we leave the line."""
        return self._say(stored, now_ms, online=False, reason=GOODBYE)

    def _say(
        self, stored: Mapping[str, Head], now_ms: int, *, online: bool, reason: str = ""
    ) -> Publish:
        heads = stored.items()
        status = Status(
            line=self._line.name,
            station=self._name,
            at_ms=now_ms,
            since_ms=self._since_ms,
            online=online,
            head=stored[self._name].seq,
            held={of: head.seq for of, head in heads if of != self._name},
            role=self._role,
            reason=reason,
            digests={of: head.digest[:SHORT_DIGEST] for of, head in heads if head.seq},
        )
        return Publish(self.topic, status.encode(), retain=True)
