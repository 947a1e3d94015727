"""How long a station with a long history takes until it is on its line again."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from hotline.blocking import inline
from hotline.broker.address import BrokerAddress
from hotline.clock import WallClock
from hotline.journal.journal import Journal
from hotline.machine import open_station
from hotline.mqtt.link import MqttLink
from hotline.node import Node
from hotline.records import decode
from hotline.station.turn import Turn
from hotline.timers import Timers
from tests.bench.figures import Figure, Goal, Values
from tests.bench.hand import Hand, notice, roger
from tests.bench.ours import LINE
from tests.bench.processes import broker, folder, json_lines

ROUNDS = 99
CLOSED = 1_000_000  # records: half of them notices, half their answers
FIGURES = (
    Figure("start", f"start with {CLOSED:,} closed records", "s", (Goal("on the line", 3),)),
)
_BATCH = 10_000
_LONG_AGO_MS = 1_768_000_000_000


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Write the history once; each round is a process that starts with it."""
    with folder() as state:
        write(state, 400 if tiny else CLOSED)
        async with broker() as port:
            for _ in range(rounds):
                began_s = time.perf_counter()
                async for found in json_lines("tests.bench.starting", str(port), str(state)):
                    whole = time.perf_counter() - began_s
                    yield {"start": {"on the line": found["seconds"], "with Python's own": whole}}


def write(state: Path, count: int) -> None:
    """Write the journal of a watchdog that has seen `count` records, of which none is open."""
    journal = Journal.create(state, LINE, "watchdog")
    near, far = Hand(LINE.name, "near"), Hand(LINE.name, "far")
    batch = []
    for number in range(1, count // 2 + 1):
        at_ms = _LONG_AGO_MS + number
        batch.append(decode(near.says("notice", notice(f"N{number}", "PRIORITY"), at_ms)))
        batch.append(decode(far.says("reply", roger("near", number), at_ms)))
        if len(batch) >= _BATCH:
            journal.append(batch)
            batch.clear()
    journal.append(batch)
    # The one checkpoint stands for the many that a watchdog makes on its way.
    picture = open_station(journal, LINE, "watchdog", Timers()).picture
    confirmed = {"near": near.head, "far": far.head}
    journal.store(Turn(checkpoint=picture.put_away(), confirmed=confirmed))
    journal.close()


async def start(port: int, state: Path) -> float:
    """Seconds from the opening of the journal until it is on the line."""
    began_s = time.perf_counter()
    journal = Journal.create(state, LINE, "watchdog")
    node = Node(
        open_station(journal, LINE, "watchdog", Timers()),
        journal,
        MqttLink(BrokerAddress("127.0.0.1", port), "watchdog"),
        WallClock(),
        blocking=inline,
    )
    await node.open()
    seconds = time.perf_counter() - began_s
    node.stop()
    await node.run()
    journal.close()
    return seconds


def main() -> None:
    """Start once, and print how long it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("state", type=Path)
    chosen = parser.parse_args()
    seconds = asyncio.run(start(chosen.port, chosen.state))
    sys.stdout.write(json.dumps({"seconds": seconds}) + "\n")


if __name__ == "__main__":
    main()
