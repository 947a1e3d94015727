"""The state directory that the commands for journals are tried on."""

from pathlib import Path

import pytest

from hotline.journal.journal import Journal
from tests.commands.journals import LINE, records


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state directory of `isr`, with records of both parties."""
    directory = tmp_path / "isr"
    journal = Journal.create(directory, LINE, "isr")
    journal.append([*records("isr", 3), *records("tur", 2)])
    journal.close()
    return directory
