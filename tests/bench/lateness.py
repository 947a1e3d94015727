"""How late flags are when deadlines pass evenly, a thousand a second.

The watchdog is a real `hotline watchdog`; both parties are played by hand. All notices are there
well before the first deadline, so only flagging is measured: from deadline plus grace to the
record's `at`, and to its arrival from the broker.
"""

import asyncio
import json
from collections.abc import AsyncIterator

from hotline.times import parse_instant
from hotline.topics import Channel
from tests.bench.figures import Figure, Goal, Values
from tests.bench.hand import Hand, line_toml, notice, now_ms
from tests.bench.processes import broker, folder, running
from tests.bench.raw import RawClient, join

ROUNDS = 99
FIGURES = (Figure("lateness", "flag lateness, 1,000 deadlines/s", "ms", (Goal("p99", 50, 10),)),)
PER_S = 1_000
SECONDS = 8
ALLOWED_MS, GRACE_MS = 16_000, 1_000
_BATCH = 100
_PATIENCE_S = 60


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Measure each round with a watchdog of its own."""
    for _ in range(rounds):
        if tiny:
            committed, published = await late_by(40, 4_000)
        else:
            committed, published = await late_by(PER_S * SECONDS, ALLOWED_MS)
        yield {
            "lateness": {
                "p99": _percentile(committed, 99),
                "p50": _percentile(committed, 50),
                "p99 published": _percentile(published, 99),
                "p50 published": _percentile(published, 50),
            }
        }


async def late_by(count: int, allowed_ms: int) -> tuple[list[float], list[float]]:
    """How many ms late each first flag was committed, and published.

    Raises:
        TimeoutError: some flags did not come at all.
    """
    flags = _Flags(count)
    near, far = Hand("late", "near"), Hand("late", "far")
    with folder() as state:
        async with broker() as port:
            file = state / "line.toml"
            timers = {"answer_flash": f"{allowed_ms}ms", "grace": f"{GRACE_MS}ms", "silent": "10m"}
            file.write_text(line_toml("late", port, **timers), encoding="utf-8")
            dog = ["hotline", "watchdog", "--line", str(file), "--state", str(state / "dog")]
            eye = await join(port, b"hotline/v1/late/watchdog/#", flags.take)
            with running([*dog, "--log-format", "json"]):
                async with asyncio.timeout(_PATIENCE_S):
                    await flags.online.wait()
                    _say_all(eye, near, far, count, allowed_ms)
                async with asyncio.timeout(_PATIENCE_S):
                    await flags.complete.wait()
            eye.close()
    return flags.committed, flags.published


def _say_all(client: RawClient, near: Hand, far: Hand, count: int, allowed_ms: int) -> None:
    """Say all notices at once; by their own times they come one a millisecond, the last one now."""
    first_ms = now_ms() - count * 1_000 // PER_S
    assert count * 1_000 // PER_S < allowed_ms // 2 + 1_000, "no deadline passes while we speak"
    for hand in (near, far):
        status = hand.status(now_ms(), {})
        client.publish(hand.topic(Channel.STATUS).encode(), status)
    topic = near.topic(Channel.RECORDS).encode()
    for begin in range(0, count, _BATCH):
        lines = [
            near.says("notice", notice(f"N{number}", "FLASH"), first_ms + number * 1_000 // PER_S)
            for number in range(begin, min(begin + _BATCH, count))
        ]
        client.publish(topic, b"\n".join(lines))
        held = far.status(now_ms(), {"near": near.head})
        client.publish(far.topic(Channel.STATUS).encode(), held)


class _Flags:
    """Takes in what the watchdog publishes."""

    def __init__(self, count: int) -> None:
        self.online, self.complete = asyncio.Event(), asyncio.Event()
        self.committed: list[float] = []
        self.published: list[float] = []
        self._count = count

    def take(self, payload: bytes) -> None:
        """Take one message of its records, its status or its board."""
        came_ms = now_ms()
        for line in payload.splitlines():
            told = json.loads(line)
            if "online" in told:
                self.online.set()
            if told.get("kind") != "flag" or "prev" not in told:
                continue
            flag = told["body"]
            if (flag["rule"], flag["level"]) == ("unanswered", "WARNING"):
                due_ms = parse_instant(flag["due"]) + GRACE_MS
                self.committed.append(parse_instant(told["at"]) - due_ms)
                self.published.append(came_ms - due_ms)
        if len(self.committed) >= self._count:
            self.complete.set()


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) * percent // 100, len(values) - 1)]
