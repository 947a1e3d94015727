import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline.status import GOODBYE, NotAStatus, Role, Status, decode
from tests.helpers import T0

TOLD = Status(
    line="isr-tur",
    station="tur",
    at_ms=T0 + 7,
    since_ms=T0,
    online=True,
    head=42,
    held={"isr": 17, "dog": 0},
    role=Role.PARTY,
)
FIELDS = json.loads(TOLD.encode())
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def without(member: str) -> bytes:
    """The status without one member."""
    return json.dumps({key: value for key, value in FIELDS.items() if key != member}).encode()


def with_(**members: object) -> bytes:
    """The status with other members."""
    return json.dumps(FIELDS | members).encode()


def test_a_status_survives_its_bytes() -> None:
    """What is encoded decodes as the same status, be it a heartbeat, a goodbye or a watchdog's."""
    assert decode(TOLD.encode()) == TOLD
    gone = Status("isr-tur", "dog", T0, T0, False, 0, {}, Role.WATCHDOG, GOODBYE)  # noqa: FBT003 -- by place
    assert decode(gone.encode()) == gone


def test_a_person_can_read_a_status() -> None:
    """One flat JSON object, with the reason only where there is one."""
    assert FIELDS == {
        "v": 1,
        "line": "isr-tur",
        "station": "tur",
        "role": "party",
        "at": "2026-01-12T06:00:00.007Z",
        "since": "2026-01-12T06:00:00.000Z",
        "online": True,
        "head": 42,
        "held": {"isr": 17, "dog": 0},
    }


@pytest.mark.parametrize("at", [b"2026-01-12T06:00:00Z", b"2026-01-12T06:00:00.000Z"])
def test_a_status_typed_by_hand_may_be_short(at: bytes) -> None:
    """Who does not know when it connected or what it holds leaves that out."""
    told = decode(b'{"v":1,"line":"l","station":"s","at":"%b","online":true,"head":0}' % at)
    assert (told.since_ms, told.held, told.reason, told.role) == (T0, {}, "", Role.PARTY)


@pytest.mark.parametrize("member", ["line", "station", "at", "online", "head"])
def test_a_status_lacks_nothing_that_is_needed(member: str) -> None:
    """The refusal says what is missing; `null` is nothing."""
    for payload in (without(member), with_(**{member: None})):
        with pytest.raises(NotAStatus, match=f"{member} is missing"):
            decode(payload)


@pytest.mark.parametrize("member", ["role", "since", "reason", "held", "digests"])
def test_null_says_the_same_as_what_is_left_out(member: str) -> None:
    """It is one rule for all members that may be left out."""
    assert decode(with_(**{member: None})) == decode(without(member))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"\xff",
        b"null",
        b"[]",
        b"[" * 100_000,
        without("v"),
        with_(v=2),
        with_(v=1.0),
        with_(v=True),
        with_(pad=float("nan")),
        with_(at="soon"),
        with_(at=None),
        with_(since="2026-01-12T06:00:00"),
        with_(since="0001-01-01T00:00:00+14:00"),
        with_(head=-1),
        with_(head=True),
        with_(head=1.5),
        with_(head="42"),
        with_(head=None),
        with_(held=[]),
        with_(held={"isr": -1}),
        with_(held={"isr": None}),
        with_(held={"": 1}),
        with_(online="false"),
        with_(online=1),
        with_(station="#"),
        with_(line=None),
        with_(role="king"),
        with_(role=["party"]),
        with_(reason=5),
        with_(reason=["goodbye"]),
    ],
)
def test_what_is_no_status_is_refused(payload: bytes) -> None:
    """Bytes of any other kind are `NotAStatus` and nothing else, in a line of a log."""
    with pytest.raises(NotAStatus) as refused:
        decode(payload)
    assert 0 < len(str(refused.value)) <= 200


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"head": "42"}, "head is not a whole number from 0 to 2^53"),
        ({"held": {"isr": None}}, "held.isr is not a whole number from 0 to 2^53"),
        ({"held": {"ISR": 1}}, "'ISR' is not a name of a line or a station"),
    ],
)
def test_a_refusal_says_which_member_is_wrong(members: dict[str, Any], why: str) -> None:
    """Whoever writes a station in another language reads it in our log."""
    with pytest.raises(NotAStatus) as refused:
        decode(with_(**members))
    assert str(refused.value) == why


@given(st.binary(max_size=100) | st.builds(lambda value: json.dumps(value).encode(), JSON_VALUES))
@settings(deadline=None)
def test_arbitrary_bytes_are_never_a_status(payload: bytes) -> None:
    """Nothing but `NotAStatus` ever comes of bad bytes."""
    with pytest.raises(NotAStatus):
        decode(payload)


@given(st.dictionaries(st.sampled_from([*FIELDS, "reason"]), JSON_VALUES))
@example({"online": False, "reason": "\ud800"})
@example({"reason": "line one\nline two"})
@settings(max_examples=300, deadline=None)
def test_an_arbitrary_member_makes_a_status_that_can_be_told(members: dict[str, Any]) -> None:
    """Whatever JSON stands in a member: what is not refused can be encoded and read again."""
    try:
        told = decode(with_(**members))
    except NotAStatus:
        return
    assert decode(told.encode()) == told


def test_a_status_shows_which_records_its_heads_are() -> None:
    """The digests go out where there are any and come back as they were."""
    told = TOLD._replace(digests={"tur": "abc", "isr": "def"})
    assert json.loads(told.encode())["digests"] == {"tur": "abc", "isr": "def"}
    assert decode(told.encode()) == told


@pytest.mark.parametrize("digests", [[], "abc", {"": "abc"}, {"tur": None}])
def test_digests_of_nobody_are_refused(digests: object) -> None:
    """They stand in an object, by the name of a station; what is none must not look like a fork."""
    with pytest.raises(NotAStatus):
        decode(with_(digests=digests))


@given(
    order=st.permutations([*FIELDS, "digests"]),
    at=st.sampled_from(
        (
            "2026-01-12T06:00:05.000Z",
            "2026-01-12T06:00:05Z",
            "2026-01-12T06:00:05.0000Z",
            "2026-13-12T06:00:05.000Z",
            "1970-01-01T00:00:00.001Z",
            '2026-01-12T06:00:0"',
            "",
        )
    ),
    named_at=st.booleans(),
)
def test_only_the_time_of_a_heartbeat_is_read_anew(
    order: list[str], at: str, named_at: bool
) -> None:
    """Each says what it would say alone, wherever its time stands, be a station called `at` too."""
    digests = {"at" if named_at else "isr": "2026-01-12T06:00:07.000Z"}
    told = {name: (FIELDS | {"digests": digests, "at": at})[name] for name in order}
    for fields in (told | {"at": FIELDS["at"]}, told):
        payload = json.dumps(fields, separators=(",", ":")).encode()
        spaced = json.dumps(fields).encode()
        alone, usual = outcome(spaced), outcome(payload)
        assert usual == alone


def outcome(payload: bytes) -> Status | str:
    """The status, or why it is none."""
    try:
        return decode(payload)
    except NotAStatus as error:
        return str(error)
