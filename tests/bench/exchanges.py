"""Exchanges: ours beside the naive hotline and beside bare sockets, in turns."""

import argparse
import asyncio
import statistics
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench import naive, ours, raw
from tests.bench.figures import Figure, Goal, Values
from tests.bench.processes import broker, folder, is_ready, running

ROUNDS = 99
FIGURES = (
    Figure(
        "throughput",
        "exchanges, 64 in flight",
        "/s",
        (
            Goal("ours", 3, per="naive", at_least=True),
            Goal("ours", None, 1, per="raw", at_least=True),
            Goal("ours", None, per="naive with Nagle", at_least=True),
        ),
    ),
    Figure(
        "trip",
        "round trip, 1 in flight",
        "ms",
        (Goal("ours", 3, 1.5, per="naive"), Goal("ours", None, per="naive with Nagle")),
    ),
)
IN_FLIGHT = 64
COUNTS = {  # exchanges, enough for some seconds; and trips
    "ours": (20_000, 400),
    "naive": (10_000, 400),
    "naive with Nagle": (128, 20),
    "raw": (60_000, 400),
}


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Measure all kinds in each round, one by one: a slow minute is slow for all of them."""
    for _ in range(rounds):
        values: dict[str, dict[str, float]] = {"throughput": {}, "trip": {}}
        for kind, full in COUNTS.items():
            count, trips = (40, 5) if tiny else full
            seconds, _ = await _ask(kind, count, IN_FLIGHT)
            values["throughput"][kind] = count / seconds
            _, each = await _ask(kind, trips, 1)
            values["trip"][kind] = 1_000 * statistics.median(each)
        yield values


async def _ask(kind: str, count: int, in_flight: int) -> tuple[float, list[float]]:
    """Measure one kind on a new broker, with new journals."""
    warm_up = count // 10
    others = ("far", "watchdog") if kind == "ours" else (kind,)
    with folder() as state:
        async with broker() as port:
            play = ["tests.bench.exchanges", str(port), str(state)]
            with running(*([*play, name] for name in others)) as processes:
                for process in processes:
                    await is_ready(process)
                match kind:
                    case "ours":
                        return await ours.ask(port, state, count, in_flight, warm_up)
                    case "raw":
                        return await raw.ask(port, count, in_flight, warm_up)
                    case _:
                        return await naive.ask(kind, port, count, in_flight, warm_up)


def main() -> None:
    """Play one of the others until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("state", type=Path)
    parser.add_argument("role")
    chosen = parser.parse_args()
    match chosen.role:
        case "raw":
            asyncio.run(raw.echo(chosen.port))
        case name if name in naive.SOCKET_OPTIONS:
            asyncio.run(naive.echo(name, chosen.port))
        case name:
            asyncio.run(ours.serve(name, chosen.port, chosen.state))


if __name__ == "__main__":
    main()
