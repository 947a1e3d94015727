"""The configurations of several lines: which files are meant, and what a wrong one disturbs."""

import os
from pathlib import Path

import pytest

from hotline.config.config import load_all
from hotline.files.mistakes import FileError
from tests.config_files import PARTIES, minimal, written
from tests.somebody_else import somebody_else

pytestmark = pytest.mark.usefixtures("no_variables")


@pytest.fixture
def line_toml(tmp_path: Path) -> Path:
    """A line's configuration that says no more than it must."""
    return minimal(tmp_path)


def test_several_lines_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    """A directory stands for its *.toml files by name; other files in it are nobody's business."""
    for file, name in (("b.toml", "north"), ("a.toml", "south"), ("notes.txt", "none")):
        (tmp_path / file).write_text(f'line = "{name}"\n{PARTIES}', encoding="utf-8")
    (tmp_path / ".#a.toml").symlink_to("somebody.edits.it")
    single = tmp_path / "single"
    single.mkdir()
    alone = written(single, f'line = "alone"\n{PARTIES}')
    configs, mistakes = load_all([alone, tmp_path])
    assert ([config.line for config in configs], mistakes) == (["alone", "south", "north"], [])


def test_a_file_that_is_named_twice_is_one_line_twice(line_toml: Path) -> None:
    """The same file again is a second line of the same name."""
    with pytest.raises(FileError, match="is the name of the line in"):
        load_all([line_toml.parent, line_toml])


def test_a_wrong_file_in_a_directory_disturbs_no_other(line_toml: Path) -> None:
    """It is told; one that was named, or all of them, is an error."""
    wrong, again = line_toml.with_name("wrong.toml"), line_toml.with_name("zz.toml")
    wrong.write_text("line = ")
    again.write_text(line_toml.read_text(encoding="utf-8"), encoding="utf-8")
    configs, mistakes = load_all([line_toml.parent])
    assert [config.line for config in configs] == ["isr-tur"]
    assert [mistake.file for mistake in mistakes] == [str(wrong), str(again)]
    with pytest.raises(FileError, match=r"wrong.toml:1: is not TOML"):
        load_all([line_toml, wrong])
    line_toml.unlink()
    again.unlink()
    with pytest.raises(FileError, match=r"wrong.toml:1: is not TOML"):
        load_all([wrong.parent])


def test_what_is_no_file_disturbs_no_line(line_toml: Path) -> None:
    """A pipe in a directory is told like a wrong file; nobody waits for what comes out of it."""
    pipe, folder, loop = (line_toml.with_name(f"{name}.toml") for name in ("pipe", "sub", "loop"))
    os.mkfifo(pipe)
    folder.mkdir()
    loop.symlink_to(loop)
    configs, mistakes = load_all([line_toml.parent])
    assert [config.line for config in configs] == ["isr-tur"]
    said = {Path(mistake.file): mistake.says.split(";")[0] for mistake in mistakes}
    no_file = "is not a file"
    assert said.pop(loop).startswith("cannot be read: ")
    assert said == {pipe: no_file, folder: no_file}


def test_a_line_without_the_wanted_watchdog_disturbs_no_other(tmp_path: Path) -> None:
    """In a directory it is left out and told; where it was named, nothing is begun."""
    for name, dogs in (("north", "dog"), ("south", "hound")):
        text = f'line = "{name}"\nwatchdogs = ["{dogs}"]\n{PARTIES}'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    configs, mistakes = load_all([tmp_path], "dog")
    assert [config.line for config in configs] == ["north"]
    south = tmp_path / "south.toml"
    says = f"{south}:2: watchdogs: 'dog' is not a watchdog of south; expected one of hound"
    assert [str(mistake) for mistake in mistakes] == [says]
    with pytest.raises(FileError, match="'dog' is not a watchdog of south"):
        load_all([tmp_path / "north.toml", south], "dog")
    with pytest.raises(
        FileError, match=r"is not a watchdog of north.*\n.*is not a watchdog of south"
    ):
        load_all([tmp_path], "cat")


def test_a_directory_that_we_may_not_read_is_not_said_to_be_empty(line_toml: Path) -> None:
    """It may have lines."""
    folder = line_toml.parent
    mode = folder.stat().st_mode
    folder.chmod(0)
    with somebody_else(folder), pytest.raises(PermissionError):
        load_all([folder])
    folder.chmod(mode)
