"""The socket file of a desk: where it is, and how it is made and taken away."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from hotline.errors import LocalError
from hotline.journal.state_lock import identity

FILE = "desk.sock"
_MOST_BYTES = 107  # of a path in Linux's sun_path, less its end


@contextlib.contextmanager
def address_of(path: Path) -> Iterator[str]:
    """A path to a socket that is short enough for the kernel, while the context lasts.

    Raises:
        LocalError: the path is too long, and this system has no other way to it.
    """
    if len(os.fsencode(path)) <= _MOST_BYTES:
        yield str(path)
        return
    # Linux shows an open directory under a short name.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        short = Path(f"/proc/self/fd/{folder}")
        if not short.is_dir():
            raise LocalError(
                f"the path of the socket {path} is longer than {_MOST_BYTES} bytes:"
                " give the station a directory with a shorter path with --state"
            )
        yield str(short / path.name)
    finally:
        os.close(folder)


@contextlib.contextmanager
def listening(directory: Path) -> Iterator[socket.socket]:
    """The socket of a station as `listen` makes it, gone again after the context.

    Raises:
        LocalError: no socket can be made there.
    """
    path = directory / FILE
    ours = listen(directory)
    made = identity(path)
    try:
        yield ours
    finally:
        ours.close()
        # Our directory may have been moved, be another station's by now, or allow no change: the
        # next start replaces a socket that nobody listens on.
        with contextlib.suppress(OSError):
            if identity(path) == made:
                path.unlink()


def listen(directory: Path) -> socket.socket:
    """Make the socket of the station that holds this directory's lock, and listen.

    Only its owner can connect, from the moment it is visible; one left by a killed process is
    replaced.

    Raises:
        LocalError: no socket can be made there.
    """
    path = directory / FILE
    new = directory / f"{FILE}.new"
    ours = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        new.unlink(missing_ok=True)
        with address_of(new) as address:
            ours.bind(address)
        new.chmod(0o600)  # before anybody could connect, since nobody listens yet
        ours.listen(8)
        ours.settimeout(0)
        new.rename(path)
    except OSError as error:
        ours.close()
        raise LocalError(f"cannot make the socket {path}: {error.strerror}") from None
    return ours
