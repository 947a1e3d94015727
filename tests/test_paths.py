"""What is at a path, or why nobody knows: the same with every Python."""

from collections.abc import Callable
from pathlib import Path

import pytest

import hotline.cli
import sim.cli
from hotline.commands import entry
from hotline.paths import is_file, is_folder, is_there

TOO_LONG = "x" * 300


def test_what_is_there_is_told_apart(tmp_path: Path) -> None:
    """A link is what it leads to; beneath a file there is nothing."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to(tmp_path)
    assert [is_folder(path) for path in (tmp_path, link, file)] == [True, True, False]
    assert all(is_there(path) for path in (tmp_path, link, file))
    assert [is_file(path) for path in (tmp_path, link, file)] == [False, False, True]
    for nothing in (tmp_path / "none", file / "none"):
        assert not is_there(nothing)
        assert not is_folder(nothing)
        assert not is_file(nothing)


@pytest.mark.parametrize("asks", [is_there, is_file, is_folder])
def test_what_the_system_does_not_say_is_an_error(asks: Callable[[Path], bool]) -> None:
    """And not a no."""
    with pytest.raises(OSError, match="File name too long"):
        asks(Path(TOO_LONG))


@pytest.mark.parametrize(
    "words",
    [
        "hotline watchdog --line {}",
        "hotline station isr --line {}",
        "hotline picture --state {}",
        "hotline journal verify --state {}",
        "hotline desk inbox --state {}",
        "hotline-sim run {}",
        "hotline-sim check {}",
        "hotline-sim run hold-the-desk --virtual --keep {}",
        "hotline-sim run hold-the-desk --virtual --json {}",
        "hotline-sim record {}",
    ],
)
def test_a_path_that_cannot_be_looked_at_is_one_clear_error(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the path and the reason, whoever is given it."""
    program, *rest = words.format(TOO_LONG).split()
    app = hotline.cli.app if program == "hotline" else sim.cli.app
    assert entry.run(app, rest) == entry.USAGE
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert TOO_LONG in told
    assert "File name too long" in told
    assert told.count("\n") == 1
