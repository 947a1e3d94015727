"""A watchdog whose disk is older than its words gets them back before it judges anything."""

from hotline.bodies import Answer, Resume, Suspend
from hotline.notice import Precedence
from hotline.records import Record
from hotline.station.turn import Incoming
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, check, notice, reply, status
from tests.seat import Seat
from tests.watch import FLASH_MS, GRACE_MS, TIMERS, Watch
from tests.wire import Wire


def test_it_judges_nothing_until_its_own_words_are_back(wire: Watch) -> None:
    """With a disk older than its words, what it hears meanwhile is judged afterwards."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    wire.go(MINUTE_MS)
    wire.crash("dog")
    wire.seats["dog"].disk.clear()
    with wire.fate(lambda passing: 0 if "/replay/dog" in passing.publish.topic else 1):
        wire.start("dog")
        wire.cut("isr")
        wire.hear("dog", Incoming("hotline/v1/isr-tur/isr/records", b""))
        wire.go(2 * FLASH_MS)
        assert said(wire.seats["dog"]) == []
    wire.go(MINUTE_MS)
    assert wire.flags() == [
        "unanswered tur/1 WARNING",
        "unanswered tur/1 ALARM",
        "silent isr ALARM",
        "unanswered tur/1 VOICE_REQUIRED",
    ]
    assert wire.board() == {"unanswered-tur-1", "silent-isr"}


def test_a_flag_that_came_back_ends_like_any_other(wire: Watch) -> None:
    """What stands by words that it had forgotten is cleared when its reason is gone."""
    with wire.losing(reader="isr", channel="records"), wire.losing(reader="isr", channel="replay"):
        wire.say("tur", notice())
        wire.go(MINUTE_MS)
        assert wire.board() == {"undelivered-tur-1"}
        wire.crash("dog")
        wire.seats["dog"].disk.clear()
        wire.start("dog")
        wire.go(SECOND_MS)
        assert wire.board() == {"undelivered-tur-1"}
    wire.go(TIMERS.heartbeat_ms + SECOND_MS)
    assert wire.flags() == [
        "undelivered tur/1 WARNING",
        "undelivered tur/1 ALARM",
        "undelivered tur/1 cleared",
    ]


def test_a_lost_disk_is_filled_in_the_order_in_which_things_were_said(wire: Watch) -> None:
    """Whichever journal comes first: an answer in time is seen, and so is a silence."""
    wire.say("tur", FLASH)
    wire.go(SECOND_MS)
    wire.say("isr", reply("tur", 1))
    wire.go(10 * MINUTE_MS)
    wire.say("tur", notice(revision=2, precedence=Precedence.FLASH))
    wire.go(FLASH_MS + GRACE_MS)
    wire.say("isr", reply("tur", 2))
    wire.go(SECOND_MS)
    flags = wire.flags()
    assert flags == ["unanswered tur/2 WARNING", "unanswered tur/2 cleared"]
    for late in ("isr", "tur"):
        wire.crash("dog")
        wire.seats["dog"].disk.clear()
        with wire.losing(sender=late, reader="dog", channel="replay"):
            wire.start("dog")
            wire.go(TIMERS.resend_ms)
        wire.go(MINUTE_MS)
        assert wire.is_whole()
        assert wire.flags() == flags


def test_a_flag_that_came_back_stands_for_its_own_wait(wire: Watch) -> None:
    """A STANDBY that is heard again ends what was before it, not the silence after it."""
    wire.say("tur", FLASH)
    wire.go(SECOND_MS)
    promised_ms = wire.now_ms + FLASH_MS
    wire.say("isr", reply("tur", 1, Answer.STANDBY, expected_ms=promised_ms))
    wire.go(FLASH_MS + GRACE_MS)
    assert wire.flags() == ["unanswered tur/1 WARNING"]
    wire.crash("dog")
    wire.seats["dog"].disk.clear()
    wire.start("dog")
    wire.go(SECOND_MS)
    assert wire.flags() == ["unanswered tur/1 WARNING"]
    assert wire.board() == {"unanswered-tur-1"}


def test_who_is_behind_for_long_reads_what_is_here(wire: Watch) -> None:
    """A journal that nobody can give must not keep the others from the disk for ever."""
    with wire.losing(sender="isr", reader="dog"):
        wire.say("isr", check())
    with wire.losing(sender="isr", reader="dog", channel="replay"):
        wire.go(TIMERS.heartbeat_ms)
        wire.say("tur", check())
        assert wire.seats["dog"].journal("tur") == []
        wire.go(TIMERS.receipt_ms + GRACE_MS)
        assert wire.seats["dog"].journal("tur") == wire.seats["tur"].journal("tur")


def test_it_waits_for_its_own_words_in_peace(wire: Watch) -> None:
    """Mute and blind at once, it does not turn in circles over what it may not say."""
    with wire.losing(reader="dog"):
        wire.hear("dog", status("isr", at_ms=wire.now_ms, head=7))
        wire.hear("dog", status("tur", at_ms=wire.now_ms, dog=7))
        wire.go(TIMERS.heartbeat_ms - SECOND_MS)
    assert not wire.machine("dog").may_speak
    assert wire.flags() == []


def said(seat: Seat) -> list[Record]:
    """What the watchdog has of its own words."""
    return [record for record in seat.disk if record.station == "dog"]


def loses_its_disk(wire: Wire) -> None:
    """Have the watchdog start with nothing, and everything come back to it."""
    wire.crash("dog")
    wire.seats["dog"].disk.clear()
    wire.start("dog")
    wire.go(5 * MINUTE_MS)


def leaves_and_returns(wire: Wire) -> None:
    """Have isr declare a silence and its end, and tur acknowledge both."""
    wire.say("isr", Suspend())
    wire.say("isr", Resume())
    for seq in (1, 2):
        wire.say("tur", reply("isr", seq, Answer.ROGER))


def test_an_old_standby_ends_no_later_silence(wire: Watch) -> None:
    """What stands flagged belongs to the wait that began with the second STANDBY."""
    wire.say("tur", FLASH)
    for _ in range(2):
        wire.go(MINUTE_MS)
        standby = reply("tur", 1, Answer.STANDBY, expected_ms=wire.now_ms + HOUR_MS)
        wire.say("isr", standby)
    wire.go(2 * FLASH_MS + GRACE_MS)
    flags = wire.flags()
    assert flags[-1] == "unanswered tur/1 VOICE_REQUIRED"
    loses_its_disk(wire)
    assert wire.flags() == flags


def test_an_old_answer_mends_no_channel(wire: Watch) -> None:
    """Nor does a silence that was declared and ended before two checks were missed."""
    leaves_and_returns(wire)
    wire.say("tur", check())
    wire.say("isr", reply("tur", 3, Answer.ROGER))
    for _ in range(2):
        wire.go(TIMERS.answer_check_ms)
        wire.say("tur", check())
    wire.go(2 * TIMERS.answer_check_ms + GRACE_MS)
    flags = wire.flags()
    assert "degraded isr ALARM" in flags
    loses_its_disk(wire)
    assert wire.flags() == flags


def test_an_old_return_is_no_reason_to_miss_somebody_now(wire: Watch) -> None:
    """Who resumed an hour ago and said goodbye since has left."""
    leaves_and_returns(wire)
    wire.go(HOUR_MS)
    wire.stop("isr")
    wire.go(MINUTE_MS)
    assert wire.flags() == ["silent isr WARNING"]
    loses_its_disk(wire)
    assert wire.flags() == ["silent isr WARNING"]
