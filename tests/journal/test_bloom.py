"""Which names were ever used, in little room."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.journal import bloom
from hotline.journal.bloom import BloomFilter


@given(st.lists(st.tuples(st.sampled_from(["isr", "tur"]), st.text())))
def test_what_was_used_is_known(used: list[tuple[str, str]]) -> None:
    """That one was not used is said only if it is true."""
    half = len(used) // 2
    known = BloomFilter(used[:half])
    for name in used[half:]:
        known.add(name)
    assert all(name in known for name in used)


def test_strangers_are_told() -> None:
    """Even among the most that there may be to begin with."""
    known = BloomFilter(("tur", f"N-{number}") for number in range(bloom._MOST))
    taken_for_known = sum(("tur", f"M-{number}") in known for number in range(10_000))
    assert 0 < taken_for_known < 400


def test_of_too_many_all_look_known() -> None:
    """Then every one is looked for on disk, as if there were no filter; it reads no further."""
    rest = iter(range(bloom._MOST + 1_000))
    assert ("tur", "stranger") in BloomFilter(rest)
    assert len(list(rest)) == 999
