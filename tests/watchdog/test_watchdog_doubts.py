"""What puts journals and clocks in doubt: forks, clocks that differ, clocks that are set."""

import json

import pytest

from hotline.bodies import Answer, Kind
from hotline.station.turn import ForkFound, ForkHealed, Incoming
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, T0, TIMERS, Author, check, records, reply, status
from tests.machines import party, turn
from tests.wire import Wire


def shows(station: str, digest: str, *, at_ms: int = T0) -> Incoming:
    """A status of `station`, which holds one record of isr's with this digest."""
    told = status(station, at_ms=at_ms, isr=1)
    fields = json.loads(told.payload) | {"digests": {"isr": digest}}
    return Incoming(told.topic, json.dumps(fields).encode())


def test_a_station_of_whose_journal_others_hold_another_record_says_no_more() -> None:
    """It cannot know which of the two is the original; a person must find out."""
    isr = party(*Author("isr").notices(1))
    assert ForkFound("isr", 1, "tur") in turn(isr, shows("tur", "x" * 16)).events
    assert not isr.may_speak
    isr.say(check())
    assert turn(isr, now_ms=T0 + 1).appends == []
    later_ms = T0 + TIMERS.silent_ms
    ours = json.loads(isr.goodbye(T0).payload)["digests"]["isr"]
    healed = turn(isr, shows("tur", ours, at_ms=later_ms), now_ms=later_ms)
    assert ForkHealed("isr", "tur") in healed.events
    assert [record.seq for record in healed.appends] == [2], "now it says what it had to say"


def test_a_fork_is_flagged_and_nothing_is_merged() -> None:
    """Of two records under one number the first that was heard stays."""
    wire = Wire()
    said = wire.say("tur", check())
    wire.settle()
    (other,) = Author("tur").notices(1)
    wire.hear("dog", records(other))
    wire.settle()
    assert wire.flags() == ["fork tur ALARM"]
    assert wire.seats["dog"].journal("tur") == [said.raw]
    wire.go(TIMERS.silent_ms + TIMERS.heartbeat_ms)
    assert wire.flags() == ["fork tur ALARM", "fork tur cleared"]


def test_a_clock_that_differs_is_flagged_and_cleared() -> None:
    """By more than the tolerance; a fast one at once."""
    wire = Wire()
    ahead_ms = TIMERS.clock_skew_ms + 1
    wire.hear("dog", status("tur", at_ms=wire.now_ms + ahead_ms))
    wire.settle()
    assert wire.flags() == ["clock_skew tur WARNING"]
    wire.go(MINUTE_MS)  # its own statuses, with the right time
    assert wire.flags() == ["clock_skew tur WARNING", "clock_skew tur cleared"]


@pytest.mark.parametrize("by_ms", [HOUR_MS, -HOUR_MS])
def test_a_watchdog_whose_clock_is_set_flags_neither_sooner_nor_later(by_ms: int) -> None:
    """The deadlines of what was said before stay where they were; nobody is called silent.

    That it could not read all that came, a second before its clock was set, delays nothing either.
    """
    wire = Wire()
    said = wire.say("tur", FLASH)
    wire.go(MINUTE_MS - SECOND_MS)
    wire.flood("dog", SECOND_MS)
    dog = wire.machine("dog")
    wire.set_clocks(by_ms)
    left_ms = TIMERS.answer_flash_ms - MINUTE_MS + TIMERS.grace_ms
    wire.go(left_ms - 1)
    assert wire.flags() == []
    wire.go(1)
    assert wire.flags() == ["unanswered tur/1 WARNING"]
    (entry,) = dog.picture.flags
    assert entry.flag.due == said.at_ms + TIMERS.answer_flash_ms
    wire.go(TIMERS.answer_flash_ms // 2)
    assert wire.flags()[1:] == ["unanswered tur/1 ALARM"]


@pytest.mark.parametrize("is_killed", [False, True])
def test_what_came_while_its_clock_was_behind_is_due_in_time_once_it_is_right(
    is_killed: bool,
) -> None:
    """A machine that learns the time late flags at the record's own time, not an hour later."""
    wire = Wire()
    said = Author("tur").says(Kind.NOTICE, FLASH, wire.now_ms + HOUR_MS)
    for name in ("isr", "dog"):
        wire.hear(name, records(said))
    wire.settle()
    if is_killed:
        wire.restart("dog")
    wire.go(MINUTE_MS)
    wire.set_clocks(HOUR_MS)
    wire.go(TIMERS.answer_flash_ms - MINUTE_MS + TIMERS.grace_ms - 1)
    assert "unanswered tur/1 WARNING" not in wire.flags()
    wire.go(SECOND_MS)  # who was killed knows only when it saw the message again
    assert "unanswered tur/1 WARNING" in wire.flags()


def test_what_was_over_while_the_watchdog_was_dead_is_cleared() -> None:
    """A fork and a clock that it had flagged, when it sees after its start that all is well."""
    wire = Wire()
    wire.say("tur", check())
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.settle()
    wire.hear("dog", records(*Author("tur").notices(1)))
    wire.hear("dog", status("isr", at_ms=wire.now_ms + TIMERS.clock_skew_ms + 1, tur=1))
    wire.settle()
    raised = ["fork tur ALARM", "clock_skew isr WARNING"]
    wire.go(SECOND_MS)
    assert wire.flags() == raised
    wire.restart("dog")
    wire.settle()
    assert wire.flags() == [*raised, "clock_skew isr cleared"]
    wire.go(TIMERS.silent_ms + TIMERS.heartbeat_ms)
    assert wire.flags() == [*raised, "clock_skew isr cleared", "fork tur cleared"]
    assert wire.board() == set()


def test_what_is_not_over_stands_after_a_restart() -> None:
    """A party that shows another record all the time is not flagged anew, and not cleared."""
    wire = Wire()
    wire.say("tur", check())
    wire.settle()
    wire.hear("dog", shows_other("tur", wire.now_ms))
    wire.settle()
    wire.crash("tur")
    wire.restart("dog")
    for _ in range(5):
        wire.hear("dog", shows_other("tur", wire.now_ms))
        wire.go(TIMERS.heartbeat_ms)
    assert [flag for flag in wire.flags() if "fork" in flag] == ["fork tur ALARM"]
    assert "fork-tur" in wire.board()


def test_an_author_who_shows_our_bytes_does_not_speak_for_another_who_does_not() -> None:
    """After a restart it waits, before it clears a fork, whether anybody still shows the other."""
    wire = Wire()
    wire.say("tur", check())
    wire.go(SECOND_MS)
    wire.crash("isr")
    wire.hear("dog", shows_other("isr", wire.now_ms))
    wire.go(SECOND_MS)
    wire.restart("dog", SECOND_MS)
    for _ in range(8):
        wire.hear("dog", shows_other("isr", wire.now_ms))
        wire.go(TIMERS.heartbeat_ms)
    assert [flag for flag in wire.flags() if "fork" in flag] == ["fork tur ALARM"]


def shows_other(station: str, at_ms: int) -> Incoming:
    """A status of `station`, which has another first record of tur's than we hold."""
    head = 1 if station == "tur" else 0
    told = status(station, at_ms=at_ms, since_ms=at_ms, head=head, tur=1)
    fields = json.loads(told.payload) | {"digests": {"tur": "x" * 16}}
    return Incoming(told.topic, json.dumps(fields).encode())
