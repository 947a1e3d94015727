"""False claims of how far a journal goes, and why they do no lasting harm."""

import pytest

from hotline.bodies import Kind
from hotline.station.turn import Incoming
from tests.helpers import T0, Author, check, records, replay, status
from tests.machines import party, turn


@pytest.mark.parametrize("of", ["isr", "tur"])
def test_a_false_claim_does_no_lasting_harm(of: str) -> None:
    """The next true status of the station in whose name it was made takes it back."""
    isr = party()
    forged = status("tur", head=10**9) if of == "tur" else status("tur", isr=10**9)
    turn(isr, forged)
    assert isr.is_behind(of)
    turn(isr, status("tur", isr=0), now_ms=T0 + 1)
    assert not isr.is_behind(of)
    assert isr.may_speak
    assert isr.peers.receipts.acknowledged("isr", by="tur") == 0, "and so is a false receipt"


@pytest.mark.parametrize("of", ["isr", "dog"])
def test_who_leaves_a_journal_out_claims_nothing_of_it_any_more(of: str) -> None:
    """`held` is optional, and what a status says replaces all that its station said before."""
    isr = party()
    turn(isr, status("tur", isr=7) if of == "isr" else status("tur", dog=7))
    assert isr.is_behind(of)
    turn(isr, status("tur"), now_ms=T0 + 1)
    assert not isr.is_behind(of)


def test_a_false_claim_from_the_future_does_no_lasting_harm_either() -> None:
    """A forger cannot make his word the last one by giving it a late time."""
    isr = party()
    turn(isr, status("tur", at_ms=T0 + 10**9, head=10**9))
    turn(isr, status("tur", at_ms=T0 + 1), now_ms=T0 + 1)
    assert not isr.is_behind("tur")


def test_a_record_with_a_false_number_does_no_lasting_harm() -> None:
    """A record far ahead of its time is a claim like any other."""
    isr = party()
    far = Author("tur").notices(1)[0].raw.replace(b'"seq":1', b'"seq":999')
    turn(isr, Incoming("hotline/v1/isr-tur/tur/records", far))
    assert isr.is_behind("tur")
    turn(isr, status("tur"), now_ms=T0 + 1)
    assert not isr.is_behind("tur")


def test_a_status_that_a_record_overtook_does_not_hide_the_gap_that_this_shows() -> None:
    """It was said before the record, and knows nothing of it."""
    isr, tur = party(), Author("tur")
    for at_ms in (T0, T0 + 5):
        tur.says(Kind.CHECK, check(), at_ms)
    turn(isr, records(tur.journal[1]), now_ms=T0 + 6)
    turn(isr, status("tur", at_ms=T0 + 4), now_ms=T0 + 7)
    assert isr.is_behind("tur")
    turn(isr, status("tur", at_ms=T0 + 8), now_ms=T0 + 9)
    assert not isr.is_behind("tur")


def test_the_time_of_anothers_record_makes_no_status_an_old_one() -> None:
    """Who hands it on has a clock of his own, which may be behind the author's."""
    isr, tur = party(), Author("tur")
    tur.says(Kind.CHECK, check(), T0 + 5)
    turn(isr, status("dog", tur=2), now_ms=T0 + 1)
    turn(isr, replay("dog", "isr", *tur.journal), now_ms=T0 + 6)
    assert isr.is_behind("tur")
    turn(isr, status("dog", tur=1, at_ms=T0 + 4), now_ms=T0 + 7)
    assert not isr.is_behind("tur")


@pytest.mark.parametrize(
    "old_word",
    [
        status("tur", head=1, online=False, reason="link lost", at_ms=T0),
        status("tur", head=1, retained=True, at_ms=T0),
        status("tur", head=1, at_ms=T0 - 1),
        records(Author("tur").notices(2)[1]),
    ],
    ids=["will", "retained", "overtaken", "record"],
)
def test_an_old_word_does_not_make_us_forget_what_is_missing(old_word: Incoming) -> None:
    """Who once knew that a record exists goes on asking for it."""
    isr = party()
    turn(isr, status("tur", head=3, at_ms=T0))
    turn(isr, old_word, now_ms=T0 + 1)
    turn(isr, replay("tur", "isr", *Author("tur").notices(2)), now_ms=T0 + 2)
    assert isr.is_behind("tur")
