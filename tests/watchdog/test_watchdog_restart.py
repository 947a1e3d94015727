"""A watchdog that is killed goes on from its journal: it neither forgets nor repeats."""

from collections import Counter
from functools import cache

import pytest

from hotline.bodies import Answer
from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, cancel, check, notice, reply
from tests.watch import FLASH_MS, GRACE_MS, TIMERS, Watch
from tests.wire import Wire


def doubled(flags: list[str]) -> list[str]:
    """What was raised or cleared more often than it should, if each thing happens once."""
    return [flag for flag, times in Counter(flags).items() if times > 1]


@cache
def an_eventful_watch() -> Wire:
    """A line on which every rule was broken once, some for good."""
    wire = Wire(timers=TIMERS)
    with wire.losing(reader="isr"):
        wire.say("tur", FLASH)  # undelivered, then answered late
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    wire.go(2 * FLASH_MS)
    wire.say("isr", reply("tur", 1, Answer.ACCEPT))
    wire.say("isr", reply("tur", 1, Answer.REJECT))  # invalid
    wire.say("isr", check())  # never answered
    with wire.losing(reader="dog", channel="replay"):
        with wire.losing(reader="dog", channel="records"):
            wire.say("tur", cancel())
        wire.go(TIMERS.heartbeat_ms + TIMERS.receipt_ms + GRACE_MS)  # blind
    wire.go(TIMERS.answer_check_ms)
    wire.cut("isr")  # silent
    wire.go(3 * MINUTE_MS)
    wire.link("isr")
    wire.go(10 * MINUTE_MS)
    return wire


FLAGS = [
    "undelivered tur/1 WARNING",
    "undelivered tur/1 cleared",
    "unanswered tur/1 WARNING",
    "unanswered tur/1 ALARM",
    "unanswered tur/1 VOICE_REQUIRED",
    "unanswered tur/1 cleared",
    "invalid isr/2 WARNING",
    "blind tur ALARM",
    "blind tur cleared",
    "unanswered tur/2 WARNING",
    "silent isr ALARM",
    "silent isr cleared",
]


def test_the_eventful_watch_has_it_all() -> None:
    """What the tests below cut short is a watch in which flags came and went."""
    wire = an_eventful_watch()
    assert set(FLAGS) <= set(wire.flags())
    assert doubled(wire.flags()) == []
    assert wire.is_whole()


def test_a_watchdog_restarts_from_any_prefix_of_its_journal() -> None:
    """Whatever it had on disk, it gets its own words back and says none of them twice."""
    before = an_eventful_watch()
    disk = before.seats["dog"].disk
    for kept in range(len(disk) + 1):
        wire = Wire(timers=TIMERS, up=False)
        wire.now_ms = before.now_ms
        for name in wire.line.parties:
            wire.seats[name].disk = list(before.seats[name].disk)
            wire.start(name)
        wire.go(SECOND_MS)
        wire.seats["dog"].disk = disk[:kept]
        wire.start("dog")
        wire.go(10 * MINUTE_MS)
        assert wire.is_whole(), f"from {kept} records"
        assert wire.flags() == before.flags(), f"from {kept} records"
        assert wire.board() == before.board(), f"from {kept} records"


@pytest.mark.parametrize("turns", range(1, 40, 3))
def test_a_watchdog_killed_at_any_time_tells_the_same_story(wire: Watch, turns: int) -> None:
    """Killed again and again, it flags what it would have flagged, each thing once."""
    wire.say("tur", FLASH)
    for _ in range(12):
        wire.go(turns * SECOND_MS)
        wire.restart("dog")
    wire.go(2 * FLASH_MS)
    wire.say("isr", reply("tur", 1))
    wire.go(GRACE_MS)
    wire.restart("dog", 2 * FLASH_MS)
    assert wire.flags() == [
        "unanswered tur/1 WARNING",
        "unanswered tur/1 ALARM",
        "unanswered tur/1 VOICE_REQUIRED",
        "unanswered tur/1 cleared",
    ]


def test_deadlines_that_passed_while_it_was_dead_are_flagged_at_once(wire: Watch) -> None:
    """After a restart, all levels that are overdue by then, as soon as the grace is over."""
    wire.say("tur", FLASH)
    wire.go(SECOND_MS)
    wire.crash("dog")
    wire.go(2 * FLASH_MS)
    wire.start("dog")
    wire.go(GRACE_MS - 1)
    assert wire.flags() == []
    wire.go(1)
    assert wire.flags() == [
        "unanswered tur/1 WARNING",
        "unanswered tur/1 ALARM",
        "unanswered tur/1 VOICE_REQUIRED",
    ]
    details = [entry.flag.detail for entry in wire.standing()]
    assert details[0] == "TUR-014 rev 1: no answer from isr after 2m (seen 2m02s after that)"


@pytest.mark.parametrize("died", ["before", "meanwhile"])
def test_a_party_that_is_away_does_not_delay_what_is_overdue(wire: Watch, died: str) -> None:
    """Its last will is there, and the other one shows that no word of the watchdog's is lost."""
    wire.say("tur", FLASH)
    wire.go(SECOND_MS)
    if died == "before":
        wire.crash("isr")
        wire.go(SECOND_MS)
    wire.crash("dog")
    wire.go(SECOND_MS)
    if died == "meanwhile":
        wire.crash("isr")
    wire.go(2 * FLASH_MS)
    wire.start("dog")
    wire.go(GRACE_MS)
    assert wire.flags() == [
        "silent isr ALARM",
        "unanswered tur/1 WARNING",
        "unanswered tur/1 ALARM",
        "unanswered tur/1 VOICE_REQUIRED",
    ]


@pytest.mark.parametrize("copied", ["nothing", "the beginning"])
def test_a_watchdog_whose_disk_was_lost_waits_for_who_is_away(wire: Watch, copied: str) -> None:
    """He may have words of its that nobody else has; it waits as long as he may take."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    disk = wire.seats["dog"].disk
    assert wire.flags() == ["unanswered tur/1 WARNING"]
    wire.crash("isr")
    wire.crash("dog")
    disk[:] = [] if copied == "nothing" else disk[:1]
    wire.go(FLASH_MS)
    wire.start("dog")
    wire.go(TIMERS.greeting_ms - 1)
    assert wire.flags() == []
    wire.go(1)
    assert wire.flags()[0] == "unanswered tur/1 WARNING", "its own word, from tur"
    assert "unanswered tur/1 ALARM" in wire.flags()
    assert doubled(wire.flags()) == []


def test_what_it_never_heard_is_flagged_when_it_hears_it(wire: Watch) -> None:
    """A message that was said while it was dead is overdue when it arrives."""
    wire.crash("dog")
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    wire.start("dog")
    wire.go(GRACE_MS)
    assert wire.flags() == ["unanswered tur/1 WARNING"]


def test_an_answer_that_came_while_it_was_dead_clears_the_flag(wire: Watch) -> None:
    """It hears the answer with all that it missed."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    wire.crash("dog")
    wire.say("isr", reply("tur", 1))
    wire.go(SECOND_MS)
    wire.start("dog")
    wire.go(SECOND_MS)
    assert wire.flags() == ["unanswered tur/1 WARNING", "unanswered tur/1 cleared"]
    assert wire.board() == set()


def test_a_receipt_that_came_while_it_was_dead_clears_the_flag(wire: Watch) -> None:
    """The receiver's status is there when it comes back."""
    with wire.losing(reader="isr"):
        wire.say("tur", notice())
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        wire.crash("dog")
    wire.go(TIMERS.heartbeat_ms + SECOND_MS)
    wire.start("dog")
    wire.go(SECOND_MS)
    assert wire.flags() == ["undelivered tur/1 WARNING", "undelivered tur/1 cleared"]


def test_who_came_back_while_it_was_dead_is_no_longer_silent(wire: Watch) -> None:
    """The flag of the silence ends when the station is heard again."""
    wire.cut("isr")
    wire.go(SECOND_MS)
    wire.crash("dog")
    wire.link("isr")
    wire.go(SECOND_MS)
    wire.start("dog")
    wire.go(SECOND_MS)
    assert wire.flags() == ["silent isr ALARM", "silent isr cleared"]


def test_who_is_still_silent_is_not_flagged_again(wire: Watch) -> None:
    """A flag that stands in the journal stands; the same silence is no news."""
    wire.cut("isr")
    wire.go(SECOND_MS)
    wire.restart("dog", 10 * MINUTE_MS)
    assert wire.flags() == ["silent isr ALARM"]
