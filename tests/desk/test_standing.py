"""The flags that stand, and which of them a list has room for."""

from hotline.bodies import Flag, Kind, Level, Ref, Rule, Subject
from hotline.desk.standing import StandingFlag, shown, standing
from hotline.past import FlagEntry
from hotline.picture import Picture
from tests.helpers import LINE, T0, Author, stop


def flag(rule: Rule, level: Level, station: str = "tur", seq: int | None = None) -> Flag:
    """A flag that is due at the start."""
    return Flag(
        rule=rule, subject=Subject(station=station, seq=seq), level=level, due=T0, detail="x"
    )


def entries(count: int, rule: Rule, level: Level) -> list[StandingFlag]:
    """So many that stand, each of another record."""
    return [
        StandingFlag(FlagEntry(Ref("dog", seq), flag(rule, level, seq=seq), T0, None), T0, None)
        for seq in range(1, count + 1)
    ]


def test_each_flag_is_there_once_with_its_worst_level() -> None:
    """The worst last; one that is about a stop is grave from its warning on."""
    dog, tur = Author("dog"), Author("tur")
    tur.says(Kind.STOP, stop(), T0)
    dog.says(Kind.FLAG, flag(Rule.UNANSWERED, Level.WARNING, "tur", 1), T0 + 1)
    dog.says(Kind.FLAG, flag(Rule.SILENT, Level.WARNING, "isr"), T0 + 2)
    dog.says(Kind.FLAG, flag(Rule.SILENT, Level.ALARM, "isr"), T0 + 3)
    picture = Picture(LINE)
    picture.fold_all([*tur.journal, *dog.journal])
    about_stop, silent = standing(picture)
    assert (about_stop.as_dict()["message"], about_stop.is_grave) == ("stop tur/1", True)
    assert (silent.worst.level, silent.since_ms, silent.is_grave) == (Level.ALARM, T0 + 2, True)


def test_warnings_make_room_for_alarms() -> None:
    """And no sort of alarm pushes out another, however many there are."""
    silent = entries(1, Rule.SILENT, Level.ALARM)
    calls = entries(9, Rule.UNANSWERED, Level.VOICE_REQUIRED)
    warnings = entries(9, Rule.LATE_NOTICE, Level.WARNING)
    every = [*warnings, *silent, *calls]
    assert shown(every, 19) == every
    assert shown(every, 12) == [*warnings[-2:], *silent, *calls]
    assert shown(every, 3) == [*silent, *calls[-2:]]
