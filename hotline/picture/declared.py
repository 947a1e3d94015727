"""What each party says of itself: whether it attends to its channel, and who is on watch."""

from typing import NamedTuple

from hotline.bodies import Handover, Ref, Suspend
from hotline.misfits import MakesNoSense, Misfit
from hotline.picture.lifecycle import Act, Attendance, moved
from hotline.records import Record

_KEPT = 100  # suspensions of a party


class Suspension(NamedTuple):
    """A silence that a party has declared, over once it was `resumed`. All times in epoch ms."""

    ref: Ref
    since_ms: int
    until_ms: int | None
    reason: str | None
    resumed_ms: int | None = None

    @property
    def ends_ms(self) -> int | None:
        """When it was over, or will be by its own word."""
        ends = (end for end in (self.resumed_ms, self.until_ms) if end is not None)
        return min(ends, default=None)

    def overlaps(self, from_ms: int, until_ms: int) -> bool:
        """Whether any of this time was in it."""
        return self.since_ms <= until_ms and (self.ends_ms is None or from_ms < self.ends_ms)

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


class Declared(NamedTuple):
    """What one party has last said about itself. Only its own journal changes that."""

    attendance: Attendance = Attendance.ATTENDED
    suspensions: tuple[Suspension, ...] = ()
    watch: Watch | None = None

    @property
    def suspension(self) -> Suspension | None:
        """The last one, over or not."""
        return self.suspensions[-1] if self.suspensions else None

    def on_watch(self, now_ms: int) -> Watch | None:
        """Who is on watch then, as far as it has said."""
        return self.watch if self.watch and now_ms < self.watch.until_ms else None

    def silence(self, now_ms: int) -> Suspension | None:
        """The silence that is declared for this time."""
        return self.suspension if self.suspension and self.suspension.stands(now_ms) else None

    def excuses(self, asked_ms: int) -> bool:
        """Whether the last silence excuses leaving a service message of this time unanswered."""
        last = self.suspension
        return last is not None and (last.ends_ms is None or asked_ms < last.ends_ms)

    def excused_in_hindsight(self, asked_ms: int, due_ms: int) -> bool:
        """Whether a silence began before a service message of this time had to be answered.

        A message older than the oldest silence that we remember is excused: nobody can know.
        """
        is_forgotten = len(self.suspensions) == _KEPT and asked_ms < self.suspensions[0].since_ms
        return is_forgotten or any(each.overlaps(asked_ms, due_ms) for each in self.suspensions)

    def suspend(self, record: Record, body: Suspend) -> "Declared":
        """The party leaves its channel.

        Raises:
            MakesNoSense: it has left it before.
        """
        attendance = moved(self.attendance, Act.SUSPEND)
        if attendance is None:
            raise MakesNoSense(Misfit.SUSPENDED_ALREADY)
        suspension = Suspension(record.ref, record.at_ms, body.until, body.reason)
        suspensions = (*self.suspensions[1 - _KEPT :], suspension)
        return self._replace(attendance=attendance, suspensions=suspensions)

    def resume(self, record: Record) -> "Declared":
        """The party attends to its channel again.

        Raises:
            MakesNoSense: it has not left it.
        """
        attendance = moved(self.attendance, Act.RESUME)
        if attendance is None or self.suspension is None:
            raise MakesNoSense(Misfit.RESUMES_NOTHING)
        suspension = self.suspension._replace(resumed_ms=record.at_ms)
        suspensions = (*self.suspensions[:-1], suspension)
        return self._replace(attendance=attendance, suspensions=suspensions)

    def hand_over(self, record: Record, body: Handover) -> "Declared":
        """Somebody else is on watch from now on."""
        begins_ms = record.at_ms
        watch = Watch(record.ref, body.officer, body.deputy, begins_ms, begins_ms + body.lasts_ms)
        return self._replace(watch=watch)
