"""What was put away is compared with what the records say, and only with those it was made of."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.taking_up import take_up
from hotline.journal.verifying import examine
from hotline.station.turn import Turn
from tests.helpers import LINE, Author, flag


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state directory whose checkpoint has not seen the last record."""
    with closing(Journal.create(tmp_path, LINE, "isr")) as journal:
        *seen, later = Author("isr").notices(5)
        journal.append([*seen, *Author("tur").notices(4), Author("dog").says(Kind.FLAG, flag())])
        journal.store(Turn(checkpoint=take_up(journal, LINE).put_away()))
        journal.append([later])
    return tmp_path


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("messages SET state = replace(state, '\"N-3\"', '\"N-7\"')", "the message of isr/3"),
        ("messages SET waits = 0 WHERE station = 'isr' AND seq = 3", "the message of isr/3"),
        ("flags SET standing = 0", "the flag of dog/1"),
        ("checkpoint SET stops = '{\"N-3\": 5}'", "the checkpoint"),
    ],
)
def test_what_was_put_away_and_is_not_what_the_records_say_is_told(
    state: Path, change: str, what: str
) -> None:
    """A bit that has flipped may leave it readable: people would read what nobody has said."""
    with closing(sqlite3.connect(state / FILE)) as connection, connection:
        connection.execute(f"UPDATE {change}")
    found = examine(state)
    assert f"beside the records: {what} is not what the records say" in found.broken
    assert found.records_are_whole


def test_what_is_not_put_away_yet_is_no_difference(state: Path) -> None:
    """Nor are the words of a watchdog that has left the line, of which nothing new is made."""
    assert examine(state).broken == []
    without_dog = replace(LINE, watchdogs=("other",))
    with closing(Journal.create(state, without_dog, "isr")) as journal:
        assert examine(state).broken == []
        journal.store(Turn(checkpoint=take_up(journal, without_dog).put_away()))
    assert examine(state).broken == []


def test_a_pruned_journal_has_nothing_to_compare_with(state: Path) -> None:
    """What its first records said is known only from what was put away."""
    with closing(Journal.create(state, LINE, "isr")) as journal:
        journal.prune({"isr": 2})
    assert examine(state).broken == []
