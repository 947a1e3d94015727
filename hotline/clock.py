"""Time as a small value that is passed in: the line's UTC, and how long to really wait for it."""

import asyncio
import contextlib
import time
from typing import Protocol

from hotline.times import SECOND_MS

# On Linux it also counts the time in which the machine slept; others have no such clock.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_A_LITTLE_MS = 0.0005


class Clock(Protocol):
    """What a node asks of time."""

    def now_ms(self) -> int:
        """The line's time now, in milliseconds since 1970 UTC."""

    def wait_s(self, until_ms: int) -> float:
        """How many real seconds to sleep until the line's time is `until_ms` (0 if it is past)."""

    def jumped_ms(self) -> int:
        """By how much the clock was put forward (back if negative) since the last call."""


class WallClock:
    """The time of the machine, for a live line.

    Time passes as it does for the machine, asleep or not; if UTC has moved differently, somebody
    has set the clock. Less than a second is the daily work of NTP.
    """

    def __init__(self) -> None:
        self._ahead_ms = self._now_ahead_ms()

    def now_ms(self) -> int:
        """UTC now."""
        return time.time_ns() // 1_000_000

    def wait_s(self, until_ms: int) -> float:
        """How many seconds to sleep."""
        return max(until_ms - self.now_ms(), 0) / SECOND_MS

    def jumped_ms(self) -> int:
        """By how much somebody has set the clock since the last call."""
        ahead_ms = self._now_ahead_ms()
        by_ms = ahead_ms - self._ahead_ms
        self._ahead_ms = ahead_ms
        return by_ms if abs(by_ms) >= SECOND_MS else 0

    def _now_ahead_ms(self) -> int:
        """How far UTC is ahead of the time since the machine was started."""
        return self.now_ms() - time.clock_gettime_ns(_SINCE_BOOT) // 1_000_000


class ScenarioClock:
    """A scenario's time: it stands at `start_ms` until `begin`, then runs `speed` times as fast.

    On a real event loop that is a fast-forwarded clock, on a virtual one a virtual clock. Must
    be made while the loop runs.
    """

    def __init__(self, start_ms: int, speed: float = 1.0) -> None:
        self._loop = asyncio.get_running_loop()
        self._begin_s: float | None = None
        self._read = (-1.0, 0)  # the loop's time at the last look, and what this clock said
        self._start_ms = start_ms
        self._ms_per_s = speed * SECOND_MS

    def begin(self) -> None:
        """Let the time run."""
        self._begin_s = self._loop.time()

    def now_ms(self) -> int:
        """The scenario's time now."""
        if self._begin_s is None:
            return self._start_ms
        loop_s = self._loop.time()
        if loop_s != self._read[0]:
            # A little more: 0.1 + 0.2 must not make a timer fall a millisecond short for ever.
            elapsed_ms = (loop_s - self._begin_s) * self._ms_per_s + _A_LITTLE_MS
            self._read = loop_s, self._start_ms + int(elapsed_ms)
        return self._read[1]

    def wait_s(self, until_ms: int) -> float:
        """How many real seconds to sleep."""
        begin_s = self._loop.time() if self._begin_s is None else self._begin_s
        due_s = begin_s + (until_ms - self._start_ms) / self._ms_per_s
        return max(due_s - self._loop.time(), 0.0)

    def jumped_ms(self) -> int:
        """Always 0: nobody sets it."""
        return 0


async def sleep_until(clock: Clock, until_ms: int) -> None:
    """Sleep until the line's time is `until_ms`."""
    # A sleep may end a moment early, so look again.
    while (wait_s := clock.wait_s(until_ms)) > 0:  # noqa: ASYNC110 -- time is what is waited for
        await asyncio.sleep(wait_s)


async def wait_at_most(event: asyncio.Event, most_s: float) -> None:
    """Wait until something happens, but no longer than so many real seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(most_s):
            await event.wait()
