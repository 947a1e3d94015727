"""How the machine that a node drives is made of what a station's journal holds."""

from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.taking_up import take_up
from hotline.line import Line
from hotline.station.keeper import CHECKPOINT_RECORDS
from hotline.station.station import Station
from hotline.timers import Timers
from hotline.watchdog.watchdog import Watchdog


def open_station(
    journal: Journal,
    line: Line,
    name: str,
    timers: Timers,
    *,
    checkpoint_every: int = CHECKPOINT_RECORDS,
) -> Station:
    """The machine of a station as its journal left it: a watchdog's with its rules at work.

    Raises:
        LocalError: it is the journal of another station, or of a station of another line; or the
            line has no such station.
    """
    on, owner = journal.owner()
    if (owner, on.name, on.parties) != (name, line.name, line.parties):
        raise LocalError(
            f"this is the journal of {owner} on {on.name}, not of {name} on {line.name}: a station"
            " speaks from its own journal only"
        )
    if name not in line.stations:
        known = ", ".join(line.stations)
        raise LocalError(f"{name} is not a station of {line.name}: expected one of {known}")
    make = Watchdog if name in line.watchdogs else Station
    return make(
        line,
        name,
        timers,
        journal.heads(),
        take_up(journal, line),
        checkpoint_every=checkpoint_every,
    )
