"""The screen's contact with its station, through its absences."""

import asyncio
from pathlib import Path

import pytest

from hotline.desk import sockets
from hotline.desk.screen import contact
from hotline.desk.screen.contact import Gone, follow
from tests.desk.posts import Desks


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again at once."""
    monkeypatch.setattr(contact, "AGAIN_S", 0.01)


async def test_it_finds_the_station_again(line: Desks, tmp_path: Path) -> None:
    """What it tells, that it left, listens to nobody or is not running, and what it tells then."""
    told = follow(line.state("tur"))
    seen = await anext(told)
    while "state" not in seen:
        seen = await anext(told)
    await line.close("tur")
    while not isinstance(seen, Gone):
        seen = await anext(told)
    assert seen.why in ("it has left", "it went away")
    unreachable = "it runs, but its desk cannot be reached: its log may say why"
    assert await anext(told) == Gone(unreachable)
    await line.crew.crash("tur")
    while seen != Gone("it is not running"):
        seen = await anext(told)
    aside = line.state("tur").rename(tmp_path / "aside")
    why = "its directory is gone: its scenario is over, or somebody moved it"
    while seen != Gone(why):
        seen = await anext(told)
    aside.rename(line.state("tur"))
    await line.start("tur")
    while isinstance(seen, Gone):
        seen = await anext(told)
    assert "log" in seen


async def test_one_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be stopped: that is told, not waited for."""
    monkeypatch.setattr(contact, "_SILENCE_S", 0.05)
    with sockets.listen(tmp_path):
        assert await anext(follow(tmp_path)) == Gone("it has sent nothing for 0.05 seconds")


async def test_one_that_dies_in_the_middle_of_a_line(tmp_path: Path) -> None:
    """Half a line is nothing that was told."""

    async def die(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b'{"ok":true}\n{"state":{"now"')
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(die, tmp_path / sockets.FILE):
        assert await anext(follow(tmp_path)) == Gone("it has left")
