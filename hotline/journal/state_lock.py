"""The lock that gives one process alone a state directory, as long as that is there."""

import fcntl
import os
import time
from pathlib import Path
from typing import IO, Self

from hotline.errors import LocalError

LOCK = "lock"
_SIMULATED = "its time is that of a scenario\n"
_TRIES = 6
_PAUSE_S = 0.01  # between two of them: far longer than `is_held` takes


class StateLock:
    """The hold that a process has on a state directory, until it lets go or is killed."""

    def __init__(self, directory: Path, file: IO[str]) -> None:
        self.directory = directory
        self._file = file
        found = os.fstat(file.fileno())
        self._identity = found.st_dev, found.st_ino

    @classmethod
    def take(cls, directory: Path) -> Self:
        """Take hold of a directory, making it when new.

        Raises:
            LocalError: it cannot be used, or another process uses it.
        """
        for tried in range(_TRIES):
            if tried:  # somebody checked whether it is held, or cleared away what a start had left
                time.sleep(_PAUSE_S)
            lock = cls(directory, _opened(directory))
            try:
                fcntl.flock(lock._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.release()
                continue
            except OSError as error:  # some file systems of other machines have no locks
                lock.release()
                raise LocalError(
                    f"cannot lock the state directory {directory}: {error.strerror};"
                    " give one on a local disk with --state"
                ) from None
            if lock.stands:
                lock._file.truncate(0)
                return lock
            lock.release()
        raise LocalError(
            f"another process uses the state directory {directory}: stop it, or"
            " name another one with --state"
        )

    @property
    def stands(self) -> bool:
        """Whether the directory is still the one that we hold: it may have been removed."""
        return identity(self.directory / LOCK) == self._identity

    def release(self) -> None:
        """Let go."""
        self._file.close()


def _opened(directory: Path) -> IO[str]:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # who may look in reads the line
        return (directory / LOCK).open("a")  # its content is its holder's
    except OSError as error:
        raise LocalError(
            f"cannot use the state directory {directory}: {error.strerror};"
            " give one that we may write to with --state"
        ) from None


def is_held(directory: Path) -> bool:
    """Whether some process uses a state directory just now."""
    try:
        with (directory / LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def mark_simulated(directory: Path) -> None:
    """Mark a directory that we hold: its station does not live in real time."""
    (directory / LOCK).write_text(_SIMULATED, encoding="utf-8")


def lives_now(directory: Path) -> bool:
    """Whether some process uses a state directory just now, in real time."""
    return is_held(directory) and (directory / LOCK).read_bytes() != _SIMULATED.encode()


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from a later one under the same name; None: it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 -- for each commit, and pathlib takes three times as long
    except OSError:
        return None
    return found.st_dev, found.st_ino
