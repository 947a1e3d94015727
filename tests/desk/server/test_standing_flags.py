"""The flags that stand, and which of them a list has room for."""

from hotline.bodies import Clear, Flag, Kind, Level, Ref, Rule, Subject
from hotline.desk.server.standing_flags import StandingFlag, shown, standing_flags
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from tests.helpers import LINE, T0, Author, notice, stop


def flag(rule: Rule, level: Level, station: str = "tur", seq: int | None = None) -> Flag:
    """A flag that is due at the start."""
    return Flag(
        rule=rule, subject=Subject(station=station, seq=seq), level=level, due=T0, detail="x"
    )


def entries(
    count: int, rule: Rule, level: Level, about: Message | None = None
) -> list[StandingFlag]:
    """So many that stand, each of another record."""
    return [
        StandingFlag(FlagEntry(Ref("dog", seq), flag(rule, level, seq=seq), T0, None), T0, about)
        for seq in range(1, count + 1)
    ]


def test_each_flag_is_there_once_with_its_worst_level() -> None:
    """The worst last; one that is about a stop, and no other, is grave from its warning on."""
    dog, tur = Author("dog"), Author("tur")
    tur.says(Kind.STOP, stop(), T0)
    tur.says(Kind.NOTICE, notice(), T0)
    for seq in (1, 2):
        dog.says(Kind.FLAG, flag(Rule.UNANSWERED, Level.WARNING, "tur", seq), T0 + 1)
    dog.says(Kind.FLAG, flag(Rule.SILENT, Level.WARNING, "isr"), T0 + 2)
    dog.says(Kind.FLAG, flag(Rule.SILENT, Level.ALARM, "isr"), T0 + 3)
    picture = Picture(LINE)
    picture.fold_all([*tur.journal, *dog.journal])
    about_stop, about_flight, silent = standing_flags(picture)
    assert (about_stop.as_dict()["message"], about_stop.is_grave) == ("stop tur/1", True)
    assert not about_flight.is_grave
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


def test_what_was_cleared_stands_no_more_and_the_worst_is_the_last() -> None:
    """However they came: an alarm before a warning, and what is over not at all."""
    dog = Author("dog")
    dog.says(Kind.FLAG, flag(Rule.SILENT, Level.ALARM, "isr"), T0 + 1)
    dog.says(Kind.FLAG, flag(Rule.CLOCK_SKEW, Level.WARNING, "isr"), T0 + 2)
    dog.says(Kind.FLAG, flag(Rule.BLIND, Level.ALARM, "tur"), T0 + 3)
    over = Clear(rule=Rule.BLIND, subject=Subject(station="tur"), reason="repaired")
    dog.says(Kind.CLEAR, over, T0 + 4)
    picture = Picture(LINE)
    picture.fold_all(dog.journal)
    assert [each.worst.flag.rule for each in standing_flags(picture)] == [
        Rule.CLOCK_SKEW,
        Rule.SILENT,
    ]


def test_a_stop_that_nobody_has_answered_has_a_share_among_flights() -> None:
    """Of one rule and one level, what is about a stop is another sort than about flights."""
    tur = Author("tur")
    call, flight = tur.says(Kind.STOP, stop()), tur.says(Kind.NOTICE, notice())
    picture = Picture(LINE)
    picture.fold_all(tur.journal)
    rule, level = Rule.UNANSWERED, Level.VOICE_REQUIRED
    stops = entries(1, rule, level, picture.messages[call.ref])
    flights = entries(9, rule, level, picture.messages[flight.ref])
    assert shown([*stops, *flights], 2) == [*stops, flights[-1]]


def test_no_rule_pushes_out_another_of_its_level() -> None:
    """An alarm for a silent station is there, however many receipts are missing."""
    silent = entries(1, Rule.SILENT, Level.ALARM)
    missing = entries(9, Rule.UNDELIVERED, Level.ALARM)
    assert shown([*silent, *missing], 3) == [*silent, *missing[-2:]]
