"""Gaps in a journal's numbers, as somebody sees them who joined in the middle."""

import pytest

from hotline.commands import missing as module
from hotline.commands.missing import Missing

PATIENCE_MS = 15_000


def gaps(missing: Missing, now_ms: int = PATIENCE_MS) -> list[tuple[int, int]]:
    """Those that are told now."""
    return [(gap.first, gap.last) for gap in missing.due(now_ms)]


def test_numbers_between_two_records_are_missing_until_they_come() -> None:
    """In whatever order, and each is there once."""
    missing = Missing(PATIENCE_MS)
    for seq in (5, 10):
        missing.hear(seq, 0)
    assert (4 in missing, 6 in missing, 9 in missing, 10 in missing) == (False, True, True, False)
    for seq in (7, 9, 6, 6):
        missing.hear(seq, 1)
    assert gaps(missing, PATIENCE_MS - 1) == []
    assert gaps(missing) == [(8, 8)]
    assert gaps(missing) == [], "it was told"
    assert 8 in missing
    assert 11 in missing, "it may be replayed before a status tells of it"
    assert 11 not in Missing(PATIENCE_MS), "it may have been said before we joined"


def test_a_status_tells_of_last_words_that_did_not_come() -> None:
    """The first one only tells where we joined, be it before the first word."""
    for joined in (0, 40):
        missing = Missing(PATIENCE_MS)
        missing.learn(joined, 0)
        missing.learn(joined + 1, 0)
        assert gaps(missing) == [(joined + 1, joined + 1)]


def test_a_journal_that_is_shorter_than_was_claimed_lacks_nothing_beyond_its_end() -> None:
    """The last word counts; somebody may have lied."""
    missing = Missing(PATIENCE_MS)
    missing.hear(2, 0)
    for head in (700, 1000, 3):
        missing.learn(head, 0)
    assert gaps(missing) == [(3, 3)]
    missing.hear(4, 0)
    assert gaps(missing) == []


def test_a_journal_that_is_given_back_to_its_author_is_not_missing() -> None:
    """Its disk was lost; the others send it what we have heard long ago."""
    missing = Missing(PATIENCE_MS)
    for seq in (1, 2):
        missing.hear(seq, 0)
    for head in (0, 2, 3):
        missing.learn(head, 0)
    assert gaps(missing) == [(3, 3)]


def test_only_so_many_gaps_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A liar can make any number of them."""
    monkeypatch.setattr(module, "_MOST_GAPS", 3)
    missing = Missing(PATIENCE_MS)
    for seq in range(0, 20, 2):
        missing.hear(seq, 0)
    assert gaps(missing) == [(13, 13), (15, 15), (17, 17)]
