"""From silences to faults: what is told and seen of who was away."""

from collections.abc import Sequence

import pytest

from hotline.bodies import Flag, Kind, Level, Ref, Rule, Subject
from hotline.line import Line
from hotline.picture.flagged import FlagEntry
from hotline.records import Record
from hotline.timers import Timers
from sim.recording.absences import (
    Absence,
    all_of,
    apart,
    flagged,
    last_words_first,
    of_watchdogs,
    without_words,
)

LINE = Line("isr-tur", ("isr", "tur"), ("dog",))
TIMERS = Timers()  # a grace of 1 s


def flag(
    rule: Rule, subject: Subject, due_ms: int, raised_ms: int, cleared_ms: int | None = None
) -> FlagEntry:
    """A flag that the watchdog raised."""
    body = Flag(rule=rule, subject=subject, level=Level.ALARM, due=due_ms, detail="tur: link lost")
    return FlagEntry(Ref("dog", 1), body, raised_ms, cleared_ms)


def test_a_flagged_silence_is_an_absence() -> None:
    """From the flag to its clear; other flags are none."""
    silent = flag(Rule.SILENT, Subject(station="tur"), 10_000, 10_000, 50_000)
    other = flag(Rule.UNANSWERED, Subject(station="isr", seq=1), 0, 1_000)
    [absence] = flagged([silent, other])
    assert absence == Absence("tur", 10_000, 50_000, "tur: link lost")
    assert absence.why == "link lost"


@pytest.mark.parametrize(
    ("reason", "is_missed", "has_left"),
    [
        ("tur: link lost", False, False),
        ("tur: not heard for 15s", True, False),
        ("tur left the line", False, True),
        ("goodbye", False, True),
    ],
)
def test_how_a_station_went_shows_in_the_reason(
    reason: str, *, is_missed: bool, has_left: bool
) -> None:
    """A flag's words and a status's both tell it."""
    absence = Absence("tur", 0, None, reason)
    assert (absence.is_missed, absence.has_left) == (is_missed, has_left)


def test_what_was_flagged_and_seen_is_one_absence() -> None:
    """The flag's times count; what was only seen is added."""
    told = [Absence("tur", 10_000, 50_000, "told")]
    seen = [
        Absence("tur", 10_400, None, "seen"),
        Absence("dog", 5_000, 6_000, "seen"),
        Absence("tur", 60_000, 61_000, "seen"),
    ]
    found = all_of(told, seen)
    assert [(each.station, each.from_ms) for each in found] == [
        ("dog", 5_000),
        ("tur", 10_000),
        ("tur", 60_000),
    ]


SAID_MS = {Ref("isr", 1): 500, Ref("isr", 7): 38_000}


def late(due_ms: int, raised_ms: int) -> FlagEntry:
    """A silence of an officer that was seen only later."""
    return flag(Rule.UNANSWERED, Subject(station="isr", seq=1), due_ms, raised_ms)


def too_late(raised_ms: int) -> FlagEntry:
    """A notice that came after it was due."""
    return flag(Rule.LATE_NOTICE, Subject(station="isr", seq=7), 10_000, raised_ms)


@pytest.mark.parametrize(
    ("flags", "words_ms", "known", "expected"),
    [
        ([late(10_000, 11_000)], [], [], []),  # in time
        ([late(10_000, 40_000)], [], [], [(10_000, 39_000)]),
        ([late(10_000, 40_000), late(20_000, 40_000)], [40_000], [], [(10_000, 39_000)]),
        ([late(10_000, 40_000)], [10_900, 40_000], [], [(10_901, 39_000)]),  # it was there
        ([late(10_000, 40_000)], [38_700, 40_000], [], [(10_000, 38_699)]),  # it was back
        ([late(10_000, 40_000)], [], [Absence("isr", 9_000, 30_000, "cut")], []),
        ([too_late(40_000)], [], [], []),  # said at 38 s
        ([too_late(44_000)], [], [], []),  # the line may have been slow
        ([too_late(50_000)], [], [], [(38_000, 49_000)]),
    ],
)
def test_a_watchdog_that_flags_late_was_away(
    flags: Sequence[FlagEntry],
    words_ms: Sequence[int],
    known: Sequence[Absence],
    expected: list[tuple[int, int]],
) -> None:
    """From the deadline to its next word, or a grace before the flag, if nothing explains it."""
    words = [missed("dog", "isr", at_ms) for at_ms in words_ms]
    found = of_watchdogs(LINE, flags, words, SAID_MS, known=known, timers=TIMERS)
    assert [(each.from_ms, each.until_ms) for each in found] == expected


def test_who_is_away_explains_nothing_of_what_had_come_in() -> None:
    """A message that was flagged before, or the silence of another watchdog."""
    two = Line("isr-tur", ("isr", "tur"), ("dog", "cat"))
    gone = [Absence("isr", 9_000, 39_000, "cut"), Absence("cat", 9_000, 39_000, "cut")]
    before = late(2_000, 3_000)
    words = [Record("isr-tur", "dog", 1, 3_000, Kind.FLAG, before.flag, b"")]
    flags = [before, late(10_000, 40_000)]
    found = of_watchdogs(two, flags, words, {}, known=gone, timers=TIMERS)
    assert [(each.station, each.from_ms, each.until_ms) for each in found] == [
        ("dog", 10_000, 39_000)
    ]


def missed(by: str, whom: str, at_ms: int) -> Record:
    """A watchdog's flag of another's silence."""
    body = flag(Rule.SILENT, Subject(station=whom), at_ms, at_ms).flag
    return Record("isr-tur", by, 1, at_ms, Kind.FLAG, body, b"")


def test_watchdogs_that_flag_each_other_were_away_one_after_the_other() -> None:
    """Who speaks is back; whom it misses as it comes back has gone before."""
    away = [
        Absence("dog", 20_000, 65_000, "dog: link lost"),  # cat, which tells that, came back later
        Absence("cat", 60_000, 65_000, "cat: link lost"),
        Absence("tur", 60_000, 70_000, "tur: not heard for 15s"),
    ]
    words = [missed("cat", "dog", 20_000), missed("dog", "cat", 60_000)]
    assert apart(away, words) == [
        Absence("dog", 20_000, 60_000, "dog: link lost"),
        Absence("cat", 59_999, 65_000, "cat: link lost"),
        away[2],
    ]
    assert apart(away[1:], words[:1]) == away[1:], "nobody was back then"


@pytest.mark.parametrize(
    ("answer_ms", "reason", "from_ms"),
    [
        (13_000, "tur: link lost", 10_001),
        (30_000, "tur: link lost", 10_000),  # it was back by then
        (13_000, "tur: not heard for 15s", 10_000),  # that begins with a heartbeat
    ],
)
def test_who_was_answered_while_away_spoke_before(
    answer_ms: int, reason: str, from_ms: int
) -> None:
    """As one that dies once its word is out, and before it can do anything else."""
    away = Absence("tur", 10_000, 20_000, reason)
    said = Ref("tur", 4)
    found = last_words_first([away], [(Ref("isr", 9), said, answer_ms)], {said: 10_000})
    assert found == [away._replace(from_ms=from_ms)]


@pytest.mark.parametrize(
    ("words_ms", "span"),
    [
        ([9_999, 60_000], (10_000, 60_000)),
        ([10_000, 10_300], (10_301, 60_000)),  # by a clock that differs
        ([10_300, 31_000, 40_000], (10_301, 31_000)),  # nobody saw that it was back
    ],
)
def test_who_has_left_says_nothing(words_ms: Sequence[int], span: tuple[int, int]) -> None:
    """Soon after its goodbye it has not left yet; later it is back."""
    said_ms = {Ref("tur", at_ms): at_ms for at_ms in words_ms}
    gone, lost = (Absence("tur", 10_000, 60_000, why) for why in ("goodbye", "tur: link lost"))
    found = without_words([gone, lost], said_ms, TIMERS.clock_skew_ms)
    assert found == [gone._replace(from_ms=span[0], until_ms=span[1]), lost]


def test_of_two_watchdogs_both_were_away() -> None:
    """As with a line that stood still: each until it spoke, or until its link was seen to break."""
    two = Line("isr-tur", ("isr", "tur"), ("dog", "cat"))
    words = [missed("dog", "cat", 38_100)]
    known = [Absence("cat", 38_050, 38_200, "cat: link lost")]
    found = of_watchdogs(two, [late(10_000, 40_000)], words, {}, known=known, timers=TIMERS)
    assert [(each.station, each.from_ms, each.until_ms) for each in found] == [
        ("dog", 10_000, 38_099),
        ("cat", 10_000, 38_049),
    ]
