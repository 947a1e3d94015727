"""Sitting at a desk: how it tells what was said."""

from pathlib import Path

import pytest

from hotline.desk.commands import sitting
from hotline.desk.commands.finding import Place


def test_what_was_said_and_cannot_be_printed_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk behind stdout: its record is told, so that nobody says it again."""
    with monkeypatch.context() as patched, Path("/dev/full").open("w") as full:
        patched.setattr("sys.stdout", full)
        patched.setattr(sitting, "ask", lambda _place, **_: {"record": "isr/18", "on_line": True})
        sitting.say(Place(Path()), do="stop", text="break off")
        assert full.closed, "nothing is left for Python to write at its end"
    assert capsys.readouterr().err == (
        "it was said: isr/18; this could not be printed: No space left on device\n"
    )
