"""Plans that tests make by hand."""

from collections.abc import Iterable

from sim.swarm.drawing import draw
from sim.swarm.plan import Fault, Plan, Word

CHECKS = (Word(10_000, "isr", "check"), Word(10_000, "tur", "check"))


def planned(*faults: Fault, words: Iterable[Word] = CHECKS, absent: int = 100) -> Plan:
    """A minute in which this is said, and nobody answers, or everybody does (0 are absent)."""
    plan = Plan(0, 60_000, draw(0).timers_ms, absent, (), ())
    return plan.with_words(words).with_faults(faults)
