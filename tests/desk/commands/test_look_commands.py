"""The commands that look."""

import json
from pathlib import Path
from typing import Any

import pytest

from hotline.desk.commands import look_commands
from hotline.desk.commands.sitting import At


def test_a_program_reads_the_whole_inbox(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The list of a state is cut, and counts what it leaves out; bare JSON could not tell."""
    told: dict[str, Any] = {
        "inbox": {"inbox": [{"record": "isr/1"}, {"record": "isr/2"}]},
        "state": {"state": {"inbox": [{"record": "isr/1"}], "counts": {"inbox": 2}}},
    }
    monkeypatch.setattr(look_commands, "ask", lambda _place, *, do: told[do])
    monkeypatch.setattr(At, "place", lambda _at: tmp_path)
    look_commands.inbox(json_=True)
    assert [entry["record"] for entry in json.loads(capsys.readouterr().out)] == ["isr/1", "isr/2"]
