"""How many lines one `hotline watchdog` watches: a record a second on each, and flags on time."""

import asyncio
import time
from collections.abc import AsyncIterator

from tests.bench.crowd import Crowd
from tests.bench.figures import Figure, Goal, Values
from tests.bench.hand import line_toml
from tests.bench.processes import broker, folder, running

ROUNDS = 2  # one takes two minutes
LINES = (100, 500, 2_000)
FIGURES = (
    Figure(
        "lines",
        "many lines: flags missing, false, or later than grace + 1 s; lines not watched in 2 min",
        "",
        (Goal("500 lines", 0), Goal("2,000 lines", None, 0)),
    ),
    Figure("lines-latest", "many lines: the latest flag, after the grace", "s"),
    Figure("lines-up", "many lines: all are watched after", "s"),
)
_SECONDS = 20
_ANSWER_MS, _GRACE_MS, _ON_TIME_MS = 5_000, 1_000, 1_000
_PATIENCE_S = 120.0


async def measure(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:
    """Measure each number of lines in turn, with a broker, a process and journals of its own."""
    for _ in range(rounds):
        for count in (3,) if tiny else LINES:
            yield await _watch(f"{count:,} lines", count, 2 if tiny else _SECONDS)


async def _watch(what: str, count: int, seconds: int) -> Values:
    crowd = Crowd(count, 500 if seconds < _SECONDS else _ANSWER_MS, _GRACE_MS)
    with folder() as state:
        async with broker() as port, crowd.connected(port):
            (state / "lines").mkdir()
            for name in crowd.names:
                timers = {"answer_flash": f"{crowd.answer_ms}ms", "grace": f"{_GRACE_MS}ms"}
                text = line_toml(name, port, **timers)
                (state / "lines" / f"{name}.toml").write_text(text, encoding="utf-8")
            dog = ["hotline", "watchdog", "--line", str(state / "lines")]
            began_s = time.monotonic()
            with running([*dog, "--state", str(state / "dog"), "--log-format", "json"]):
                try:
                    async with asyncio.timeout(_PATIENCE_S):
                        await crowd.all_watched()
                except TimeoutError:  # that is a figure, too, and no reason to lose the others
                    return {"lines": {what: crowd.unwatched}}
                up_s = time.monotonic() - began_s
                await crowd.talk(seconds)
                await asyncio.sleep(_ON_TIME_MS / 1_000)
                verdict = crowd.verdict()
    late = sum(late_ms > _ON_TIME_MS for late_ms in verdict.late_ms)
    return {
        "lines": {what: verdict.missing + len(verdict.false) + late},
        "lines-latest": {what: max(verdict.late_ms, default=0) / 1_000},
        "lines-up": {what: up_s},
    }
