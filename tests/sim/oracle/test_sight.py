"""The oracle's demands about receipts and blindness, on histories written by hand."""

import pytest

from sim.oracle.facts import Gone, Ref, Seen, Trouble
from sim.oracle.sight import (
    blindness_is_visible,
    lost_sight_is_flagged,
    receipts_missed,
    set_clocks_move_nothing,
    wrong_clocks_flagged,
)
from sim.oracle.waits import HALVES
from tests.sim.oracle.hand import Hand, ms

TUR = Ref("tur", 0)


def a_gap() -> Hand:
    """The watchdog is told of a record of tur's at 100 s, and gets it at 120 s."""
    hand = Hand()
    hand.is_told(hand.says("tur", 99, "handover"), 100, 120)
    return hand


def test_who_cannot_get_what_he_was_told_of_says_so() -> None:
    """In the time of a receipt, the grace and a tick."""
    hand = a_gap()
    text = "told of tur/1, not got it for 20000 ms, and says nothing"
    assert hand.breaks(lost_sight_is_flagged) == [text]
    hand.flags("blind", TUR, "ALARM", 105)
    assert hand.breaks(lost_sight_is_flagged) == []


def test_who_waits_for_the_other_party_says_whose_records_are_missing() -> None:
    """What he was told of is here, but is read after those."""
    hand = a_gap()
    hand.flags("blind", Ref("isr", 0), "ALARM", 105)
    assert hand.breaks(lost_sight_is_flagged) == []


def test_a_last_will_need_not_be_believed() -> None:
    """What it told of may be gone by now, or it may be late."""
    hand = Hand()
    hand.is_told(hand.says("tur", 99, "handover"), 100, 120, is_live=False)
    assert hand.breaks(lost_sight_is_flagged) == []


def test_to_have_been_blind_before_is_not_enough() -> None:
    """What was cleared says nothing of now, and what is flagged later comes too late."""
    hand = a_gap()
    hand.flags("blind", TUR, "ALARM", 20)
    hand.clears("blind", TUR, 30)
    hand.flags("blind", TUR, "ALARM", 105, 107.001)
    assert len(hand.breaks(lost_sight_is_flagged)) == 1


def test_a_watchdog_that_cannot_hear_is_not_asked_what_it_misses() -> None:
    """Its own link was cut; that a party's clock was wrong is no reason."""
    hand = a_gap()
    hand.suffers("skew", "tur", 101, 110)
    assert len(hand.breaks(lost_sight_is_flagged)) == 1
    hand.suffers("cut", "dog", 101, 110)
    assert hand.breaks(lost_sight_is_flagged) == []


@pytest.mark.parametrize(
    ("at_s", "says"),
    [
        (16, []),
        (17, []),
        (15.9, ["isr/1 at WARNING: flagged -100 ms after it must be"]),
        (17.5, ["isr/1 at WARNING: flagged 1500 ms after it must be"]),
    ],
)
def test_a_missed_receipt_is_flagged_at_its_time(at_s: float, says: list[str]) -> None:
    """A record that is not on the other party's disk for thirty seconds."""
    hand = Hand()
    check = hand.says("isr", 10, "check")
    hand.evidence.stored["tur", check] = ms(40)
    hand.flags("undelivered", check, "WARNING", 15, at_s)
    assert hand.breaks(receipts_missed) == says


@pytest.mark.parametrize(
    ("whom", "at_s", "asked"), [("isr", 80, False), ("tur", 80, True), ("isr", 60, True)]
)
def test_a_receipt_is_due_by_the_clock_of_who_wants_it(
    whom: str, at_s: float, *, asked: bool
) -> None:
    """If that was wrong when he spoke, nobody can say when."""
    hand = Hand()
    hand.evidence.stored["tur", hand.says("isr", 80, "check")] = ms(180)
    hand.suffers("skew", whom, at_s, at_s + 1)
    assert bool(hand.breaks(receipts_missed)) is asked


@pytest.mark.parametrize(
    ("at_s", "says"), [(18, []), (18.02, ["isr/1 at WARNING: flagged 1010 ms after it must be"])]
)
def test_a_receipt_that_seems_late_when_a_record_is_heard_is_judged_then(
    at_s: float, says: list[str]
) -> None:
    """Its author's clock is as far behind as that."""
    hand = Hand()
    check = hand.was_said(hand.says("isr", 10, "check"), 17)
    hand.evidence.stored["tur", check] = ms(40)
    hand.flags("undelivered", check, "WARNING", 15, at_s)
    assert hand.breaks(receipts_missed) == says


@pytest.mark.parametrize(
    ("blind_s", "seen_s", "asked"), [(24, 25, 0), (5, 16, 0), (5, 15.9, 1), (24.1, 25, 1)]
)
def test_a_watchdog_that_is_blind_in_time_judges_no_receipt(
    blind_s: float, seen_s: float, asked: int
) -> None:
    """Nobody else knows what a replayed record has told it of."""
    hand = Hand()
    check = hand.says("isr", 10, "check")
    hand.evidence.stored["tur", check] = ms(17.4)
    hand.flags("blind", TUR, "ALARM", blind_s - 1)
    hand.clears("blind", TUR, seen_s)
    assert len(hand.breaks(receipts_missed)) == asked


def test_what_was_delivered_is_not_flagged() -> None:
    """Long before its deadline; a watchdog may have lost its disk, and know that no more."""
    hand = Hand()
    check = hand.says("isr", 10, "check")
    hand.flags("undelivered", check, "WARNING", 15)
    assert hand.breaks(receipts_missed) == ["isr/1 at WARNING: it was there"]
    hand.suffers("disk-loss", "dog", 100, 110)
    assert hand.breaks(receipts_missed) == []


def test_what_was_missed_while_the_watchdog_was_away_is_flagged_when_it_has_long_been_back() -> (
    None
):
    """However late; a record that comes as soon as it is back need not be."""
    hand = Hand()
    check = hand.says("isr", 10, "check")
    hand.suffers("kill", "dog", 12, 60)
    for there_s, says in ((200, "not flagged until it was there"), (70, "")):
        hand.evidence.stored["tur", check] = ms(there_s)
        levels = ("WARNING", "ALARM") if says else ()
        assert hand.breaks(receipts_missed) == [f"{check} at {level}: {says}" for level in levels]
    hand.evidence.stored["tur", check] = ms(200)
    hand.is_told(hand.says("isr", 65, "check"), 65, 100)
    assert len(hand.breaks(receipts_missed)) == 2, "it was behind for a while, and has repaired"
    for is_live in (True, False):
        hand.is_told(hand.says("isr", 198, "check"), 198, 300, is_live=is_live)
        assert hand.breaks(receipts_missed) == [], "it is behind, if only by a last will"
        hand.evidence.told.pop()
    hand.flags("undelivered", check, "WARNING", 15, 62)
    hand.flags("undelivered", check, "ALARM", 50, 62)
    assert hand.breaks(receipts_missed) == []


def test_who_is_gone_stands_flagged_till_it_is_back() -> None:
    """Not only at first."""
    hand = Hand()
    hand.suffers("kill", "tur", 100, 200)
    for observer in ("isr", "dog"):
        hand.evidence.seen.append(Seen(ms(105), observer, "tur", silent=True))
    hand.flags("silent", TUR, "ALARM", 105, 105)
    assert hand.breaks(blindness_is_visible) == []
    hand.clears("silent", TUR, 150)
    text = "tur is gone (kill) and no flag of dog says so"
    assert hand.breaks(blindness_is_visible) == [text]


def test_who_sleeps_is_seen_to_be_gone_unless_a_new_process_was_started() -> None:
    """That one is awake."""
    hand = Hand()
    hand.suffers("sleep", "tur", 100, 200)
    assert len(hand.breaks(blindness_is_visible)) == 4, "by two, soon and till the end"
    hand.suffers("kill", "tur", 95, 105)
    assert hand.breaks(blindness_is_visible) == []


@pytest.mark.parametrize(
    ("slow_s", "whom", "unseen"), [(89, "tur", 0), (88, "tur", 4), (95, "isr", 3)]
)
def test_who_is_gone_may_be_heard_for_a_while_if_its_link_was_slow(
    slow_s: float, whom: str, unseen: int
) -> None:
    """What it said before is still on its way; on another's slow link that one may miss it."""
    hand = Hand()
    hand.suffers("kill", "tur", 100, 200)
    hand.suffers("slow", whom, 80, slow_s)
    assert len(hand.breaks(blindness_is_visible)) == unseen


@pytest.mark.parametrize(("left_s", "unseen"), [(102, 2), (103, 0)])
def test_who_leaves_is_gone_when_its_last_turn_is_over(left_s: float, unseen: int) -> None:
    """On a slow disk that takes a while, in which it may be heard."""
    hand = Hand()
    hand.suffers("leave", "tur", 100, 200)
    hand.evidence.gone.append(Gone("tur", ms(left_s), ms(200)))
    for observer in ("isr", "dog"):
        hand.evidence.seen.append(Seen(ms(120), observer, "tur", silent=True))
    hand.flags("silent", TUR, "WARNING", 120, 120)
    assert len(hand.breaks(blindness_is_visible)) == unseen


@pytest.mark.parametrize(
    ("kind", "excuses"), [("flood", False), ("repeat", False), ("loss", True), ("reorder", True)]
)
def test_what_comes_twice_or_in_plenty_is_no_excuse(kind: str, *, excuses: bool) -> None:
    """A line that is well bears both."""
    hand = Hand()
    hand.suffers("kill", "tur", 100, 130)
    hand.suffers(kind, "everything", 90, 110)
    assert bool(hand.breaks(blindness_is_visible)) is not excuses


@pytest.mark.parametrize(("ahead_ms", "seen"), [(-15_000, False), (-10_000, True), (5_000, True)])
def test_a_clock_is_as_wrong_as_it_differs_from_the_watchdogs(ahead_ms: int, seen: bool) -> None:
    """It was set 20 s ahead of where it usually is."""
    hand = clock_wrong("tur")
    hand.evidence.clocks_ms = {"tur": ahead_ms + 1_000, "dog": 1_000}
    text = f"the clock of tur is wrong by {20_000 + ahead_ms} ms and no flag of dog says so"
    assert hand.breaks(wrong_clocks_flagged) == [text] * seen
    hand.suffers("cut", "tur", 90, 210)
    assert hand.breaks(wrong_clocks_flagged) == [], "nobody can hear it"


def clock_wrong(whom: str) -> Hand:
    """A line on which a clock is 20 s ahead from 100 s to 200 s."""
    hand = Hand()
    hand.evidence.troubles.append(Trouble("skew", whom, ms(100), ms(200), 20_000))
    return hand


@pytest.mark.parametrize("whom", ["tur", "dog"])
def test_a_clock_that_is_right_again_is_flagged_no_more(whom: str) -> None:
    """Nor those that it made look wrong; six heartbeats and a tick are enough to see that."""
    hand = clock_wrong(whom)
    hand.flags("clock_skew", TUR, "ALARM", 105)
    text = f"the clocks are right, but dog flags tur after that of {whom} was mended"
    to_the_end = "the clocks are right, but dog flags tur in the end"
    assert hand.breaks(wrong_clocks_flagged) == [text, to_the_end]
    hand.suffers("cut", "dog", 230, 231)
    assert hand.breaks(wrong_clocks_flagged) == [to_the_end]
    hand.evidence.troubles.pop()
    hand.clears("clock_skew", TUR, 231)
    assert hand.breaks(wrong_clocks_flagged) == []
    hand.flags("clock_skew", TUR, "ALARM", 232)
    assert hand.breaks(wrong_clocks_flagged) == [to_the_end]
    hand.suffers("cut", "dog", 940, 945)
    assert hand.breaks(wrong_clocks_flagged) == []


@pytest.mark.parametrize("suspended", [False, True])
def test_what_a_silence_excuses_a_set_clock_moves_nowhere(*, suspended: bool) -> None:
    """A check waits as the watchdog's clock is set, and its party has suspended the channel."""
    hand = clock_wrong("dog")
    hand.says("isr", 90, "check")
    if suspended:
        said = hand.says("tur", 95, "suspend")
        hand.says("isr", 96, "reply", refers_to=said._asdict(), answer="ROGER")
    levels = () if suspended else HALVES
    late = [f"isr/1 at {level}: flagged [] ms after it must be" for level in levels]
    assert hand.breaks(set_clocks_move_nothing) == late


@pytest.mark.parametrize(("heard_s", "wrong"), [(99.9, True), (100, False)])
def test_what_is_heard_by_a_set_clock_may_seem_late(heard_s: float, *, wrong: bool) -> None:
    """It was said long before, by a clock that is behind."""
    hand = clock_wrong("dog")
    check = hand.says("isr", 90, "check")
    hand.evidence.stored["dog", check] = ms(heard_s)
    assert bool(hand.breaks(set_clocks_move_nothing)) == wrong
