"""What a station does not take, whatever it is."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hotline.bodies import Kind
from hotline.records import MAX_BATCH_BYTES, Record, decode
from hotline.station.turn import Incoming, Refused
from tests.helpers import LINE, T0, TIMERS, Author, changed, check, resend, status
from tests.machines import machine_of, party, refusals, turn

TUR = Author("tur")
FIRST, SECOND = TUR.notices(2)
OTHER_FIRST, OTHER_SECOND = Author("tur").says(Kind.CHECK, check()), Author("tur").notices(2)[1]
TUR_RECORDS = "hotline/v1/isr-tur/tur/records"
NO_JSON = "not JSON: expected value at line 1 column 1"
NO_SEQ = "seq is not a whole number from 1 to 2^53"


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (Incoming("hotline/v1/other/tur/records", FIRST.raw), "not a topic of this line"),
        (Incoming("weather/baku", b"fine"), "not a topic of this line"),
        (Incoming("hotline/v1/isr-tur/eve/status", b"{}"), "eve is not a station of this line"),
        (Incoming(TUR_RECORDS, b"hello"), NO_JSON),
        (Incoming(TUR_RECORDS, changed(FIRST.raw, seq=0)), NO_SEQ),
        (Incoming(TUR_RECORDS, changed(FIRST.raw, line="other")), "a record of other/tur"),
        (Incoming(TUR_RECORDS, changed(FIRST.raw, station="eve")), "a record of isr-tur/eve"),
        (Incoming("hotline/v1/isr-tur/dog/records", FIRST.raw), "speaks in the name of tur"),
        (resend("tur", "isr", b"please"), 'expected {"after": 41}'),
        (resend("tur", "isr", b"[]"), 'expected {"after": 41}'),
        (resend("tur", "isr", b'{"after": null}'), 'expected {"after": 41}'),
        (resend("tur", "isr", b'{"after": -1}'), 'expected {"after": 41}'),
        (resend("tur", "isr", b'{"after": -1e99}'), 'expected {"after": 41}'),
        (resend("tur", "eve", b'{"after": 0}'), "eve is not a station of this line"),
        (Incoming("hotline/v1/isr-tur/tur/status", b"{}"), "not a JSON object with v 1"),
        (Incoming("hotline/v1/isr-tur/isr/status", b"{}"), "not a JSON object with v 1"),
        (Incoming("hotline/v1/isr-tur/dog/status", status("tur").payload), "signed by isr-tur/tur"),
    ],
)
def test_what_cannot_be_taken_is_dropped_with_its_reason(message: Incoming, why: str) -> None:
    """Nothing is stored or answered, and one event says what was dropped and why."""
    isr = party(FIRST)
    heard = turn(isr, message)
    assert heard.events == [Refused(message.topic, why)]
    assert (heard.appends, heard.publishes, heard.replays) == ([], [], [])


def test_one_bad_line_does_not_spoil_a_batch() -> None:
    """The lines around it are taken; empty ones are nothing at all."""
    payload = b"\n" + FIRST.raw + b"\noops\n\n" + SECOND.raw + b"\n"
    heard = turn(party(), Incoming(TUR_RECORDS, payload))
    assert heard.appends == [FIRST, SECOND]
    assert [e.reason for e in heard.events if isinstance(e, Refused)] == [NO_JSON]


def test_of_a_message_full_of_bad_lines_only_the_first_are_read_and_told() -> None:
    """Of a quarter of a megabyte of them each would take seconds, and a log its room."""
    payload = b"x\n" * 100_000 + FIRST.raw
    heard = turn(party(), Incoming(TUR_RECORDS, payload))
    assert heard.appends == []
    *told, last = [e.reason for e in heard.events if isinstance(e, Refused)]
    assert told == [NO_JSON] * 21
    assert last == "and so on: the rest of the message is unread"


def test_of_a_turn_full_of_refusals_only_the_first_are_told_one_by_one() -> None:
    """To tell takes longer than to refuse, and a log has better use for its room."""
    isr = party()
    flood = [Incoming(TUR_RECORDS, b"x")] * 1_000
    *told, last = refusals(isr, *flood)
    assert told == [NO_JSON] * 100
    assert last == "and so on: 900 more were dropped in this turn"
    assert refusals(isr, *flood[:100]) == [NO_JSON] * 100


@pytest.mark.parametrize("topic", [TUR_RECORDS, "hotline/v1/isr-tur/tur/status"])
def test_a_message_that_is_longer_than_any_may_be_is_not_read(topic: str) -> None:
    """It would take longer to read than a station may be silent; one of full length is read."""
    isr = party()
    long = status("tur").payload if topic.endswith("status") else FIRST.raw
    isr.hear(Incoming(topic, long.ljust(MAX_BATCH_BYTES, b"\n")), T0)
    assert refusals(isr) == []
    message = Incoming(topic, long.ljust(MAX_BATCH_BYTES + 1, b"\n"))
    assert not isr.overhear(message, T0)
    assert refusals(isr, message) == ["a message of 262145 bytes is over 262144"]


def test_a_wiped_status_is_no_news() -> None:
    """Somebody emptied a retained status, ours or another's: the next heartbeat sets it again."""
    wiped = [Incoming(f"hotline/v1/isr-tur/{name}/status", b"") for name in ("isr", "tur")]
    assert turn(party(), *wiped).events == []


def test_a_refusal_is_short() -> None:
    """However long the nonsense is, a log gets one line of it."""
    (reason,) = refusals(party(), Incoming(f"hotline/v1/isr-tur/{'x' * 9_000}/status", b""))
    assert len(reason) <= 200


CHANNELS = [
    *(
        f"hotline/v1/isr-tur/{name}/{what}"
        for name in LINE.stations
        for what in ("records", "status")
    ),
    "hotline/v1/isr-tur/tur/resend/isr",
    "hotline/v1/isr-tur/tur/replay/isr",
    "hotline/v1/isr-tur/dog/flags/x",
]
PAYLOADS = st.binary(max_size=64) | st.sampled_from(
    [
        *(record.raw for record in (FIRST, SECOND, OTHER_FIRST, OTHER_SECOND)),
        changed(FIRST.raw, at="0001-01-01T00:00:00+14:00"),
        changed(FIRST.raw, at="9999-12-31T23:59:59Z"),
        changed(FIRST.raw, body={"notice": "\ud800"}),
        changed(SECOND.raw, seq=2**53),
        status("tur", head=10**30, isr=10**30, dog=3).payload,
        status("tur").payload.replace(b'"held"', b'"reason":"\\ud800","held"'),
        status("dog", online=False, reason="a\nb").payload,
        b'{"after": 0}',
        b'{"after": 1e999}',
        b'{"after": -' + b"9" * 400 + b"}",
        b"[" * 10_000,
    ]
)


@given(
    st.lists(
        st.builds(
            Incoming, st.text(max_size=20) | st.sampled_from(CHANNELS), PAYLOADS, st.booleans()
        ),
        max_size=12,
    ),
    st.sampled_from(LINE.stations),
)
@settings(max_examples=500, deadline=None)
def test_whatever_is_heard_a_station_goes_on(heard: list[Incoming], name: str) -> None:
    """No bytes on any topic make a party or a watchdog fail, then or when time passes."""
    machine = machine_of(LINE, name, TIMERS, [])
    machine.connected(T0)
    appended: list[Record] = []
    now_ms = T0
    for message in heard:
        machine.hear(message, now_ms)
        machine.tick(now_ms)
        result = machine.flush(now_ms)
        appended += result.appends
        assert all(0 <= wanted.after < len(appended) for wanted in result.replays)
        now_ms += 20_000
    for record in appended:
        assert decode(record.raw) == record, "what is stored can be read after a restart"
    machine.due_ms()


@given(st.binary() | st.text().map(str.encode))
def test_bytes_that_are_nothing_are_dropped_with_a_reason(payload: bytes) -> None:
    """Each line of a batch that is no record is told as refused."""
    lines = [line for line in payload.split(b"\n") if line]
    assume(len(lines) <= 20)
    assert len(refusals(party(), Incoming(TUR_RECORDS, payload))) == len(lines)
