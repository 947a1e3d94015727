"""Where on this machine the state directories of stations are."""

import os
from pathlib import Path

from hotline.errors import LocalError
from hotline.journal.journal_file import FILE
from hotline.paths import is_file


def default_state(line: str, station: str) -> Path:
    """Where a station keeps its journal when nothing else is said."""
    return state_root() / line / station


def state_root() -> Path:
    """Where the directories of all lines are (in the XDG state directory).

    Raises:
        LocalError: this user has no home.
    """
    try:
        root = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    except RuntimeError:  # a number without a name, as in a container
        raise LocalError("this user has no home directory: say with --state where") from None
    return Path(root) / "hotline"


def only_state() -> Path:
    """The only state directory on this machine, for a command that is not told which one.

    Raises:
        LocalError: there is none, or several.
    """
    found = sorted(path for path in state_root().glob("*/*") if _may_hold_a_journal(path))
    if len(found) == 1:
        return found[0]
    if not found:
        raise LocalError(f"no journal beneath {state_root()}: say where one is with --state")
    choice = ", ".join(f"--state {directory}" for directory in found)
    raise LocalError(f"{len(found)} journals are here: say which one is meant ({choice})")


def _may_hold_a_journal(directory: Path) -> bool:
    """Whether there is one; also if we may not look: whoever opens it is told why he cannot."""
    try:
        return is_file(directory / FILE)
    except OSError:
        return True
