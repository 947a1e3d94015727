"""A desk's end of the socket, against real desks and against what is none."""

import asyncio
from pathlib import Path

import pytest

from hotline.desk import sockets
from hotline.desk.client import NoStation, ask, watch
from hotline.errors import Declined, LocalError, TransportError
from hotline.journal.state_lock import StateLock
from tests.desk.posts import Desks
from tests.helpers import eventually


async def test_answers_and_refusals(line: Desks) -> None:
    """What is done is told; what is refused says by its class whose fault it is."""
    tur = line.state("tur")
    assert await ask(tur, {"do": "check"}) == {"record": "tur/1", "on_line": True}
    with pytest.raises(Declined, match="we gave no notice 'X'") as declined:
        await ask(tur, {"do": "cancel", "notice": "X"})
    assert declined.value.code == "refused"
    with pytest.raises(LocalError, match="did you mean 'check'"):
        await ask(tur, {"do": "chek"})


async def test_a_refusal_is_one_line(line: Desks) -> None:
    """Whoever it quotes could add lines to it that look like ours."""
    tur, isr = line.state("tur"), line.state("isr")
    await ask(tur, {"do": "check"})
    call = {"record": "tur/1", "answer": "ROGER", "officer": "Kaya", "text": "Heard."}
    await ask(tur, {"do": "voice", "spoke_with": "A\nerror: B", **call})
    await eventually(lambda: line.crew.picture("isr").heads.get("tur") == 2)
    with pytest.raises(Declined, match="was answered ROGER by A error: B by voice"):
        await ask(isr, {"do": "answer", "record": "tur/1", "answer": "ROGER"})


@pytest.mark.parametrize("text", ["Gr\udcfc\udcdfe", "\ud800"])
async def test_a_text_that_is_no_utf_8(line: Desks, text: str) -> None:
    """It is refused before it is said, wherever it stands in a request."""
    shown = text.encode(errors="backslashreplace").decode().replace("\\udc", "\\x")
    for request in ({"do": "check", "remarks": text}, {"do": "notify", "notice": {"x": [text]}}):
        with pytest.raises(LocalError) as refused:
            await ask(line.state("tur"), request)
        assert str(refused.value) == f"expected a text in UTF-8, got '{shown}'"


async def test_watching_ends_with_the_station(line: Desks) -> None:
    """Until then, log lines and states."""
    told: list[str] = []
    async for one in watch(line.state("tur")):
        told += one
        if "state" in one:
            await line.close("tur")
    assert set(told) == {"log", "state"}


async def test_where_no_station_is(tmp_path: Path) -> None:
    """Nothing there, or a file that a killed process left; or it runs, and has lost its socket."""
    with pytest.raises(NoStation, match=r"no station is running in .*: No such file"):
        await ask(tmp_path, {"do": "inbox"})
    sockets.listen(tmp_path).close()
    with pytest.raises(NoStation, match=r"no station is running in .*: Connection refused"):
        await ask(tmp_path, {"do": "inbox"})
    lock = StateLock.take(tmp_path)
    with pytest.raises(NoStation, match=r"the station in .* runs, but its desk cannot be reached"):
        await ask(tmp_path, {"do": "inbox"})
    lock.release()


@pytest.mark.parametrize("last_words", [b"", b'{"ok": true, "rec'])
async def test_a_station_that_goes_away_leaves_it_open(tmp_path: Path, last_words: bytes) -> None:
    """Nobody knows what became of the word."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(last_words)
        writer.close()

    async with await asyncio.start_unix_server(hang_up, tmp_path / sockets.FILE):
        with pytest.raises(TransportError, match="went away: look at its picture"):
            await ask(tmp_path, {"do": "check"})


async def test_a_station_that_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not waited for for ever, and nobody knows what became of the word."""
    monkeypatch.setattr("hotline.desk.client._PATIENCE_S", 0.05)
    with (
        sockets.listen(tmp_path),
        pytest.raises(TransportError, match=r"has not answered for 0\.05 seconds"),
    ):
        await ask(tmp_path, {"do": "check"})
