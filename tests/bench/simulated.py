"""How fast simulated time passes: a quiet line, and the random scenarios of the swarm."""

import argparse
import json
import sys
import time
from collections.abc import AsyncIterator

from hotline.times import DAY_MS, HOUR_MS, SECOND_MS
from sim.swarm.plan import PARTIES, Plan, Word
from sim.swarm.scale import Scale
from sim.swarm.swarm import try_all
from sim.swarm.world import play
from tests.bench.figures import Figure, Goal, Values
from tests.bench.processes import json_lines

ROUNDS = 99
FIGURES = (
    Figure(
        "simulation",
        "simulated time per wall time: 3 stations, 200 notices a day, a heartbeat every 5 s",
        "×",
        (Goal("one core", 20_000, 100_000, at_least=True),),
    ),
    Figure(
        "swarm",
        "random scenarios a minute, played and judged on two cores",
        "/min",
        (Goal("of an hour", 2_000, at_least=True),),
    ),
)
_NOTICES_A_DAY = 200
_JOBS = 2


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Measure each round in a process of its own."""
    hours, seeds = ("1", "4") if tiny else ("24", "200")
    for _ in range(rounds):
        async for found in json_lines("tests.bench.simulated", hours, seeds):
            yield {
                "simulation": {"one core": found["times life"]},
                "swarm": {scale: found[scale] for scale in ("of an hour", "of some minutes")},
            }


def quiet_line(hours: int) -> Plan:
    """A line on which nothing goes wrong."""
    every_ms = DAY_MS // _NOTICES_A_DAY
    words = tuple(
        Word(at_ms, PARTIES[at_ms // every_ms % 2], "notice", "ROUTINE")
        for at_ms in range(every_ms, hours * HOUR_MS, every_ms)
    )
    return Plan(0, hours * HOUR_MS, {}, 0, words, ())


def times_life(hours: int) -> float:
    """How many times faster than life these hours of a quiet line pass."""
    plan = quiet_line(hours)
    began_s = time.perf_counter()
    play(plan)
    return hours * HOUR_MS / SECOND_MS / (time.perf_counter() - began_s)


def a_minute(seeds: int, scale: Scale) -> float:
    """How many seeds are tried in a minute."""
    began_s = time.perf_counter()
    broken = [
        outcome.plan.replay for outcome in try_all(range(seeds), _JOBS, scale) if outcome.violations
    ]
    if broken:
        raise AssertionError(f"not what is to be measured: {broken}")
    return seeds / (time.perf_counter() - began_s) * 60


def main() -> None:
    """Measure all once, and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("hours", type=int)
    parser.add_argument("seeds", type=int)
    chosen = parser.parse_args()
    found = {
        "times life": times_life(chosen.hours),
        "of an hour": a_minute(chosen.seeds, Scale.HOUR),
        "of some minutes": a_minute(chosen.seeds, Scale.MINUTES),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
