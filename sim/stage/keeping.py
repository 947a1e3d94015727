"""Where the stations of a run have their disks, and which of these are kept."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.leftovers import cleared


class QuickJournal(Journal):
    """A journal in a file that does not wait for the disk, as that is slow beside a virtual clock.

    Only a power cut would show the difference, and that ends the whole run. A process that dies
    leaves the same behind.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        connection.execute("PRAGMA synchronous = OFF")


def require_room(keep: Path) -> None:
    """Refuse a directory that is not empty.

    Raises:
        LocalError: it is not, or it cannot be read.
    """
    try:
        is_free = not keep.exists() or not any(keep.iterdir())
    except OSError as error:
        raise LocalError(f"--keep {keep}: {error.strerror}; expected an empty directory") from None
    if not is_free:
        raise LocalError(f"--keep {keep} is not empty: expected an empty directory, or a new one")


@contextlib.contextmanager
def disks(keep: Path | None, stations: Collection[str]) -> Iterator[Path]:
    """The directory for the stations' disks; if kept, it has the last disk of each in the end.

    Raises:
        LocalError: it cannot be made.
    """
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="hotline-") as state:
            yield Path(state)
        return
    with contextlib.ExitStack() as left:
        for directory in (keep, *(keep / name for name in stations)):  # the last goes first
            left.enter_context(cleared(directory))
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(f"--keep {keep}: {error.strerror}") from None
        try:
            yield keep
        finally:
            _tidy(keep, stations)


def _tidy(keep: Path, stations: Collection[str]) -> None:
    """Leave the last disk of each station, under its name; those that were lost are gone."""
    for name in stations:
        later = sorted(keep.glob(f"{name}.*"), key=lambda path: int(path.suffix[1:]))
        if later:
            shutil.rmtree(keep / name)
            later[-1].rename(keep / name)
    for path in keep.iterdir():
        if path.name not in stations:
            shutil.rmtree(path)
