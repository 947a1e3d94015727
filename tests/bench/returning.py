"""A party that comes back after a long absence: how soon it has everything, and at what cost.

Its disk is empty, so it gets its own words, too. Both parties are real `hotline station`s. Ten
times as many records must cost no more time for each, and no more memory at the peak.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

from hotline.journal.journal import Journal
from hotline.records import decode
from tests.bench.figures import Figure, Goal, Values
from tests.bench.hand import Hand, line_toml, notice, now_ms, roger
from tests.bench.ours import LINE
from tests.bench.processes import broker, folder, running
from tests.bench.raw import join

ROUNDS = 2
MISSED = (10_000, 100_000)  # records: half of them notices, half their answers
_LESS, _MORE = (f"{count:,} missed" for count in MISSED)
FIGURES = (
    Figure(
        "backlog",
        "a party that is back, one record",
        "µs",
        (Goal(_MORE, None, 1.2, per=_LESS),),
    ),
    Figure(
        "backlog-memory",
        "a party that is back, its memory at most",
        "MB",
        (Goal(_MORE, None, 1.2, per=_LESS),),
    ),
)
_BATCH = 10_000
_HOUR_MS = 3_600_000
_PATIENCE_S = 300.0


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Measure each number of records in turn, on a broker and with journals of its own."""
    for _ in range(rounds):
        values: dict[str, dict[str, float]] = {"backlog": {}, "backlog-memory": {}}
        for what, count in zip((_LESS, _MORE), (40, 80) if tiny else MISSED, strict=True):
            seconds, peak_mb = await _come_back(count)
            values["backlog"][what] = seconds / count * 1e6
            values["backlog-memory"][what] = peak_mb
        yield values


async def _come_back(count: int) -> tuple[float, float]:
    """Seconds from a party's start until it has `count` records, and its peak memory."""
    with folder() as state:
        write(state / "near", count)
        async with broker() as port:
            file = state / "line.toml"
            file.write_text(line_toml(LINE.name, port), encoding="utf-8")
            near, far = (
                ["hotline", "station", name, "--line", str(file), "--state", str(state / name)]
                for name in ("near", "far")
            )
            statuses = _Statuses(count)
            eye = await join(port, b"hotline/v1/bench/+/status", statuses.take)
            async with asyncio.timeout(_PATIENCE_S):
                with running(near):
                    await statuses.is_there.wait()
                    began_s = time.perf_counter()
                    with running(far) as (process,):
                        await statuses.has_all.wait()
                        seconds = time.perf_counter() - began_s
                        peak_mb = _peak_mb(process.pid)
            eye.close()
    return seconds, peak_mb


def write(state: Path, count: int) -> None:
    """Write the journal of the party that was there: its words, and the answers."""
    journal = Journal.create(state, LINE, "near")
    near, far = Hand(LINE.name, "near"), Hand(LINE.name, "far")
    began_ms, batch = now_ms() - _HOUR_MS - count, []
    for number in range(1, count // 2 + 1):
        at_ms = began_ms + 2 * number
        batch.append(decode(near.says("notice", notice(f"N{number}", "PRIORITY"), at_ms)))
        batch.append(decode(far.says("reply", roger("near", number), at_ms)))
        if len(batch) >= _BATCH:
            journal.append(batch)
            batch.clear()
    journal.append(batch)
    journal.close()


class _Statuses:
    """How far both parties say that they have the journals."""

    def __init__(self, count: int) -> None:
        self.is_there, self.has_all = asyncio.Event(), asyncio.Event()
        self._each = count // 2

    def take(self, payload: bytes) -> None:
        """Take in one status."""
        told = json.loads(payload)
        match told["station"]:
            case "near" if told["online"]:
                self.is_there.set()
            case "far" if told["head"] == told["held"].get("near") == self._each:
                self.has_all.set()


def _peak_mb(pid: int) -> float:
    """The peak memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak
    return int(peak[1]) / 1024
