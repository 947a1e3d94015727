"""What a plan does to a simulated line."""

import pytest

from sim.drawing import draw
from sim.evidence import Ref
from sim.plan import Fault, Plan, Word
from sim.world import play

CHECKS = (Word(10_000, "isr", "check"), Word(10_000, "tur", "check"))


def planned(*faults: Fault, words: tuple[Word, ...] = CHECKS) -> Plan:
    """A minute in which both parties check the line, and nobody answers."""
    return Plan(0, 60_000, draw(0).timers_ms, 100, words, faults)


@pytest.mark.parametrize(("way", "out", "into"), [("", 1, 1), ("out", 1, 0), ("in", 0, 1)])
def test_a_link_may_be_slow_in_one_direction_only(way: str, out: int, into: int) -> None:
    """What a party says comes late, or what it hears, or both."""
    stored = play(planned(Fault("slow", "tur", 0, 60_000, 20, way))).stored
    said, heard = Ref("tur", 1), Ref("isr", 1)
    took_ms = [
        stored["isr", said] - stored["tur", said],
        stored["tur", heard] - stored["isr", heard],
    ]
    assert [ms // 1_000 for ms in took_ms] == [2 * out, 2 * into]
