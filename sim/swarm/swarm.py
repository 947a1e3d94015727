"""Many seeds: each drawn, played and judged; one that fails is shrunk and kept as a file."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context

from sim.oracle.evidence import Violation
from sim.oracle.oracle import context, judge
from sim.swarm.drawing import draw
from sim.swarm.plan import Plan
from sim.swarm.scale import Scale
from sim.swarm.world import play

_TRIES = 200  # of smaller plans, each of which is played
_AHEAD = 8  # seeds for each process, so that none waits for a slow one


@dataclass(frozen=True)
class Outcome:
    """What became of one plan. `context` is the log around the first violation."""

    plan: Plan
    violations: list[Violation]
    context: str


def try_seed(seed: int, scale: Scale = Scale.MINUTES) -> Outcome:
    """Play and judge one seed."""
    return try_plan(draw(seed, scale))


def try_plan(plan: Plan) -> Outcome:
    """Play and judge one plan."""
    evidence = play(plan)
    violations = judge(evidence)
    near = context(evidence, violations[0]) if violations else ""
    return Outcome(plan, violations, near)


def try_all(seeds: Iterable[int], jobs: int, scale: Scale) -> Iterator[Outcome]:
    """Try many seeds, in some processes; the outcomes come in the order of the seeds."""
    attempt = partial(try_seed, scale=scale)
    if jobs == 1:
        return map(attempt, seeds)
    # Forked, whatever a newer Python does by default: a process that begins from nothing takes
    # half a second, and a Ctrl-C meanwhile reaches it, or its fork server.
    pool = ProcessPoolExecutor(
        jobs,
        get_context("fork"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),  # we decide when all end
    )
    pool.submit(int)  # all begin now: the caller may have threads later, such as a bar's
    return _try_in(pool, attempt, seeds, jobs * _AHEAD)


def _try_in(
    pool: ProcessPoolExecutor, attempt: Callable[[int], Outcome], seeds: Iterable[int], most: int
) -> Iterator[Outcome]:
    with pool:
        under_way: deque[Future[Outcome]] = deque()
        try:
            for seed in seeds:
                under_way.append(pool.submit(attempt, seed))
                if len(under_way) == most:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def shrink(plan: Plan, still_fails: Callable[[Plan], bool]) -> Plan:
    """Leave out words and faults, first many and then few, as long as it still fails."""
    tries = _TRIES
    for field in ("faults", "words"):
        share = len(getattr(plan, field))
        while share:
            start = 0
            while start < len(there := getattr(plan, field)) and tries:
                tries -= 1
                smaller = replace(plan, **{field: there[:start] + there[start + share :]})
                if still_fails(smaller):
                    plan = smaller
                else:
                    start += share
            share //= 2
    return plan
