"""A whole line to which everything happens that can."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.station.turn import Refused
from hotline.times import SECOND_MS
from tests.helpers import LINE, TIMERS, check, notice
from tests.wire import Passing, Wire


def test_a_lost_record_is_repaired_with_the_next_heartbeat() -> None:
    """Lost between all, a record reaches all once the author's head is told."""
    wire = Wire()
    with wire.losing(channel="records"):
        wire.say("tur", notice())
        wire.settle()
    assert wire.seats["isr"].disk == []
    wire.go(TIMERS.heartbeat_ms)
    assert wire.is_whole()
    assert wire.shown("isr") == ["tur/1"]


def test_a_late_station_gets_all_that_was_said() -> None:
    """Who starts on an empty disk receives the whole line, in as many batches as it takes."""
    wire = Wire(up=False)
    wire.start("tur")
    wire.go(TIMERS.greeting_ms)  # then it knows that it is alone
    for number in range(6):
        wire.say("tur", notice(f"N-{number}", vertices=2_500))
    wire.start("dog")
    wire.go(TIMERS.heartbeat_ms)
    wire.stop("tur")
    wire.start("isr")
    wire.go(30 * SECOND_MS)
    assert wire.seats["isr"].journal("tur") == wire.seats["tur"].journal("tur")
    assert len(wire.shown("isr")) == 6


def test_a_station_that_lost_its_disk_gets_its_own_words_back() -> None:
    """It takes its old journal from the others before it says anything new."""
    wire = Wire()
    for _ in range(3):
        wire.say("tur", check())
    wire.go(TIMERS.heartbeat_ms)
    old = wire.seats["isr"].journal("tur")
    wire.crash("tur")
    wire.seats["tur"].disk.clear()
    wire.start("tur")
    wire.settle()
    wire.say("tur", check())
    wire.go(TIMERS.heartbeat_ms)
    assert wire.seats["tur"].journal("tur")[:3] == old
    assert len(wire.seats["tur"].journal("tur")) == 4
    assert wire.is_whole()


def test_a_start_in_a_flood_waits_for_who_may_be_among_what_is_unread() -> None:
    """It lost its disk: if it spoke, it would say a number anew that the others have."""
    wire = Wire()
    wire.say("tur", check())
    wire.go(TIMERS.heartbeat_ms)
    wire.crash("tur")
    wire.seats["tur"].disk.clear()
    wire.retained.clear()
    with wire.losing(reader="tur"):
        wire.start("tur")
        wire.tell("tur", check())
    wire.flood("tur", 2 * TIMERS.greeting_ms)
    assert wire.seats["tur"].disk == []
    wire.go(TIMERS.greeting_ms)
    assert len(wire.seats["tur"].journal("tur")) == 2
    assert wire.is_whole()


def refused(wire: Wire) -> list[Refused]:
    """What any station dropped."""
    return [e for seat in wire.seats.values() for e in seat.events if isinstance(e, Refused)]


STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(LINE.parties)),
    st.tuples(st.sampled_from(["cut", "link", "crash", "start"]), st.sampled_from(LINE.stations)),
    st.tuples(st.just("go"), st.sampled_from(["10", "1000", "7000", "20000"])),
)


@given(st.lists(STEPS, max_size=30), st.integers(0, 2**32), st.sampled_from([0.0, 0.3, 0.6]))
@settings(max_examples=150, deadline=None)
def test_through_any_troubles_everybody_gets_everything_once_and_in_order(
    steps: list[tuple[str, str]], seed: int, rate: float
) -> None:
    """Lost, doubled, reordered, cut or crashed: when it is over, every journal is everywhere."""
    chance = random.Random(seed)
    wire = Wire()
    wire.shuffle = chance

    def luck(_: Passing) -> int:
        return chance.choices([1, 0, 2], [1 - rate, rate * 2 / 3, rate / 3])[0]

    with wire.fate(luck):
        for verb, who in steps:
            trouble(wire, verb, who)
            wire.settle()
    wire.shuffle = None
    for name, seat in wire.seats.items():
        if seat.machine is None:
            wire.start(name)
        elif not seat.linked:
            wire.link(name)
    wire.go(30 * SECOND_MS)
    assert wire.is_whole()
    for name in LINE.stations:
        disk = wire.seats[name].disk
        assert len({record.ref for record in disk}) == len(disk)
    for name in LINE.parties:
        shown = wire.shown(name)
        assert len(set(shown)) == len(shown), "an officer is shown each record once"
        assert len(shown) == len(wire.seats[LINE.other_party(name)].journal(LINE.other_party(name)))
    assert refused(wire) == []


def trouble(wire: Wire, verb: str, who: str) -> None:
    """Do one thing, if it can be done now."""
    seat = wire.seats.get(who)
    if verb == "go":
        wire.go(int(who))
    elif seat is None:
        raise AssertionError(who)
    elif verb == "start" and seat.machine is None:
        wire.start(who)
    elif verb == "link" and seat.machine and not seat.linked:
        wire.link(who)
    elif verb == "cut" and seat.linked:
        wire.cut(who)
    elif verb == "crash" and seat.machine:
        wire.crash(who)
    elif verb == "say" and seat.machine:
        wire.tell(who, check())


def test_what_was_said_is_told_once() -> None:
    """A station tells each of its own words as `Said` exactly once."""
    wire = Wire()
    said = [wire.say("tur", check()) for _ in range(3)]
    wire.go(10 * SECOND_MS)
    assert wire.seats["tur"].said() == said
