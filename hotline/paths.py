"""What is at a path: yes, no, or an error that says why nobody knows.

`Path.is_dir` and its like answer no to what the system did not let them see, since Python 3.14 to
everything of the kind, before to some. Then "there is no such directory" would be said of one that
is there.
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
