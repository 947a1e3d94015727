"""A line that is watched for hours on end, and what its watchdog says at what time."""

import pytest

from hotline.bodies import Answer, Clear, Flag, Level, Resume, Suspend
from hotline.notice import Precedence
from hotline.records import Record
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import TIMERS as DEFAULTS
from tests.helpers import cancel, notice, reply
from tests.wire import Wire

# Few heartbeats, because whole days are watched.
TIMERS = DEFAULTS.model_copy(update={"heartbeat_ms": 5 * MINUTE_MS, "silent_ms": 15 * MINUTE_MS})
GRACE_MS = TIMERS.grace_ms
FLASH_MS = TIMERS.answer_flash_ms
WARNING, ALARM, VOICE_REQUIRED = Level
# For a first message that was not answered in time, and is over; and ways to take one back.
LATE = ["unanswered tur/1 WARNING", "unanswered tur/1 cleared"]
TAKEN_BACK = [
    pytest.param(notice(revision=2), id="revised"),
    pytest.param(cancel(), id="cancelled"),
]


class Watch(Wire):
    """Two parties and their watchdog, an hour into a quiet shift."""

    def __init__(self) -> None:
        super().__init__(timers=TIMERS)
        self.go(HOUR_MS)
        assert self.flags() == []

    def missed(self) -> list[str]:
        """The flags and clears about an answer to tur's first message."""
        return [flag for flag in self.flags() if flag.startswith("unanswered tur/1 ")]

    def last(self) -> Record:
        """The last record that the watchdog wrote."""
        return [record for record in self.seats["dog"].disk if record.station == "dog"][-1]

    def last_flag(self) -> Flag:
        """The flag that the watchdog wrote last; it must have been one."""
        body = self.last().body
        assert isinstance(body, Flag)
        return body

    def last_clear(self) -> Clear:
        """The clear that the watchdog wrote last; it must have been one."""
        body = self.last().body
        assert isinstance(body, Clear)
        return body

    def expect(self, at_ms: int, *flags: str) -> None:
        """Expect these new flags at this time, and none a millisecond before."""
        before = self.flags()
        self.go_to(at_ms - 1)
        assert self.flags() == before
        self.go_to(at_ms)
        assert self.flags() == [*before, *flags]


def say_flash(wire: Wire, lead_ms: int, revision: int = 1) -> int:
    """Have tur say a notice with this lead; return when its window opens."""
    starts_ms = wire.now_ms + lead_ms
    body = notice(precedence=Precedence.FLASH, starts_ms=starts_ms, revision=revision)
    wire.say("tur", body)
    wire.settle()
    return starts_ms


def declare(wire: Wire, body: Suspend | Resume) -> None:
    """Have isr say that it is silent, or there again, and tur confirm that."""
    record = wire.say("isr", body)
    wire.go(SECOND_MS)
    wire.say("tur", reply("isr", record.seq, Answer.ROGER))
    wire.go(SECOND_MS)
