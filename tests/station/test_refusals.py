"""What is dropped is told, but a flood of it does not fill a log."""

from hotline.station.refusals import Refusals
from hotline.station.turn import Refused


def test_the_first_are_told_and_the_rest_is_counted() -> None:
    """A hundred one by one, and then how many there were."""
    refusals = Refusals("isr-tur")
    told = [refusals.tell("topic", "not JSON") for _ in range(103)]
    assert told == [Refused("topic", "not JSON")] * 100 + [None] * 3
    rest = Refused("isr-tur/#", "and so on: 3 more were dropped in this turn")
    assert refusals.tell_rest("in this turn") == rest
    assert refusals.tell_rest("in this turn") is None
    assert refusals.tell("topic", "not JSON") is not None


def test_what_strangers_wrote_is_shortened() -> None:
    """A topic may be as long as a book."""
    refused = Refusals("isr-tur").tell("t" * 60_000, "r" * 60_000)
    assert refused == Refused("t" * 200, "r" * 200)
