"""What a station says of itself, and learns of the others."""

from hotline import status as statuses
from hotline.station.heartbeat import RECEIPT_DELAY_MS
from hotline.station.turn import Acknowledged, CameOnline, FellSilent, LinkDown, LinkUp
from hotline.status import GOODBYE, LINK_LOST, Role
from tests.helpers import LINE, T0, TIMERS, Author, check, records, status
from tests.machines import machine_of, newcomer, party, turn


def test_a_station_greets_with_its_status() -> None:
    """At connect it says that it is there, how long its journal is and what it holds."""
    tur = Author("tur")
    isr = machine_of(LINE, "isr", TIMERS, [*Author("isr").notices(1), *tur.notices(3)])
    isr.connecting(T0)
    isr.connected(T0 + 5)
    greeting = isr.flush(T0 + 5)
    assert greeting.events == [LinkUp()]
    (publish,) = greeting.publishes
    assert publish.retain
    assert publish.topic == "hotline/v1/isr-tur/isr/status"
    told = statuses.decode(publish.payload)
    assert (told.at_ms, told.since_ms, told.online, told.role) == (T0 + 5, T0, True, Role.PARTY)
    assert (told.head, told.held) == (1, {"tur": 3, "dog": 0})


def test_a_status_goes_out_with_every_heartbeat() -> None:
    """Between two of them nothing is said if nothing happened."""
    isr = party()
    turn(isr, status("tur"), status("dog"))
    beat_ms = T0 + TIMERS.heartbeat_ms
    assert isr.due_ms() == beat_ms
    assert turn(isr, now_ms=beat_ms - 1).publishes == []
    assert [p.topic for p in turn(isr, now_ms=beat_ms).publishes] == [
        "hotline/v1/isr-tur/isr/status"
    ]
    assert isr.due_ms() == beat_ms + TIMERS.heartbeat_ms


def test_a_receipt_follows_soon_and_once_for_many_records() -> None:
    """What comes in within a few milliseconds is acknowledged by one status."""
    isr, tur = party(), Author("tur")
    heard = turn(isr, records(*tur.notices(2)), now_ms=T0 + 100)
    assert heard.publishes == []
    assert isr.due_ms() == T0 + 100 + RECEIPT_DELAY_MS
    turn(isr, records(*tur.notices(1)), now_ms=T0 + 105)
    receipts = turn(isr, now_ms=T0 + 100 + RECEIPT_DELAY_MS).publishes
    assert [statuses.decode(publish.payload).held["tur"] for publish in receipts] == [3]


def test_a_receipt_is_told_once_for_each_step() -> None:
    """`Acknowledged` says from where to where a reader has a journal on disk."""
    isr = party(*Author("isr").notices(3))
    events = turn(isr, status("tur", isr=2), status("tur", isr=2), status("tur", isr=3)).events
    assert [e for e in events if isinstance(e, Acknowledged)] == [
        Acknowledged("tur", "isr", 0, 2),
        Acknowledged("tur", "isr", 2, 3),
    ]
    assert isr.peers.receipts.acknowledged("isr", by="tur") == 3
    assert isr.peers.receipts.acknowledged("isr", by="dog") == 0


def test_a_receipt_is_stored_with_the_next_record_or_after_the_grace() -> None:
    """Were each stored at once, it would cost a commit; who leaves waits for nothing."""
    isr = party(*Author("isr").notices(3))
    turn(isr, status("dog"), status("tur", isr=1))
    isr.say(check())
    assert turn(isr, now_ms=T0 + 1).confirmed == {"isr": 1}
    assert turn(isr, status("tur", isr=2), now_ms=T0 + 2).confirmed == {}
    due_ms = T0 + 2 + TIMERS.grace_ms
    assert isr.due_ms() == due_ms
    assert turn(isr, now_ms=due_ms).confirmed == {"isr": 2}
    turn(isr, status("tur", isr=3), now_ms=due_ms)
    isr.leave()
    assert turn(isr, now_ms=due_ms).confirmed == {"isr": 3}


def test_a_will_takes_no_receipt_back() -> None:
    """It was written when the connection began, and knows less than was said since."""
    isr = party(*Author("isr").notices(3))
    turn(isr, status("tur", isr=3), status("tur", isr=0, online=False, reason=LINK_LOST))
    assert isr.peers.receipts.acknowledged("isr", by="tur") == 3


def test_the_last_will_says_that_the_link_was_lost() -> None:
    """It is made for each connection, and bears the connection's beginning."""
    isr = party()
    will = isr.connecting(T0 + 9)
    assert will.retain
    told = statuses.decode(will.payload)
    assert (told.online, told.reason, told.since_ms) == (False, LINK_LOST, T0 + 9)


def test_the_last_will_claims_nothing_that_may_not_be_on_disk_yet() -> None:
    """A connection may be made while what a turn has heard is committed in a thread."""
    isr, tur = party(), Author("tur")

    def claimed() -> int:
        return statuses.decode(isr.connecting(T0 + 9).payload).held["tur"]

    assert turn(isr, records(*tur.notices(2))).appends
    assert claimed() == 0
    turn(isr, records(*tur.notices(1)), now_ms=T0 + 1)
    assert claimed() == 2


def test_a_goodbye_says_what_it_is() -> None:
    """Who leaves tells how far his journal goes."""
    told = statuses.decode(party(*Author("isr").notices(2)).goodbye(T0 + 9).payload)
    assert (told.online, told.reason, told.head) == (False, GOODBYE, 2)


def test_our_own_stale_will_is_overwritten() -> None:
    """A broker may publish the will of our last connection after we are back: we are here."""
    isr = party()
    turn(isr, status("tur"), status("dog"))
    assert turn(isr, status("isr", online=False, reason=LINK_LOST), now_ms=T0 + 1).publishes
    assert turn(isr, status("isr", online=True, head=7), now_ms=T0 + 2).publishes == []


def test_coming_and_going_are_events() -> None:
    """The first status, a silence and a will change who is there; told once."""
    isr = newcomer()
    assert turn(isr, status("tur")).events == [CameOnline("tur")]
    late_ms = T0 + TIMERS.silent_ms
    for beat_ms in range(T0, late_ms, TIMERS.heartbeat_ms):
        assert turn(isr, now_ms=beat_ms).events == []
    assert turn(isr, now_ms=late_ms).events == [
        FellSilent("tur", "not heard for 15s"),
        FellSilent("dog", "not heard for 15s"),
    ]
    assert isr.peers.presences.is_silent("tur")
    assert turn(isr, now_ms=late_ms + 1).events == []


def test_who_was_asleep_does_not_blame_the_others() -> None:
    """A process that was stopped for a while counts silences from its waking."""
    isr = party()
    turn(isr, status("tur"), status("dog"))
    wakes_ms = T0 + 10 * TIMERS.silent_ms
    assert turn(isr, now_ms=wakes_ms).events == []
    assert isr.reception.since_ms == wakes_ms
    for late_ms in range(TIMERS.heartbeat_ms, TIMERS.silent_ms, TIMERS.heartbeat_ms):
        assert turn(isr, now_ms=wakes_ms + late_ms).events == []
    missed = turn(isr, now_ms=wakes_ms + TIMERS.silent_ms).events
    assert [type(event) for event in missed] == [FellSilent, FellSilent]


def test_who_was_asleep_takes_a_turn_before_his_next_heartbeat() -> None:
    """What was said meanwhile is still to be read; who is awake says alone that he is there."""
    isr = party()
    turn(isr, status("tur"), status("dog"))
    beat_ms = isr.due_ms()
    assert beat_ms == T0 + TIMERS.heartbeat_ms
    assert isr.beat(beat_ms - 1) is None
    late_ms = T0 + 2 * TIMERS.heartbeat_ms + TIMERS.grace_ms
    assert late_ms < T0 + TIMERS.silent_ms, "nothing else is due"
    assert isr.beat(late_ms) is None
    assert isr.beat(beat_ms)


def test_nobody_is_silent_while_we_hear_nobody() -> None:
    """Without a link all are quiet, and that is not their doing."""
    isr = party()
    turn(isr, status("tur"))
    isr.disconnected("cut")
    assert turn(isr, now_ms=T0 + 90_000).events == [LinkDown("cut")]
    isr.disconnected("not let in")
    assert turn(isr, now_ms=T0 + 90_500).events == [LinkDown("not let in")]
    isr.connected(T0 + 91_000)
    assert turn(isr, now_ms=T0 + 91_000).events == [LinkUp()]
    assert not isr.peers.presences.is_known("tur")


def test_a_clock_that_is_put_back_does_not_silence_a_station() -> None:
    """It greets at once, and counts the silences of others from there."""
    isr = party()
    turn(isr, status("tur"), status("dog"), now_ms=T0)
    hour_ms = 3_600_000
    assert turn(isr, now_ms=T0 - hour_ms).publishes
    due_ms = isr.due_ms()
    assert due_ms is not None
    assert due_ms <= T0 - hour_ms + TIMERS.heartbeat_ms
