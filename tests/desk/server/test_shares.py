"""What stays of a list that is too long."""

import pytest

from hotline.desk.server.shares import in_shares


@pytest.mark.parametrize(
    ("entries", "most", "stay"),
    [
        ("aaab", 4, "aaab"),
        ("aaab", 3, "aab"),
        ("aaabcc", 4, "aabc"),
        ("aaabcc", 3, "abc"),
        ("abcd", 2, "ab"),
        ("aaaa", 2, "aa"),
        ("", 2, ""),
    ],
)
def test_no_kind_pushes_out_another(entries: str, most: int, stay: str) -> None:
    """Each has its first ones there, in the order of the list; many of one kind cut themselves."""
    assert "".join(in_shares(entries, str, most)) == stay
