"""Where results are to be written: whether they can be, before anything is done for nothing."""

import os
from pathlib import Path

from hotline.errors import LocalError


def expect_file(place: str, what: str) -> None:
    """Refuse a place that a file cannot be written to.

    Args:
        place: the file's name.
        what: is to be written there, as the complaint calls it.

    Raises:
        LocalError: it cannot, and why.
    """
    try:
        why = _why_not(Path(place))
    except OSError as error:  # such as a name that is too long
        why = error.strerror
    if why is not None:
        raise LocalError(f"cannot write the {what} to {place}: {why}")


def _why_not(path: Path) -> str | None:
    """Why a file cannot be written; None: it can."""
    if not path.parent.is_dir():
        return "there is no such folder"
    if path.is_dir():
        return "it is a folder; expected a file"
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return "you may not write there"
    return None
