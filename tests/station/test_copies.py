import pytest

from hotline.station.copies import Copies, Head
from hotline.station.turn import GapFound, GapRepaired, GapWithdrawn
from hotline.times import HOUR_MS
from tests.helpers import T0

RESEND_MS = 2_000


@pytest.fixture
def copies() -> Copies:
    """What isr holds: four records of tur's."""
    return Copies(["isr", "tur", "dog"], {"tur": Head(4, "d4")}, lambda _: RESEND_MS)


def test_a_copy_begins_where_the_disk_ends(copies: Copies) -> None:
    """The heads are those of the journal; who has said nothing has an empty one."""
    assert copies.head("tur") == Head(4, "d4")
    assert copies.head("dog") == Head(0, "")
    assert "isr" in copies
    assert "eve" not in copies


def test_a_claim_beyond_what_we_hold_opens_a_gap_once(copies: Copies) -> None:
    """The gap is found with the first such claim, and told once, however many make it."""
    assert copies.claim("tur", 4, by="tur", last_word=True) is None
    assert not copies.is_behind("tur")
    assert copies.claim("tur", 6, by="tur", last_word=True) == GapFound("tur", 4, 6)
    assert copies.claim("tur", 7, by="dog", last_word=True) is None
    assert copies.is_behind("tur")
    assert not copies.is_behind("dog")


def test_who_claims_more_than_is_here_is_known(copies: Copies) -> None:
    """Until it is here, or is claimed no more."""
    assert copies.holders("isr") == []
    copies.claim("isr", 2, by="tur", last_word=True)
    copies.claim("isr", 1, by="dog", last_word=True)
    assert copies.holders("isr") == ["dog", "tur"]
    copies.advance("isr", Head(1, "d1"))
    assert copies.holders("isr") == ["tur"]
    copies.claim("isr", 0, by="tur", last_word=True)
    assert copies.holders("isr") == []


def test_a_gap_closes_when_all_that_is_claimed_is_here(copies: Copies) -> None:
    """Records close it one by one, the last of them tells from where to where it went."""
    copies.claim("tur", 6, by="tur", last_word=True)
    assert copies.advance("tur", Head(5, "d5")) is None
    assert copies.is_behind("tur")
    assert copies.advance("tur", Head(6, "d6")) == GapRepaired("tur", 4, 6)
    assert not copies.is_behind("tur")


def test_a_false_claim_is_taken_back_by_its_author(copies: Copies) -> None:
    """The last word of a station replaces what it, or somebody in its name, said before."""
    copies.claim("tur", 10**9, by="dog", last_word=True)
    assert copies.claim("tur", 4, by="tur", last_word=True) is None
    assert copies.is_behind("tur"), "another's word does not take it back"
    assert copies.claim("tur", 4, by="dog", last_word=True) == GapWithdrawn("tur", 4)
    assert not copies.is_behind("tur")


def test_an_old_word_takes_nothing_back(copies: Copies) -> None:
    """A will, or a record out of order, shows that a journal goes so far at least."""
    copies.claim("tur", 6, by="tur", last_word=True)
    assert copies.claim("tur", 2, by="tur", last_word=False) is None
    assert copies.is_behind("tur")
    copies.advance("tur", Head(5, "d5"))
    copies.claim("tur", 8, by="tur", last_word=False)
    copies.advance("tur", Head(6, "d6"))
    assert copies.is_behind("tur"), "a lower word would have closed the gap"


def test_what_is_missing_is_asked_for_at_once_and_again_after_a_while(copies: Copies) -> None:
    """One request, then patience; progress makes the next one due at once."""
    assert list(copies.ask(T0)) == []
    assert copies.due_ms() is None
    copies.claim("tur", 6, by="tur", last_word=True)
    copies.claim("dog", 1, by="dog", last_word=True)
    assert list(copies.ask(T0)) == [("dog", 0), ("tur", 4)]
    assert list(copies.ask(T0 + RESEND_MS - 1)) == []
    assert copies.due_ms() == T0 + RESEND_MS
    copies.advance("tur", Head(5, "d5"))
    assert list(copies.ask(T0 + 1)) == [("tur", 5)]
    assert copies.due_ms() == T0 + RESEND_MS, "the older of the two"
    assert list(copies.ask(T0 + RESEND_MS)) == [("dog", 0)]


def test_what_was_asked_over_a_broken_link_is_asked_again(copies: Copies) -> None:
    """With a new connection nobody waits for answers to requests of the old one."""
    copies.claim("tur", 6, by="tur", last_word=True)
    assert list(copies.ask(T0)) == [("tur", 4)]
    copies.forget_asking()
    assert list(copies.ask(T0 + 1)) == [("tur", 4)]


def test_a_journal_that_is_ahead_waits_for_the_other_one_as_long_as_that_comes(
    copies: Copies,
) -> None:
    """One that does not come holds up nothing for longer than a request is given time."""
    copies.claim("tur", 9, by="tur", last_word=True)
    copies.claim("isr", 9, by="tur", last_word=True)
    ahead = {"isr": "tur"}
    assert list(copies.ask(T0, ahead)) == [("tur", 4)]
    copies.advance("tur", Head(5, "d5"))
    assert list(copies.ask(T0 + 1, ahead)) == [("tur", 5)]
    assert list(copies.ask(T0 + RESEND_MS, ahead)) == []
    assert list(copies.ask(T0 + 1 + RESEND_MS, ahead)) == [("isr", 0), ("tur", 5)]
    copies.advance("tur", Head(9, "d9"))
    copies.advance("isr", Head(1, "d1"))
    assert list(copies.ask(T0 + 2 + RESEND_MS, ahead)) == [("isr", 1)], (
        "nothing is left to wait for"
    )


def test_what_lets_another_catch_up_is_due_no_sooner_than_that(copies: Copies) -> None:
    """Its own time is over, and a station that woke for it would find nothing to do, for ever."""
    copies.claim("tur", 9, by="tur", last_word=True)
    copies.claim("isr", 9, by="tur", last_word=True)
    assert list(copies.ask(T0)) == [("isr", 0), ("tur", 4)]
    copies.advance("tur", Head(5, "d5"))
    ahead = {"isr": "tur"}
    assert list(copies.ask(T0 + RESEND_MS - 1, ahead)) == [("tur", 5)]
    assert list(copies.ask(T0 + RESEND_MS, ahead)) == []
    due_ms = copies.due_ms()
    assert due_ms == T0 + 2 * RESEND_MS - 1
    assert list(copies.ask(due_ms, ahead)) == [("isr", 0), ("tur", 5)]
    assert copies.due_ms() == due_ms + RESEND_MS


def test_a_gap_that_comes_after_the_clock_was_set_is_asked_for_soon(copies: Copies) -> None:
    """What was asked for before that, and is claimed no more, does not put it off by an hour."""
    copies.claim("tur", 6, by="dog", last_word=True)
    assert list(copies.ask(T0)) == [("tur", 4)]
    copies.claim("tur", 4, by="dog", last_word=True)
    copies.shift(-HOUR_MS)
    copies.claim("tur", 5, by="tur", last_word=True)
    assert list(copies.ask(T0 - HOUR_MS + RESEND_MS)) == [("tur", 4)]
