"""Saying and hearing, when all goes well."""

import json
from itertools import pairwise

from hotline.bodies import Kind, Nonsense
from hotline.notice import FlightNotice
from hotline.records import MAX_BATCH_BYTES, batches, digest
from hotline.station.heartbeat import RECEIPT_DELAY_MS
from hotline.station.turn import Heard, Incoming, Refused, Said
from hotline.topics import Channel, Topic
from tests.helpers import T0, Author, changed, check, notice, records, stop
from tests.machines import party, turn
from tests.wire import Wire

RECORDS = "hotline/v1/isr-tur/isr/records"


def test_what_is_said_is_stored_and_published() -> None:
    """A turn appends each word to the own journal and publishes the same bytes in one batch."""
    isr = party()
    isr.say(notice("N-1"))
    isr.say(check())
    said = turn(isr, now_ms=T0 + 7)
    assert [(r.ref, r.at_ms) for r in said.appends] == [(("isr", 1), T0 + 7), (("isr", 2), T0 + 7)]
    assert [publish.topic for publish in said.publishes] == [RECORDS]
    assert said.publishes[0].payload.split(b"\n") == [record.raw for record in said.appends]
    assert not said.publishes[0].retain
    assert json.loads(said.appends[1].raw)["prev"] == digest(said.appends[0].raw)
    assert [e.record for e in said.events if isinstance(e, Said)] == said.appends


def test_a_station_goes_on_where_its_journal_ends() -> None:
    """After a restart the numbers and the chain continue."""
    mine = Author("isr").notices(2)
    isr = party(*mine)
    isr.say(check())
    (record,) = turn(isr).appends
    assert record.seq == 3
    assert json.loads(record.raw)["prev"] == digest(mine[1].raw)


def test_without_a_link_words_are_stored_and_wait_in_the_journal() -> None:
    """The journal is the outbox: saying needs no broker, and nothing is published meanwhile."""
    isr = party()
    isr.disconnected("cut")
    isr.say(check())
    said = turn(isr)
    assert len(said.appends) == 1
    assert said.publishes == []
    assert isr.due_ms() is None


def test_the_next_record_is_taken_and_told() -> None:
    """A record one past the copy's head is appended, byte for byte, and folded."""
    tur = Author("tur")
    heard = turn(party(), records(*tur.notices(2)))
    assert heard.appends == tur.journal
    assert [e.record for e in heard.events if isinstance(e, Heard)] == tur.journal


def test_a_duplicate_changes_nothing() -> None:
    """What is held already, be it the last record or an older one, brings no receipt either."""
    tur = Author("tur")
    isr = party()
    turn(isr, records(*tur.notices(3)))
    receipt_ms = T0 + RECEIPT_DELAY_MS
    assert turn(isr, now_ms=receipt_ms).publishes
    due_ms = isr.due_ms()
    again = turn(isr, records(*tur.journal), records(tur.journal[0]), now_ms=receipt_ms + 1)
    assert (again.appends, again.events, again.publishes) == ([], [], [])
    assert isr.due_ms() == due_ms


def test_a_record_without_prev_is_taken() -> None:
    """What a person types by hand has no digest of the record before."""
    first, second = Author("tur").notices(2)
    typed = changed(second.raw, prev=None)
    heard = turn(party(first), Incoming("hotline/v1/isr-tur/tur/records", typed))
    assert [record.raw for record in heard.appends] == [typed]


def test_nonsense_takes_its_place_in_the_journal() -> None:
    """A record that nobody understands is stored, so that the line goes on after it."""
    first, second = Author("tur").notices(2)
    odd = changed(first.raw, kind="handover")
    after = changed(second.raw, prev=digest(odd))
    heard = turn(party(), Incoming("hotline/v1/isr-tur/tur/records", odd + b"\n" + after))
    assert [type(record.body) for record in heard.appends] == [Nonsense, FlightNotice]


def test_a_word_that_is_too_long_is_refused_and_the_others_are_said() -> None:
    """Our caller's mistake costs him that word, not the station."""
    isr = party()
    isr.say(notice("LONG", vertices=5_000))
    isr.say(check())
    said = turn(isr)
    assert [record.kind for record in said.appends] == [Kind.CHECK]
    assert "is too long" in next(e.reason for e in said.events if isinstance(e, Refused))
    assert turn(isr, now_ms=T0 + 1).events == [], "it is not tried again"


def test_what_no_record_says_is_refused() -> None:
    """Nobody could read it."""
    isr = party()
    isr.say(Nonsense(reason="bad_body", detail="is not to be read"))
    isr.say(stop())
    said = turn(isr)
    assert [record.kind for record in said.appends] == [Kind.STOP]
    refused = [event.reason for event in said.events if isinstance(event, Refused)]
    assert refused == ["a Nonsense is no body of a record"]


def test_batches_are_bounded_and_keep_order() -> None:
    """Lines are joined up to the limit, never split, never reordered."""
    lines = [bytes([65 + i % 26]) * (i * 997 % 60_000 + 1) for i in range(200)]
    payloads = batches(lines)
    assert b"\n".join(payloads).split(b"\n") == lines
    assert all(len(payload) <= MAX_BATCH_BYTES for payload in payloads)
    fuller = [len(a) + 1 + len(b.split(b"\n")[0]) for a, b in pairwise(payloads)]
    assert all(size > MAX_BATCH_BYTES for size in fuller), "none could have taken one line more"
    assert batches([]) == []


def test_many_words_go_out_in_as_few_batches_as_fit() -> None:
    """A turn's words are published together, in bounded payloads."""
    isr = party()
    for number in range(9):
        isr.say(notice(f"N-{number}", vertices=2_500))
    payloads = [publish.payload for publish in turn(isr).publishes]
    assert len(payloads) > 1
    assert all(len(payload) <= MAX_BATCH_BYTES for payload in payloads)
    assert sum(payload.count(b"\n") + 1 for payload in payloads) == 9


def test_three_stations_hold_each_others_journals() -> None:
    """On a line where nothing fails, all that anybody says is with everybody, in a moment."""
    wire = Wire()
    for number in range(3):
        wire.say("tur", notice(f"N-{number}"))
        wire.say("isr", check())
    wire.settle()
    assert wire.is_whole()
    assert len(wire.seats["dog"].disk) == 6
    assert wire.shown("isr") == ["tur/1", "tur/2", "tur/3"]
    wire.go(RECEIPT_DELAY_MS)
    assert wire.machine("tur").peers.receipts.acknowledged("tur", by="isr") == 3


def test_topics_of_a_station() -> None:
    """It must hear the others' records, statuses, requests and replays."""
    assert str(Topic("isr-tur", "tur", Channel.REPLAY, "isr")) in party().topics()
    assert len(party().topics()) == 9
