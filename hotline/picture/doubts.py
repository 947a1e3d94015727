"""Waits that are over though nobody knows yet what ended them, in the form that is stored.

Whether a message was answered before it was revised shows only when both journals are here.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hotline.bodies import Answer, Ref, Reply, Voice
from hotline.picture.changes import Change, What
from hotline.picture.message import Wait


class End(NamedTuple):
    """What may have ended a wait, and when (epoch ms); after a STANDBY the next one begins."""

    at_ms: int
    how: str
    is_answer: bool
    begins: Wait | None = None


class Doubt(NamedTuple):
    """A message, its wait that seems to be over, and everything read so far that may have ended it.

    Without any such end it is no longer in doubt.
    """

    ref: Ref
    waited: Wait
    ends: Sequence[End]


def end_of(change: Change, now_ms: int, tolerance_ms: int = 0) -> End | None:
    """How a change may have ended a wait; None: it cannot have.

    The time is its author's, but no later than now (unless our own clock shows a time before the
    message, by more than clocks may differ: then it was put back, and proves nothing).
    """
    at_ms, body = change.record.at_ms, change.record.body
    if change.message and change.message.at_ms <= now_ms + tolerance_ms:
        at_ms = min(at_ms, now_ms)
    if change.what in (What.SUPERSEDED, What.CANCELLED):
        return End(at_ms, change.what.value, is_answer=False)
    if not isinstance(body, Reply | Voice) or body.answer is None:
        return None
    if body.answer is Answer.STANDBY:
        begins = Wait(change.record.at_ms, body.expected_at)
        return End(at_ms, "standby", is_answer=True, begins=begins)
    by_voice = " by voice" if isinstance(body, Voice) else ""
    return End(at_ms, f"answered {body.answer}{by_voice}", is_answer=True)
