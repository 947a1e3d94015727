"""What two watchdogs of one line flag is seen once, as often as it happened."""

import pytest

from hotline.bodies import Kind, Level
from hotline.notice import Precedence
from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import TIMERS, TWO_DOGS, notice, reply
from tests.wire import Wire

GRACE_MS = TIMERS.grace_ms


@pytest.fixture
def wire() -> Wire:
    """A line with two watchdogs, which the parties watch too."""
    wire = Wire(TWO_DOGS)
    wire.go(MINUTE_MS)
    return wire


def seen(wire: Wire, name: str = "isr") -> list[tuple[str, Level, bool]]:
    """The flags that a station shows: the key, the level, and whether it was cleared."""
    flags = wire.machine(name).picture.flags_seen()
    return [(entry.flag.key, entry.level, entry.cleared_ms is not None) for entry in flags]


def test_an_answer_that_is_missing_is_one_flag(wire: Wire) -> None:
    """Both raise it for the same deadline; the next message is another."""
    for number in (1, 2):
        wire.say("tur", Kind.NOTICE, notice(f"N-{number}", precedence=Precedence.FLASH))
        wire.go(TIMERS.answer_flash_ms + GRACE_MS)
        wire.say("isr", Kind.REPLY, reply("tur", number))
        wire.go(SECOND_MS)
    expected = [(f"unanswered-tur-{number}", Level.WARNING, True) for number in (1, 2)]
    assert [seen(wire, name) for name in TWO_DOGS.stations] == [expected] * 4
    assert len(wire.machine("isr").picture.flags) == 4


def test_a_silence_is_one_flag_though_each_saw_it_in_its_own_time(wire: Wire) -> None:
    """The one hears the last will, the other misses the heartbeats."""
    with wire.losing(sender="tur", reader="hound"):
        wire.cut("tur")
        wire.go(TIMERS.silent_ms + SECOND_MS)
    assert wire.flags("dog") == wire.flags("hound") == ["silent tur ALARM"]
    assert seen(wire) == [("silent-tur", Level.ALARM, False)]
    wire.link("tur")
    wire.go(SECOND_MS)
    assert seen(wire) == [("silent-tur", Level.ALARM, True)]


def test_two_silences_are_two_flags(wire: Wire) -> None:
    """Each with its own end."""
    for _ in range(2):
        wire.cut("tur")
        wire.go(MINUTE_MS)
        wire.link("tur")
        wire.go(MINUTE_MS)
    assert seen(wire) == [("silent-tur", Level.ALARM, True)] * 2
    assert [seen(wire, name) for name in TWO_DOGS.stations] == [seen(wire)] * 4
