"""Plans that tests make by hand."""

from sim.swarm.drawing import draw
from sim.swarm.plan import Fault, Plan, Word

CHECKS = (Word(10_000, "isr", "check"), Word(10_000, "tur", "check"))


def planned(*faults: Fault, absent: int = 100) -> Plan:
    """A minute in which both parties check the line, and nobody answers or everybody does."""
    return Plan(0, 60_000, draw(0).timers_ms, absent, CHECKS, faults)
