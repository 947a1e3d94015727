"""Much is done a portion in each turn."""

import pytest

from hotline.watchdog import portions
from hotline.watchdog.portions import Portions


def test_all_is_taken_in_its_order_a_portion_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found once; begun anew, it is found again."""
    monkeypatch.setattr(portions, "MOST", 2)
    there = [1, 2, 3]
    found = Portions(lambda: list(there))
    assert not found.are_taken
    assert (found.take(), found.are_taken) == ([1, 2], False)
    there.append(4)
    assert (found.take(), found.are_taken) == ([3], True)
    found.begin_anew()
    assert not found.are_taken
    assert [found.take(), found.take()] == [[1, 2], [3, 4]]


def test_nothing_is_one_portion() -> None:
    """An empty one, and the last."""
    nothing = Portions[int](list)
    assert (list(nothing.take()), nothing.are_taken) == ([], True)
