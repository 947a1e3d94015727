"""`python -m tests.bench`: all figures, and whether they reach their goals."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from hotline.errors import HotlineError
from tests.bench import exchanges, growth, lateness, lines, returning, simulated, starting
from tests.bench.figures import Family, Results

FAMILIES: tuple[Family, ...] = (exchanges, growth, lateness, lines, returning, starting, simulated)
ROUNDS = 5


async def measure(families: Sequence[Family], rounds: int, *, tiny: bool = False) -> Results:
    """Measure some families of figures, one after the other."""
    results = Results(figure for family in families for figure in family.FIGURES)
    progress = Console(stderr=True, highlight=False)
    for family in families:
        number = 0
        try:
            async for values in family.measure(min(rounds, family.ROUNDS), tiny=tiny):
                number += 1
                progress.print(f"{', '.join(values)}: {number}", style="dim")
                results.add(values)
        except (HotlineError, OSError) as error:  # the other figures are still worth having
            failed = ", ".join(figure.key for figure in family.FIGURES)
            progress.print(f"{failed}: broken off: {error!r}", style="bold red")
            results.fail(failed, repr(error))
    return results


def chosen_families(only: Sequence[str]) -> list[Family]:
    """The families that measure these figures; all if none is named."""
    known = {figure.key: family for family in FAMILIES for figure in family.FIGURES}
    if unknown := [key for key in only if key not in known]:
        sys.exit(f"no figure {', '.join(unknown)}; there are {', '.join(known)}")
    return list({id(known[key]): known[key] for key in only or known}.values())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the tables, write the JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="this figure (repeatable)")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--tiny", action="store_true", help="show that it runs; measure nothing")
    chosen = parser.parse_args(arguments)
    families = chosen_families(chosen.only)
    results = asyncio.run(measure(families, chosen.rounds, tiny=chosen.tiny))
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    results.show(console)
    if chosen.tiny:
        console.print("Tiny: it runs; none of these figures means anything.", style="bold")
    if chosen.json:
        results.write(chosen.json)
    sys.exit(bool(results.failures))


if __name__ == "__main__":
    main()
