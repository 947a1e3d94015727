"""Single machines, and the results of one turn of theirs."""

from collections.abc import Sequence

from hotline.line import Line
from hotline.picture.doubts import Doubt
from hotline.picture.picture import Picture
from hotline.records import Record, digest
from hotline.station.copies import Head
from hotline.station.station import Station
from hotline.station.turn import Incoming, Refused, Turn
from hotline.timers import Timers
from hotline.watchdog.watchdog import Watchdog
from tests.helpers import LINE, T0, TIMERS, status


def machine_of(
    line: Line, name: str, timers: Timers, disk: list[Record], doubts: Sequence[Doubt] = ()
) -> Station | Watchdog:
    """The station that a start from these records makes."""
    picture = Picture(line)
    picture.fold_all(sorted(disk, key=lambda record: record.ref))
    heads = {r.station: Head(r.seq, digest(r.raw)) for r in sorted(disk, key=lambda r: r.seq)}
    station = Station(line, name, timers, heads, picture)
    return Watchdog(station, timers, doubts) if name in line.watchdogs else station


def newcomer(*disk: Record) -> Station:
    """Isr's station, which has just connected."""
    machine = machine_of(LINE, "isr", TIMERS, list(disk))
    assert isinstance(machine, Station)
    machine.connecting(T0)
    machine.connected(T0)
    machine.flush(T0)
    return machine


def party(*disk: Record) -> Station:
    """Isr's station, which has just connected and been greeted by the others."""
    machine = newcomer(*disk)
    for other in LINE.others("isr"):
        machine.hear(status(other), T0)
    machine.flush(T0)
    return machine


def turn(machine: Station, *heard: Incoming, now_ms: int = T0) -> Turn:
    """One turn in which all this is heard."""
    for message in heard:
        machine.hear(message, now_ms)
    machine.tick(now_ms)
    return machine.flush(now_ms)


def refusals(machine: Station, *heard: Incoming) -> list[str]:
    """Why these were dropped."""
    return [e.reason for e in turn(machine, *heard).events if isinstance(e, Refused)]
