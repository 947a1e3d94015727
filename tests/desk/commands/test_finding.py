"""Finding a station: the one that is named, or the only one that runs."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hotline.desk import sockets
from hotline.desk.client import NoStation
from hotline.desk.commands.finding import find
from hotline.errors import LocalError
from hotline.journal.state_lock import StateLock
from tests.config_files import minimal
from tests.somebody_else import somebody_else


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str], socket.socket]]:
    """Makes the socket of a station in its usual place."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with ExitStack() as open_sockets:

        def listen(line: str, station: str) -> socket.socket:
            directory = tmp_path / "hotline" / line / station
            directory.mkdir(parents=True)
            return open_sockets.enter_context(sockets.listen(directory))

        yield listen


def test_the_only_one_that_runs_is_meant(run: Callable[[str, str], socket.socket]) -> None:
    """One that a killed process left does not count; and it says that nobody has named it."""
    run("isr-tur", "isr").close()
    run("isr-tur", "tur")
    place = find(None, None, None)
    assert (str(place), place.chosen) == ("tur on isr-tur", True)
    place = find(None, None, "tur")
    assert (str(place), place.chosen) == ("tur on isr-tur", False)


def test_of_several_one_must_be_named(
    run: Callable[[str, str], socket.socket], tmp_path: Path
) -> None:
    """By its name, by its line (or line.toml), or by both."""
    for line, station in (("isr-tur", "isr"), ("isr-tur", "tur"), ("ind-pak", "ind")):
        run(line, station)
    with pytest.raises(LocalError, match=r"3 stations run here: say which .* --as isr, --line isr"):
        find(None, None, None)
    line = str(minimal(tmp_path))
    for named in (("isr-tur", "tur"), (None, "tur"), (line, "tur")):
        assert str(find(None, *named)) == "tur on isr-tur"
    assert str(find(None, "ind-pak", None)) == "ind on ind-pak"
    with pytest.raises(LocalError, match="'turk' is not a station of this line; did you mean"):
        find(None, line, "turk")


def test_where_none_runs_it_says_so(
    run: Callable[[str, str], socket.socket], tmp_path: Path
) -> None:
    """With what was looked for; a state directory decides alone."""
    run("isr-tur", "isr")
    for named, says in (
        ((None, None, "tur"), "no station 'tur' is running here: start one with"),
        ((None, "ind-pak", None), "no station of the line ind-pak is running here"),
        ((tmp_path, None, None), "no station is running in .*; start it there with --state"),
        ((tmp_path / "x", None, None), "no station is running in .*: there is no such directory"),
    ):
        with pytest.raises(NoStation, match=says):
            find(*named)
    isr = tmp_path / "hotline" / "isr-tur" / "isr"
    assert not find(isr, None, None).chosen
    with pytest.raises(LocalError, match="--state says which station is meant"):
        find(isr, None, "tur")


def test_a_desk_that_cannot_be_reached_is_not_said_to_be_off_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its station runs: the disk may take no more, or somebody deleted the socket."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    directory = tmp_path / "hotline" / "isr-tur" / "tur"
    says = r"runs, but its desk cannot be reached \(nobody listens at its `desk.sock`\): its log"
    lock = StateLock.take(directory)
    for state, named, who in ((directory, None, "the station in .*"), (None, "tur", "tur on isr")):
        with pytest.raises(NoStation, match=f"{who}.* {says}"):
            find(state, None, named)
    with pytest.raises(NoStation, match="no station 'isr' is running here"):
        find(None, None, "isr")
    lock.release()
    with pytest.raises(NoStation, match="start it there"):
        find(directory, None, None)
    with pytest.raises(NoStation, match="no station 'tur' is running here"):
        find(None, None, "tur")


@pytest.mark.parametrize("what", [".", sockets.FILE])
def test_the_desk_of_another_user_is_not_said_to_be_off_the_line(
    run: Callable[[str, str], socket.socket], tmp_path: Path, what: str
) -> None:
    """Neither the socket nor its directory is open to us: to start the station again is no help."""
    run("isr-tur", "tur")
    directory = tmp_path / "hotline" / "isr-tur" / "tur"
    forbidden = directory / what
    mode = forbidden.stat().st_mode
    forbidden.chmod(0)
    with (
        somebody_else(directory),
        pytest.raises(LocalError, match=r"cannot use the desk in .*/tur: Permission denied; be"),
    ):
        find(directory, None, None)
    forbidden.chmod(mode)
