"""Who uses a state directory, and by which clock."""

from pathlib import Path

import pytest

from hotline.errors import LocalError
from hotline.state_lock import StateLock, is_held, lives_now, mark_simulated


def test_a_directory_is_used_by_one(tmp_path: Path) -> None:
    """A second one is told what to do; when the first lets go, there is room."""
    directory = tmp_path / "isr"
    assert not is_held(directory)
    lock = StateLock.take(directory)
    assert is_held(directory)
    with pytest.raises(LocalError, match=r"another process uses .*isr: stop it, or give"):
        StateLock.take(directory)
    lock.release()
    assert not is_held(directory)
    StateLock.take(directory).release()


def test_a_hold_does_not_stand_when_its_directory_was_taken_away(tmp_path: Path) -> None:
    """Nor when there is another one in its place."""
    lock = StateLock.take(tmp_path / "isr")
    stood = [lock.stands]
    (tmp_path / "isr").rename(tmp_path / "away")
    stood.append(lock.stands)
    other = StateLock.take(tmp_path / "isr")
    stood += [lock.stands, other.stands]
    assert stood == [True, False, False, True]
    other.release()
    lock.release()


def test_who_uses_it_lives_now_unless_he_is_simulated(tmp_path: Path) -> None:
    """What a simulated station has left is nothing of the next one's."""
    assert not lives_now(tmp_path)
    lock = StateLock.take(tmp_path)
    assert lives_now(tmp_path)
    mark_simulated(tmp_path)
    assert is_held(tmp_path)
    assert not lives_now(tmp_path)
    lock.release()
    assert not lives_now(tmp_path)
    lock = StateLock.take(tmp_path)
    assert lives_now(tmp_path)
    lock.release()
