"""What a watchdog does with records whose times cannot be right."""

import pytest

from hotline.bodies import Kind
from hotline.records import digest
from hotline.station.turn import Incoming
from hotline.times import HOUR_MS, MINUTE_MS
from tests.helpers import FLASH, Author, changed, check
from tests.watch import FLASH_MS, GRACE_MS, Watch


@pytest.mark.parametrize("at", ["1000-01-01T00:00:00Z", "8999-12-31T00:00:00Z"])
def test_a_record_with_an_absurd_time_does_not_stop_the_watchdog(wire: Watch, at: str) -> None:
    """Whatever clock it was written by, the record is judged by it and the line goes on."""
    author = Author("tur")
    odd = changed(author.says(Kind.NOTICE, FLASH).raw, at=at)
    other = changed(
        author.says(Kind.CHECK, check()).raw, prev=digest(odd), at="2026-01-12T07:00:00Z"
    )
    wire.hear("dog", Incoming("hotline/v1/isr-tur/tur/records", odd + b"\n" + other))
    wire.go(HOUR_MS)
    assert "unanswered tur/2 VOICE_REQUIRED" in wire.flags()
    assert ("unanswered tur/1 VOICE_REQUIRED" in wire.flags()) is at.startswith("1000")


def test_a_time_from_the_future_is_not_late(wire: Watch) -> None:
    """A deadline counts from the record's own time, also when that clock is ahead."""
    ahead = Author("tur").says(Kind.NOTICE, FLASH, wire.now_ms + MINUTE_MS)
    wire.hear("dog", Incoming("hotline/v1/isr-tur/tur/records", ahead.raw))
    wire.hear("isr", Incoming("hotline/v1/isr-tur/tur/records", ahead.raw))
    due_ms = wire.now_ms + MINUTE_MS + FLASH_MS + GRACE_MS
    wire.go_to(due_ms - 1)
    assert "unanswered tur/1 WARNING" not in wire.flags()
    wire.go_to(due_ms)
    assert "unanswered tur/1 WARNING" in wire.flags()
