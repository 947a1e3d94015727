"""What a station doubts: who speaks under a name, and what its own clock and others' show."""

from hotline.bodies import Kind
from hotline.station.turn import ClockAgrees, ClockSkewed, ForkFound
from hotline.times import HOUR_MS, SECOND_MS
from tests.helpers import LINE, T0, TIMERS, Author, check, records, replay, status
from tests.machines import machine_of, party, turn


def test_two_processes_under_one_name_are_seen_once() -> None:
    """The older connection goes on speaking after the newer one began."""
    isr = party()
    turn(isr, status("tur", since_ms=T0 + 5, at_ms=T0 + 6), now_ms=T0 + 6)
    events = [
        event
        for at_ms in (T0 + 7, T0 + 8)
        for event in turn(isr, status("tur", since_ms=T0, at_ms=at_ms), now_ms=at_ms).events
    ]
    assert [e for e in events if isinstance(e, ForkFound)] == [ForkFound("tur", None, "tur")]


def test_a_fork_of_another_does_not_silence_us() -> None:
    """Two records of tur's under one number are tur's affair: the first stays, we speak on."""
    (first,) = Author("tur").notices(1)
    other = Author("tur").says(Kind.CHECK, check())
    isr = party()
    assert turn(isr, records(first)).appends == [first]
    found = turn(isr, records(other))
    assert ForkFound("tur", 1, "tur") in found.events
    assert found.appends == []
    assert isr.may_speak


def test_a_heartbeat_is_compared_with_what_has_come_since_the_one_before() -> None:
    """Of its station's record only the digest was known then, and now we hold another one."""
    isr, tur = party(), Author("tur").notices(1)
    beats = [status("tur", head=1, at_ms=at_ms) for at_ms in (T0, T0 + 2)]
    first, again = (
        beat._replace(payload=beat.payload[:-1] + b',"digests":{"tur":"%s"}}' % (b"x" * 16))
        for beat in beats
    )
    assert [e for e in turn(isr, first).events if isinstance(e, ForkFound)] == []
    assert turn(isr, replay("dog", "isr", *tur), now_ms=T0 + 1).appends == tur
    assert not isr.overhear(again, T0 + 2)
    assert ForkFound("tur", 1, "tur") in turn(isr, again, now_ms=T0 + 2).events


def test_one_late_status_is_no_skew() -> None:
    """A fast clock shows at once; what was held up on its way shows nothing."""
    isr = party()
    late = turn(isr, status("tur", at_ms=T0 - HOUR_MS), now_ms=T0 + SECOND_MS)
    assert [e for e in late.events if isinstance(e, ClockSkewed)] == []
    ahead_ms = TIMERS.clock_skew_ms + 1
    now_ms = T0 + 2 * SECOND_MS
    fast = turn(isr, status("tur", at_ms=now_ms + ahead_ms), now_ms=now_ms)
    assert ClockSkewed("tur", ahead_ms) in fast.events


def test_who_sets_his_own_clock_right_agrees_with_the_others_at_once() -> None:
    """What he had seen of their clocks was seen by the wrong one."""
    isr = party()
    fast = turn(isr, status("tur", at_ms=T0 + HOUR_MS))
    assert ClockSkewed("tur", HOUR_MS) in fast.events
    isr.clock_jumped(HOUR_MS)
    right_ms = T0 + HOUR_MS + SECOND_MS
    assert ClockAgrees("tur") in turn(isr, status("tur", at_ms=right_ms), now_ms=right_ms).events


def test_a_watchdog_whose_clock_is_put_back_stores_receipts_no_later() -> None:
    """It judges by them after its next start."""
    dog = machine_of(LINE, "dog", TIMERS, Author("isr").notices(1))
    dog.connected(T0)
    dog.hear(status("tur", isr=1), T0)
    dog.tick(T0)
    assert dog.flush(T0).confirmed == {}
    dog.clock_jumped(-HOUR_MS)
    then_ms = T0 - HOUR_MS + TIMERS.grace_ms
    dog.tick(then_ms)
    assert dog.flush(then_ms).confirmed == {"isr": 1}
