"""What two watchdogs of one line flag is seen once, as often as it happened."""

import pytest

from hotline.bodies import Clear, Flag, Level
from hotline.notice import Precedence
from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, TIMERS, TWO_DOGS, cancel, notice, reply
from tests.wire import Wire

GRACE_MS = TIMERS.grace_ms
FLASH_MS = TIMERS.answer_flash_ms


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
        wire.say("tur", notice(f"N-{number}", precedence=Precedence.FLASH))
        wire.go(TIMERS.answer_flash_ms + GRACE_MS)
        wire.say("isr", reply("tur", number))
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


def test_a_record_that_makes_no_sense_is_one_flag_though_one_read_it_later(wire: Wire) -> None:
    """There is no deadline in it, only the time at which each of them read it."""
    with wire.losing(sender="tur", reader="hound"):
        wire.say("tur", cancel())
        wire.go(SECOND_MS)
    wire.go(MINUTE_MS)
    dues_ms = {entry.flag.due for entry in wire.machine("isr").picture.flags}
    assert len(dues_ms) == 2
    assert seen(wire) == [("invalid-tur-1", Level.WARNING, False)]


def test_two_silences_are_two_flags(wire: Wire) -> None:
    """Each with its own end."""
    for _ in range(2):
        wire.cut("tur")
        wire.go(MINUTE_MS)
        wire.link("tur")
        wire.go(MINUTE_MS)
    assert seen(wire) == [("silent-tur", Level.ALARM, True)] * 2
    assert [seen(wire, name) for name in TWO_DOGS.stations] == [seen(wire)] * 4


def test_two_watchdogs_flag_the_same_and_watch_each_other() -> None:
    """Each keeps its own journal; people see one flag; a watchdog that dies is seen dead."""
    wire = Wire(TWO_DOGS)
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    assert wire.flags("dog") == wire.flags("hound") == ["unanswered tur/1 WARNING"]
    wire.go(SECOND_MS)
    assert [key for key, _, _ in seen(wire)] == ["unanswered-tur-1"]
    wire.crash("dog")
    wire.settle()
    assert wire.flags("hound")[-1] == "silent dog ALARM"


def test_a_watchdogs_receipt_is_not_a_partys() -> None:
    """That the other watchdog has a message does not deliver it to whom it was meant for."""
    wire = Wire(TWO_DOGS)
    with wire.losing(reader="isr"):
        wire.say("tur", FLASH)
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.flags("dog") == wire.flags("hound") == ["undelivered tur/1 WARNING"]


def test_an_answer_clears_the_flags_of_both() -> None:
    """In the merged picture the flag ends with the first clear."""
    wire = Wire(TWO_DOGS)
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + SECOND_MS)
    wire.say("isr", reply("tur", 1))
    wire.go(SECOND_MS)
    bodies = [record.body for record in wire.seats["tur"].disk]
    assert sum(isinstance(body, Flag) for body in bodies) == 2
    assert sum(isinstance(body, Clear) for body in bodies) == 2
    (entry,) = wire.machine("tur").picture.flags_seen()
    assert entry.cleared_ms is not None
