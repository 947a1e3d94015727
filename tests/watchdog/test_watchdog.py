"""That a watchdog's flags reach everybody, and what it makes of what its broker shows."""

from hotline.bodies import Level
from hotline.station.turn import Incoming
from tests.helpers import FLASH, T0, reply
from tests.watch import FLASH_MS, GRACE_MS, TIMERS, Watch


def test_flags_reach_the_parties_as_surely_as_notices(wire: Watch) -> None:
    """A flag is a record: lost on the wire, it is repaired like any other."""
    wire.say("tur", FLASH)
    with wire.losing(sender="dog"):
        wire.go(FLASH_MS + GRACE_MS)
    wire.go(TIMERS.silent_ms)
    assert wire.is_whole()
    flags = wire.machine("isr").picture.flags
    assert [entry.flag.level for entry in flags] == list(Level)
    assert {entry.flag.key for entry in flags} == {"unanswered-tur-1"}


def test_the_board_is_put_up_again_after_a_reconnect(wire: Watch) -> None:
    """A broker that came back empty shows what stands flagged."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    assert wire.board() == {"unanswered-tur-1"}
    wire.cut("dog")
    wire.retained.clear()
    wire.link("dog")
    wire.settle()
    assert wire.board() == {"unanswered-tur-1"}


def test_a_flag_that_a_broker_brings_back_is_taken_down(wire: Watch) -> None:
    """A retained flag from an old snapshot, cleared long ago, does not stay."""
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    old = dict(wire.retained)
    wire.say("isr", reply("tur", 1))
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
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    dog, board = wire.seats["dog"].machine, "hotline/v1/isr-tur/dog/flags"
    assert dog
    assert dog.overhear(Incoming(f"{board}/unanswered-tur-1", b"{}"), T0)
    assert dog.overhear(Incoming(f"{board}/unanswered-tur-2", b""), T0)
    assert not dog.overhear(Incoming(f"{board}/unanswered-tur-2", b"{}"), T0)
    assert not dog.overhear(Incoming("no/flag", b""), T0)
    assert not dog.overhear(Incoming(f"{board}/unanswered-tur-1".replace("dog", "isr"), b"{}"), T0)


def test_a_heartbeat_does_not_go_alone_past_a_deadline(wire: Watch) -> None:
    """When a flag is due, a turn is due with it; a party has none, and needs no turn."""
    later_ms = wire.now_ms + TIMERS.heartbeat_ms + GRACE_MS // 2
    assert wire.machine("dog").beat(later_ms) is not None
    wire.say("tur", FLASH)
    wire.go(FLASH_MS)
    dog, isr = wire.machine("dog"), wire.machine("isr")
    assert dog.due_ms() == wire.now_ms + GRACE_MS
    assert dog.beat(later_ms) is None
    beat = isr.beat(later_ms)
    assert beat
    assert dog.overhear(Incoming(beat.topic, beat.payload), later_ms), "nor does who hears it"
