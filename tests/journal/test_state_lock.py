"""The hold on a state directory: one process has it, however many look and clear away."""

import errno
import fcntl
import os
import stat
import time
from pathlib import Path
from threading import Thread

import pytest

from hotline.errors import LocalError
from hotline.journal.state_lock import LOCK, StateLock, is_held, lives_now, mark_simulated


def test_one_has_it(tmp_path: Path) -> None:
    """Until he lets go; that can be seen."""
    lock = StateLock.take(tmp_path)
    assert is_held(tmp_path)
    with pytest.raises(LocalError, match="another process uses the state directory"):
        StateLock.take(tmp_path)
    lock.release()
    assert not is_held(tmp_path)
    StateLock.take(tmp_path).release()


def test_a_new_directory_is_its_users_alone(tmp_path: Path) -> None:
    """Others could read what is said on the line, and hold the lock; one that is there stays so."""
    state, given = tmp_path / "line" / "isr", tmp_path / "given"
    given.mkdir(mode=0o750)
    for directory in (state, given):
        StateLock.take(directory).release()
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (state, given)]
    assert modes == [0o700, 0o750]


def test_who_only_looks_keeps_nobody_from_it(tmp_path: Path) -> None:
    """To look is to hold it for an instant, which a start waits for."""
    (tmp_path / LOCK).touch()
    with (tmp_path / LOCK).open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)

        def let_go() -> None:
            time.sleep(0.02)
            fcntl.flock(file, fcntl.LOCK_UN)

        looker = Thread(target=let_go)
        looker.start()
        StateLock.take(tmp_path).release()
        looker.join()


def test_where_nothing_can_be_locked_there_is_no_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two might write there; some file systems of other machines are so."""

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(LocalError) as caught:
        StateLock.take(tmp_path)
    assert str(caught.value) == (
        f"cannot lock the state directory {tmp_path}: No locks available;"
        " give one on a local disk with --state"
    )


def test_a_file_that_was_removed_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start that fails removes it; who opened it just before takes hold of the next one."""
    flock, to_remove = fcntl.flock, [tmp_path / LOCK]

    def late(file: int, how: int) -> None:
        if to_remove:
            to_remove.pop().unlink()
        flock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    lock = StateLock.take(tmp_path)
    assert lock.stands
    assert is_held(tmp_path)
    lock.release()


def test_a_directory_that_was_taken_away_is_no_more_ours(tmp_path: Path) -> None:
    """Another one in its place is somebody else's."""
    lock = StateLock.take(tmp_path / "state")
    (tmp_path / "state").rename(tmp_path / "away")
    other = StateLock.take(tmp_path / "state")
    assert (lock.stands, other.stands) == (False, True)
    other.release()
    lock.release()


def test_who_has_it_lives_now_unless_he_is_simulated(tmp_path: Path) -> None:
    """What a simulated station has left is nothing of the next one's."""
    assert not lives_now(tmp_path)
    lock = StateLock.take(tmp_path)
    assert lives_now(tmp_path)
    mark_simulated(tmp_path)
    assert is_held(tmp_path)
    with pytest.raises(LocalError):
        StateLock.take(tmp_path)
    assert not lives_now(tmp_path)
    lock.release()
    assert not lives_now(tmp_path)
    lock = StateLock.take(tmp_path)
    assert lives_now(tmp_path)
    lock.release()
