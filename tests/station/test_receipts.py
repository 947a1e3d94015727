"""Receipts: cumulative, taken back only by a last word, and remembered as confirmed."""

from hotline.station.receipts import Receipts
from hotline.station.turn import Acknowledged
from hotline.status import Role
from tests.helpers import LINE, T0, told

HEADS = {"tur": 9}


def test_each_step_is_told_once() -> None:
    """From where to where."""
    receipts = Receipts(LINE.parties, {}, 1_000)
    assert list(receipts.hear(told("isr", tur=3), HEADS, last_word=True, now_ms=T0)) == [
        Acknowledged("isr", "tur", 0, 3)
    ]
    assert list(receipts.hear(told("isr", tur=3), HEADS, last_word=True, now_ms=T0)) == []
    assert receipts.acknowledged("tur", by="isr") == 3


def test_only_a_last_word_takes_back() -> None:
    """A will is older than the last status; a lost disk is news."""
    receipts = Receipts(LINE.parties, {}, 1_000)
    list(receipts.hear(told("isr", tur=3), HEADS, last_word=True, now_ms=T0))
    list(receipts.hear(told("isr", tur=1), HEADS, last_word=False, now_ms=T0))
    assert receipts.acknowledged("tur", by="isr") == 3
    list(receipts.hear(told("isr", tur=1), HEADS, last_word=True, now_ms=T0))
    assert receipts.acknowledged("tur", by="isr") == 1


def test_what_a_party_once_had_stays_confirmed() -> None:
    """Though its disk be lost; what a watchdog has is no receipt, whatever role it claims."""
    receipts = Receipts(LINE.parties, {"tur": 2}, 1_000)
    list(
        receipts.hear(
            told("dog", tur=9)._replace(role=Role.PARTY), HEADS, last_word=True, now_ms=T0
        )
    )
    assert receipts.confirmed == {"tur": 2}
    list(receipts.hear(told("isr", tur=3), HEADS, last_word=True, now_ms=T0))
    list(receipts.hear(told("isr", tur=0), HEADS, last_word=True, now_ms=T0))
    assert receipts.confirmed == {"tur": 3}


def test_journals_that_are_not_asked_about_do_not_count() -> None:
    """A status may name stations that are not on the line."""
    receipts = Receipts(LINE.parties, {}, 1_000)
    assert list(receipts.hear(told("isr", tur=3), {}, last_word=True, now_ms=T0)) == []
    assert receipts.acknowledged("tur", by="isr") == 0


def test_what_we_do_not_hold_ourselves_is_not_confirmed() -> None:
    """A false receipt for all that is still to be said is taken back, and leaves nothing behind."""
    receipts = Receipts(LINE.parties, {}, 1_000)
    list(receipts.hear(told("isr", tur=10**9), {"tur": 2}, last_word=True, now_ms=T0))
    assert receipts.confirmed == {"tur": 2}
    list(receipts.hear(told("isr", tur=3), {"tur": 5}, last_word=True, now_ms=T0))
    assert receipts.confirmed == {"tur": 3}
    assert receipts.acknowledged("tur", by="isr") == 3


def test_what_is_newly_confirmed_is_saved_once() -> None:
    """With the next records, which are waited for so long."""
    receipts = Receipts(LINE.parties, {"tur": 2}, patience_ms=1_000)
    list(receipts.hear(told("isr", tur=2), HEADS, last_word=True, now_ms=T0))
    assert (receipts.due_ms(), receipts.save()) == (None, {})
    list(receipts.hear(told("isr", tur=3), HEADS, last_word=True, now_ms=T0 + 1))
    list(receipts.hear(told("isr", tur=4), HEADS, last_word=True, now_ms=T0 + 2))
    assert receipts.due_ms() == T0 + 1_001
    receipts.shift(10)
    assert receipts.due_ms() == T0 + 1_011
    assert receipts.save() == {"tur": 4}
    assert receipts.save() == {}


def test_better_proof_is_saved_at_once_and_takes_nothing_back() -> None:
    """An answer to an early message says nothing of those behind it."""
    receipts = Receipts(LINE.parties, {"tur": 5}, patience_ms=1_000)
    receipts.prove("tur", 3)
    assert (receipts.due_ms(), receipts.save()) == (None, {})
    list(receipts.hear(told("isr", tur=6), HEADS, last_word=True, now_ms=T0))
    receipts.prove("tur", 7)
    due_ms = receipts.due_ms()
    assert due_ms is not None
    assert due_ms < -T0, "in whichever year a line is played"
    assert receipts.save() == {"tur": 7}


def test_who_leaves_saves_what_is_confirmed_and_only_that() -> None:
    """With the turn, without waiting for a record; also what comes behind the word to leave."""
    receipts = Receipts(LINE.parties, {}, patience_ms=1_000)
    list(receipts.hear(told("isr", tur=1), HEADS, last_word=True, now_ms=T0))
    receipts.hasten()
    assert (receipts.due_ms(), receipts.save(), receipts.due_ms()) == (T0, {"tur": 1}, None)
    list(receipts.hear(told("isr", tur=2), HEADS, last_word=True, now_ms=T0))
    assert receipts.due_ms() == T0
