"""Checks that results can be written where they have to go, before any work is done for them."""

import os
from pathlib import Path

from hotline.errors import LocalError
from hotline.paths import is_folder, is_there


def expect_file(place: str, what: str) -> None:
    """Refuse a place that a file cannot be written to.

    Args:
        place: the file's name.
        what: what would be written there, in the words of the error.

    Raises:
        LocalError: it cannot be written; the text says why.
    """
    try:
        # A file of such a name can be written to as ./--virtual.
        why = "it is an option" if place.startswith("-") else _why_not(Path(place))
    except OSError as error:  # such as a name that is too long
        why = error.strerror
    if why is not None:
        raise LocalError(f"cannot write the {what} to {place}: {why}")


def _why_not(path: Path) -> str | None:
    """Why a file cannot be written; None: it can."""
    if not is_folder(path.parent):
        return "there is no such folder"
    if is_folder(path):
        return "it is a folder; expected a file"
    if not os.access(path if is_there(path) else path.parent, os.W_OK):
        return "you may not write there"
    return None
