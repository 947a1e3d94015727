"""Whether results can be written where they are to go."""

import os
from pathlib import Path

import pytest

from hotline.errors import LocalError
from sim.places import expect_file


def test_a_file_that_is_new_or_there_can_be_written(tmp_path: Path) -> None:
    """Nothing is written yet."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    for place in (old, new):
        expect_file(str(place), "verdict")
    assert not new.exists()


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("", "it is a folder; expected a file"),
        (".", "it is a folder; expected a file"),
        ("none/x", "there is no such folder"),
        ("--virtual", "it is an option"),
        ("x" * 300, "File name too long"),
    ],
)
def test_what_cannot_be_written_is_told_with_its_reason(
    place: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence that names the place."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LocalError) as caught:
        expect_file(place, "scenario")
    assert str(caught.value) == f"cannot write the scenario to {place}: {why}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_takes_no_file(tmp_path: Path) -> None:
    """Nor does a file that is."""
    tmp_path.chmod(0o500)
    with pytest.raises(LocalError, match="you may not write there"):
        expect_file(str(tmp_path / "x"), "verdict")
