"""Where state directories are, when nobody says it."""

import pwd

import pytest

from hotline.errors import LocalError
from hotline.journal.state_directories import only_state


def test_a_user_without_a_home_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who is a number alone, as in a container, has no place of his own."""

    def nobody(number: int) -> None:
        raise KeyError(number)

    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(LocalError, match="no home directory: say with --state"):
        only_state()
