"""The recorded line, as far as it is known: who is on it, what they have said, and its timers."""

from collections.abc import Iterable, Mapping, Sequence

from hotline.bodies import Clear, Flag, Ref
from hotline.config.config import LineConfig
from hotline.errors import LocalError
from hotline.line import PARTIES, Line
from hotline.records import Record
from hotline.status import Role
from hotline.timers import Timers
from sim.recording.told_timers import told_by

_WATCHDOGS = ("watchdog", "dog", "hound")  # for a line whose watchdog said nothing: one is free


def members(name: str, records: Iterable[Record], roles: Mapping[str, Role]) -> Line:
    """The members of a line, by what each of them says.

    Raises:
        LocalError: this does not show which two are its parties.
    """
    stations = dict.fromkeys([*sorted(roles), *(record.station for record in records)])
    flagging = {record.station for record in records if isinstance(record.body, Flag | Clear)}
    flagging |= {station for station, role in roles.items() if role is Role.WATCHDOG}
    parties = [station for station in stations if station not in flagging]
    if len(parties) != PARTIES:
        raise LocalError(
            f"cannot make out the two parties of the line {name}: heard"
            f" {', '.join(parties) or 'nobody'}; give its configuration with --line line.toml"
        )
    first, second = parties
    unheard = next(each for each in _WATCHDOGS if each not in parties)
    return Line(name, (first, second), tuple(sorted(flagging)) or (unheard,))


def of_line(line: Line, records: Mapping[Ref, Record]) -> list[Record]:
    """The records of a line's stations, each journal in its order.

    They come in another order if the beginning is in a second file, or was replayed later.
    """
    return [records[ref] for ref in sorted(records) if ref.station in line.stations]


def timers_of(
    config: LineConfig | None, line: Line, records: Sequence[Record]
) -> tuple[Timers, list[str]]:
    """The timers, and a sentence that says where they come from."""
    if config:
        return config.timers, []
    timers, remark = told_by(line, records)
    return timers, [remark]


def displayed(config: LineConfig | None) -> dict[str, str]:
    """The display names of the parties, if the configuration has them."""
    return {name: party.display for name, party in config.parties.items()} if config else {}
