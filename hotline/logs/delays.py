"""Messages that come in late: they are shown as such, with the time at which they were sent."""

from typing import NamedTuple

from hotline.picture.message import Message
from hotline.timers import Timers
from hotline.watchdog.deadlines import allowed_ms


class Delay(NamedTuple):
    """How late a message came in, in ms, and when its window had closed, in epoch ms, if it had."""

    by_ms: int
    expired_ms: int | None


def delay_of(message: Message, came_ms: int, timers: Timers) -> Delay | None:
    """The delay of a message that came in at this time; None: it is fresh.

    It is delayed if it took longer than a missing receipt may take before that is an ALARM, if its
    answer was due before it came, or if its window closed on its way. A message said after its
    window, such as the cancellation of a flight that has ended, was not delayed by the line.
    """
    by_ms = came_ms - message.at_ms
    expired_ms = message.ends_ms
    if expired_ms is not None and message.at_ms < expired_ms <= came_ms:
        return Delay(by_ms, expired_ms)
    overdue = message.at_ms + allowed_ms(message, message.last_wait, timers) <= came_ms
    return Delay(by_ms, None) if overdue or by_ms >= timers.receipt_alarm_ms else None
