"""What is demanded at the end of a UTC day, on histories written by hand."""

import pytest

from sim.oracle.days import days_are_told
from sim.oracle.facts import Day, Ref
from tests.sim.oracle.hand import Hand, ms

DAY_S = 24 * 3_600
TUR = Ref("tur", 0)


def watched(*told: tuple[str, float, float, float]) -> Hand:
    """A day at whose end a watchdog that was started again tells this of the parties.

    Who, how long after the end, and how many seconds were silent, and declared so.
    """
    hand = Hand()
    hand.evidence.finished_ms = ms(DAY_S + 100)
    hand.says("isr", 10, "check")
    hand.suffers("kill", "dog", 100, 200)
    for party, late_s, *lengths_s in told:
        silent_ms, declared_ms = (round(length_s * 1_000) for length_s in lengths_s)
        span = ms(0), ms(DAY_S), silent_ms, declared_ms
        hand.evidence.days.append(Day(ms(DAY_S + late_s), "dog", party, *span))
    return hand


ISR = ("isr", 0.5, 0, 0)


@pytest.mark.parametrize(
    ("told", "late_ms"),
    [
        ([], []),
        ([("tur", 0, 0, 0)] * 2, [0, 0]),
        ([("tur", 1.001, 0, 0)], [1_001]),
        ([("tur", -0.001, 0, 0)], [-1]),
        ([("tur", 0, 0, 0)], None),
        ([("tur", 1, 0, 0)], None),
    ],
)
def test_a_day_is_told_once_of_each_party_and_in_time(
    told: list[tuple[str, float, float, float]], late_ms: list[int] | None
) -> None:
    """By a watchdog that is well."""
    hand = watched(ISR, *told)
    text = [] if late_ms is None else [f"the day of tur is told {late_ms} ms after its end"]
    assert hand.breaks(days_are_told) == text
    hand.suffers("cut", "dog", DAY_S - 10, DAY_S - 5)
    assert hand.breaks(days_are_told) == []


def test_a_watchdog_that_has_not_seen_a_day_begin_need_not_tell_it() -> None:
    """It was not started again, or had nothing on its disk when it was."""
    hand = watched()
    assert len(hand.breaks(days_are_told)) == 2
    hand.evidence.stored.clear()
    assert hand.breaks(days_are_told) == []
    hand = watched()
    hand.evidence.troubles.clear()
    assert hand.breaks(days_are_told) == []
    hand.suffers("kill", "isr", 100, 200)
    assert hand.breaks(days_are_told) == []


def test_a_party_was_silent_for_as_long_as_it_stood_flagged() -> None:
    """At whatever level, and to the end if that is not cleared; a part of it was declared."""
    hand = watched(ISR, ("tur", 0, 200, 60))
    hand.says("tur", 950, "suspend")
    hand.flags("silent", TUR, "WARNING", 899, 900)
    hand.flags("silent", TUR, "ALARM", 929, 930)
    hand.flags("silent", Ref("isr", 0), "ALARM", DAY_S, DAY_S + 50)
    hand.says("tur", 1_010, "resume")
    hand.clears("silent", TUR, 1_000)
    hand.flags("silent", TUR, "ALARM", DAY_S - 101, DAY_S - 100)
    assert hand.breaks(days_are_told) == [
        "tur is told to be silent for 200000 ms, 60000 of them declared: it was (200000, 50000)"
    ]
    hand.evidence.days[1] = hand.evidence.days[1]._replace(declared_ms=50_000)
    assert hand.breaks(days_are_told) == []


def test_what_a_watchdog_had_not_heard_by_then_does_not_count() -> None:
    """The end of a declared silence, or all of it."""
    hand = watched(ISR, ("tur", 0, 100, 0))
    hand.flags("silent", TUR, "WARNING", DAY_S - 101, DAY_S - 100)
    suspended = hand.says("tur", 500, "suspend")
    resumed = hand.says("tur", 600, "resume")
    assert hand.breaks(days_are_told) == []
    hand.is_told(resumed, DAY_S + 9, DAY_S + 10)
    assert len(hand.breaks(days_are_told)) == 1
    hand.is_told(suspended, DAY_S + 9, DAY_S + 10)
    assert hand.breaks(days_are_told) == []


@pytest.mark.parametrize("kind", ["skew", "disk-loss"])
@pytest.mark.parametrize(("whom", "asked"), [("isr", 2), ("dog", 0)])
def test_whose_clock_was_wrong_or_disk_lost_is_not_asked_for_a_day(
    kind: str, whom: str, asked: int
) -> None:
    """Nor is a watchdog in a run that ends with it."""
    hand = watched()
    hand.suffers(kind, whom, 500, 501)
    assert len(hand.breaks(days_are_told)) == asked
    hand = watched()
    hand.evidence.finished_ms = ms(DAY_S + 0.5)
    assert hand.breaks(days_are_told) == []
