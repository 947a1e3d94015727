"""A machine is made from its own station's journal."""

from contextlib import closing
from pathlib import Path

import pytest

from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.line import Line
from hotline.machine import open_station
from hotline.watchdog.watchdog import Watchdog
from tests.helpers import LINE, TIMERS, TWO_DOGS


@pytest.mark.parametrize("name", ["tur", "dog", "cyp"])
def test_no_station_speaks_from_the_journal_of_another(journal: Journal, name: str) -> None:
    """It would give numbers to its records that are given already, on the other's disk."""
    with pytest.raises(LocalError, match=f"the journal of isr on isr-tur, not of {name}"):
        open_station(journal, LINE, name, TIMERS)
    other = Line("cyp-lbn", LINE.parties, LINE.watchdogs)
    with pytest.raises(LocalError, match="not of isr on cyp-lbn"):
        open_station(journal, other, "isr", TIMERS)


def test_a_line_may_get_another_watchdog(tmp_path: Path) -> None:
    """The journal is still its station's."""
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        assert isinstance(open_station(journal, TWO_DOGS, "dog", TIMERS), Watchdog)


def test_a_station_must_be_on_its_line(tmp_path: Path) -> None:
    """Who spells a name wrong is told which there are."""
    names = r"tru is not a station of .* one of isr, tur, dog"
    with (
        closing(Journal.create(tmp_path, LINE, "tru")) as journal,
        pytest.raises(LocalError, match=names),
    ):
        open_station(journal, LINE, "tru", TIMERS)
