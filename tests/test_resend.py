import pytest

from hotline.resend import decode, encode


def test_a_request_is_read_as_it_was_written() -> None:
    """The number survives the wire."""
    assert encode(41) == b'{"after": 41}'
    assert decode(encode(41)) == 41


@pytest.mark.parametrize(
    "payload",
    [b"", b"{}", b"41", b"[]", b'{"after": -1}', b'{"after": "41"}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_request_is_none(payload: bytes) -> None:
    """Whatever the bytes are, nothing is raised."""
    assert decode(payload) is None
