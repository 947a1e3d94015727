"""What is demanded of who leaves in order, on histories written by hand."""

import pytest

from sim.oracle.facts import Gone, Ref, Seen
from sim.oracle.goodbyes import goodbyes_are_no_alarm
from sim.oracle.silences import other_silences_are_alarms
from tests.sim.oracle.hand import Hand, ms

TUR = Ref("tur", 0)


def left(level: str = "WARNING", at_s: float = 100, due_s: float = 99) -> Hand:
    """Tur is stopped in order from 100 s to 200 s, and flagged."""
    hand = Hand()
    hand.suffers("leave", "tur", 100, 200)
    hand.evidence.gone.append(Gone("tur", ms(100), ms(200)))
    hand.flags("silent", TUR, level, due_s, at_s)
    return hand


@pytest.mark.parametrize(
    ("level", "at_s", "wrong"),
    [("WARNING", 100.1, 0), ("ALARM", 100.1, 1), ("ALARM", 199.9, 1), ("ALARM", 200, 0)],
)
def test_a_goodbye_is_no_alarm_until_its_station_should_be_back(
    level: str, at_s: float, wrong: int
) -> None:
    """Also if the watchdog dies meanwhile; but who does not hear it cannot know."""
    hand = left(level, at_s)
    text = ["dog/1 is an alarm, though tur said goodbye"][:wrong]
    assert [each for each in hand.breaks(goodbyes_are_no_alarm) if "alarm" in each] == text
    hand.suffers("kill", "dog", 90, 99)
    assert hand.breaks(goodbyes_are_no_alarm) == text
    hand.suffers("cut", "dog", 90, 95)
    assert hand.breaks(goodbyes_are_no_alarm) == []


@pytest.mark.parametrize(
    ("at_s", "hidden_s", "knew", "wrong"),
    [(150, 99, False, 1), (150, 140, False, 0), (150, 140, True, 1), (130, 140, False, 1)],
)
def test_a_watchdog_finds_no_goodbye_in_whose_place_a_lie_is(
    at_s: float, hidden_s: float, wrong: int, *, knew: bool
) -> None:
    """One that has flagged it needs not find it."""
    hand = left("ALARM", at_s)
    hand.suffers("hiding", "tur", hidden_s, hidden_s)
    hand.suffers("hiding", "isr", 100, 100)
    if knew:
        hand.flags("silent", TUR, "WARNING", 110)
    alarms = [each for each in hand.breaks(goodbyes_are_no_alarm) if "alarm" in each]
    assert len(alarms) == wrong


def test_who_is_not_back_as_promised_is_an_alarm_in_spite_of_a_goodbye() -> None:
    """The flag is due when the promise is over."""
    hand = left()
    hand.says("tur", 50, "suspend", until="2026-01-01T00:02:30.000Z")
    hand.flags("silent", TUR, "ALARM", 150)
    assert hand.breaks(goodbyes_are_no_alarm) == []


@pytest.mark.parametrize(("at_s", "wrong"), [(101.5, 0), (101.6, 1)])
def test_a_goodbye_is_flagged_at_once(at_s: float, wrong: int) -> None:
    """By a watchdog that is well."""
    hand = left(at_s=at_s)
    text = ["tur said goodbye, and no flag of dog says so"]
    assert hand.breaks(goodbyes_are_no_alarm) == text[:wrong]
    hand.suffers("kill", "dog", 99, 99.5)
    assert hand.breaks(goodbyes_are_no_alarm) == []


@pytest.mark.parametrize(
    ("at_s", "back_s", "wrong"),
    [
        (99.9, None, 1),
        (100, None, 0),
        (250, None, 0),
        (250, 150, 0),
        (250, 210.9, 0),
        (250, 211, 1),
        (150, 250, 0),
    ],
)
def test_only_a_goodbye_excuses_who_has_declared_nothing(
    at_s: float, back_s: float | None, wrong: int
) -> None:
    """Until the watchdog has surely seen the next process; what never stood does not matter."""
    hand = left(at_s=at_s)
    if back_s:
        hand.evidence.seen.append(Seen(ms(back_s), "dog", "tur", silent=False))
    text = ["dog/1 excuses tur, who had neither suspended nor said goodbye"]
    assert hand.breaks(other_silences_are_alarms) == text[:wrong]
    hand.clears("silent", TUR, at_s)
    assert hand.breaks(other_silences_are_alarms) == []


def test_nobody_elses_goodbye_is_an_excuse() -> None:
    """Nor does another watchdog's look count."""
    hand = left(at_s=250)
    hand.evidence.seen.append(Seen(ms(240), "isr", "tur", silent=False))
    hand.evidence.seen.append(Seen(ms(240), "dog", "isr", silent=False))
    assert hand.breaks(other_silences_are_alarms) == []
    hand.evidence.gone[0] = Gone("isr", ms(100), ms(200))
    assert len(hand.breaks(other_silences_are_alarms)) == 1


def test_where_a_clock_was_wrong_nothing_is_demanded_of_a_goodbye() -> None:
    """It may look older than what was heard before it; not long after that."""
    hand = left("ALARM", 150)
    hand.suffers("skew", "tur", 50, 60)
    assert len(hand.breaks(goodbyes_are_no_alarm)) == 2
    hand.suffers("skew", "tur", 50, 80)
    assert hand.breaks(goodbyes_are_no_alarm) == []
