"""A line on which something waits while the watchdog does not see everything."""

from hotline.times import MINUTE_MS
from tests.helpers import FLASH
from tests.wire import Passing, Wire


def with_a_flash() -> Wire:
    """A line on which a FLASH was said a minute ago, and waits for its answer."""
    wire = Wire()
    wire.go(MINUTE_MS)
    wire.say("tur", FLASH)
    wire.go(MINUTE_MS)
    assert wire.flags() == []
    return wire


def no_repair(passing: Passing) -> int:
    """Lose everything that is replayed."""
    return 0 if passing.channel == "replay" else 1
