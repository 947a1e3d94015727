"""What makes no sense by the oracle's own reading, on histories written by hand."""

from typing import Any

import pytest

from sim.oracle.facts import Ref
from sim.oracle.sense import nonsense_is_flagged, senseless
from sim.oracle.waits import read_messages
from tests.sim.oracle.hand import Hand, ms

SPOKEN = {"officer": "", "spoke_with": "", "text": ""}


def flight(notice: str, revision: int, category: str = "request") -> dict[str, Any]:
    """What a notice says."""
    about = {"notice": notice, "revision": revision, "category": category}
    return about | {"precedence": "FLASH", "volumes": []}


def answer(to: Ref, says: str) -> dict[str, Any]:
    """What a reply says."""
    return {"refers_to": to._asdict(), "answer": says}


def makes_sense(hand: Hand, ref: Ref) -> bool:
    """Whether a record that was said as nonsense makes some."""
    hand.evidence.nonsense = {ref}
    hand.evidence.senseless = None
    return ref not in senseless(hand.evidence)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("greeting", {}),
        ("flag", {"rule": "silent"}),
        ("stop", {}),
        ("notice", {"notice": "A", "revision": 2}),
        ("notice", flight("A", 1)),
        ("notice", flight("A", 3)),
        ("notice", flight("B", 2)),
        ("notice", flight("C", 2)),
        ("cancel", {"notice": "B"}),
        ("cancel", {"notice": "C"}),
        ("resume", {}),
        ("reply", {"answer": "ROGER"}),
        ("reply", answer(Ref("isr", 1), "ACCEPT")),
        ("reply", answer(Ref("tur", 2), "ACCEPT")),
        ("reply", answer(Ref("tur", 1), "REJECT")),
        ("reply", answer(Ref("tur", 3), "ROGER")),
        ("voice", SPOKEN | answer(Ref("tur", 2), "ACCEPT")),
    ],
)
def test_what_makes_no_sense(kind: str, body: dict[str, Any]) -> None:
    """An unknown kind, a wrong body, what is out of order, and what answers nothing, or again."""
    hand = Hand()
    hand.says("isr", 1, "notice", **flight("A", 1))
    hand.says("tur", 2, "notice", **flight("D", 1))
    hand.says("tur", 3, "check")
    hand.says("isr", 4, "notice", **flight("C", 1))
    hand.says("isr", 5, "cancel", notice="C")
    hand.says("isr", 6, "reply", **answer(Ref("tur", 1), "ACCEPT"))
    hand.says("tur", 7, "handover", officer="Kaya")
    ref = hand.says("isr", 8, kind, **body)
    assert not makes_sense(hand, ref)
    assert ref not in read_messages(hand.evidence)
    for looked_at in (set(), {Ref("isr", 1)}):
        hand.evidence.nonsense, hand.evidence.senseless = looked_at, None
        assert senseless(hand.evidence) == frozenset(), "only what is said on purpose is looked at"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("stop", {"text": "knock it off"}),
        ("notice", flight("A", 2)),
        ("cancel", {"notice": "A"}),
        ("suspend", {}),
        ("reply", answer(Ref("tur", 1), "STANDBY")),
        ("reply", answer(Ref("tur", 2), "ROGER")),
        ("reply", answer(Ref("tur", 3), "ROGER")),
        ("voice", SPOKEN),
        ("voice", SPOKEN | answer(Ref("isr", 1), "ACCEPT")),
    ],
)
def test_what_makes_sense(kind: str, body: dict[str, Any]) -> None:
    """Though it was said as nonsense."""
    hand = Hand()
    hand.says("isr", 1, "notice", **flight("A", 1))
    hand.says("tur", 2, "notice", **flight("D", 1))
    hand.says("tur", 3, "check")
    hand.says("tur", 3, "check")
    hand.says("isr", 4, "reply", **answer(Ref("tur", 1), "STANDBY"))
    hand.says("isr", 5, "voice", **SPOKEN, **answer(Ref("tur", 3), "ROGER"))
    assert makes_sense(hand, hand.says("isr", 8, kind, **body))


def test_a_silence_begins_before_it_ends_and_once() -> None:
    """Who is silent cannot become it, and who is not cannot be back."""
    hand = Hand()
    hand.says("isr", 1, "suspend")
    odd, back = hand.says("isr", 2, "suspend"), hand.says("isr", 3, "resume")
    even, again = hand.says("isr", 4, "resume"), hand.says("isr", 5, "suspend")
    hand.evidence.nonsense = {odd, back, even, again}
    assert senseless(hand.evidence) == {odd, even}


def test_what_makes_no_sense_is_flagged_once_and_soon() -> None:
    """What makes some is not; when something was wrong it may take longer."""
    hand = Hand()
    odd, even = hand.says("isr", 1, "resume"), hand.says("tur", 1, "check")
    hand.evidence.nonsense = {odd, even}
    text = "isr/1: flagged as invalid [], not ['WARNING']"
    assert hand.breaks(nonsense_is_flagged) == [text]
    flag = hand.flags("invalid", odd, "WARNING", 1)
    assert hand.breaks(nonsense_is_flagged) == []
    hand.evidence.stored["dog", flag] = ms(3)
    assert hand.breaks(nonsense_is_flagged) == [
        "isr/1: flagged by dog/1 1990 ms after it was heard"
    ]
    hand.suffers("kill", "dog", 0, 2)
    assert hand.breaks(nonsense_is_flagged) == []
    hand.flags("invalid", even, "WARNING", 1)
    hand.flags("invalid", odd, "WARNING", 1)
    assert len(hand.breaks(nonsense_is_flagged)) == 2
