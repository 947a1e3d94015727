"""The lives of flags, on histories written by hand."""

import pytest

from sim.oracle.boards import boards_show_what_stands, flags_live
from sim.oracle.facts import Ref
from tests.sim.oracle.hand import END_S, Hand, ms

TUR = Ref("tur", 0)


def degraded() -> Hand:
    """A line on which tur's channel is degraded since 170 s by two checks of isr's."""
    hand = Hand()
    for at_s in (10, 110):
        hand.says("isr", at_s, "check")
    hand.flags("degraded", TUR, "ALARM", 170)
    return hand


@pytest.mark.parametrize(("at_s", "mends"), [(169, 0), (170, 1)])
def test_a_channel_is_mended_by_an_answer_on_it(at_s: float, mends: int) -> None:
    """To any of its checks, once it was degraded; until then it stands so, if for ever."""
    hand = degraded()
    assert hand.breaks(flags_live) == []
    hand.answers(Ref("isr", 1), at_s, "ROGER")
    assert hand.breaks(flags_live) == ["dog/1: degraded tur/0 is never cleared"][:mends]
    hand.clears("degraded", TUR, 172)
    text = ["dog/2 clears degraded tur/0, which nothing has mended"]
    assert hand.breaks(flags_live) == text[mends:]
    hand.evidence.stored["dog", Ref("tur", 1)] = ms(173)
    assert hand.breaks(flags_live) == text, "it has not heard of that yet"


def test_a_channel_may_be_mended_by_an_answer_that_came_second() -> None:
    """The watchdog has heard of a call, and not yet of the reply that was given before."""
    hand = degraded()
    hand.answers(Ref("isr", 1), 20, "ROGER")
    called = {"refers_to": {"station": "isr", "seq": 1}, "answer": "ROGER"}
    call = hand.says("isr", 171, "voice", **called)
    hand.clears("degraded", TUR, 172)
    assert hand.breaks(flags_live) == []
    hand.evidence.stored["dog", call] = ms(173)
    assert len(hand.breaks(flags_live)) == 1


@pytest.mark.parametrize(
    ("by", "at_s", "mends"), [("tur", 169, 0), ("tur", 170, 1), ("isr", 170, 0)]
)
def test_a_channel_is_mended_by_a_silence_that_its_party_declares(
    by: str, at_s: float, mends: int
) -> None:
    """Since it was degraded; the other party's is of another channel."""
    hand = degraded()
    hand.says(by, at_s, "suspend")
    assert hand.breaks(flags_live) == ["dog/1: degraded tur/0 is never cleared"][:mends]


def test_what_is_answered_on_the_other_channel_mends_nothing() -> None:
    """Nor is anything demanded where the clocks that would have to be compared were wrong."""
    late = degraded()
    late.answers(Ref("isr", 1), 180, "ROGER")
    for whom, stands in (("isr", 1), ("tur", 0)):
        late.suffers("skew", whom, 175, 185)
        assert len(late.breaks(flags_live)) == stands
    hand = degraded()
    check = hand.says("tur", 180, "check")
    hand.says("isr", 181, "reply", refers_to=check._asdict(), answer="ROGER")
    assert hand.breaks(flags_live) == []
    hand.says("tur", 190, "suspend")
    assert len(hand.breaks(flags_live)) == 1


@pytest.mark.parametrize("slow", ["slow", "slow-disk"])
def test_what_comes_late_makes_a_clock_look_slow(slow: str) -> None:
    """On a slow link, or over two slow disks; without any of its own it was blamed in vain."""
    hand = Hand()
    hand.flags("clock_skew", TUR, "WARNING", 100)
    hand.clears("clock_skew", TUR, 110)
    for whom, wrong in (("isr", 2), ("tur", 0)):
        hand.suffers(slow, whom, 90, 110)
        told = ["dog/1: clock_skew tur/0", "dog/2: clock_skew tur/0"][:wrong]
        assert hand.breaks(flags_live) == told


@pytest.mark.parametrize("kind", ["loss", "cut", "cut-out", "cut-in"])
def test_a_board_stays_as_a_loss_left_it_until_the_next_connection(kind: str) -> None:
    """What the watchdog puts up or takes down is lost, or what another puts up there."""
    hand = Hand()
    check = hand.says("isr", 10, "check")
    hand.flags("unanswered", check, "WARNING", 70)
    text = ["the board of dog does not show unanswered-isr-1 after dog/1"]
    assert hand.breaks(boards_show_what_stands) == text
    hand.suffers(kind, "dog", 69, 72)
    assert hand.breaks(boards_show_what_stands) == []
    hand.suffers("kill", "dog", 80, 90)
    assert hand.breaks(boards_show_what_stands) == text


def test_what_is_flagged_just_now_may_be_on_its_way_to_the_board() -> None:
    """Half a second is enough for that."""
    for before_s, wrong in ((0.5, 1), (0.499, 0)):
        hand = Hand()
        hand.flags("silent", TUR, "ALARM", END_S - 10, END_S - before_s)
        assert len(hand.breaks(boards_show_what_stands)) == wrong
