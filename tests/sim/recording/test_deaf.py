"""From flags to those who heard nobody: one who is deaf is not everybody who is gone."""

import pytest

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.line import Line
from hotline.picture.flag_entry import FlagEntry
from hotline.timers import Timers
from sim.recording import deaf
from sim.recording.absences import HEARD_NOBODY, Absence

LINE = Line("isr-tur", ("isr", "tur"), ("dog", "cat"))
ALONE = Line("isr-tur", ("isr", "tur"), ("dog",))
TIMERS = Timers()  # a heartbeat every 5 s, three missed; a receipt within 5 s
MISSED = "not heard for 15s"
TUR_1, TUR_2, ISR_1 = Ref("tur", 1), Ref("tur", 2), Ref("isr", 1)


def silent(
    whom: str, from_ms: int, until_ms: int | None, *, by: str = "dog", why: str = MISSED
) -> FlagEntry:
    """A watchdog's flag of a silence."""
    return _flag(Rule.SILENT, Subject(station=whom), from_ms, (from_ms, until_ms), by, why)


def undelivered(of: Ref, due_ms: int, until_ms: int | None, *, late_ms: int = 1_000) -> FlagEntry:
    """A watchdog's flag of a record that was not acknowledged."""
    times = (due_ms + late_ms, until_ms)
    return _flag(Rule.UNDELIVERED, Subject(station=of.station, seq=of.seq), due_ms, times)


def _flag(
    rule: Rule,
    subject: Subject,
    due_ms: int,
    times: tuple[int, int | None],
    by: str = "dog",
    detail: str = "x",
) -> FlagEntry:
    body = Flag(rule=rule, subject=subject, level=Level.ALARM, due=due_ms, detail=detail)
    return FlagEntry(Ref(by, 1), body, *times)


ALL = [silent("isr", 60_000, 90_000), silent("tur", 62_000, 93_000)]
ALL_OF_THREE = [*ALL, silent("cat", 63_000, 91_000)]


def test_a_watchdog_that_misses_everybody_at_once_is_deaf() -> None:
    """From the last heartbeat that it heard to the first that it heard again."""
    [found] = deaf.watchdogs(LINE, ALL_OF_THREE, TIMERS)
    assert found.absence == Absence("dog", 48_001, 89_999, HEARD_NOBODY)
    assert list(found.flags) == ALL_OF_THREE
    assert found.absence.what == "heard nobody, as it seems, though its link was open"


def test_who_had_gone_before_is_not_missed_again() -> None:
    """A watchdog misses nobody twice."""
    gone = silent("cat", 20_000, None, why="cat: link lost")
    [found] = deaf.watchdogs(LINE, [gone, *ALL], TIMERS)
    assert list(found.flags) == ALL


def test_it_may_be_deaf_twice_and_to_the_end() -> None:
    """Each time for itself."""
    again = [silent("isr", 160_000, None), silent("tur", 162_000, None)]
    found = [each.absence for each in deaf.watchdogs(ALONE, [*ALL, *again], TIMERS)]
    assert [(each.from_ms, each.until_ms) for each in found] == [(47_001, 89_999), (147_001, None)]


@pytest.mark.parametrize(
    "flags",
    [
        ALL,  # it heard the other watchdog
        ALL_OF_THREE[:1],
        [*ALL, silent("cat", 63_000, 91_000, by="cat")],  # another's flag
        [*ALL, silent("cat", 75_000, 91_000)],  # at another time
        [*ALL, silent("cat", 63_000, 120_000)],  # it came back at another time
        [*ALL, silent("cat", 63_000, None)],
        [*ALL, silent("cat", 63_000, 91_000, why="cat: link lost")],  # somebody told of it
        [*ALL_OF_THREE, undelivered(TUR_1, 65_000, 95_000)],
    ],
)
def test_else_they_were_away(flags: list[FlagEntry]) -> None:
    """It heard somebody, or what was said meanwhile did not come."""
    assert list(deaf.watchdogs(LINE, flags, TIMERS)) == []


def test_what_it_takes_back_as_soon_as_it_hears_again_shows_nothing() -> None:
    """It has the record a moment before its receipt."""
    flags = [*ALL_OF_THREE, undelivered(TUR_1, 65_000, 90_010, late_ms=25_000)]
    assert len(list(deaf.watchdogs(LINE, flags, TIMERS))) == 1


def found(
    *flags: FlagEntry,
    said_ms: dict[Ref, int] | None = None,
    answers: tuple[tuple[Ref, Ref, int], ...] = (),
    known: tuple[Absence, ...] = (),
) -> list[Absence]:
    """The parties that were deaf when tur said something at 10 s."""
    said = {TUR_1: 10_000, **(said_ms or {})}
    return list(deaf.parties(ALONE, flags, said, answers, known=known, timers=TIMERS))


def test_a_party_that_acknowledges_nothing_is_deaf() -> None:
    """From before the record until a heartbeat before its receipt: with that one it came."""
    assert found(undelivered(TUR_1, 15_000, 40_000)) == [
        Absence("isr", 9_999, 35_000, HEARD_NOBODY)
    ]


def test_it_is_deaf_at_least_until_its_last_flag() -> None:
    """Which would else not come again."""
    flags = [undelivered(TUR_1, 15_000, 52_000), undelivered(TUR_1, 50_000, 52_000)]
    assert found(*flags) == [Absence("isr", 9_999, 51_001, HEARD_NOBODY)]


def test_several_records_tell_of_one_time() -> None:
    """Also if that did not end."""
    flags = [undelivered(TUR_1, 15_000, 40_000), undelivered(TUR_2, 25_000, 40_500)]
    said = {TUR_2: 20_000}
    assert found(*flags, said_ms=said) == [Absence("isr", 9_999, 35_500, HEARD_NOBODY)]
    flags[1] = undelivered(TUR_2, 25_000, None)
    assert found(*flags, said_ms=said) == [Absence("isr", 9_999, None, HEARD_NOBODY)]


def test_who_heard_something_meanwhile_is_not_deaf() -> None:
    """It acknowledged another record in time, or answered it; its own words show nothing."""
    flag = undelivered(TUR_1, 15_000, 60_000)
    assert found(flag, said_ms={TUR_2: 20_000}) == []
    assert found(flag, said_ms={TUR_2: 50_000}), "it may have come later"
    answer = (ISR_1, TUR_2, 52_000)
    assert found(flag, said_ms={TUR_2: 50_000}, answers=(answer,)) == []
    assert found(flag, said_ms={ISR_1: 20_000})


@pytest.mark.parametrize("station", ["isr", "tur", "dog"])
def test_what_somebodys_absence_explains_shows_no_deafness(station: str) -> None:
    """Of a party, or of the watchdog."""
    gone = Absence(station, 12_000, 30_000, f"{station}: link lost")
    assert found(undelivered(TUR_1, 15_000, 40_000), known=(gone,)) == []
    before = gone._replace(from_ms=1_000, until_ms=9_000)
    assert found(undelivered(TUR_1, 15_000, 40_000), known=(before,))


def test_a_flag_that_comes_late_shows_no_deafness() -> None:
    """The watchdog did not know of the record before."""
    assert found(undelivered(TUR_1, 15_000, 40_000, late_ms=9_000)) == []
