"""What is at a path: yes, no, or an error that says why nobody knows.

`Path.is_dir` and its like also say no when the system did not let them look: since Python 3.14
always, before that now and then. We would tell people that a directory is not there, which is.
"""

import stat
from pathlib import Path


def is_there(path: Path) -> bool:
    """Whether there is anything.

    Raises:
        OSError: it is not known: we may not look, or it can be no path.
    """
    return _mode(path) != 0


def is_folder(path: Path) -> bool:
    """Whether there is a directory.

    Raises:
        OSError: it is not known: we may not look, or it can be no path.
    """
    return stat.S_ISDIR(_mode(path))


def is_file(path: Path) -> bool:
    """Whether there is a file.

    Raises:
        OSError: it is not known: we may not look, or it can be no path.
    """
    return stat.S_ISREG(_mode(path))


def _mode(path: Path) -> int:
    """What kind of thing it is, as the system says it; 0: nothing is there."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0
