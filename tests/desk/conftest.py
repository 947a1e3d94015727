"""A line at whose desks somebody sits, in most tests of a desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk.posts import Desks, desks
from tests.desk.screen.seats import Seat, seat


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Desks]:
    """Stations with desks, which may speak."""
    async with desks(tmp_path) as line:
        yield line


@pytest.fixture
async def officer(line: Desks) -> AsyncIterator[Seat]:
    """Tur's officer at his screen."""
    async with seat(line, "tur") as officer:
        yield officer
