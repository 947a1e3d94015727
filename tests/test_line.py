from tests.helpers import TWO_DOGS


def test_everyone_on_a_line_keeps_a_journal() -> None:
    """A line's stations are its parties, then its watchdogs."""
    assert TWO_DOGS.stations == ("isr", "tur", "dog", "hound")
    assert TWO_DOGS.others("tur") == ("isr", "dog", "hound")


def test_each_party_has_the_other() -> None:
    """The other party is the one whom a party talks to."""
    assert TWO_DOGS.other_party("isr") == "tur"
    assert TWO_DOGS.other_party("tur") == "isr"
