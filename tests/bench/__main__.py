"""`python -m tests.bench`: all figures, as ratios to yardsticks that are measured beside them."""

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from hotline.broker import BrokerKind, private_broker
from tests.bench import naive, ours, raw

ROUNDS = 5
FEW, MANY = 1_000, 100_000  # open notices in a watchdog


@contextlib.contextmanager
def roles(*names: str, port: int, state: Path) -> Iterator[None]:
    """Other processes that play some roles, until the context ends."""
    command = [sys.executable, "-m", "tests.bench", "--port", str(port), "--state", str(state)]
    running = [subprocess.Popen([*command, "--role", name]) for name in names]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


async def exchanges(kind: str, port: int, count: int, in_flight: int) -> tuple[float, list[float]]:
    """Seconds for `count` exchanges of one kind, and the round trip of each."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        state = Path(folder)
        others = {"ours": ("far", "watchdog"), "naive": ("naive",), "raw": ("raw",)}[kind]
        with roles(*others, port=port, state=state):
            await asyncio.sleep(1.5)
            match kind:
                case "ours":
                    return await ours.ask(port, state, count, in_flight)
                case "naive":
                    return await naive.ask(port, count, in_flight)
                case _:
                    return await raw.ask(port, count, in_flight)


async def measure(rounds: int) -> dict[str, Any]:
    """All figures: for each the value of every round."""
    figures: dict[str, Any] = {}

    def note(name: str, kind: str, value: float) -> None:
        figures.setdefault(name, {}).setdefault(kind, []).append(value)

    for _ in range(rounds):  # interleaved, so that a machine that slows down slows all of them
        for kind, count in (("ours", 6_000), ("naive", 3_000), ("raw", 6_000)):
            async with private_broker(BrokerKind.mosquitto) as broker:
                port = int(broker.url.rpartition(":")[2])
                seconds, _ = await exchanges(kind, port, count, 64)
                note("exchanges/s, 64 in flight", kind, count / seconds)
                _, trips = await exchanges(kind, port, 300, 1)
                note("round trip in ms, 1 in flight", kind, 1_000 * statistics.median(trips))
        for count in (FEW, MANY):
            memory, time_us = watching_cost(count)
            note("watchdog: µs for a record", f"{count:,} open", time_us)
            if count == MANY:
                note("watchdog: bytes for an open notice", f"{count:,} open", memory)
    return figures


def watching_cost(open_notices: int) -> tuple[float, float]:
    """What `watching.cost` finds, in a process of its own: memory once used is not given back."""
    script = f"from tests.bench.watching import cost; print(*cost({open_notices}))"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    memory, time_us = map(float, found.stdout.split())
    return memory, time_us


def show(figures: dict[str, Any]) -> None:
    """The figures as a table: medians, spreads, and each median's ratio to the yardstick's."""
    table = Table("figure", "what", "median", "min … max", "ratio", box=None)
    for name, kinds in figures.items():
        yardstick = "naive" if "naive" in kinds else next(iter(kinds))
        unit = statistics.median(kinds[yardstick])
        for kind, values in kinds.items():
            median = statistics.median(values)
            spread = f"{min(values):.4g} … {max(values):.4g}"
            ratio = "1 (yardstick)" if kind == yardstick else f"{median / unit:.2f}"
            table.add_row(name, kind, f"{median:.4g}", spread, ratio)
    Console().print(table)


def play(role: str, port: int, state: Path) -> Coroutine[Any, Any, None]:
    """What a helper process does until it is killed."""
    parts: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "far": lambda: ours.serve("far", port, state),
        "watchdog": lambda: ours.serve("watchdog", port, state),
        "naive": lambda: naive.echo(port),
        "raw": lambda: raw.echo(port),
    }
    return parts[role]()


def main() -> None:
    """Run all benchmarks, or play one role for another process that does."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--role", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--state", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.role:
        asyncio.run(play(chosen.role, chosen.port, chosen.state))
        return
    figures = asyncio.run(measure(chosen.rounds))
    show(figures)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
