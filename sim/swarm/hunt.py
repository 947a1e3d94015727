"""The hunt through many seeds, as a person sees it: a bar, the findings, and how to replay them."""

import os
import shlex
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from hotline.counting import counted
from hotline.errors import LocalError
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS, format_instant
from sim.swarm.plan import Plan
from sim.swarm.scale import Scale
from sim.swarm.swarm import Outcome, shrink, try_all, try_plan

_SHOWN = 5
_SEEDS = 10**12  # at most: enough, and a range that can be counted
_SAYS_EVERY_S = 60  # where no bar can be drawn


def parse_seeds(text: str) -> range:
    """Read `17` or `0..9999` (both ends are meant)."""
    first, dots, last = text.partition("..")
    try:
        seeds = range(int(first), int(last if dots else first) + 1)
    except ValueError:
        seeds = range(0)
    if not seeds or seeds[-1] >= _SEEDS:
        raise LocalError(f"--seeds {text!r} makes no sense; expected 17 or 0..9999")
    return seeds


def hunt(seeds: range, scale: Scale, jobs: int, minutes: float | None, keep: Path) -> bool:
    """Try seeds until one fails or the time is up, and say what came of it. True: none failed.

    Raises:
        LocalError: the plan of a failing seed cannot be kept.
    """
    _make_room(keep)
    console = _results()
    with _stopped_between_seeds() as stop_if_asked:
        failed = _first_failure(try_all(seeds, jobs, scale), len(seeds), minutes, stop_if_asked)
        if failed is None:
            console.print("no violation")
            return True
        tell(failed, console, failed.plan.replay)
        invariant = failed.violations[0].invariant

        def still_fails(plan: Plan) -> bool:
            stop_if_asked()
            return any(v.invariant == invariant for v in try_plan(plan).violations)

        plan = shrink(failed.plan, still_fails)
    path = keep / plan.file_name
    plan.save(path)
    console.print(
        f"shrunk to {counted(len(plan.faults), 'fault')} and {counted(len(plan.words), 'word')},"
        f" in a run of {plan.duration_ms / MINUTE_MS:g} minutes: {_replay_of(path)}",
        markup=False,
    )
    return False


def replay(path: Path) -> bool:
    """Play one plan from its file. True: it fails no more."""
    outcome = try_plan(Plan.load(path))
    tell(outcome, _results(), _replay_of(path))
    return not outcome.violations


def tell(outcome: Outcome, console: Console, replay: str) -> None:
    """Print what was violated, the log around the first violation, and the command to replay it."""
    seed = f"seed {outcome.plan.seed}:"
    if not outcome.violations:
        console.print(f"{seed} no violation")
        return
    for violation in outcome.violations[:_SHOWN]:
        when = format_instant(violation.at_ms)
        text = f"{seed} {violation.invariant} at {when}: {violation.what}"
        console.print(text, style="red", markup=False)
    console.print(outcome.context, markup=False)
    console.print(f"replay: {replay}", markup=False)


def _make_room(keep: Path) -> None:
    """Make the folder for the plan of a failing seed before any seed is played."""
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError(
            f"--keep {keep}: {error.strerror}; expected a folder that is there or can be made"
        ) from None
    if not os.access(keep, os.W_OK | os.X_OK):
        raise LocalError(f"--keep {keep}: expected a folder that can be written to")


def _replay_of(path: Path) -> str:
    """The command that plays a plan again, whatever its folder is called."""
    return f"hotline-sim swarm --replay {shlex.quote(str(path))}"


def _results() -> Console:
    return Console(highlight=False, soft_wrap=True)


def _first_failure(
    outcomes: Iterator[Outcome],
    count: int,
    minutes: float | None,
    stop_if_asked: Callable[[], None],
) -> Outcome | None:
    """Draw a bar (or a line a minute, if none can be drawn), and say at the end how far it came."""
    aside = Console(stderr=True, highlight=False)
    began_s = said_s = now_s = time.monotonic()
    tried = simulated_ms = 0
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=aside) as progress:
            bar = progress.add_task("seeds", total=count)
            for outcome in outcomes:
                tried += 1
                simulated_ms += outcome.plan.duration_ms
                progress.advance(bar)
                if outcome.violations:
                    return outcome
                now_s = time.monotonic()
                if not aside.is_terminal and now_s - said_s >= _SAYS_EVERY_S:
                    aside.print(f"{tried} of {count} seeds, none failed")
                    said_s = now_s
                if minutes is not None and now_s - began_s >= minutes * 60:
                    break
                stop_if_asked()
    finally:
        took_s = time.monotonic() - began_s
        _results().print(
            f"{counted(tried, 'seed')}, {simulated_ms / HOUR_MS:.1f} simulated hours"
            f" in {took_s:.0f} s"
            f" ({simulated_ms / SECOND_MS / took_s:.0f} times faster than life)"
        )
    return None


@contextmanager
def _stopped_between_seeds() -> Iterator[Callable[[], None]]:
    """Have Ctrl-C wait for the end of a seed: in the middle of one it would look like a failure.

    Yields a function that raises KeyboardInterrupt then. A second Ctrl-C does not wait.
    """
    pressed = False

    def note(*_: object) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)

    def stop_if_asked() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)
