"""What a watchdog tells at midnight UTC."""

from contextlib import closing
from pathlib import Path

from hotline.bodies import Clear, Flag, Kind, Level, Rule, Subject
from hotline.journal.journal import Journal
from hotline.picture.picture import Picture
from hotline.station.turn import DayEnded, Turn
from hotline.times import DAY_MS, HOUR_MS
from hotline.watchdog.days import Days
from tests.helpers import LINE, T0, Author
from tests.watch import Watch

MIDNIGHT_MS = T0 + 18 * HOUR_MS
TUR = Subject(station="tur")
GONE = Flag(rule=Rule.SILENT, subject=TUR, level=Level.ALARM, due=T0, detail="gone")
BACK = Clear(rule=Rule.SILENT, subject=TUR, reason="back")


def test_a_day_is_told_when_it_ends_for_each_party() -> None:
    """From the first start on; then whole days."""
    picture = Picture(LINE)
    days = Days(picture)
    assert days.tick(T0) == []
    assert days.due_ms() == MIDNIGHT_MS
    assert days.tick(MIDNIGHT_MS - 1) == []
    dog = Author("dog")
    picture.fold(dog.says(Kind.FLAG, GONE, T0))
    picture.fold(dog.says(Kind.CLEAR, BACK, T0 + 9 * HOUR_MS))
    told = days.tick(MIDNIGHT_MS)
    assert [(day.party, day.availability.heard) for day in told] == [("isr", 1), ("tur", 0.5)]
    assert told[0].availability.from_ms == T0
    assert days.due_ms() == MIDNIGHT_MS + DAY_MS
    (_, tur) = days.tick(MIDNIGHT_MS + DAY_MS)
    assert (tur.availability.from_ms, tur.availability.heard) == (MIDNIGHT_MS, 1)


def test_of_the_last_minutes_of_a_first_day_nothing_is_told() -> None:
    """A figure of them would say nothing."""
    days = Days(Picture(LINE))
    days.tick(MIDNIGHT_MS - HOUR_MS + 1)
    assert days.tick(MIDNIGHT_MS) == []
    assert len(days.tick(MIDNIGHT_MS + DAY_MS)) == 2


def test_what_was_put_away_is_counted(tmp_path: Path) -> None:
    """A checkpoint at noon forgets no silence of the morning, nor does a restart."""
    dog = Author("dog")
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        picture = Picture(LINE, journal.shelf)
        picture.fold(dog.says(Kind.FLAG, GONE, T0))
        picture.fold(dog.says(Kind.CLEAR, BACK, T0 + 6 * HOUR_MS))
        journal.store(Turn(dog.journal, checkpoint=picture.put_away()))
        assert picture.flags == []
        days = Days(picture)
        days.tick(T0 + 12 * HOUR_MS)
        (_, tur) = days.tick(MIDNIGHT_MS)
    assert tur.availability.from_ms == MIDNIGHT_MS - DAY_MS
    assert tur.availability.heard == 0.75


def test_a_watchdog_tells_it_at_midnight() -> None:
    """And wakes for it."""
    wire = Watch()
    wire.go_to(MIDNIGHT_MS - 1)
    events = wire.seats["dog"].events
    assert not any(isinstance(event, DayEnded) for event in events)
    wire.go(1)
    told = [event.party for event in events if isinstance(event, DayEnded)]
    assert told == ["isr", "tur"]
