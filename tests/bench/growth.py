"""What many open notices cost a watchdog: memory for each, and time for one more record.

One process, journal on disk, no broker: turns are taken as the node takes them. A fresh watchdog
with few notices takes turns in the same minute as the one with many.
"""

import argparse
import gc
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

from hotline.journal.journal import Journal
from hotline.machine import open_station
from hotline.station.keeper import CHECKPOINT_RECORDS
from hotline.station.turn import Incoming
from hotline.timers import Timers
from hotline.topics import Channel
from tests.bench.figures import Figure, Goal, Values
from tests.bench.hand import Hand, notice
from tests.bench.ours import LINE
from tests.bench.processes import folder, json_lines

ROUNDS = 99
MANY, FEW = 1_000_000, 1_000
BATCH = 100
FILL_S = 480  # at most: the figures are then of as many as there were, and say so
FIGURES = (
    Figure("memory", "memory for an open notice", "B", (Goal(f"{MANY:,} open", 1_000, 400),)),
    Figure(
        "record",
        "watchdog, one record",
        "µs",
        (Goal(f"{MANY:,} open", 2, 1.2, per=f"{FEW:,} open"),),
    ),
)
_NOW_MS = 1_768_000_000_000


class Filling:
    """A watchdog that hears more and more notices that nobody answers."""

    def __init__(self, state: Path) -> None:
        self.journal = Journal.create(state, LINE, "watchdog")
        self.machine = open_station(self.journal, LINE, "watchdog", Timers())
        self._near, self._far = Hand(LINE.name, "near"), Hand(LINE.name, "far")
        self.machine.connecting(_NOW_MS)
        self.machine.connected(_NOW_MS)
        self.hear(0, BATCH)
        if not self.machine.may_speak:
            raise RuntimeError("the watchdog waits for something that it was not given")

    def hear(self, count: int, batch: int) -> float:
        """Take turns with `count` more records; return the seconds that they took."""
        seconds = 0.0
        for begin in range(0, max(count, 1), batch):
            size = min(batch, count - begin)
            names = range(self._near.head + 1, self._near.head + size + 1)
            lines = [
                self._near.says("notice", notice(f"N{number}", "PRIORITY"), _NOW_MS)
                for number in names
            ]
            incoming = [
                Incoming(self._near.topic(Channel.RECORDS), b"\n".join(lines)),
                Incoming(self._near.topic(Channel.STATUS), self._near.status(_NOW_MS, {})),
                Incoming(
                    self._far.topic(Channel.STATUS),
                    self._far.status(_NOW_MS, {"near": self._near.head}),
                ),
            ]
            began_s = time.perf_counter()
            self._turn(incoming if size else incoming[1:])
            seconds += time.perf_counter() - began_s
        return seconds

    def _turn(self, incoming: list[Incoming]) -> None:
        """Do what a node does, without the sending."""
        for each in incoming:
            self.machine.hear(each, _NOW_MS)
        self.machine.tick(_NOW_MS)
        turn = self.machine.flush(_NOW_MS)
        if turn.appends:
            self.journal.store(turn)
        self.machine.due_ms()

    @property
    def open(self) -> int:
        """How many notices wait for their answer."""
        return len(self.machine.picture.messages)


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Fill one watchdog once; then measure few and many by turns."""
    few, many = (50, 200) if tiny else (FEW, MANY)
    options = ["--few", str(few), "--many", str(many), "--rounds", str(rounds)]
    async for found in json_lines("tests.bench.growth", *options):
        name = f"{min(int(found['open']), MANY):,} open"
        values: dict[str, dict[str, float]] = {
            "record": {f"{few:,} open": found["few_us"], name: found["many_us"]}
        }
        if "memory" in found:
            values["memory"] = {name: found["memory"]}
        yield values


def _resident() -> int:
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


def main() -> None:
    """Print the figures of each round."""
    parser = argparse.ArgumentParser()
    for option in ("--few", "--many", "--rounds"):
        parser.add_argument(option, type=int)
    chosen = parser.parse_args()
    window = min(CHECKPOINT_RECORDS, chosen.many)  # one checkpoint is in each
    with folder() as state:
        Filling(state / "warm-up").hear(chosen.few, BATCH)
        big = Filling(state / "big")
        before, began_s = _resident(), time.monotonic()
        step = min(10_000, chosen.many)
        while big.open < chosen.many and time.monotonic() - began_s < FILL_S:
            big.hear(step, min(step, 1_000))
        held = big.open
        memory = {"memory": (_resident() - before) / held}
        for number in range(chosen.rounds):
            small = Filling(state / f"small-{number}")
            small.hear(chosen.few, BATCH)
            few_us = small.hear(window, BATCH) / window * 1e6
            many_us = big.hear(window, BATCH) / window * 1e6
            found = {"open": held, "few_us": few_us, "many_us": many_us} | memory
            memory = {}  # once is enough: it does not change
            sys.stdout.write(json.dumps(found) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
