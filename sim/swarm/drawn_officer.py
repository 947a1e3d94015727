"""The officers of a simulated run: how they answer is drawn from the seed and the message."""

import heapq
from collections.abc import Callable, Sequence
from random import Random

from hotline.bodies import Answer, Body
from hotline.picture.lifecycle import CONSENT, Answering, Asks
from hotline.picture.message import Message
from hotline.station.officer import Officer, reply_to
from hotline.times import SECOND_MS

_PUTS_OFF = 0.15
_REJECTS = 0.2
_IS_AUTOMATIC = 0.2


class DrawnOfficer(Officer):
    """An officer who lives as long as his station's process.

    At one desk in five sits an automaton, which answers without reading. While the officer is away,
    neither reads or answers anything; when he is back, he looks at what lies there.
    """

    def __init__(self, seed: str, absent: float, note: Callable[[Message], None]) -> None:
        self.quiet = False
        self.is_away = False
        self._unread: list[Message] = []
        self._seed = seed
        self._is_automatic = Random(f"{seed}/automatic").random() < _IS_AUTOMATIC
        self._absent = absent
        self._note = note
        self._desk: list[tuple[int, int, Message, bool]] = []
        self._count = 0

    def at_once(self, message: Message) -> Body | None:
        """The consent of an automaton, if one sits here."""
        if not self._is_automatic or not self._speaks or not message.waits:
            return None
        if self._draw(message) is None:
            return None
        return reply_to(message, CONSENT[message.asks], "automaton")

    def show(self, message: Message, now_ms: int) -> None:
        """A message is on the screen; if he is away, it is left lying."""
        self._note(message)
        if self.is_away:
            self._unread.append(message)
        else:
            self._read(message, now_ms)

    def come_back(self, now_ms: int) -> None:
        """Return to the desk, and read what was shown meanwhile."""
        self.is_away, unread, self._unread = False, self._unread, []
        for message in unread:
            self._read(message, now_ms)

    def _read(self, message: Message, now_ms: int) -> None:
        draw = self._draw(message)
        if draw is None or not message.waits:
            return
        reads_ms = draw.choice((100, 2 * SECOND_MS, 10 * SECOND_MS, 40 * SECOND_MS))
        may_put_off = message.asks is not Asks.CONFIRMATION and draw.random() < _PUTS_OFF
        puts_off = may_put_off and message.answering is Answering.OPEN
        self._put(now_ms + reads_ms, message, puts_off=puts_off)

    def _draw(self, message: Message) -> Random | None:
        """The source from which his treatment of it is drawn; None: it is left lying."""
        draw = Random(f"{self._seed}/{message.ref}")
        return None if draw.random() < self._absent else draw

    def due_ms(self) -> int | None:
        """When he has something to say."""
        return self._desk[0][0] if self._desk and self._speaks else None

    def say(self, now_ms: int) -> Sequence[Body]:
        """The answers that are ready by now, if they are still wanted."""
        replies: list[Body] = []
        while self._speaks and self._desk and self._desk[0][0] <= now_ms:
            _, _, message, puts_off = heapq.heappop(self._desk)
            if not message.waits:
                continue
            draw = Random(f"{self._seed}/{message.ref}/answer")
            reason = expected_ms = None
            answer = CONSENT[message.asks]
            if puts_off and message.answering is Answering.OPEN:  # unless he did in an earlier life
                answer, expected_ms = Answer.STANDBY, now_ms + draw.randint(5, 30) * SECOND_MS
                self._put(now_ms + draw.randint(1, 60) * SECOND_MS, message, puts_off=False)
            elif message.asks is Asks.DECISION and draw.random() < _REJECTS:
                answer, reason = Answer.REJECT, "not today"
            reply = reply_to(message, answer, "duty officer", reason, expected_ms)
            replies.append(reply)
        return replies

    @property
    def _speaks(self) -> bool:
        return not (self.quiet or self.is_away)

    def _put(self, at_ms: int, message: Message, *, puts_off: bool) -> None:
        self._count += 1
        heapq.heappush(self._desk, (at_ms, self._count, message, puts_off))
