"""From flags to those who heard nobody: one who is deaf is not everybody who is gone."""

import pytest

from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.line import Line
from hotline.picture.flagged import FlagEntry
from hotline.timers import Timers
from hotline.watchdog.rules.blind import DEAF
from sim.recording import deaf
from sim.recording.absences import HEARD_NOBODY, Absence

ALONE = Line("isr-tur", ("isr", "tur"), ("dog",))
TIMERS = Timers()  # a heartbeat every 5 s, three missed; a receipt within 5 s
TUR_1, TUR_2, ISR_1 = Ref("tur", 1), Ref("tur", 2), Ref("isr", 1)


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


def blind(
    of: str, from_ms: int, until_ms: int | None, *, by: str = "dog", why: str = DEAF
) -> FlagEntry:
    """A watchdog's flag that it judges nothing, whose status of then was the first to be missed."""
    due_ms = from_ms + TIMERS.heartbeat_ms + TIMERS.grace_ms + TIMERS.receipt_ms
    return _flag(Rule.BLIND, Subject(station=of), due_ms, (due_ms + 1_000, until_ms), by, why)


def test_a_watchdog_is_deaf_by_its_own_word() -> None:
    """Once, although it says so of each party; and perhaps to the end."""
    both = [blind("isr", 50_000, 90_000), blind("tur", 50_000, 90_000)]
    again = blind("isr", 150_000, None, by="cat")
    assert deaf.watchdogs([*both, again], TIMERS) == [
        Absence("dog", 49_999, 89_999, HEARD_NOBODY),
        Absence("cat", 149_999, None, HEARD_NOBODY),
    ]
    assert deaf.watchdogs([blind("isr", 50_000, 90_000, why="cannot get")], TIMERS) == []


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
