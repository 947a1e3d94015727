"""The hunt through many seeds, as a person sees it: a bar, and what was found with its replay."""

import time
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from hotline.errors import LocalError
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.drawing import draw
from sim.plan import Plan
from sim.scale import Scale
from sim.swarm import Outcome, fails_alike, shrink, try_all, try_plan

_SHOWN = 5


def parse_seeds(text: str) -> range:
    """Read `17` or `0..9999` (both ends are meant)."""
    first, dots, last = text.partition("..")
    try:
        seeds = range(int(first), int(last if dots else first) + 1)
    except ValueError:
        seeds = range(0)
    if not seeds:
        raise LocalError(f"--seeds {text!r} makes no sense; expected 17 or 0..9999")
    return seeds


def hunt(seeds: range, scale: Scale, jobs: int, minutes: float | None, keep: Path) -> bool:
    """Try seeds until one fails, or the time is up; say what came of it. True: none failed."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    began_s = time.monotonic()
    tried = simulated_ms = 0
    failed: Outcome | None = None
    with Progress(
        *Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        bar = progress.add_task("seeds", total=len(seeds))
        for outcome in try_all(seeds, jobs, scale):
            tried += 1
            simulated_ms += outcome.simulated_ms
            progress.advance(bar)
            if outcome.violations:
                failed = outcome
                break
            if minutes is not None and time.monotonic() - began_s > minutes * 60:
                break
    took_s = time.monotonic() - began_s
    console.print(
        f"{tried} seeds, {simulated_ms / HOUR_MS:.1f} simulated hours in {took_s:.0f} s"
        f" ({simulated_ms / SECOND_MS / took_s:.0f} times faster than life)"
    )
    if failed is None:
        console.print("no violation")
        return True
    tell(failed, console)
    plan = shrink(draw(failed.seed, scale), fails_alike(failed.violations[0]))
    path = keep / f"swarm-{failed.seed}.json"
    plan.save(path)
    console.print(
        f"shrunk to {len(plan.faults)} faults and {len(plan.words)} words in"
        f" {plan.duration_ms / MINUTE_MS:g} minutes: hotline-sim swarm --replay {path}"
    )
    return False


def replay(path: Path) -> bool:
    """Play one plan from its file."""
    try:
        plan = Plan.load(path)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LocalError(f"cannot replay {path}: {error}") from None
    outcome = try_plan(plan)
    tell(outcome, Console(stderr=True, highlight=False, soft_wrap=True))
    return not outcome.violations


def tell(outcome: Outcome, console: Console) -> None:
    """Say what was violated, and print the log around the first."""
    if not outcome.violations:
        console.print(f"seed {outcome.seed}: no violation")
        return
    for violation in outcome.violations[:_SHOWN]:
        text = f"seed {outcome.seed}: {violation.invariant} at {violation.at_ms}: {violation.what}"
        console.print(text, style="red", markup=False)
    console.print(outcome.context, markup=False)
    console.print(f"replay: {outcome.replay}")
