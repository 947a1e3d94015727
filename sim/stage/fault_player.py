"""The faults of a scenario while it is played: begun, and undone when their time is over."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from random import Random
from typing import Any

from hotline.bodies import Check
from hotline.counting import counted
from hotline.records import Record
from hotline.station.turn import Publish
from hotline.times import format_duration
from hotline.topics import Channel, Topic
from sim.forgery import Forger
from sim.scenario.fault import DEADLY, ENDS_A_LINK, ENDS_A_PROCESS, Fault, FaultKind, Way, Will
from sim.stage import stranger
from sim.stage.seat import Seat
from sim.stage.shaky_link import LinkFaults

# The condition that a fault makes worse on both ways of a link, or on one. Others have no way.
_OF_A_WAY = {
    FaultKind.CUT_OUT: "cut",
    FaultKind.CUT_IN: "cut",
    FaultKind.LOSS: "loss",
    FaultKind.REPEAT: "repeat",
    FaultKind.REORDER: "reorder_ms",
    FaultKind.SLOW: "slow_ms",
}
_ONE_WAY = {FaultKind.CUT_OUT: Way.OUT, FaultKind.CUT_IN: Way.IN}


class FaultPlayer:
    """All that is wrong with some stations now: a station is well when its last fault is over.

    Args:
        seats: the stations.
        group: the task group in which they run.
        until: waits for a time of the scenario (epoch ms), or for the end of the run (False).
        random: garbage and lies are drawn from it.
    """

    def __init__(
        self,
        seats: Mapping[str, Seat],
        group: asyncio.TaskGroup,
        until: Callable[[int], Awaitable[bool]],
        random: Random,
    ) -> None:
        self._seats = seats
        self._group = group
        self._until = until
        self._tasks: list[asyncio.Task[None]] = []
        self._any = next(iter(seats.values()))  # what all of them share
        self._forger = Forger(self._any.line, random, self._lines_of)
        self._active: dict[str, list[Fault]] = {name: [] for name in seats}  # as they began
        self._put_back: dict[str, list[Record]] = {}  # what is on the disks that come instead

    def begin(self, fault: Fault, from_ms: int, until_ms: int) -> None:
        """Let something go wrong from now until then."""
        match fault.kind:
            case FaultKind.OFFICERS_VANISH:
                pass  # the desks know when nobody is there
            case FaultKind.GARBAGE:
                self._start(fault.kind, self._throw(self._garbage, fault, from_ms, until_ms))
            case FaultKind.FORGERY:
                self._start(fault.kind, self._throw(self._lie, fault, from_ms, until_ms))
            case FaultKind.FLOOD:
                for party in self._any.line.parties:
                    if fault.of in (None, party):
                        flood = self._flood(self._seats[party], fault, from_ms, until_ms)
                        self._start(f"flood of {party}", flood)
            case FaultKind.TWIN:
                for seat in self._befallen(fault):
                    self._start(f"twin of {seat.name}", self._run_twin(seat.twin(), until_ms))
            case _:
                self._start(describe(fault), self._trouble(fault, from_ms, until_ms))

    async def are_over(self) -> None:
        """Wait until all is mended."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, name: str, trouble: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(self._group.create_task(trouble, name=name))

    def _befallen(self, fault: Fault) -> list[Seat]:
        return [seat for name, seat in self._seats.items() if fault.of in (None, name)]

    async def _trouble(self, fault: Fault, from_ms: int, until_ms: int) -> None:
        seats = self._befallen(fault)
        for seat in seats:
            self._make_worse(seat, fault)
        await asyncio.gather(*(self._strike(seat, fault) for seat in seats))
        await self._until(until_ms)
        if fault.forgets:
            await stranger.say(self._any.make_link, self._retained())
        for seat in reversed(seats):  # watchdogs first, or it depends on chance whom they find away
            self._prepare_disk(seat, fault, from_ms)
            await self._mend(seat, fault)

    async def _strike(self, seat: Seat, fault: Fault) -> None:
        if fault.kind in DEADLY and not (fault.point or fault.kind is FaultKind.DISK_FULL):
            await seat.crash()
        elif fault.kind is FaultKind.LEAVE:
            seat.leave()
        elif seat.conditions.is_cut:
            await seat.link.break_off()
        await seat.freeze()

    def _prepare_disk(self, seat: Seat, fault: Fault, from_ms: int) -> None:
        """Note the records of the disk that it will start from, if that is another one."""
        if fault.kind is FaultKind.DISK_LOSS:
            self._put_back[seat.name] = []
        elif fault.kind is FaultKind.DISK_RESTORE:
            copied_ms = from_ms - (fault.by_ms or 0)
            kept = [record for record in seat.records() if record.at_ms <= copied_ms]
            self._put_back[seat.name] = kept

    def _make_worse(self, seat: Seat, fault: Fault) -> None:
        self._active[seat.name].append(fault)
        _set_conditions(seat, self._active[seat.name])

    async def _mend(self, seat: Seat, fault: Fault) -> None:
        """Undo a fault, unless another one has the same effect."""
        active = self._active[seat.name]
        active.remove(fault)
        _set_conditions(seat, active)
        if fault.kind is FaultKind.LEAVE:
            await seat.crash()  # if it has not left by now, it is made to, as service managers do
        if not any(other.kind in ENDS_A_PROCESS for other in active):
            await seat.restart(self._group, self._put_back.pop(seat.name, None))
        await seat.go_on()

    async def _run_twin(self, twin: Seat, until_ms: int) -> None:
        """Play somebody who starts a station a second time, and tries whether it works."""
        try:
            await twin.node.open()
            twin.run(self._group)
            twin.say(Check(remarks="is this station on the line?"))
            await self._until(until_ms)
            await twin.crash()
        finally:
            twin.journal.close()

    def _retained(self) -> list[Publish]:
        """Messages that clear what the broker retains of the line: statuses, and standing flags."""
        line = self._any.line
        topics = [Topic(line.name, name, Channel.STATUS) for name in line.stations]
        for name in line.watchdogs:
            standing = self._seats[name].node.machine.picture.flagged.standing(name)
            topics += [Topic(line.name, name, Channel.FLAGS, key) for key in standing]
        return [Publish(str(topic), b"", retain=True) for topic in topics]

    async def _flood(self, seat: Seat, fault: Fault, from_ms: int, until_ms: int) -> None:
        for at_ms in _evenly(fault, from_ms, until_ms):
            if not await self._until(at_ms):
                return  # or all the rest would come at once
            seat.say(Check(remarks="flood"))

    async def _throw(
        self, make: Callable[[], Publish], fault: Fault, from_ms: int, until_ms: int
    ) -> None:
        """Have somebody who is not a station say what nobody should."""
        async with stranger.visiting(self._any.make_link) as link:
            for at_ms in _evenly(fault, from_ms, until_ms):
                if not await self._until(at_ms):
                    return
                await link.publish(make())

    def _garbage(self) -> Publish:
        said = [seat.said for seat in self._seats.values() if seat.said]
        return self._forger.garbage(said).publish

    def _lie(self) -> Publish:
        return self._forger.forge(self._any.line_clock.now_ms()).publish

    def _lines_of(self, name: str) -> list[bytes]:
        return [record.raw for record in self._seats[name].records() if record.station == name]


def describe(fault: Fault) -> str:
    """A fault in words: `fault: cut of isr for 40s`."""
    words = [f"fault: {fault.name}{', all forgotten,' if fault.forgets else ''}"]
    if fault.share is not None:
        words.append(f"({fault.share:.0%})")
    if fault.way is not None:
        words.append(f"on the way {fault.way}")
    if fault.count is not None:
        words.append(f"({counted(fault.count, 'message')})")
    if fault.point is not None:
        words.append(fault.point.replace("_", " "))
    if fault.will in (Will.LATE, Will.NEVER):
        words.append(f"with the last will {fault.will}")
    if fault.by_ms is not None:
        words.append(f"by {format_duration(fault.by_ms)}")
    return " ".join([*words, f"for {format_duration(fault.for_ms)}"])


def _evenly(fault: Fault, from_ms: int, until_ms: int) -> list[int]:
    count = fault.count or 0
    return [from_ms + (until_ms - from_ms) * number // count for number in range(count)]


def _set_conditions(seat: Seat, active: Iterable[Fault]) -> None:
    """Make a station as bad as these faults say; if two are of one kind, the later counts."""
    now, ahead_ms, commit_takes_ms = LinkFaults(), 0, 0
    seat.armed, seat.is_frozen, seat.is_full = None, False, False
    for fault in active:
        _worsen(now, fault)
        if fault.kind in (FaultKind.CLOCK_FAST, FaultKind.CLOCK_SLOW):
            by_ms = fault.by_ms or 0
            ahead_ms = by_ms if fault.kind is FaultKind.CLOCK_FAST else -by_ms
        elif fault.kind is FaultKind.DISK_SLOW:
            commit_takes_ms = fault.by_ms or 0
        elif fault.kind is FaultKind.DISK_FULL:
            seat.is_full = True
        elif fault.kind is FaultKind.FREEZE:
            seat.is_frozen = True
        elif fault.point:
            seat.armed = fault.point
    vars(seat.conditions).update(vars(now))
    seat.clock.ahead_ms = ahead_ms
    seat.slow_down(commit_takes_ms)


def _worsen(link: LinkFaults, fault: Fault) -> None:
    """Make a link worse, or one way of it, if the fault is about links."""
    if fault.kind in ENDS_A_LINK:
        link.will = fault.will or Will.AT_ONCE
    link.cut |= fault.kind is FaultKind.CUT
    link.no_broker |= fault.kind is FaultKind.BROKER_RESTART
    if condition := _OF_A_WAY.get(fault.kind):
        only = _ONE_WAY.get(fault.kind, fault.way)
        for way, it in ((Way.OUT, link.out), (Way.IN, link.into)):
            if only in (None, way):
                setattr(it, condition, fault.share or fault.by_ms or True)
