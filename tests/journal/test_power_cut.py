"""A power cut: what a journal has taken is with the disk by then, not only with the system.

A killed process cannot show that: the system still has what it wrote.
"""

import ctypes
import os
from pathlib import Path

import pytest

from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from tests.helpers import Author

_CACHESTAT = 451  # cachestat(2), Linux 6.5


class _Cached(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("all", "dirty", "writing", "gone", "back")]


def unwritten_pages(file: Path) -> int:
    """How many pages of a file only the system has so far.

    Raises:
        OSError: this system does not tell.
    """
    whole, found = (ctypes.c_uint64 * 2)(0, 0), _Cached()
    system = ctypes.CDLL(None, use_errno=True)
    with file.open("rb") as opened:
        arguments = (opened.fileno(), ctypes.byref(whole), ctypes.byref(found), 0)
        if system.syscall(_CACHESTAT, *arguments):
            raise OSError(ctypes.get_errno(), "cachestat")
    return int(found.dirty + found.writing)


@pytest.fixture(autouse=True)
def _told_by_the_system(tmp_path: Path) -> None:
    """Pages count as unwritten until they are synced, and not after that."""
    file = tmp_path / "probe"
    with file.open("wb") as opened:
        opened.write(bytes(8192))
        opened.flush()
        try:
            before = unwritten_pages(file)
        except OSError as error:
            pytest.skip(f"no cachestat here: {error.strerror}")
        os.fsync(opened.fileno())
    if not before or unwritten_pages(file):
        pytest.skip("this file system is in memory, or writes at once")


def test_what_is_stored_is_on_the_disk(journal: Journal, directory: Path) -> None:
    """From the first record on, in the log and, once SQLite has moved it there, in the file."""
    tur, empty = Author("tur"), (directory / FILE).stat().st_size
    for _ in range(60):
        journal.append(tur.notices(100))
        files = [directory / FILE, directory / f"{FILE}-wal"]
        assert [unwritten_pages(file) for file in files] == [0, 0]
    assert (directory / FILE).stat().st_size > empty


def test_so_it_is_with_room_made_for_the_log(journal: Journal, directory: Path) -> None:
    """Which is filled in a transaction that never ends."""
    tur = Author("tur")
    journal.make_room()
    journal.append(tur.notices(1))
    assert unwritten_pages(directory / f"{FILE}-wal") == 0
