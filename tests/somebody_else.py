"""Another user, to whom the modes of files apply even when root runs the tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def somebody_else(path: Path) -> Iterator[None]:
    """Be somebody to whom modes apply, if we are root; to whom all directories above are open."""
    if os.geteuid():
        yield
        return
    modes = {folder: folder.stat().st_mode for folder in path.parents}
    for folder, mode in modes.items():
        folder.chmod(mode | 0o555)
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
        for folder, mode in modes.items():
            folder.chmod(mode)
