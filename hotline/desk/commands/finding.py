"""Which station is meant: the one that is named, or the only one that runs on this machine."""

import socket
from dataclasses import dataclass
from pathlib import Path

from hotline.commands.options import expect_known
from hotline.config.config import load
from hotline.desk import sockets
from hotline.desk.client import NoStation, unreachable
from hotline.errors import LocalError
from hotline.journal.state_directories import state_root
from hotline.journal.state_lock import LOCK, is_held
from hotline.paths import is_folder

_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a station's desk is. `chosen` says that nobody has named it."""

    directory: Path
    chosen: bool = False

    def __str__(self) -> str:
        """`tur on isr-tur`, for one in its usual place."""
        return f"{self.directory.name} on {self.directory.parent.name}"


def find(state: Path | None, line: str | None, station: str | None) -> Place:
    """The desk that is meant.

    Args:
        state: a state directory; then nothing else may be named.
        line: a line's name, or its line.toml.
        station: a station's name.

    Raises:
        NoStation: none of those meant is running.
        LocalError: several do, or only another user may use it, or the line has no such station.
    """
    if state is not None:
        if line or station:
            raise LocalError("--state says which station is meant: leave --line and --as out")
        return _in(state)
    name = _name_of(line, station) if line else None
    found = [d for d in _with(sockets.FILE, name, station) if _listens(d)]
    if len(found) == 1:
        return Place(found[0], chosen=station is None)
    if not found:
        held = [Place(d) for d in _with(LOCK, name, station) if is_held(d)]
        raise NoStation(unreachable(str(held[0])) if len(held) == 1 else _nobody(name, station))
    choice = ", ".join(f"--line {d.parent.name} --as {d.name}" for d in found)
    raise LocalError(f"{len(found)} stations run here: say which one is meant ({choice})")


def _in(state: Path) -> Place:
    if not is_folder(state):
        raise NoStation(f"no station is running in {state}: there is no such directory")
    if _listens(state):
        return Place(state)
    if is_held(state):
        raise NoStation(unreachable(f"the station in {state}"))
    raise NoStation(f"no station is running in {state}; start it there with --state")


def _name_of(line: str, station: str | None) -> str:
    if not line.endswith(".toml"):
        return line
    config = load(Path(line))
    if station:
        expect_known(station, list(config.members.stations), "station")
    return config.line


def _with(file: str, line: str | None, station: str | None) -> list[Path]:
    """The usual directories of these stations that have such a file."""
    there = [path.parent for path in sorted(state_root().glob(f"*/*/{file}"))]
    return [d for d in there if line in (None, d.parent.name) and station in (None, d.name)]


def _listens(directory: Path) -> bool:
    """Whether somebody listens on the socket; one left by a killed process is only a file.

    Raises:
        LocalError: nobody may know but another user.
    """
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(_PATIENCE_S)
        try:
            with sockets.address_of(directory / sockets.FILE) as address:
                probe.connect(address)
        except PermissionError as error:
            raise LocalError(
                f"cannot use the desk in {directory}: {error.strerror};"
                " be the user who runs its station"
            ) from None
        except OSError:
            return False
    return True


def _nobody(line: str | None, station: str | None) -> str:
    who = f"no station {station!r}" if station else "no station"
    where = f" of the line {line}" if line else ""
    return (
        f"{who}{where} is running here: start one with `hotline station`, or give its"
        " state directory with --state"
    )
