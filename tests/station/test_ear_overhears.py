"""Heartbeats that say nothing new: they are heard between two turns, and whatever else is not."""

import pytest

from hotline.records import Record
from hotline.station.station import Station
from hotline.station.turn import FellSilent, Incoming
from tests.helpers import T0, TIMERS, Author, records, status
from tests.machines import newcomer, party, turn

SOON_MS = T0 + 1_000
STATUS = "hotline/v1/isr-tur/tur/status"


def listener(*disk: Record) -> Station:
    """Isr's station, which has heard a live status of each of the others."""
    isr = party(*disk)
    turn(isr, status("tur", head=len(disk)), status("dog"))
    return isr


def test_a_heartbeat_that_says_the_same_again_needs_no_turn() -> None:
    """A turn after it would store, say, show and tell nothing."""
    isr = listener()
    due_ms = isr.due_ms()
    assert isr.overhear(status("tur", at_ms=SOON_MS), SOON_MS)
    assert isr.due_ms() == due_ms
    nothing = turn(isr, now_ms=SOON_MS)
    assert (nothing.appends, nothing.publishes, nothing.events) == ([], [], [])


def test_who_is_overheard_is_there() -> None:
    """Silence is counted from the last heartbeat, however it was heard."""
    isr = listener()
    silent_ms = T0 + TIMERS.silent_ms
    for now_ms in range(T0 + TIMERS.heartbeat_ms, silent_ms, TIMERS.heartbeat_ms):
        assert isr.overhear(status("tur", at_ms=now_ms), now_ms)
        turn(isr, now_ms=now_ms)
    fell = turn(isr, now_ms=silent_ms).events
    assert [e.station for e in fell if isinstance(e, FellSilent)] == ["dog"]


def test_our_own_last_status_comes_back() -> None:
    """Only that one: any other in its place may be a will that shows us as gone."""
    isr = party()
    (beat,) = turn(isr, now_ms=T0 + TIMERS.heartbeat_ms).publishes
    assert isr.overhear(Incoming(beat.topic, beat.payload), SOON_MS)
    assert not isr.overhear(Incoming(beat.topic, beat.payload + b" "), SOON_MS)


@pytest.mark.parametrize(
    "news",
    [
        status("tur", at_ms=SOON_MS, head=2),
        status("tur", at_ms=SOON_MS, head=1, isr=1),
        status("tur", at_ms=SOON_MS, head=1, since_ms=SOON_MS),
        status("tur", at_ms=SOON_MS, head=1, online=False, reason="goodbye"),
        status("tur", at_ms=SOON_MS, head=1, retained=True),
        status("tur", at_ms=T0 - 1, head=1),
        status("tur", at_ms=SOON_MS + 2 * TIMERS.clock_skew_ms, head=1),
        records(Author("tur").notices(2)[1]),
        Incoming(STATUS, b"{}"),
        Incoming(STATUS, b""),
        Incoming(STATUS, status("dog", at_ms=SOON_MS).payload),
        Incoming("hotline/v1/isr-tur/eve/status", status("tur", head=1).payload),
        Incoming("hotline/v1/other/tur/status", status("tur", head=1).payload),
        Incoming("news", status("tur", head=1).payload),
    ],
    ids=[
        "head",
        "receipt",
        "connection",
        "goodbye",
        "retained",
        "overtaken",
        "clock",
        "record",
        "no status",
        "wiped",
        "another's",
        "stranger",
        "another line",
        "another topic",
    ],
)
def test_news_is_left_to_a_turn(news: Incoming) -> None:
    """It is heard there as by a station that has not overheard it."""
    first = Author("tur").notices(1)
    isr, other = listener(*first), listener(*first)
    assert not isr.overhear(news, SOON_MS)
    assert turn(isr, news, now_ms=SOON_MS) == turn(other, news, now_ms=SOON_MS)
    assert isr.due_ms() == other.due_ms()


def test_what_was_overheard_is_heard_again_after_a_turn_that_has_learned_something() -> None:
    """Here somebody showed a record, of which the next heartbeat knows nothing."""
    isr = listener()
    assert isr.overhear(status("tur", at_ms=SOON_MS), SOON_MS)
    turn(isr, records(Author("tur").notices(2)[1]), now_ms=SOON_MS + 1)
    assert isr.is_behind("tur")
    assert not isr.overhear(status("tur", at_ms=SOON_MS + 2), SOON_MS + 2)


def test_nothing_is_old_news_to_who_has_fallen_silent() -> None:
    """The first heartbeat of a station that was not heard for long says that it is back."""
    isr = listener()
    for now_ms in range(T0, T0 + TIMERS.silent_ms + 1, TIMERS.heartbeat_ms):
        turn(isr, now_ms=now_ms)
    assert isr.peers.presences.is_silent("tur")
    assert not isr.overhear(status("tur", at_ms=now_ms), now_ms)


def test_a_heartbeat_that_is_due_alone_needs_no_turn() -> None:
    """It is the one that a turn would have said, and the next is due as after that."""
    isr, other = listener(), listener()
    due_ms = T0 + TIMERS.heartbeat_ms
    assert isr.due_ms() == other.due_ms() == due_ms
    assert isr.beat(due_ms - 1) is None
    assert [isr.beat(due_ms)] == turn(other, now_ms=due_ms).publishes
    assert isr.due_ms() == other.due_ms()


def test_what_else_is_due_needs_a_turn() -> None:
    """A heartbeat waits for it, as does all after the clock was set or the machine slept."""
    every_ms = TIMERS.heartbeat_ms
    for isr in (listener(), newcomer()):
        beats = []
        for now_ms in (T0 + every_ms, T0 + 2 * every_ms, T0 + 2 * every_ms + TIMERS.grace_ms):
            assert isr.due_ms() == now_ms
            beats.append(isr.beat(now_ms) is not None)
        assert beats == [True, True, False], "then it is late that the first did not come back"
    asleep, turned = listener(), listener()
    assert asleep.due_ms() is not None
    assert asleep.beat(T0 + TIMERS.heartbeat_ms + TIMERS.grace_ms + 1) is None
    assert turned.due_ms() is not None
    turned.clock_jumped(1)
    assert turned.beat(T0 + TIMERS.heartbeat_ms + 1) is None
