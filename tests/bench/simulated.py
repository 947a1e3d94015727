"""How fast simulated time passes: `python -m tests.bench.simulated`.

A two-party line of 200 notices a day with heartbeats of 5 s, on one core; and random scenarios of
the swarm on two.
"""

import time

from rich import print  # noqa: A004 -- in colours

from hotline.times import DAY_MS, HOUR_MS, SECOND_MS
from sim.plan import PARTIES, Plan, Word, draw
from sim.swarm import try_all
from sim.world import play

_HOURS = 2
_SEEDS = 100
_NOTICES_A_DAY = 200


def quiet_line(hours: int) -> Plan:
    """A line on which nothing goes wrong."""
    every_ms = DAY_MS // _NOTICES_A_DAY
    words = tuple(
        Word(at_ms, PARTIES[at_ms // every_ms % 2], "notice", "ROUTINE")
        for at_ms in range(every_ms, hours * HOUR_MS, every_ms)
    )
    return Plan(0, hours * HOUR_MS, {}, 0, words, ())


def main() -> None:
    """Measure both, and print."""
    began_s = time.perf_counter()
    history = play(quiet_line(_HOURS))
    took_s = time.perf_counter() - began_s
    simulated_s = _HOURS * HOUR_MS / SECOND_MS
    print(f"one quiet line, {_HOURS} h, {len(history.committed)} records: {took_s:.1f} s")
    print(f"  {simulated_s / took_s:,.0f} times faster than life, on one core")
    began_s = time.perf_counter()
    hours = sum(o.simulated_ms for o in try_all(range(_SEEDS), 2)) / HOUR_MS
    took_s = time.perf_counter() - began_s
    mean_min = sum(draw(seed).duration_ms for seed in range(_SEEDS)) / _SEEDS / 60 / SECOND_MS
    print(f"{_SEEDS} seeds of {mean_min:.1f} simulated minutes, played and judged: {took_s:.1f} s")
    print(f"  {hours / took_s * 60:,.1f} simulated hours a minute, on two cores")


if __name__ == "__main__":
    main()
