"""What a station says of itself comes back to it, or it is told that it does not."""

import pytest

from hotline.station.echo import Echo
from hotline.station.station import Station
from hotline.station.turn import FellSilent, HeardAgain, Incoming, Unheard
from tests.helpers import LINE, T0, TIMERS, status
from tests.machines import newcomer, party, turn

LATE_MS, LOOK_MS, PATIENCE_MS = 5_000, 6_000, 15_000
TOPIC = f"hotline/v1/{LINE.name}/isr/status"


@pytest.fixture
def echo() -> Echo:
    """Of somebody who has just said something."""
    echo = Echo(TIMERS)
    echo.begin()
    echo.say(T0)
    return echo


def test_it_is_missed_once_the_first_word_is_out_for_too_long(echo: Echo) -> None:
    """Those that went out after it change nothing; what is missed is told once, and its end too."""
    echo.say(T0 + 5_000)
    assert echo.tick(T0 + PATIENCE_MS - 1) is None
    assert echo.due_ms(T0 + PATIENCE_MS) == T0 + PATIENCE_MS
    assert echo.tick(T0 + PATIENCE_MS) == Unheard()
    assert echo.is_missed
    assert echo.tick(T0 + PATIENCE_MS) is None
    assert echo.due_ms(T0 + 20_000) is None
    echo.say(T0 + 20_000)
    assert echo.tick(T0 + 20_000) is None
    echo.hear()
    assert echo.tick(T0 + 20_001) == HeardAgain()
    assert not echo.is_missed


def test_what_takes_long_is_late_before_it_is_missed(echo: Echo) -> None:
    """Until it comes back: if it may lie unread, that puts off only when it is missed."""
    assert is_late(echo, T0 + LATE_MS) == (False, T0 + LOOK_MS)
    assert is_late(echo, T0 + LATE_MS + 1) == (True, T0 + PATIENCE_MS)
    echo.excuse(T0 + 10_000)
    assert is_late(echo, T0 + 10_000) == (True, T0 + 10_000 + PATIENCE_MS)
    echo.hear()
    assert is_late(echo, T0 + 20_000) == (False, T0 + 60_000 + LOOK_MS)


def is_late(echo: Echo, now_ms: int) -> tuple[bool, int | None]:
    """Whether it is, and when it is to be looked at again (the next word is far away)."""
    assert echo.tick(now_ms) is None
    return echo.is_late, echo.due_ms(T0 + 60_000)


def test_without_a_grace_nobody_looks_in_vain() -> None:
    """Who looked when it is not late yet would look again at once, for ever."""
    echo = Echo(TIMERS.model_copy(update={"grace_ms": 0}))
    echo.say(T0)
    look_ms = echo.due_ms(T0 + 60_000)
    assert look_ms == T0 + LATE_MS + 1
    assert is_late(echo, look_ms) == (True, T0 + PATIENCE_MS)


def test_what_came_back_is_not_missed(echo: Echo) -> None:
    """The next word may take as long."""
    echo.hear()
    assert echo.tick(T0 + PATIENCE_MS) is None
    assert echo.due_ms(T0 + PATIENCE_MS) == T0 + PATIENCE_MS + LOOK_MS


def test_what_may_lie_unread_is_waited_for_anew(echo: Echo) -> None:
    """It is not the broker that holds it; but what is missed already is not found by that."""
    echo.excuse(T0 + 10_000)
    assert echo.tick(T0 + PATIENCE_MS) is None
    assert echo.tick(T0 + 10_000 + PATIENCE_MS) == Unheard()
    echo.excuse(T0 + 30_000)
    assert echo.tick(T0 + 30_000) is None
    echo.hear()
    echo.excuse(T0 + 31_000)
    assert echo.tick(T0 + 31_000) == HeardAgain()


def test_a_clock_that_is_set_moves_it_along(echo: Echo) -> None:
    """What came back is not waited for on either clock."""
    echo.shift(3_600_000)
    assert echo.due_ms(0) == T0 + 3_600_000 + LOOK_MS
    echo.hear()
    echo.shift(3_600_000)
    assert echo.due_ms(T0) == T0 + LOOK_MS


def beats(station: Station, now_ms: int) -> Incoming:
    """What a station says of itself when its heartbeat is due."""
    said = turn(station, status("tur", at_ms=now_ms), now_ms=now_ms, comes_back=False).publishes[-1]
    assert said.topic == TOPIC
    return Incoming(said.topic, said.payload)


def on_line(station: Station) -> bool:
    """Whether it takes itself for heard, at this moment."""
    return station.is_heard


def test_a_station_that_may_only_read_or_only_write_learns_it() -> None:
    """The broker says nothing of that, but it brings back none of the station's statuses."""
    isr = newcomer(comes_back=False)
    for after_ms in (5_000, 10_000):
        beats(isr, T0 + after_ms)
    assert on_line(isr)
    due_ms = isr.due_ms()
    assert due_ms == T0 + TIMERS.silent_ms
    assert Unheard() in turn(isr, now_ms=due_ms, comes_back=False).events
    assert not on_line(isr)
    last = beats(isr, T0 + 20_000)
    assert HeardAgain() in turn(isr, last, now_ms=T0 + 20_010).events
    assert on_line(isr)


def test_an_earlier_word_of_this_connection_is_an_echo_too() -> None:
    """On a slow link, or a busy line, more of them may be on their way at once."""
    isr = newcomer(comes_back=False)
    first = beats(isr, T0 + 5_000)
    beats(isr, T0 + 10_000)
    assert not isr.overhear(first, T0 + 14_000), "it takes a turn, since it is not the last word"
    turn(isr, first, now_ms=T0 + 14_000)
    assert Unheard() not in turn(isr, now_ms=T0 + 16_000).events


def test_a_new_connection_begins_anew() -> None:
    """What was said on the last one comes back no more, and whether it did is old news."""
    isr = newcomer(comes_back=False)
    for after_ms in (5_000, 10_000):
        beats(isr, T0 + after_ms)
    assert Unheard() in turn(isr, now_ms=T0 + TIMERS.silent_ms).events
    isr.disconnected("cut")
    isr.connecting(T0 + 20_000)
    isr.connected(T0 + 20_000)
    turn(isr, now_ms=T0 + 20_000)
    assert on_line(isr)


def test_who_may_hear_nothing_does_not_take_the_others_for_gone() -> None:
    """Nor does a start speak: they might have told it that its disk is an old one."""
    isr = newcomer(comes_back=False)
    end_ms = T0 + 2 * TIMERS.greeting_ms
    for now_ms in range(T0, end_ms, TIMERS.heartbeat_ms):
        told = turn(isr, now_ms=now_ms, comes_back=False).events
        assert not any(isinstance(event, FellSilent) for event in told)
    assert (isr.reception.is_deaf, isr.may_speak) == (True, False)
    for now_ms in range(end_ms, end_ms + 2 * TIMERS.greeting_ms, TIMERS.heartbeat_ms):
        turn(isr, now_ms=now_ms)
    assert (isr.reception.is_deaf, isr.may_speak) == (False, True)


def test_who_may_hear_nothing_does_not_know_who_is_there() -> None:
    """What was known before is old; who is heard all the same is there."""
    isr = party()
    for after_ms in (5_000, 10_000, 10_001):
        assert isr.peers.presences.is_known("tur")
        turn(isr, now_ms=T0 + after_ms, comes_back=False)
    assert isr.reception.is_deaf
    assert not isr.peers.presences.is_known("tur")
    for after_ms in (15_000, 20_000):
        turn(isr, status("tur", at_ms=T0 + after_ms), now_ms=T0 + after_ms, comes_back=False)
        assert isr.peers.presences.is_known("tur")
