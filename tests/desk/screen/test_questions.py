"""What a form asks for, and how what was typed is read."""

import pytest

from hotline.desk.screen.questions import Question, moment, number
from tests.helpers import T0


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("10m", "06:10:00"),
        ("+10m", "06:10:00"),
        ("06:30", "06:30:00"),
        ("2026-01-12T07:00:00Z", "07:00:00"),
    ],
)
def test_a_moment(typed: str, at: str) -> None:
    """As a person types it."""
    assert moment(typed, T0) == f"2026-01-12T{at}.000Z"


def test_what_cannot_be_a_moment() -> None:
    """It must be a time, and one to come."""
    for typed in ("soon", "too close5m"):
        with pytest.raises(ValueError, match=rf"expected 14:30 \(UTC\).*, got '{typed}'"):
            moment(typed, T0)
    with pytest.raises(ValueError, match="is past: it is 06:00:00 UTC"):
        moment("2026-01-12T05:00:00Z", T0)


def test_nothing_typed() -> None:
    """It is None, or refused when it is needed."""
    assert Question("a", "A").answer("  ", T0) is None
    with pytest.raises(ValueError, match="is needed: like this"):
        Question("a", "A", "like this", needed=True).answer(" ", T0)
    with pytest.raises(ValueError, match="is needed: ← and → choose one"):
        Question("a", "A", needed=True, choices=("b", "c")).answer("", T0)
    hours = number(float, "a number of hours")
    assert Question("a", "A", read=hours).answer(" 1.5 ", T0) == 1.5
    with pytest.raises(ValueError, match="expected a number of hours, got 'x'"):
        hours("x", T0)
