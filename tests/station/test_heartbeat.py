"""A station's own status: what it says of the journals, and when the next one is due."""

import pytest

from hotline.station.copies import NOTHING, Head
from hotline.station.heartbeat import RECEIPT_DELAY_MS, RECEIPT_SPACING_MS, Heartbeat
from hotline.status import GOODBYE, LINK_LOST, Role, decode
from tests.helpers import LINE, T0, TIMERS

EVERY_MS = TIMERS.heartbeat_ms
STORED = {"isr": Head(2, "i" * 43), "tur": Head(7, "t" * 43), "dog": NOTHING}


@pytest.fixture
def heartbeat() -> Heartbeat:
    """Isr's."""
    return Heartbeat(LINE, "isr", TIMERS)


def test_a_beat_says_how_far_each_journal_is_stored(heartbeat: Heartbeat) -> None:
    """Its own as the head, the others' as held, and the beginnings of the digests."""
    heartbeat.will(STORED, T0)
    beat = heartbeat.beat(STORED, T0 + 3)
    told = decode(beat.payload)
    assert beat.retain
    assert (told.at_ms, told.since_ms, told.online, told.role) == (T0 + 3, T0, True, Role.PARTY)
    assert (told.head, told.held) == (2, {"tur": 7, "dog": 0})
    assert told.digests == {"isr": "i" * 16, "tur": "t" * 16}


def test_a_beat_says_what_was_stored_since(heartbeat: Heartbeat) -> None:
    """What was said of an earlier state is not said again."""
    heartbeat.beat(STORED, T0)
    told = decode(heartbeat.beat(STORED | {"tur": Head(8, "u" * 43)}, T0 + 1).payload)
    assert (told.held["tur"], told.digests["tur"]) == (8, "u" * 16)


def test_every_beat_of_a_connection_says_when_it_began(heartbeat: Heartbeat) -> None:
    """Also when the first one was said in the same millisecond."""
    heartbeat.will(STORED, T0)
    told = [decode(heartbeat.beat(STORED, T0 + ms).payload) for ms in (0, 5)]
    assert [(status.at_ms, status.since_ms) for status in told] == [(T0, T0), (T0 + 5, T0)]


def test_the_next_one_is_due_a_heartbeat_later_or_sooner(heartbeat: Heartbeat) -> None:
    """A receipt hastens it; what hastens it less does nothing."""
    heartbeat.beat(STORED, T0)
    assert heartbeat.due_ms == T0 + EVERY_MS
    heartbeat.hasten(T0 + 10)
    heartbeat.hasten(T0 + 20)
    assert heartbeat.due_ms == T0 + 10


def test_a_receipt_follows_at_once_on_a_quiet_line(heartbeat: Heartbeat) -> None:
    """It waits a few milliseconds for what comes with the record, and for no more."""
    heartbeat.beat(STORED, T0)
    heartbeat.acknowledge(T0)
    heartbeat.acknowledge(T0 + 5)
    assert heartbeat.due_ms == T0 + RECEIPT_DELAY_MS


def test_receipts_keep_their_distance_on_a_busy_line(heartbeat: Heartbeat) -> None:
    """Shortly after one the next one waits, and acknowledges all that came meanwhile."""
    heartbeat.acknowledge(T0 - RECEIPT_DELAY_MS)
    heartbeat.beat(STORED, T0)
    heartbeat.acknowledge(T0 + 1)
    assert heartbeat.due_ms == T0 + RECEIPT_SPACING_MS


def test_a_receipt_does_not_wait_for_a_clock_that_was_put_back(heartbeat: Heartbeat) -> None:
    """The last one may then be of a later hour."""
    heartbeat.acknowledge(T0 + 3_599_990)
    heartbeat.beat(STORED, T0 + 3_600_000)
    heartbeat.acknowledge(T0)
    assert heartbeat.due_ms == T0 + RECEIPT_SPACING_MS


def test_only_a_beat_is_what_we_said_last(heartbeat: Heartbeat) -> None:
    """A will is spoken by the broker, and it is not our word while we are there."""
    will = heartbeat.will(STORED, T0)
    assert not heartbeat.overhear(will.payload), "nothing has been said yet"
    beat = heartbeat.beat(STORED, T0)
    assert heartbeat.overhear(beat.payload)
    assert not heartbeat.overhear(will.payload)


def test_the_will_and_the_goodbye_say_why(heartbeat: Heartbeat) -> None:
    """The one that the link was lost, the other that we left."""
    will, goodbye = (decode(say(STORED, T0).payload) for say in (heartbeat.will, heartbeat.goodbye))
    assert (will.online, will.reason) == (False, LINK_LOST)
    assert (goodbye.online, goodbye.reason) == (False, GOODBYE)
