"""The socket as a file: paths of any length, and who may connect."""

import asyncio
import errno
import stat
from pathlib import Path

import pytest

from hotline.desk import sockets


async def test_a_path_may_be_longer_than_the_kernel_takes(tmp_path: Path) -> None:
    """A directory whose path is longer than sun_path is reached under a short name."""
    directory = tmp_path / ("x" * 120)
    directory.mkdir()
    with sockets.listen(directory) as listening:
        path = directory / sockets.FILE
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with sockets.address_of(path) as address:
            assert len(address) < 108
            _, writer = await asyncio.open_unix_connection(address)
        accepted, _ = await asyncio.get_running_loop().sock_accept(listening)
        accepted.close()
        writer.close()
        await writer.wait_closed()


def test_a_short_path_stays_as_it_is(tmp_path: Path) -> None:
    """Nothing is opened for it."""
    with sockets.address_of(tmp_path / "s") as address:
        assert address == str(tmp_path / "s")


def test_what_a_killed_process_left_is_replaced(tmp_path: Path) -> None:
    """A socket that nobody listens on, and a new one that was not finished."""
    for _ in range(2):
        sockets.listen(tmp_path).close()
        (tmp_path / f"{sockets.FILE}.new").touch()
    assert (tmp_path / sockets.FILE).is_socket()


def test_a_socket_that_is_another_stations_by_now_stays(tmp_path: Path) -> None:
    """The directory was moved away, and somebody else came in its place."""
    state = tmp_path / "state"
    state.mkdir()
    with sockets.listening(state):
        state.rename(tmp_path / "away")
        state.mkdir()
        other = sockets.listen(state)
    assert (state / sockets.FILE).is_socket()
    other.close()


def test_a_disk_that_takes_no_change_keeps_a_socket_that_nobody_listens_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is closed all the same, and that it stays is no error: the next start replaces it."""

    def unlink(_: Path, *, missing_ok: bool = False) -> None:  # noqa: ARG001 -- pathlib's own
        raise OSError(errno.EROFS, "read-only")

    with sockets.listening(tmp_path) as ours:
        monkeypatch.setattr(Path, "unlink", unlink)
    assert ours.fileno() == -1
