"""What a watchdog makes of nonsense, of odd clocks, and of what its broker shows."""

import pytest

from hotline import watchdog
from hotline.bodies import Answer, Kind, Level
from hotline.notice import Precedence
from hotline.records import digest
from hotline.times import HOUR_MS, MINUTE_MS
from hotline.turn import Incoming, Turn
from tests.helpers import T0, Author, cancel, changed, check, notice, reply
from tests.watch import FLASH, FLASH_MS, GRACE_MS, TIMERS, Watch


@pytest.fixture
def wire() -> Watch:
    """A line on which nothing has happened yet."""
    return Watch()


def test_a_record_that_makes_no_sense_is_flagged_once(wire: Watch) -> None:
    """The flag says which record and why; it is stored all the same and stops nothing."""
    wire.say("isr", Kind.REPLY, reply("tur", 9))
    wire.say("isr", Kind.REPLY, reply("isr", 1))
    wire.say("isr", Kind.CANCEL, cancel("NO-1"))
    wire.go(HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING", "invalid isr/3 WARNING"]
    assert wire.last_flag().detail == "record isr/3: cancels_nothing"
    assert len(wire.seats["dog"].journal("isr")) == 3


def test_a_second_answer_is_invalid_and_the_first_one_holds(wire: Watch) -> None:
    """Two answers to one question are one too many; nobody is owed a third."""
    wire.say("tur", Kind.NOTICE, notice())
    wire.settle()
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.ACCEPT))
    wire.say("isr", Kind.REPLY, reply("tur", 1, Answer.REJECT))
    wire.go(24 * HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING"]


@pytest.mark.parametrize("at", ["1000-01-01T00:00:00Z", "9000-01-01T00:00:00Z"])
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


def test_flags_reach_the_parties_as_surely_as_notices(wire: Watch) -> None:
    """A flag is a record: lost on the wire, it is repaired like any other."""
    wire.say("tur", Kind.NOTICE, FLASH)
    with wire.losing(sender="dog"):
        wire.go(FLASH_MS + GRACE_MS)
    wire.go(TIMERS.silent_ms)
    assert wire.is_whole()
    flags = wire.machine("isr").picture.flags
    assert [entry.flag.level for entry in flags] == list(Level)
    assert {entry.flag.key for entry in flags} == {"unanswered-tur-1"}


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


def test_the_board_is_put_up_again_after_a_reconnect(wire: Watch) -> None:
    """A broker that came back empty shows what stands flagged."""
    wire.say("tur", Kind.NOTICE, FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    assert wire.board() == {"unanswered-tur-1"}
    wire.cut("dog")
    wire.retained.clear()
    wire.link("dog")
    wire.settle()
    assert wire.board() == {"unanswered-tur-1"}


def test_a_flag_that_a_broker_brings_back_is_taken_down(wire: Watch) -> None:
    """A retained flag from an old snapshot, cleared long ago, does not stay."""
    wire.say("tur", Kind.NOTICE, FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    old = dict(wire.retained)
    wire.say("isr", Kind.REPLY, reply("tur", 1))
    wire.settle()
    assert wire.board() == set()
    wire.cut("dog")
    wire.retained |= {topic: payload for topic, payload in old.items() if "/flags/" in topic}
    assert wire.board() == {"unanswered-tur-1"}
    wire.link("dog")
    wire.settle()
    assert wire.board() == set()


def test_our_own_flag_that_comes_back_to_us_needs_no_turn(wire: Watch) -> None:
    """The broker shows what we put up; only what does not stand must be taken down."""
    wire.say("tur", Kind.NOTICE, FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    dog, board = wire.seats["dog"].machine, "hotline/v1/isr-tur/dog/flags"
    assert dog
    assert dog.overhear(Incoming(f"{board}/unanswered-tur-1", b"{}"), T0)
    assert dog.overhear(Incoming(f"{board}/unanswered-tur-2", b""), T0)
    assert not dog.overhear(Incoming(f"{board}/unanswered-tur-2", b"{}"), T0)


def test_what_is_judged_in_one_turn_is_bounded(
    wire: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of silences at once do not keep it from its heartbeat; the rest comes at once."""
    flush, said = watchdog.Watchdog.flush, []

    def watched(self: watchdog.Watchdog, now_ms: int, ahead_ms: int = 0) -> Turn:
        turn = flush(self, now_ms, ahead_ms)
        said.append(len([each for each in turn.appends if each.station == "dog"]))
        return turn

    monkeypatch.setattr(watchdog.Watchdog, "flush", watched)
    monkeypatch.setattr(watchdog, "_MOST", 2)
    for number in range(5):
        wire.tell("tur", Kind.NOTICE, notice(f"N-{number}", precedence=Precedence.FLASH))
    wire.settle()
    flags = [f"unanswered tur/{seq} WARNING" for seq in range(1, 6)]
    wire.expect(wire.now_ms + FLASH_MS + GRACE_MS, *flags)
    assert [count for count in said if count] == [2, 2, 1]
