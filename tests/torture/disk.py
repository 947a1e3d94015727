"""A station's state directory, which can be copied while it is in use, lost, and put back."""

import contextlib
import shutil
import sqlite3
from pathlib import Path

from tests.torture.evidence import JOURNAL


class Disk:
    """The state directory of one station. What is taken from it is kept, to look for causes in.

    Args:
        state: the directory.
        lost: the directory for what is lost.
    """

    def __init__(self, state: Path, lost: Path) -> None:
        self._state = state
        self._lost = lost
        self._copy = lost / f"{state.name}.copy"
        self._losses = 0
        lost.mkdir(exist_ok=True)

    def copy(self) -> bool:
        """Copy the journal as it is now, even while it is written; say whether there was one."""
        self._copy.unlink(missing_ok=True)
        journal = self._state / JOURNAL
        if not journal.exists():
            return False
        uri = f"{journal.as_uri()}?mode=ro"
        with (
            contextlib.closing(sqlite3.connect(uri, uri=True)) as source,
            contextlib.closing(sqlite3.connect(self._copy)) as target,
        ):
            source.backup(target)
        return True

    def lose(self) -> None:
        """Take it away; its station must be dead."""
        if self._state.exists():
            self._losses += 1
            self._state.rename(self._lost / f"{self._state.name}-{self._losses}")

    def restore(self) -> None:
        """Put the last copy in its place; its station must be dead."""
        self.lose()
        self._state.mkdir()
        if self._copy.exists():
            shutil.copyfile(self._copy, self._state / JOURNAL)
