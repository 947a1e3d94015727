import pytest

from hotline.bodies import MAX_SEQ
from hotline.records import MAX_BATCH_BYTES
from hotline.resend import Requests, decode, encode


@pytest.mark.parametrize("after", [0, 41, MAX_SEQ])
def test_a_request_is_read_as_it_was_written(after: int) -> None:
    """The number survives the wire."""
    assert encode(after) == b'{"after": %d}' % after
    assert decode(encode(after)) == after


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


def sent(requests: Requests, after: int, reader: str = "tur") -> int:
    """How much a reader is sent who asks for what comes after this."""
    size = requests.note(reader, "isr", after).max_bytes
    requests.answered(reader, "isr")
    return size


def test_who_has_to_ask_again_is_sent_half_as_much() -> None:
    """On a slow line only what is small comes through before one gives up waiting for it."""
    requests = Requests()
    sizes = [sent(requests, 0) for _ in range(20)]
    assert sizes[:3] == [MAX_BATCH_BYTES, MAX_BATCH_BYTES // 2, MAX_BATCH_BYTES // 4]
    assert sizes[-1] == sizes[-2] == 1024, "it does not come to nothing"


def test_who_goes_on_is_sent_twice_as_much_again() -> None:
    """What has come through shows that the line carries more; others are not concerned."""
    requests = Requests()
    for _ in range(20):
        sent(requests, 0)
    sizes = [sent(requests, after) for after in range(1, 12)]
    assert sizes[:3] == [2048, 4096, 8192]
    assert sizes[-1] == MAX_BATCH_BYTES, "and no more than that"
    assert sent(requests, 0, reader="dog") == MAX_BATCH_BYTES


def test_what_does_not_come_through_is_seldom_tried() -> None:
    """A broker that throws out whoever sends it more than it takes does so once in a while."""
    requests, takes, after = Requests(), 100_000, 0
    sizes = []
    for _ in range(200):
        sizes.append(sent(requests, after))
        after += sizes[-1] <= takes
    too_much = [size for size in sizes if size > takes]
    assert len(too_much) < len(sizes) // 10
    assert sizes.count(MAX_BATCH_BYTES // 4) > len(sizes) * 8 // 10
    sizes = [sent(requests, more) for more in range(after + 1, after + 40)]
    assert sizes[-1] == MAX_BATCH_BYTES, "but it is tried"


def test_a_size_that_came_through_in_between_has_not_failed_twice() -> None:
    """A message may be lost for any reason; only what never comes through is given up."""
    twice, in_turn = Requests(), Requests()
    assert [sent(twice, after) for after in (0, 0, 1, 1, 2)][-1] == MAX_BATCH_BYTES // 2
    assert [sent(in_turn, after) for after in (0, 0, 1, 2, 2, 3)][-1] == MAX_BATCH_BYTES


def test_a_holder_who_is_always_asked_twice_sends_as_much_as_ever() -> None:
    """For an author who has pruned his words: what was not sent shows no slow line."""
    requests = Requests()
    for after in range(20):
        assert not requests.note("tur", "isr", after).is_repeated
        again = requests.note("tur", "isr", after)
        assert (again.is_repeated, again.max_bytes) == (True, MAX_BATCH_BYTES)
        requests.answered("tur", "isr")
