import base64
import hashlib
import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hotline.bodies import Check, Kind, Nonsense, Reply
from hotline.errors import LocalError
from hotline.notice import FlightNotice
from hotline.records import (
    MAX_BATCH_BYTES,
    MAX_RECORD_BYTES,
    NotARecord,
    Record,
    decode,
    digest,
    open_all,
    open_envelope,
    write,
)
from tests.helpers import T0, Author, changed, check, notice, reply

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["\ud800", "tur", "2026-01-12T06:00:00Z", "9999-12-31T23:59:59Z"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
MEMBERS = ["v", "line", "station", "seq", "at", "prev", "kind", "body"]
NOTICE = Author("tur").says(Kind.NOTICE, notice())
REPLY = Author("isr").says(Kind.REPLY, reply("tur", 1))


def decodes_or_is_no_record(raw: bytes) -> Record | None:
    """Read what may be a record; anything but `NotARecord` fails the test."""
    try:
        return decode(raw)
    except NotARecord as error:
        refusal = str(error)
    assert 0 < len(refusal.encode()) < 400, "a refusal is one line in a log"
    return None


@pytest.mark.parametrize("record", [NOTICE, REPLY], ids=["notice", "reply"])
def test_a_record_survives_its_bytes(record: Record) -> None:
    """What is written reads as the same record, and its bytes are kept as they are."""
    assert decode(record.raw) == record
    assert decode(record.raw).raw is record.raw


def test_a_record_is_written_as_the_design_has_it() -> None:
    """The members of the envelope, in their order, on one line."""
    author = Author("tur")
    first = author.says(Kind.CHECK, check())
    second = author.says(Kind.CHECK, Check(remarks="günaydın"), T0 + 7)
    assert b"\n" not in second.raw
    assert list(json.loads(second.raw).items()) == [
        ("v", 1),
        ("line", "isr-tur"),
        ("station", "tur"),
        ("seq", 2),
        ("at", "2026-01-12T06:00:00.007Z"),
        ("prev", digest(first.raw)),
        ("kind", "check"),
        ("body", {"remarks": "günaydın"}),
    ]


def test_each_record_carries_the_digest_of_the_one_before() -> None:
    """A journal is a hash chain: base64url SHA-256 of the line before, empty for the first."""
    first, second, third = Author("tur").notices(3)
    assert open_envelope(first.raw).prev == ""
    assert open_envelope(second.raw).prev == digest(first.raw)
    assert open_envelope(third.raw).prev == digest(second.raw)
    plain = base64.urlsafe_b64encode(hashlib.sha256(first.raw).digest()).decode()
    assert digest(first.raw) == plain.rstrip("=")


def test_a_record_typed_by_hand_may_leave_prev_out() -> None:
    """Without `prev` a record is as good as any other; what it does not say is not checked."""
    envelope = open_envelope(changed(NOTICE.raw, prev=None))
    assert envelope.prev is None
    assert decode(envelope.raw).body == NOTICE.body


def test_members_that_we_do_not_know_stay_in_the_bytes() -> None:
    """A later version's members, the signature among them, are stored and hashed unread."""
    content = json.loads(NOTICE.raw)["body"] | {"weather": "fine"}
    raw = changed(NOTICE.raw, body=content, sig="c2ln")
    record = decode(raw)
    assert record.body == NOTICE.body
    assert record.raw == raw
    assert digest(record.raw) != digest(NOTICE.raw)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"v": None}, "v is None, expected 1"),
        ({"v": 2}, "v is 2, expected 1"),
        ({"v": "1"}, "v is '1', expected 1"),
        ({"v": 1.0}, "v is 1.0, expected 1"),
        ({"v": True}, "v is True, expected 1"),
        ({"v": {"major": 1}}, "v is dict, expected 1"),
        ({"line": None}, "line is missing or not a text"),
        ({"line": "ISR"}, "line 'ISR' is not a name"),
        ({"line": "isr-tur\n"}, "is not a name"),
        ({"station": 7}, "station is missing or not a text"),
        ({"station": "#"}, "station '#' is not a name"),
        ({"station": "x" * 9_000}, "is not a name"),
        ({"seq": None}, "seq is not a whole number from 1"),
        ({"seq": 0}, "seq is not a whole number from 1"),
        ({"seq": True}, "seq is not a whole number from 1"),
        ({"seq": 1.0}, "seq is not a whole number from 1"),
        ({"seq": "1"}, "seq is not a whole number from 1"),
        ({"seq": 2**53 + 1}, "seq is not a whole number from 1"),
        ({"at": None}, "at is missing or not a text"),
        ({"at": T0}, "at is missing or not a text"),
        ({"at": "2026-01-12T06:00:00"}, "at: expected a time with its offset"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at: expected a UTC time in the years"),
        ({"prev": 1}, "prev is not a text"),
        ({"kind": None}, "kind is missing or not a text"),
        ({"kind": ["notice"]}, "kind is missing or not a text"),
        ({"body": None}, "body is not a JSON object"),
        ({"body": "hello"}, "body is not a JSON object"),
    ],
)
def test_a_bad_envelope_is_no_record(members: dict[str, object], says: str) -> None:
    """Each refusal says which member is wrong and what was expected."""
    with pytest.raises(NotARecord) as refused:
        open_envelope(changed(NOTICE.raw, **members))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff\xfe", b"null", b"[]", b'"record"', b"1" * 5_000, b"[" * 60_000, b"NaN"],
    ids=["empty", "open", "binary", "null", "list", "text", "digits", "deep", "nan"],
)
def test_what_is_no_json_object_is_no_record(raw: bytes) -> None:
    """Bytes of any other kind are refused as what they are."""
    with pytest.raises(NotARecord, match=r"not (JSON|a JSON object)"):
        open_envelope(raw)


def test_a_line_has_a_greatest_length() -> None:
    """One byte over the limit is no record, however well it is formed."""
    room = MAX_RECORD_BYTES - len(changed(NOTICE.raw, pad=""))
    assert len(open_envelope(changed(NOTICE.raw, pad="x" * room)).raw) == MAX_RECORD_BYTES
    with pytest.raises(NotARecord, match="is over 65536"):
        open_envelope(changed(NOTICE.raw, pad="x" * (room + 1)))


def test_a_message_has_a_greatest_length() -> None:
    """One that is longer is not read, whatever stands in it."""
    lines = [NOTICE.raw] * (MAX_BATCH_BYTES // len(NOTICE.raw) + 1)
    (refused,) = open_all(b"\n".join(lines))
    assert "is over 262144" in str(refused)


def test_we_do_not_write_what_nobody_would_read() -> None:
    """A body that does not fit is our caller's mistake, and he is told by how much."""
    with pytest.raises(LocalError, match=r"\d+ bytes is too long: expected at most 65536"):
        Author("tur").says(Kind.NOTICE, notice(vertices=5_000))


def test_a_kind_from_the_future_is_nonsense_but_a_record() -> None:
    """An unknown kind is stored and marked, never an error."""
    record = decode(changed(NOTICE.raw, kind="tombola"))
    assert record.body == Nonsense(reason="unknown_kind", detail="kind 'tombola'")
    assert record.kind == "tombola"


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (changed(REPLY.raw, body={}), "refers_to: Field required"),
        (
            changed(REPLY.raw, body={"refers_to": {"station": "tur", "seq": 1}, "answer": "OK"}),
            "answer: Input should be",
        ),
        (
            changed(
                REPLY.raw, body={"refers_to": {"station": "tur", "seq": 1}, "answer": "REJECT"}
            ),
            "body: expected a reason with REJECT",
        ),
        (changed(NOTICE.raw, body={"notice": "TUR-014"}), "precedence: Field required"),
        (
            changed(REPLY.raw, body=json.loads(REPLY.raw)["body"] | {"expected_at": 10**30}),
            "expected_at: expected a text such as",
        ),
    ],
)
def test_a_body_that_makes_no_sense_is_nonsense_but_a_record(raw: bytes, detail: str) -> None:
    """The record takes its place in the journal; its nonsense tells the first mistake."""
    body = decode(raw).body
    assert isinstance(body, Nonsense)
    assert body.reason == "bad_body"
    assert detail in body.detail


@pytest.mark.parametrize(
    ("was", "member"),
    [
        (b'"lat":34.5', b'"lat":"34.5"'),
        (b'"value":5000.0', b'"value":true'),
        (b'"revision":1', b'"revision":1.0'),
        (b'"revision":1', b'"revision":true'),
        (b'"aircraft_count":1', b'"aircraft_count":"1"'),
        (b'"2100-01-01T00:00:00.000Z"', b"4102444800000"),
        (b'"seq":1},"answer"', b'"seq":"1"},"answer"'),
        (b'"seq":1},"answer"', b'"seq":1.0},"answer"'),
    ],
)
def test_what_only_looks_like_a_number_or_a_time_is_none(was: bytes, member: bytes) -> None:
    """Each type is as the page has it: others would read it otherwise, or not at all."""
    (record,) = (each for each in (NOTICE, REPLY) if was in each.raw)
    assert isinstance(decode(record.raw.replace(was, member)).body, Nonsense)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_a_record_or_refused(raw: bytes) -> None:
    """Nothing but `NotARecord` ever comes of bad bytes."""
    assert decodes_or_is_no_record(raw) is None


@given(st.sampled_from([NOTICE, REPLY]), st.sampled_from(MEMBERS), JSON_VALUES)
@settings(max_examples=300, deadline=None)
def test_an_arbitrary_member_makes_a_record_or_a_refusal(
    record: Record, member: str, value: object
) -> None:
    """Whatever JSON stands in a member, the line is read, marked as nonsense or refused."""
    raw = json.dumps(json.loads(record.raw) | {member: value}).encode()
    read = decodes_or_is_no_record(raw)
    assert read is None or read.raw == raw


@given(
    st.sampled_from([NOTICE, REPLY]),
    st.dictionaries(
        st.sampled_from([*FlightNotice.model_fields, *Reply.model_fields]), JSON_VALUES
    ),
)
@settings(max_examples=300, deadline=None)
def test_an_arbitrary_body_is_read_or_nonsense(record: Record, members: dict[str, object]) -> None:
    """An envelope that is good makes a record, whatever JSON its body is made of."""
    content = json.loads(record.raw)["body"] | members
    raw = json.dumps(json.loads(record.raw) | {"body": content}).encode()
    assume(b"\\ud800" not in raw)  # half a character is no JSON: the next test
    read = decode(raw)
    assert read.ref == record.ref
    if isinstance(read.body, Nonsense):
        read.body.detail.encode()
    else:
        rewritten = write(
            line="isr-tur", station="tur", seq=1, at_ms=T0, prev="", kind=read.kind, body=read.body
        )
        assert decode(rewritten.raw).body == read.body


@pytest.mark.parametrize("member", [*MEMBERS, "pad"])
def test_deep_nesting_is_never_an_error(member: str) -> None:
    """However deep a member is nested, and right up to Python's limit, a line is just refused."""
    line = json.dumps(json.loads(NOTICE.raw) | {member: "DEEP"}).encode()
    for depth in (*range(850, 1_000), 30_000):
        raw = line.replace(b'"DEEP"', b"[" * depth + b"]" * depth)
        read = decodes_or_is_no_record(raw)
        assert read is None or (member, read.body) == ("pad", NOTICE.body)


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_others_cannot_read_is_no_record(number: bytes) -> None:
    """Who drops a record that we take never gets beyond it, wherever such a number stands."""
    raw = NOTICE.raw.replace(b'"body":{', b'"body":{"pad":%b,' % number)
    with pytest.raises(NotARecord, match="not JSON"):
        decode(raw)


def test_a_number_that_no_float_can_hold_is_json() -> None:
    """The grammar knows no limit, and a member that nobody knows is no reason to drop a record."""
    assert decode(NOTICE.raw.replace(b'"body":{', b'"body":{"pad":1e999,')).body == NOTICE.body


def test_half_a_character_is_no_text() -> None:
    """UTF-8 cannot carry a lone surrogate, so what has one could not be told to anybody."""
    with pytest.raises(NotARecord, match="not JSON: unexpected end of hex escape at line 1 column"):
        decode(NOTICE.raw.replace(b"TRK42", b"\\ud800"))
