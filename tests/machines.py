"""Single machines, and the results of one turn of theirs."""

from collections.abc import Sequence

from hotline.line import Line
from hotline.picture.doubts import Doubt
from hotline.picture.past import Past
from hotline.picture.picture import Picture
from hotline.records import Record, digest
from hotline.station.copies import Head
from hotline.station.station import Station
from hotline.station.turn import Incoming, Refused, Turn
from hotline.timers import Timers
from hotline.topics import Channel, Topic
from hotline.watchdog.watchdog import Watchdog
from tests.helpers import LINE, T0, TIMERS, status


class _Kept(Past):
    """It holds these doubts, and all else is in memory."""

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        self._doubts = doubts

    def doubts(self) -> Sequence[Doubt]:
        """What was stored."""
        return self._doubts


def machine_of(
    line: Line, name: str, timers: Timers, disk: list[Record], doubts: Sequence[Doubt] = ()
) -> Station:
    """The station that a start from these records makes."""
    picture = Picture(line, _Kept(doubts))
    picture.fold_all(sorted(disk, key=lambda record: record.ref))
    heads = {r.station: Head(r.seq, digest(r.raw)) for r in sorted(disk, key=lambda r: r.seq)}
    make = Watchdog if name in line.watchdogs else Station
    return make(line, name, timers, heads, picture)


def newcomer(*disk: Record, comes_back: bool = True) -> Station:
    """Isr's station, which has just connected; what it said then came back, or did not."""
    machine = machine_of(LINE, "isr", TIMERS, list(disk))
    machine.connecting(T0)
    machine.connected(T0)
    said = machine.flush(T0)
    if comes_back:
        bring_back(machine, said, T0)
    return machine


def party(*disk: Record) -> Station:
    """Isr's station, which has just connected and been greeted by the others."""
    machine = newcomer(*disk)
    for other in LINE.others("isr"):
        machine.hear(status(other), T0)
    bring_back(machine, machine.flush(T0), T0)
    return machine


def turn(machine: Station, *heard: Incoming, now_ms: int = T0, comes_back: bool = True) -> Turn:
    """One turn in which all this is heard; what it says of itself comes back, or does not."""
    for message in heard:
        machine.hear(message, now_ms)
    machine.tick(now_ms)
    result = machine.flush(now_ms)
    if comes_back:
        bring_back(machine, result, now_ms)
    return result


def bring_back(machine: Station, turn: Turn, now_ms: int) -> None:
    """The broker brings what a station says of itself to that station too."""
    own = str(Topic(machine.line.name, machine.name, Channel.STATUS))
    for publish in turn.publishes:
        if publish.topic == own:
            machine.hear(Incoming(own, publish.payload), now_ms)


def refusals(machine: Station, *heard: Incoming) -> list[str]:
    """Why these were dropped."""
    return [e.reason for e in turn(machine, *heard).events if isinstance(e, Refused)]
