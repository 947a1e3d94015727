"""What a station says of itself, and when: its own status, from the last will to the goodbye."""

from collections.abc import Mapping

from hotline.copies import Head
from hotline.line import Line
from hotline.records import SHORT_DIGEST
from hotline.status import GOODBYE, LINK_LOST, Role, Status
from hotline.topics import Channel, Topic
from hotline.turn import Publish


class Heartbeat:
    """The statuses of one station. They say how far each journal is `stored` on its disk."""

    def __init__(self, line: Line, name: str, every_ms: int) -> None:
        self.due_ms = 0
        """When the next status goes out."""
        self._line = line
        self._name = name
        self._role = Role.PARTY if name in line.parties else Role.WATCHDOG
        self._topic = str(Topic(line.name, name, Channel.STATUS))
        self._every_ms = every_ms
        self._since_ms = 0
        self._last = b""
        # What the last one said of the journals: it is taken apart once for many statuses.
        self._stored: Mapping[str, Head] = {}
        self._held: dict[str, int] = {}
        self._digests: dict[str, str] = {}

    def hasten(self, due_ms: int) -> None:
        """The next status goes out by then."""
        self.due_ms = min(self.due_ms, due_ms)

    def is_last(self, payload: bytes) -> bool:
        """Whether this is what we said last."""
        return payload == self._last

    def will(self, stored: Mapping[str, Head], now_ms: int) -> Publish:
        """The last will of a connection that is about to be made."""
        self._since_ms = now_ms
        return self._say(stored, now_ms, online=False, reason=LINK_LOST)

    def beat(self, stored: Mapping[str, Head], now_ms: int) -> Publish:
        """The status that says that we are there; the next one is due a heartbeat later."""
        self.due_ms = now_ms + self._every_ms
        status = self._say(stored, now_ms, online=True)
        self._last = status.payload
        return status

    def goodbye(self, stored: Mapping[str, Head], now_ms: int) -> Publish:
        """The status with which we leave the line."""
        return self._say(stored, now_ms, online=False, reason=GOODBYE)

    def _say(
        self, stored: Mapping[str, Head], now_ms: int, *, online: bool, reason: str = ""
    ) -> Publish:
        if stored is not self._stored:
            self._stored = stored
            self._held = {of: head.seq for of, head in stored.items() if of != self._name}
            heads = ((of, head) for of, head in stored.items() if head.seq)
            self._digests = {of: head.digest[:SHORT_DIGEST] for of, head in heads}
        status = Status(
            line=self._line.name,
            station=self._name,
            at_ms=now_ms,
            since_ms=self._since_ms,
            online=online,
            head=stored[self._name].seq,
            held=self._held,
            role=self._role,
            reason=reason,
            digests=self._digests,
        )
        return Publish(self._topic, status.encode(), retain=True)
