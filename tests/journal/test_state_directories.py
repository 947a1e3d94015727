"""Where state directories are, when nobody says it."""

import pwd
from pathlib import Path

import pytest

from hotline.errors import LocalError
from hotline.journal.journal_file import FILE
from hotline.journal.state_directories import default_state, only_state


def test_a_user_without_a_home_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who is a number alone, as in a container, has no place of his own."""

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(LocalError, match="no home directory: say with --state"):
        only_state()


def test_a_directory_into_which_we_may_not_look_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A station that root has started keeps its journal to itself; that is not said to be none."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    journal = default_state("isr-tur", "isr") / FILE
    journal.parent.mkdir(parents=True)
    default_state("isr-tur", "tur").mkdir()  # nothing in it
    with pytest.raises(LocalError, match="no journal beneath"):
        only_state()
    journal.symlink_to(FILE)  # nobody can look at this one, not even root
    assert only_state() == journal.parent
