"""The command: `python -m tests.torture --seed N --minutes M [--keep DIR]`."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from tests.torture.drawing import make_plan
from tests.torture.evidence import load
from tests.torture.judge import Verdict, judge
from tests.torture.report import report
from tests.torture.stage import Stage

INTERRUPTED = 130


def run(seed: int, minutes: float, directory: Path) -> tuple[str, Verdict]:
    """Play one run in an empty directory; return its summary and its verdict."""
    plan = make_plan(seed, minutes)
    stage = Stage(plan, seed, minutes, directory)
    asyncio.run(stage.play())
    verdict = judge(load(directory))
    planned = sum(len(says) for says in plan.says.values())
    if (said := verdict.counts["messages"]) != planned:
        verdict.violations.append(f"invariant 0 an honest run: {said} said, {planned} planned")
    return report(seed, minutes, stage.counts, verdict), verdict


def main() -> int:
    """Torture a line, or judge again what an earlier run left behind."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument(
        "--keep", type=Path, help="keep what the run leaves behind in this directory"
    )
    parser.add_argument("--judge", type=Path, help="only judge what was kept in this directory")
    arguments = parser.parse_args()
    if arguments.judge:
        verdict = judge(load(arguments.judge.resolve()))
        sys.stdout.write("\n".join([*verdict.violations, str(dict(verdict.counts)), ""]))
        return int(bool(verdict.violations))
    if arguments.keep and arguments.keep.exists():
        parser.error(f"{arguments.keep} is there already: expected a directory to make")
    if arguments.keep:
        arguments.keep.mkdir(parents=True)
    made = arguments.keep or Path(tempfile.mkdtemp(prefix="hotline-torture-"))
    directory = made.resolve()
    worth_keeping = arguments.keep is not None
    try:
        text, verdict = run(arguments.seed, arguments.minutes, directory)
        sys.stdout.write(text)
        worth_keeping |= bool(verdict.violations)
        return int(bool(verdict.violations))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return INTERRUPTED
    except BaseException:
        worth_keeping = True
        raise
    finally:
        if worth_keeping:
            sys.stdout.write(f"kept: {directory}\n")
        else:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
