"""What a watchdog hears while words of its own are missing is said once it may speak."""

from collections.abc import Callable

import pytest

from hotline.bodies import Resume, Suspend
from hotline.picture.lifecycle import Phase
from hotline.station.turn import FlightChanged
from hotline.times import MINUTE_MS, SECOND_MS
from hotline.watchdog import backlog
from tests.helpers import FLASH, cancel, check, notice, reply, status
from tests.watch import FLASH_MS, GRACE_MS, TIMERS, Watch
from tests.wire import Wire


def dies_speechless(wire: Wire, meanwhile: Callable[[], object]) -> None:
    """The watchdog lost its words, and is killed before it gets them back."""
    dog = wire.seats["dog"]
    wire.crash("dog")
    dog.disk[:] = [record for record in dog.disk if record.station != "dog"]
    before = len(dog.disk)
    with wire.losing(reader="dog", channel="replay"):
        wire.start("dog")
        meanwhile()
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        assert len(dog.disk) > before
        assert wire.flags() == []
        wire.crash("dog")
    wire.start("dog")
    wire.go(TIMERS.greeting_ms + SECOND_MS)


def test_what_it_heard_before_it_might_speak_is_flagged_in_its_next_life(wire: Watch) -> None:
    """It was killed while it waited for words of its own."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    before = wire.flags()

    def meanwhile() -> None:
        wire.say("tur", notice("LATE", starts_ms=wire.now_ms + MINUTE_MS))
        wire.say("tur", cancel("UNKNOWN"))

    dies_speechless(wire, meanwhile)
    assert wire.flags() == [*before, "late_notice tur/2 WARNING", "invalid tur/3 WARNING"]


@pytest.mark.parametrize("most", [10_000, 0])
def test_however_much_it_heard_before_it_might_speak_it_says_the_same(
    wire: Watch, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of much it forgets the records, and takes them up from its disk as a start does."""
    monkeypatch.setattr(backlog, "_MOST", most)
    wire.say("tur", FLASH)
    with wire.losing(reader="isr"):
        wire.say("tur", check())
        wire.go(FLASH_MS + GRACE_MS)
    before = wire.flags()
    assert "undelivered tur/2 WARNING" in before
    wire.crash("dog")
    dog = wire.seats["dog"]
    dog.disk[:] = [record for record in dog.disk if record.station != "dog"]
    with wire.losing(reader="dog", channel="replay"):
        wire.start("dog")
        wire.say("tur", notice("LATE", starts_ms=wire.now_ms + MINUTE_MS))
        wire.say("tur", cancel("UNKNOWN"))
        wire.go(SECOND_MS)
        wire.cut("isr")
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        assert wire.flags() == []
    wire.go(TIMERS.greeting_ms)
    assert wire.flags()[: len(before)] == before
    assert sorted(wire.flags()[len(before) :]) == [
        "invalid tur/4 WARNING",
        "late_notice tur/3 WARNING",
        "silent isr ALARM",
        "undelivered tur/2 cleared",
    ]


@pytest.mark.parametrize("most", [10_000, 0])
def test_a_life_that_must_be_silent_for_a_while_forgets_nothing(
    wire: Watch, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of too much it heard neither who resumed nor what will fly: both are on its disk."""
    monkeypatch.setattr(backlog, "_MOST", most)
    wire.say("isr", Suspend())
    wire.settle()
    wire.crash("isr")
    wire.go(MINUTE_MS)
    assert wire.flags() == ["silent isr WARNING"]
    with wire.losing(reader="dog", channel="status"):
        wire.hear("dog", status("tur", at_ms=wire.now_ms, head=0, isr=1, dog=2))
        wire.settle()
        assert not wire.machine("dog").may_speak
        wire.start("isr")
        wire.tell("isr", Resume())
        wire.go(TIMERS.heartbeat_ms)
        wire.say("tur", notice(starts_ms=wire.now_ms + 2 * MINUTE_MS))
        wire.say("tur", cancel("UNKNOWN"))
        wire.settle()
        wire.crash("isr")
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        assert wire.flags() == ["silent isr WARNING"]
    wire.go(2 * MINUTE_MS)
    assert sorted(wire.flags()[1:4]) == [
        "invalid tur/2 WARNING",
        "late_notice tur/1 WARNING",
        "silent isr ALARM",
    ]
    flown = [each for each in wire.seats["dog"].events if isinstance(each, FlightChanged)]
    assert [each.phase for each in flown] == [Phase.ACTIVE]


def test_what_ended_before_it_might_speak_is_cleared_in_its_next_life(wire: Watch) -> None:
    """A late notice was answered, and the party that missed checks has declared its silence."""
    wire.say("tur", notice(starts_ms=wire.now_ms + 8 * MINUTE_MS))
    for _ in range(2):
        wire.say("tur", check())
        wire.go(TIMERS.answer_check_ms + GRACE_MS)
    assert {"late_notice-tur-1", "unanswered-tur-2", "degraded-isr"} < wire.board()

    def meanwhile() -> None:
        wire.say("isr", reply("tur", 1))
        wire.say("isr", Suspend())

    dies_speechless(wire, meanwhile)
    assert wire.board() == set()


@pytest.mark.parametrize("is_back", [False, True])
def test_a_silence_it_could_not_explain_is_explained_in_its_next_life(
    wire: Watch, *, is_back: bool
) -> None:
    """It is a WARNING while it is declared, and an ALARM when the party has resumed."""
    wire.cut("isr")
    wire.go(SECOND_MS)
    suspended = "silent isr ALARM", "silent isr cleared", "silent isr WARNING"
    if is_back:
        wire.link("isr")
        wire.say("isr", Suspend())
        wire.cut("isr")
        wire.go(SECOND_MS)
    before = wire.flags()

    def meanwhile() -> None:
        wire.link("isr")
        word = Resume() if is_back else Suspend()
        wire.say("isr", word)
        wire.settle()
        wire.cut("isr")

    dies_speechless(wire, meanwhile)
    assert tuple(before) == (suspended if is_back else suspended[:1])
    assert wire.flags()[len(before) :] == (["silent isr ALARM"] if is_back else [*suspended[1:]])
    wire.restart("dog", SECOND_MS)
    assert len(wire.flags()) == len(before) + (1 if is_back else 2), "said once"
