import pytest

from hotline.records import MAX_BATCH_BYTES
from hotline.resend import Requests, decode, encode


def test_a_request_is_read_as_it_was_written() -> None:
    """The number survives the wire."""
    assert encode(41) == b'{"after": 41}'
    assert decode(encode(41)) == 41


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"41",
        b"[]",
        b'{"after": -1}',
        b'{"after": "41"}',
        b'{"after": 41.0}',
        b'{"after": true}',
        b'{"after": 9007199254740993}',
        b'\xef\xbb\xbf{"after": 41}',
        '{"after": 41}'.encode("utf-16"),
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_what_is_no_request_is_none(payload: bytes) -> None:
    """Whatever the bytes are, nothing is raised."""
    assert decode(payload) is None


def test_who_has_to_ask_again_is_sent_half_as_much() -> None:
    """On a slow line only what is small comes through before one gives up waiting for it."""
    requests = Requests()
    sizes = [requests.note("tur", "isr", 0).max_bytes for _ in range(20)]
    assert sizes[:3] == [MAX_BATCH_BYTES, MAX_BATCH_BYTES // 2, MAX_BATCH_BYTES // 4]
    assert sizes[-1] == sizes[-2] == 1024, "it does not come to nothing"


def test_who_goes_on_is_sent_twice_as_much_again() -> None:
    """What has come through shows that the line carries more; others are not concerned."""
    requests = Requests()
    for _ in range(20):
        requests.note("tur", "isr", 0)
    sizes = [requests.note("tur", "isr", after).max_bytes for after in range(1, 12)]
    assert sizes[:3] == [2048, 4096, 8192]
    assert sizes[-1] == MAX_BATCH_BYTES, "and no more than that"
    assert requests.note("dog", "isr", 0).max_bytes == MAX_BATCH_BYTES


def test_a_holder_who_is_always_asked_twice_sends_as_much_as_he_may() -> None:
    """For an author who has pruned his words: that each is asked for twice shows no slow line."""
    requests = Requests()
    asked = [requests.note("tur", "isr", after // 2) for after in range(20)]
    sent = {request.max_bytes for request in asked if request.is_repeated}
    assert sent == {MAX_BATCH_BYTES // 2}
