"""How many of something there are, as people say it."""

from hotline.counting import counted


def test_only_one_is_one() -> None:
    """None and many are plural."""
    told = [counted(count, "record") for count in (0, 1, 2, 1_000)]
    assert told == ["0 records", "1 record", "2 records", "1000 records"]
