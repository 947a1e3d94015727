"""What is demanded of who was away, on histories written by hand."""

import pytest

from sim.oracle.facts import Gone, Ref, Seen
from sim.oracle.returns import (
    nothing_is_judged_at_a_return,
    overdue_is_flagged_at_once,
    set_clocks_blame_nobody,
    sleepers_blame_nobody,
)
from tests.sim.oracle.hand import Hand, ms


def asleep(whom: str = "dog", kind: str = "sleep") -> Hand:
    """A line on which somebody sleeps from 100 s to 200 s."""
    hand = Hand()
    hand.suffers(kind, whom, 100, 200)
    return hand


@pytest.mark.parametrize(("at_s", "wrong"), [(150, 0), (201, 1), (214, 1), (216, 0)])
@pytest.mark.parametrize("whom", ["dog", "isr"])
def test_who_wakes_takes_nobody_for_gone(whom: str, at_s: float, wrong: int) -> None:
    """Before he could hear of him, unless something else is wrong."""
    hand = asleep(whom)
    hand.evidence.seen.append(Seen(ms(at_s), whom, "tur", silent=True))
    assert len(hand.breaks(sleepers_blame_nobody)) == wrong
    hand.suffers("kill", "tur", 120, 130)
    assert hand.breaks(sleepers_blame_nobody) == []


@pytest.mark.parametrize(("answered_s", "wrong"), [(130, 1), (160, 0)])
def test_what_was_answered_meanwhile_is_not_flagged(answered_s: float, wrong: int) -> None:
    """If that was in time."""
    hand = asleep()
    hand.answers(hand.notice(80), answered_s)
    flag = hand.flags("unanswered", Ref("isr", 1), "WARNING", 140, 202)
    text = f"{flag} flags isr/1, answered during a sleep"
    assert hand.breaks(sleepers_blame_nobody) == [text][:wrong]


def test_nobody_is_held_to_times_that_a_wrong_clock_has_written() -> None:
    """The watchdog that is back, if a clock was wrong in the wait; who wakes, if one just was."""
    hand = asleep()
    hand.notice(80)
    hand.evidence.seen.append(Seen(ms(201), "dog", "tur", silent=True))
    demands = (overdue_is_flagged_at_once, sleepers_blame_nobody)
    assert [len(hand.breaks(demand)) for demand in demands] == [1, 1]
    hand.suffers("skew", "isr", 500, 600)
    assert [len(hand.breaks(demand)) for demand in demands] == [0, 1]
    hand.suffers("skew", "isr", 190, 205)
    assert [hand.breaks(demand) for demand in demands] == [[], []]


@pytest.mark.parametrize(("kind", "wrong"), [("sleep", 1), ("kill", 1), ("deep-sleep", 0)])
def test_what_became_overdue_meanwhile_is_flagged(kind: str, wrong: int) -> None:
    """After the grace, by who need not connect anew."""
    hand = asleep(kind=kind)
    hand.notice(80)
    assert len(hand.breaks(overdue_is_flagged_at_once)) == wrong
    hand.flags("unanswered", Ref("isr", 1), "WARNING", 140, 201)
    assert hand.breaks(overdue_is_flagged_at_once) == []


def test_what_a_silence_excused_meanwhile_is_not_overdue() -> None:
    """A check to a party that has suspended its channel."""
    hand = asleep(kind="kill")
    hand.says("isr", 80, "check")
    assert len(hand.breaks(overdue_is_flagged_at_once)) == 1
    said = hand.says("tur", 90, "suspend")
    hand.says("isr", 91, "reply", refers_to=said._asdict(), answer="ROGER")
    assert hand.breaks(overdue_is_flagged_at_once) == []


@pytest.mark.parametrize(("kind", "wrong"), [("sleep", 0), ("kill", 1)])
def test_a_link_that_broke_in_a_sleep_is_made_anew_first(kind: str, wrong: int) -> None:
    """However long ago that was: nobody mends his links asleep."""
    hand = asleep(kind=kind)
    hand.notice(80)
    hand.suffers("late-will", "dog", 120, 125)
    assert len(hand.breaks(overdue_is_flagged_at_once)) == wrong


@pytest.mark.parametrize(
    ("at_s", "wrong"), [(99.9, 0), (100, 1), (114.5, 1), (114.6, 0), (200, 1), (214.6, 0)]
)
def test_whose_clock_is_set_takes_nobody_for_gone(at_s: float, wrong: int) -> None:
    """Before he could miss him, neither as it goes wrong nor as it is put right."""
    hand = Hand()
    hand.suffers("skew", "isr", 100, 200)
    hand.evidence.seen.append(Seen(ms(at_s), "isr", "tur", silent=True))
    assert len(hand.breaks(set_clocks_blame_nobody)) == wrong
    hand.suffers("kill", "tur", 90, 190)
    assert hand.breaks(set_clocks_blame_nobody) == []


@pytest.mark.parametrize(("at_s", "wrong"), [(199.9, 0), (200, 1), (200.9, 1), (201, 0)])
@pytest.mark.parametrize("kind", ["kill", "cut"])
def test_who_is_back_judges_nothing_before_the_grace(kind: str, at_s: float, wrong: int) -> None:
    """Whatever else is wrong, its clock too; and who is back after so long a cut only."""
    hand = asleep(kind=kind)
    hand.notice(80)
    hand.flags("unanswered", Ref("isr", 1), "WARNING", 140, at_s)
    assert len(hand.breaks(nothing_is_judged_at_a_return)) == wrong
    hand.evidence.troubles.clear()
    hand.suffers("cut", "dog", 180, 200)
    hand.suffers(kind, "tur", 100, 200)
    assert hand.breaks(nothing_is_judged_at_a_return) == []
    hand.suffers(kind, "dog", 100, 200)
    hand.suffers("skew", "dog", 100, 200)
    assert len(hand.breaks(nothing_is_judged_at_a_return)) == wrong


@pytest.mark.parametrize(("at_s", "wrong"), [(200.2, 0), (200.8, 0), (200.9, 0), (200.901, 1)])
def test_who_leaves_may_still_judge_in_a_last_turn(at_s: float, wrong: int) -> None:
    """Its disk is slow: it was told to leave at 100 s, has left at 200.8 s, and is back at once."""
    hand = asleep(kind="leave")
    hand.notice(80)
    hand.flags("unanswered", Ref("isr", 1), "WARNING", 140, at_s)
    assert len(hand.breaks(nothing_is_judged_at_a_return)) == 1
    hand.evidence.gone.append(Gone("dog", ms(200.8), ms(200.9)))
    hand.evidence.gone.append(Gone("dog", ms(400), ms(500)))
    assert len(hand.breaks(nothing_is_judged_at_a_return)) == wrong


@pytest.mark.parametrize(
    ("sights", "has_spoken", "wrong"),
    [
        ([("dog", "cat", False)], True, 0),
        ([("dog", "cat", False), ("cat", "dog", False)], False, 1),
        ([("dog", "cat", True)], True, 1),
        ([("dog", "cat", True)], False, 0),
    ],
)
def test_another_watchdog_that_says_nothing_must_be_waited_for(
    sights: list[tuple[str, str, bool]], *, has_spoken: bool, wrong: int
) -> None:
    """A broker shows the last status of one that sleeps as if it were there.

    One that is seen to be gone may hold words of a disk that was lost, if there is none.
    """
    hand = asleep(kind="kill")
    hand.evidence.watchdogs = ("dog", "cat")
    hand.evidence.disks["cat"] = {"cat": []}
    hand.notice(80)
    if has_spoken:
        hand.flags("undelivered", Ref("isr", 1), "WARNING", 95, 96)
    for by, station, silent in sights:
        hand.evidence.seen.append(Seen(ms(200.1), by, station, silent))
    assert len(hand.breaks(overdue_is_flagged_at_once)) == wrong
