import pytest

from hotline.line import Line
from tests.helpers import TWO_DOGS


def test_everyone_on_a_line_keeps_a_journal() -> None:
    """A line's stations are its parties, then its watchdogs."""
    assert TWO_DOGS.stations == ("isr", "tur", "dog", "hound")
    assert TWO_DOGS.others("tur") == ("isr", "dog", "hound")


def test_each_party_has_the_other() -> None:
    """The other party is the one whom a party talks to."""
    assert TWO_DOGS.other_party("isr") == "tur"
    assert TWO_DOGS.other_party("tur") == "isr"


@pytest.mark.parametrize("name", ["ISR-TUR", "isr tur", "", "isr/tur", "-isr", "isr\n", "i" * 33])
def test_what_others_would_not_hear_is_no_name(name: str) -> None:
    """A line, or a station, that is called so would talk to itself."""
    with pytest.raises(ValueError, match="is not a name"):
        Line(name, ("isr", "tur"), ("dog",))
    with pytest.raises(ValueError, match="is not a name"):
        Line("isr-tur", ("isr", "tur"), (name,))


@pytest.mark.parametrize(
    ("parties", "watchdogs"),
    [(("isr",), ("dog",)), (("isr", "tur", "cyp"), ("dog",)), (("isr", "isr"), ("dog",)),
     (("isr", "tur"), ("isr",)), (("isr", "tur"), ("dog", "dog"))],
)  # fmt: skip
def test_a_line_has_two_parties_and_no_name_twice(
    parties: tuple[str, str], watchdogs: tuple[str, ...]
) -> None:
    """Two stations of one name would speak for each other."""
    with pytest.raises(ValueError, match="expected two parties"):
        Line("isr-tur", parties, watchdogs)
