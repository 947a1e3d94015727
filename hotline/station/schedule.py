"""The schedule by which a party's station says comm checks."""

from collections.abc import Callable, Sequence

from hotline.bodies import Body, Check, Kind
from hotline.picture.message import Message
from hotline.station.officer import Officer


class CommChecks:
    """An `Officer` beside whom the station says comm checks by itself.

    Args:
        officer: who sits at the desk.
        every_ms: the schedule.
        first_ms: when the first one is said, in epoch ms.
        is_quiet: whether none is to be said now, because a channel is suspended.
    """

    def __init__(
        self, officer: Officer, every_ms: int, first_ms: int, is_quiet: Callable[[], bool]
    ) -> None:
        self._officer = officer
        self._every_ms = every_ms
        self._next_ms = first_ms
        self._is_quiet = is_quiet

    def at_once(self, message: Message) -> tuple[Kind, Body] | None:
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
        """When the officer has something to say, or a check is to be said."""
        due_ms = self._officer.due_ms()
        return self._next_ms if due_ms is None else min(due_ms, self._next_ms)

    def say(self, now_ms: int) -> Sequence[tuple[Kind, Body]]:
        """What the officer says, and a check when it is time."""
        said = list(self._officer.say(now_ms))
        if self._next_ms <= now_ms:
            self._next_ms = now_ms + self._every_ms
            if not self._is_quiet():
                said.append((Kind.CHECK, Check()))
        return said
