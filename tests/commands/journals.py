"""The records of a journal, and its commands as a test types them."""

from pathlib import Path

import pytest

from hotline.bodies import Check, Kind
from hotline.cli import app
from hotline.commands import entry
from hotline.line import Line
from hotline.records import Record
from tests.helpers import Author

LINE = Line("isr-tur", ("isr", "tur"), ("watchdog",))


def records(station: str, count: int) -> list[Record]:
    """The first records of one station."""
    author = Author(station, LINE)
    return [author.says(Kind.CHECK, Check()) for _ in range(count)]


def run(*words: object) -> int:
    """Run `hotline journal …`."""
    return entry.run(app, ["journal", *map(str, words)])


def exported(state: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> bytes:
    """What `export` writes."""
    capfdbinary.readouterr()
    assert run("export", "--state", state) == entry.OK
    return capfdbinary.readouterr().out
