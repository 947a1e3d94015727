"""Who asks for comm checks on a live line, and when first."""

from pathlib import Path

import pytest

from hotline.bodies import Check, Kind, Suspend
from hotline.picture.picture import Picture
from hotline.station.officer import Nobody
from hotline.times import HOUR_MS, MINUTE_MS
from tests.helpers import LINE, Author
from tests.services import serves


@pytest.mark.parametrize(
    ("name", "checks", "first_ms"),
    [
        ("isr", "20m", 20 * MINUTE_MS),
        ("tur", "20m", 10 * MINUTE_MS),
        ("watchdog", "20m", None),
        ("isr", "off", None),
    ],
)
def test_the_parties_take_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, checks: str, first_ms: int | None
) -> None:
    """The second asks midway between two checks of the first; a watchdog never asks."""
    monkeypatch.setenv("HOTLINE_CHECKS", checks)
    service = serves(tmp_path, name)
    now_ms = service._clock.now_ms()
    due_ms = service._with_checks(Nobody(), Picture(LINE)).due_ms()
    if first_ms is None:
        assert due_ms is None
    else:
        assert due_ms is not None
        assert 0 <= due_ms - now_ms - first_ms < MINUTE_MS


@pytest.mark.parametrize("who", ["isr", "tur"])
def test_none_is_asked_for_while_either_has_suspended_the_line(tmp_path: Path, who: str) -> None:
    """Nobody is there to answer, or we have said that we are not; before and after one is."""
    service = serves(tmp_path)
    picture, later_ms = Picture(LINE), service._clock.now_ms() + HOUR_MS
    checks = service._with_checks(Nobody(), picture)
    assert checks.say(later_ms) == [Check()]
    until_ms = later_ms + 2 * HOUR_MS
    picture.fold(Author(who).says(Kind.SUSPEND, Suspend(until=until_ms)))
    assert checks.say(until_ms - 1) == []
    assert checks.say(until_ms + HOUR_MS) == [Check()], "by its own word that is over"
