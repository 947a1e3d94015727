"""The oracle's demands about flights, on histories written by hand."""

import pytest

from sim.oracle.evidence import to_text
from sim.oracle.facts import Flown, Ref
from sim.oracle.windows import (
    ends_are_told,
    late_notices_flagged,
    off_nominal_is_told,
    openings_are_told,
)
from tests.sim.oracle.hand import Hand, ms


@pytest.mark.parametrize(
    ("opens_s", "level"), [(69.999, "WARNING"), (10.001, "WARNING"), (10, "ALARM"), (5, "ALARM")]
)
def test_a_late_notice_is_flagged_by_how_late_it_is(opens_s: float, level: str) -> None:
    """A minute is due; once the window is open it is an alarm, and no other level will do."""
    hand = Hand()
    notice = hand.notice(10, opens_s=opens_s)
    assert len(hand.breaks(late_notices_flagged)) == 1
    hand.flags("late_notice", notice, level, opens_s - 60, 10.02)
    assert hand.breaks(late_notices_flagged) == []
    other = "ALARM" if level == "WARNING" else "WARNING"
    hand.flags("late_notice", notice, other, opens_s - 60, 10.03)
    assert len(hand.breaks(late_notices_flagged)) == 1


@pytest.mark.parametrize("opens_s", [70, None])
def test_a_notice_in_time_is_not_flagged(opens_s: float | None) -> None:
    """Nor one of a flight that has no window."""
    hand = Hand()
    notice = hand.notice(10, opens_s=opens_s)
    assert hand.breaks(late_notices_flagged) == []
    hand.flags("late_notice", notice, "WARNING", 10, 10.02)
    assert len(hand.breaks(late_notices_flagged)) == 1


def test_a_late_notice_is_flagged_when_it_is_heard() -> None:
    """At most a tick later, unless something was wrong."""
    hand = Hand()
    hand.flags("late_notice", hand.notice(10, opens_s=60), "WARNING", 0, 11.011)
    assert hand.breaks(late_notices_flagged) == [
        "isr/1: flagged by dog/1 1001 ms after it was heard"
    ]
    hand.suffers("kill", "dog", 10, 11)
    assert hand.breaks(late_notices_flagged) == []


@pytest.mark.parametrize(
    ("told_s", "breaks"),
    [
        ([100.5], []),
        ([], ["isr/1: told [] ms after its window opened"]),
        ([99.9], ["isr/1: told [-100] ms after its window opened"]),
        ([100.1, 100.2], ["isr/1: told [100, 200] ms after its window opened"]),
        ([101.1], ["isr/1: told [] ms after its window opened"]),
    ],
)
@pytest.mark.parametrize("phase", ["active", "off_nominal"])
def test_an_opening_is_told_once_and_in_time(
    told_s: list[float], breaks: list[str], phase: str
) -> None:
    """Whether the flight goes as it was said or not."""
    hand = Hand()
    notice = hand.notice(10, opens_s=100)
    hand.evidence.flown += [Flown(ms(at_s), "dog", notice, phase) for at_s in told_s]
    assert hand.breaks(openings_are_told) == breaks


def test_a_flight_may_be_stopped_as_soon_as_it_is_open() -> None:
    """That is told besides its opening."""
    hand = Hand()
    notice = hand.notice(0, opens_s=100)
    for phase, at_s in (("active", 100), ("off_nominal", 100.5)):
        hand.evidence.flown.append(Flown(ms(at_s), "dog", notice, phase))
    assert hand.breaks(openings_are_told) == []


@pytest.mark.parametrize(
    ("cancelled_s", "phase", "told_s", "times"),
    [
        (None, "ended", [200.5], 1),
        (None, "ended", [], 0),
        (None, "ended", [200.1, 200.2], 2),
        (None, "ended_early", [200.5], 0),
        (150, "ended_early", [150.5], 1),
        (150, "ended_early", [152], 0),
        (150, "ended", [200.5], 0),
    ],
)
def test_the_end_of_a_flight_is_told_once_and_in_time(
    cancelled_s: float | None, phase: str, told_s: list[float], times: int
) -> None:
    """Its window closes, or it is cancelled in the air."""
    hand = Hand()
    window = {"time_start": {"value": to_text(ms(100))}, "time_end": {"value": to_text(ms(200))}}
    says = {"notice": "N", "precedence": "FLASH", "volumes": [window]}
    notice = hand.says("isr", 10, "notice", **says)
    if cancelled_s:
        hand.says("isr", cancelled_s, "cancel", notice="N")
    hand.evidence.flown += [Flown(ms(at_s), "dog", notice, phase) for at_s in told_s]
    expected = "ended_early" if cancelled_s else "ended"
    broken = [] if times == 1 else [f"isr/1: {expected} is told {times} times"]
    assert hand.breaks(ends_are_told) == broken
    hand.suffers("kill", "dog", 50, 60)
    assert hand.breaks(ends_are_told) == broken, "it is back, and follows the flight again"
    ends_s = cancelled_s or 200
    hand.suffers("kill", "dog", ends_s - 5, ends_s - 2)
    assert hand.breaks(ends_are_told) == []


def test_a_flight_with_a_window_that_stays_open_has_no_end() -> None:
    """Whenever the others close."""
    hand = Hand()
    window = {"time_start": {"value": to_text(ms(100))}, "time_end": {"value": to_text(ms(200))}}
    open_end = {"time_start": {"value": to_text(ms(150))}}
    hand.says("isr", 10, "notice", notice="N", precedence="FLASH", volumes=[window, open_end])
    assert hand.breaks(ends_are_told) == []


@pytest.mark.parametrize("cancelled_s", [50, 100.9, 199.5, 200.5, 300])
def test_a_flight_that_was_not_cancelled_in_the_air_has_no_early_end(cancelled_s: float) -> None:
    """Not before its window opens or just then, nor when it closes or later."""
    hand = Hand()
    window = {"time_start": {"value": to_text(ms(100))}, "time_end": {"value": to_text(ms(200))}}
    notice = hand.says("isr", 10, "notice", notice="N", precedence="FLASH", volumes=[window])
    hand.says("isr", cancelled_s, "cancel", notice="N")
    if cancelled_s > 201:
        hand.evidence.flown.append(Flown(ms(200), "dog", notice, "ended"))
    assert hand.breaks(ends_are_told) == []


@pytest.mark.parametrize(("at_s", "said_s"), [(99, 102), (102, 99), (198, 201), (201, 198)])
def test_what_is_cancelled_in_the_air_by_one_clock_alone_may_be_told_either_way(
    at_s: float, said_s: float
) -> None:
    """By that of its author, or by the watchdog's."""
    hand = Hand()
    window = {"time_start": {"value": to_text(ms(100))}, "time_end": {"value": to_text(ms(200))}}
    hand.says("isr", 10, "notice", notice="N", precedence="FLASH", volumes=[window])
    hand.was_said(hand.says("isr", at_s, "cancel", notice="N"), said_s)
    assert hand.breaks(ends_are_told) == []


@pytest.mark.parametrize(("whom", "asked"), [("isr", 1), ("dog", 0)])
def test_a_watchdog_tells_of_flights_by_its_own_clock(whom: str, asked: int) -> None:
    """If that was wrong, it may have told so before; a party's clock does not matter then."""
    hand = Hand()
    window = {"time_start": {"value": to_text(ms(100))}, "time_end": {"value": to_text(ms(200))}}
    hand.says("isr", 10, "notice", notice="N", precedence="FLASH", volumes=[window])
    hand.suffers("skew", whom, 20, 21)
    hand.suffers("skew", "dog", 500, 501)
    demands = (openings_are_told, ends_are_told)
    assert [len(hand.breaks(demand)) for demand in demands] == [asked, asked]


def test_what_others_tell_is_no_opening_told_by_the_watchdog() -> None:
    """Nor is the end of the flight."""
    hand = Hand()
    notice = hand.notice(10, opens_s=100)
    hand.evidence.flown += [
        Flown(ms(100.1), "isr", notice, "active"),
        Flown(ms(100.1), "dog", notice, "ended"),
    ]
    assert len(hand.breaks(openings_are_told)) == 1


def test_nobody_asks_for_the_opening_of_what_does_not_open() -> None:
    """It was taken back, or open when it was said, or something was wrong just then."""
    hand = Hand()
    hand.notice(10, opens_s=100)
    hand.says("isr", 50, "cancel", notice="N")
    assert hand.breaks(openings_are_told) == []
    hand = Hand()
    hand.notice(10, opens_s=5)
    assert hand.breaks(openings_are_told) == []
    hand = Hand()
    hand.notice(10, opens_s=100)
    hand.suffers("cut", "dog", 90, 95)
    assert hand.breaks(openings_are_told) == []


def flown(
    *revised_s: float, opens_s: float = 100, told: tuple[tuple[int, float], ...] = ()
) -> Hand:
    """A flight from then to 200 s that is revised at these times; its revisions fly at once.

    Told is that a revision, by its number, is off nominal, and when.
    """
    hand = Hand()
    for number, at_s in enumerate([10, *revised_s]):
        since_s = min(at_s, 100) if number else opens_s
        times = {"time_start": since_s, "time_end": 200}
        window = {name: {"value": to_text(ms(value_s))} for name, value_s in times.items()}
        hand.says("isr", at_s, "notice", notice="N", precedence="FLASH", volumes=[window])
    for revision, at_s in told:
        hand.evidence.flown.append(Flown(ms(at_s), "dog", Ref("isr", revision), "off_nominal"))
    return hand


@pytest.mark.parametrize(
    ("told_s", "times"), [((150.5,), 1), ((), 0), ((151.1,), 0), ((150.1, 150.2), 2)]
)
def test_what_is_revised_in_the_air_is_off_nominal(told_s: tuple[float, ...], times: int) -> None:
    """Told once, as soon as it is heard, by a watchdog that is well."""
    hand = flown(150, told=tuple((2, at_s) for at_s in told_s))
    text = [] if times == 1 else [f"isr/2: off nominal is told {times} times"]
    assert hand.breaks(off_nominal_is_told) == text
    hand.suffers("kill", "dog", 140, 141)
    assert hand.breaks(off_nominal_is_told) == []


def test_what_was_off_nominal_once_stays_so_in_the_next_revision() -> None:
    """It was said in time, but of a flight that goes on."""
    hand = flown(150, 160, told=((2, 150.1), (3, 160.1)))
    assert hand.breaks(off_nominal_is_told) == []
    hand = flown(150, 210, told=((2, 150.1),))
    assert hand.breaks(off_nominal_is_told) == [], "it is over"


@pytest.mark.parametrize(
    ("opens_s", "revised_s", "wrong"), [(100, 99, 1), (100, 100, 0), (199, 200, 1)]
)
def test_what_is_revised_before_or_after_is_not(
    opens_s: float, revised_s: float, wrong: int
) -> None:
    """Its window is not open then."""
    hand = flown(revised_s, opens_s=opens_s, told=((2, revised_s + 0.1),))
    text = ["isr/2: told to be off nominal, which it was not"]
    assert hand.breaks(off_nominal_is_told) == text[:wrong]


def test_a_flight_that_is_stopped_is_off_nominal_from_then_on() -> None:
    """Not before its window opens, and whoever says so; another flight's stop is none of it."""
    for stop_s, told_s in ((50, 100.1), (150, 150.1)):
        hand = flown()
        hand.says("tur", stop_s, "stop", text="knock it off", notice="other")
        assert hand.breaks(off_nominal_is_told) == []
        hand.says("tur", stop_s, "stop", text="knock it off", notice="N")
        assert hand.breaks(off_nominal_is_told) == ["isr/1: off nominal is told 0 times"]
        told = Flown(ms(told_s), "dog", Ref("isr", 1), "off_nominal")
        hand.evidence.flown = [told]
        assert hand.breaks(off_nominal_is_told) == []
        hand.evidence.flown = [told._replace(at_ms=ms(stop_s - 1))]
        assert hand.breaks(off_nominal_is_told) == [
            "isr/1: told to be off nominal, which it was not",
            "isr/1: off nominal is told 0 times",
        ]
        hand.suffers("skew", "tur", 500, 501)
        assert len(hand.breaks(off_nominal_is_told)) == 2
        hand.suffers("skew", "dog", 500, 501)
        assert hand.breaks(off_nominal_is_told) == []


@pytest.mark.parametrize(
    ("at_s", "said_s", "must"), [(100.5, 102, False), (102, 100.5, False), (102, 102, True)]
)
def test_a_flight_that_one_of_two_clocks_takes_for_revised_need_not_be_told(
    at_s: float, said_s: float, *, must: bool
) -> None:
    """It was stopped before its window opened at 100 s."""
    hand = flown(at_s)
    hand.was_said(Ref("isr", 2), said_s)
    hand.says("tur", 50, "stop", text="knock it off", notice="N")
    assert ("isr/1: off nominal is told 0 times" in hand.breaks(off_nominal_is_told)) is must
