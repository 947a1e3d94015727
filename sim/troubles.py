"""The faults of a scenario while it is played: begun, and undone when their time is over."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from hotline.times import format_duration
from sim.mishap import Fault, FaultKind
from sim.seat import Seat

_DEADLY = (FaultKind.CRASH, FaultKind.DISK_LOSS)


class Troubles:
    """All that is wrong with some stations now.

    Args:
        seats: the stations.
        group: in which they run.
        until: waits for a time of the scenario (epoch ms), or for the end of the run.
    """

    def __init__(
        self,
        seats: Mapping[str, Seat],
        group: asyncio.TaskGroup,
        until: Callable[[int], Awaitable[None]],
    ) -> None:
        self._seats = seats
        self._group = group
        self._until = until
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, fault: Fault, until_ms: int) -> None:
        """Let something go wrong until then."""
        for name, seat in self._seats.items():
            if fault.of in (None, name):
                trouble = self._trouble(seat, fault, until_ms)
                self._tasks.append(self._group.create_task(trouble, name=f"{fault.kind} {name}"))

    async def are_over(self) -> None:
        """Wait until all is mended."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _trouble(self, seat: Seat, fault: Fault, until_ms: int) -> None:
        if fault.kind is FaultKind.CUT:
            seat.conditions.cut = True
            await seat.link.break_off()
        elif fault.kind in _DEADLY:
            await seat.crash()
        else:
            _make_worse(seat, fault)
        await self._until(until_ms)
        if fault.kind is FaultKind.CUT:
            seat.conditions.cut = False
            await seat.link.mend()
        elif fault.kind in _DEADLY:
            await seat.restart(self._group, new_disk=fault.kind is FaultKind.DISK_LOSS)
        else:
            _make_well(seat, fault.kind)


def describe(fault: Fault) -> str:
    """A fault in words: `fault: cut of isr for 40s`."""
    words = [f"fault: {fault.kind.replace('_', ' ')} of {fault.of or 'everybody'}"]
    if fault.share is not None:
        words.append(f"({fault.share:.0%})")
    if fault.by_ms is not None:
        words.append(f"by {format_duration(fault.by_ms)}")
    return " ".join([*words, f"for {format_duration(fault.for_ms)}"])


def _make_worse(seat: Seat, fault: Fault) -> None:
    by_ms, share = fault.by_ms or 0, fault.share or 0.0
    match fault.kind:
        case FaultKind.LOSS:
            seat.conditions.loss = share
        case FaultKind.REPEAT:
            seat.conditions.repeat = share
        case FaultKind.SLOW:
            seat.conditions.slow_ms = by_ms
        case FaultKind.CLOCK_FAST:
            seat.clock.ahead_ms = by_ms
        case _:
            seat.clock.ahead_ms = -by_ms


def _make_well(seat: Seat, kind: FaultKind) -> None:
    match kind:
        case FaultKind.LOSS:
            seat.conditions.loss = 0.0
        case FaultKind.REPEAT:
            seat.conditions.repeat = 0.0
        case FaultKind.SLOW:
            seat.conditions.slow_ms = 0
        case _:
            seat.clock.ahead_ms = 0
