"""Greetings: a start waits for live words of everybody; only the newest word takes back."""

from hotline.station.greetings import Greetings
from hotline.status import GOODBYE
from tests.helpers import T0, told


def test_a_live_word_or_a_goodbye_is_heard_a_memory_or_a_will_is_not() -> None:
    """A broker may remember an old status, and a will tells what was held when it was made."""
    greetings = Greetings(["tur", "dog"])
    greetings.hear(told("tur"), retained=True)
    greetings.hear(told("tur", online=False), retained=True)
    greetings.hear(told("tur", online=False), retained=False)
    assert greetings.unheard == {"tur", "dog"}
    greetings.hear(told("tur", online=False, reason=GOODBYE), retained=True)
    greetings.hear(told("dog"), retained=False)
    assert greetings.unheard == set()


def test_a_new_connection_is_answered_once() -> None:
    """Whoever has just come may wait for our status; what a broker remembers waits for nothing."""
    greetings = Greetings(["tur"])
    assert not greetings.hear(told("tur"), retained=True)
    assert greetings.hear(told("tur"), retained=False)
    assert not greetings.hear(told("tur", at_ms=T0 + 1), retained=False)
    assert greetings.hear(told("tur", since_ms=T0 + 2), retained=False)
    assert not greetings.hear(told("tur", since_ms=T0 + 3, online=False), retained=False)


def test_connections_that_speak_in_turn_are_answered_once_each() -> None:
    """Two processes share a name; were each word answered, two such names would never rest."""
    greetings = Greetings(["tur"])
    both = [told("tur", since_ms=T0), told("tur", since_ms=T0 + 2)]
    words = [*both * 3, *both[:1] * 9, *both]
    heard = [greetings.hear(each, retained=False) for each in words]
    assert heard == [True, True, *[False] * 15]


def test_only_the_newest_live_word_takes_back() -> None:
    """Not a will, not a memory, not one that was overtaken; and nobody speaks from the future."""
    greetings = Greetings(["tur"])
    assert greetings.is_last_word(told("tur", at_ms=T0 + 9_000), retained=False, now_ms=T0 + 5)
    assert greetings.is_last_word(told("tur", at_ms=T0 + 6), retained=False, now_ms=T0 + 6)
    assert not greetings.is_last_word(told("tur", at_ms=T0 + 4), retained=False, now_ms=T0 + 7)
    assert not greetings.is_last_word(told("tur", at_ms=T0 + 7), retained=True, now_ms=T0 + 7)
    assert not greetings.is_last_word(
        told("tur", at_ms=T0 + 7, online=False), retained=False, now_ms=T0
    )


def test_a_word_is_repeated_only_when_nothing_is_new() -> None:
    """Another number, another state of our own, or a word that was not the last in between."""
    greetings = Greetings(["tur"])
    assert not greetings.repeats(told("tur"), 1)
    greetings.remember(told("tur"), 1, last_word=True)
    assert greetings.repeats(told("tur", at_ms=T0 + 1), 1)
    assert not greetings.repeats(told("tur")._replace(held={"isr": 1}), 1)
    assert not greetings.repeats(told("tur"), 2)
    greetings.remember(told("tur"), 1, last_word=False)
    assert not greetings.repeats(told("tur"), 1)
