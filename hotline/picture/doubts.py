"""Waits that are over, while it is not known yet what ended them; as they are kept on disk.

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
    """A message, the wait that seemed to be over, and all that was read since of how it ended.

    Without any end it is in doubt no more.
    """

    ref: Ref
    waited: Wait
    ends: Sequence[End]


def end_of(change: Change, now_ms: int) -> End | None:
    """What a change may have ended.

    The time is its author's, but not later than now (unless our own clock stands before the
    message: then it was put back, and is no measure).
    """
    at_ms, body = change.record.at_ms, change.record.body
    if change.message and change.message.at_ms <= now_ms:
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
