"""Who sits at a station's desk: the port for officers, those without a person, and comm checks."""

from collections.abc import Callable, Sequence

from hotline.bodies import Answer, Body, Check, RefersTo, Reply
from hotline.picture.lifecycle import CONSENT
from hotline.picture.message import Message


class Officer:
    """A duty officer, a person or a script. Each message is shown to him once in a station's life.

    This one does nothing: a subclass defines only what its officer does.
    """

    def at_once(self, message: Message) -> Body | None:
        """What he says without having seen it, to be stored together with it; None: he reads it.

        It comes on his screen all the same.
        """
        return None

    def show(self, message: Message, now_ms: int) -> None:
        """A message that asks for an answer is on disk and on his screen.

        `message.waits` says whether it still wants one, now and when he has something to say: it
        may have been answered at once, or its author may have taken it back.
        """

    def clock_jumped(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative); what he is busy with moves along."""

    def due_ms(self) -> int | None:
        """When he will have something to say; once he has been asked, later than that or never."""
        return None

    def say(self, now_ms: int) -> Sequence[Body]:
        """What he says by now."""
        return ()


class Nobody(Officer):
    """An empty chair: what comes in is stored and acknowledged by the station, never answered."""


class Routine(Officer):
    """An officer who takes `reading_ms` over every message and then agrees to it."""

    def __init__(self, name: str, reading_ms: int) -> None:
        self._name = name
        self._reading_ms = reading_ms
        self._desk: list[tuple[int, Message]] = []

    def at_once(self, message: Message) -> Body | None:
        """Agree to it, if that takes no time."""
        if self._reading_ms or self._desk or not message.waits:
            return None
        return self._consent(message)

    def show(self, message: Message, now_ms: int) -> None:
        """Put it on the pile; nobody reads two messages at once."""
        if not message.waits:
            return  # it was answered at once
        begins_ms = max(now_ms, self._desk[-1][0]) if self._desk else now_ms
        self._desk.append((begins_ms + self._reading_ms, message))

    def clock_jumped(self, by_ms: int) -> None:
        """He reads no faster for that."""
        self._desk = [(at_ms + by_ms, message) for at_ms, message in self._desk]

    def due_ms(self) -> int | None:
        """When the first on the pile has been read."""
        return self._desk[0][0] if self._desk else None

    def say(self, now_ms: int) -> Sequence[Body]:
        """Answer what has been read, unless it was superseded or cancelled meanwhile."""
        replies: list[Body] = []
        while self._desk and self._desk[0][0] <= now_ms:
            message = self._desk.pop(0)[1]
            if message.waits:
                replies.append(self._consent(message))
        return replies

    def _consent(self, message: Message) -> Body:
        return reply_to(message, CONSENT[message.asks], self._name)


class CommChecks(Officer):
    """An officer beside whom the station says comm checks by itself.

    Args:
        officer: who sits at the desk.
        every_ms: the schedule.
        first_ms: when the first one is said, in epoch ms.
        is_quiet: whether none should be said at a time, because a channel is suspended then.
    """

    def __init__(
        self, officer: Officer, every_ms: int, first_ms: int, is_quiet: Callable[[int], bool]
    ) -> None:
        self._officer = officer
        self._every_ms = every_ms
        self._next_ms = first_ms
        self._is_quiet = is_quiet

    def at_once(self, message: Message) -> Body | None:
        """What the officer says."""
        return self._officer.at_once(message)

    def show(self, message: Message, now_ms: int) -> None:
        """The officer is shown it."""
        self._officer.show(message, now_ms)

    def clock_jumped(self, by_ms: int) -> None:
        """The next check is as far away as it was."""
        self._next_ms += by_ms
        self._officer.clock_jumped(by_ms)

    def due_ms(self) -> int:
        """When the officer has something to say, or a check is due."""
        due_ms = self._officer.due_ms()
        return self._next_ms if due_ms is None else min(due_ms, self._next_ms)

    def say(self, now_ms: int) -> Sequence[Body]:
        """What the officer says, and a check when it is time."""
        said = list(self._officer.say(now_ms))
        if self._next_ms <= now_ms:
            self._next_ms = now_ms + self._every_ms
            if not self._is_quiet(now_ms):
                said.append(Check())
        return said


def reply_to(
    message: Message,
    answer: Answer,
    officer: str | None,
    reason: str | None = None,
    expected_ms: int | None = None,
) -> Reply:
    """The reply that gives `answer` to `message`."""
    return Reply(
        refers_to=RefersTo.to(message.ref),
        answer=answer,
        officer=officer,
        reason=reason,
        expected_at=expected_ms,
    )
