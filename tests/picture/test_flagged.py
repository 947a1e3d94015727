"""Flags of all watchdogs, read together: each once, cleared when any says so."""

from hotline.bodies import Clear, Flag, Kind, Level, Rule, Subject
from hotline.picture.flagged import Flagged
from tests.helpers import T0, TWO_DOGS, Author

RECORD = Subject(station="tur", seq=1)
STATION = Subject(station="tur")


class Dogs:
    """Two watchdogs' journals, folded as they are written."""

    def __init__(self) -> None:
        self.flagged = Flagged()
        self.authors = {name: Author(name, TWO_DOGS) for name in TWO_DOGS.watchdogs}

    def flag(self, dog: str, subject: Subject, at_ms: int, due_ms: int = T0) -> None:
        """One of them raises a flag."""
        rule = Rule.UNANSWERED if subject.seq else Rule.SILENT
        flag = Flag(rule=rule, subject=subject, level=Level.ALARM, due=due_ms, detail="x")
        self.flagged.fold_flag(self.authors[dog].says(Kind.FLAG, flag, at_ms), flag)

    def clear(self, dog: str, subject: Subject, at_ms: int) -> bool:
        """One of them clears it."""
        rule = Rule.UNANSWERED if subject.seq else Rule.SILENT
        clear = Clear(rule=rule, subject=subject, reason="x")
        return self.flagged.fold_clear(self.authors[dog].says(Kind.CLEAR, clear, at_ms), clear)

    def seen(self) -> list[tuple[int, int | None]]:
        """When each flag came and went, from T0 on."""
        return [
            (e.raised_ms - T0, None if e.cleared_ms is None else e.cleared_ms - T0)
            for e in self.flagged.seen()
        ]


def test_what_two_say_of_a_record_is_one_flag() -> None:
    """From the first that raised it to the first that cleared it."""
    dogs = Dogs()
    dogs.flag("dog", RECORD, T0 + 2)
    dogs.flag("hound", RECORD, T0 + 1)
    dogs.clear("dog", RECORD, T0 + 9)
    assert dogs.seen() == [(1, 9)]


def test_a_silence_that_two_saw_at_different_times_is_one_flag() -> None:
    """Their deadlines differ, for each counts from when it heard the station last."""
    dogs = Dogs()
    dogs.flag("dog", STATION, T0 + 1, T0 + 1)
    dogs.flag("hound", STATION, T0 + 5, T0 + 5)
    dogs.clear("hound", STATION, T0 + 7)
    assert dogs.seen() == [(1, 7)]


def test_two_silences_are_two_flags() -> None:
    """Be they seen by one or by two."""
    dogs = Dogs()
    dogs.flag("dog", STATION, T0 + 1, T0 + 1)
    dogs.clear("dog", STATION, T0 + 2)
    dogs.flag("dog", STATION, T0 + 5, T0 + 5)
    dogs.clear("dog", STATION, T0 + 6)
    dogs.flag("hound", STATION, T0 + 8, T0 + 8)
    assert dogs.seen() == [(1, 2), (5, 6), (8, None)]


def test_what_was_not_raised_cannot_be_cleared() -> None:
    """Nor what another one raised."""
    dogs = Dogs()
    dogs.flag("dog", RECORD, T0)
    assert not dogs.clear("hound", RECORD, T0 + 1)
    assert dogs.clear("dog", RECORD, T0 + 1)
    assert not dogs.clear("dog", RECORD, T0 + 2)


def test_what_is_cleared_is_put_away_and_what_stands_stays() -> None:
    """Each is handed out once for each change."""
    dogs = Dogs()
    dogs.flag("dog", RECORD, T0)
    dogs.flag("dog", STATION, T0)
    dogs.clear("dog", RECORD, T0 + 1)
    assert len(dogs.flagged.put_away()) == 2
    assert [entry.flag.subject for entry in dogs.flagged.entries()] == [STATION]
    assert dogs.flagged.put_away() == []
    assert list(dogs.flagged.standing("dog")) == ["silent-tur"]
    assert dogs.flagged.of("dog", "unanswered-tur-1") == []
