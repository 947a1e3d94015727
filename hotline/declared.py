"""What each party says of itself: whether it attends to its channel, and who is on watch."""

from typing import NamedTuple

from hotline.bodies import Handover, Ref, Suspend
from hotline.lifecycle import Act, Attendance, moved
from hotline.records import Record
from hotline.times import HOUR_MS


class Suspension(NamedTuple):
    """A silence that a party has declared, over once it was `resumed`. All times in epoch ms."""

    ref: Ref
    since_ms: int
    until_ms: int | None
    reason: str | None
    resumed_ms: int | None = None

    def stands(self, now_ms: int) -> bool:
        """Whether a silence now is declared: not resumed, and not over by its own word."""
        return self.resumed_ms is None and (self.until_ms is None or now_ms < self.until_ms)


class Watch(NamedTuple):
    """Who is on watch at a party's desk, who is called in his stead, and until when."""

    ref: Ref
    officer: str
    deputy: str | None
    since_ms: int
    until_ms: int

    def stands(self, now_ms: int) -> bool:
        """Whether he is still on watch."""
        return now_ms < self.until_ms


class Declared(NamedTuple):
    """One party's last words about itself. Only its own journal changes them."""

    attendance: Attendance = Attendance.ATTENDED
    suspension: Suspension | None = None
    watch: Watch | None = None

    def suspend(self, record: Record, body: Suspend) -> "Declared | None":
        """The party leaves its channel; None: it had left it."""
        attendance = moved(self.attendance, Act.SUSPEND)
        if attendance is None:
            return None
        suspension = Suspension(record.ref, record.at_ms, body.until, body.reason)
        return self._replace(attendance=attendance, suspension=suspension)

    def resume(self, record: Record) -> "Declared | None":
        """The party attends to its channel again; None: it had not left it."""
        attendance = moved(self.attendance, Act.RESUME)
        if attendance is None or self.suspension is None:
            return None
        suspension = self.suspension._replace(resumed_ms=record.at_ms)
        return self._replace(attendance=attendance, suspension=suspension)

    def hand_over(self, record: Record, body: Handover) -> "Declared":
        """Somebody else is on watch from now on."""
        until_ms = record.at_ms + round(body.hours * HOUR_MS)
        watch = Watch(record.ref, body.officer, body.deputy, record.at_ms, until_ms)
        return self._replace(watch=watch)
