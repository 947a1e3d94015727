"""The effects of faults on links, disks and clocks."""

from hotline.times import SECOND_MS
from sim.swarm.network import Conditions
from sim.swarm.plan import CLOCK_FAULTS, Fault


def ahead_ms(fault: Fault) -> int:
    """By how much a clock is set (back, below 0)."""
    return (fault.how - 50) * SECOND_MS // 2 if fault.kind in CLOCK_FAULTS else 0


def slow_ms(fault: Fault) -> int:
    """How long each commit takes."""
    return (fault.how % 6 + 1) * SECOND_MS // 2


def worsen(way: Conditions, fault: Fault) -> None:
    """Make one direction of a link worse."""
    share = (fault.how % 50 + 1) / 100
    match fault.kind:
        case "loss":
            way.loss = (fault.how % 90 + 1) / 100
        case "delay":
            way.longest_ms = 20 * fault.how + 10
        case "slow":
            way.shortest_ms = way.longest_ms = 100 * fault.how + 10
        case "repeat":
            way.repeat = share
        case "reorder":
            way.reorder, way.longest_ms = True, 500
        case _:
            way.cut = True
    way.longest_ms = max(way.longest_ms, way.shortest_ms)
