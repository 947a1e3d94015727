"""An officer speaks with the full screen: he answers, asks to stop, and fills in forms."""

import pytest

from hotline.picture.lifecycle import Answering
from tests.desk.posts import Desks
from tests.desk.screen.seats import LARGE, SMALL, Seat, flash, seat
from tests.helpers import eventually


async def test_an_answer(line: Desks, officer: Seat) -> None:
    """It is shown in full before it is said, and the message stays in its place for a moment."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("▶", "ISR-1 rev 1: a accept")
    await officer.presses("a")
    await officer.sees("ACCEPT to ISR-1 rev 1 (isr/1)", "│ FLASH survey C130 TRK42, ")
    await officer.presses("enter")
    await officer.sees("✓ said ACCEPT to ISR-1 rev 1: tur/1", "Waits for our answer (0)")
    await officer.selects("ACCEPT FLASH ISR-1 rev 1")
    picture = line.crew.picture("isr")
    await eventually(lambda: next(iter(picture.messages.values())).answering == "accepted")
    await officer.presses("a")
    await officer.sees("✗ ISR-1 rev 1 no longer waits for an answer: it is accepted")


async def test_what_an_answer_needs_is_asked_for(line: Desks, officer: Seat) -> None:
    """What is missing or wrong is said at its field, and nothing is said on the line."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")
    await officer.presses("s", "enter", "enter")
    await officer.sees("✗ is needed: e.g. +10m, 14:30 (UTC), 2026-")
    await officer.types("soon")
    await officer.presses("enter", "enter")
    await officer.sees("✗ expected 14:30 (UTC), +1h or 2026-01-12T14:30:00Z, got")
    await officer.presses("escape", "x")
    await officer.types("not today")
    await officer.presses("enter", "enter")
    await officer.sees("✓ said REJECT to ISR-1 rev 1: tur/1")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_form_is_as_wide_as_the_screen(line: Desks, size: tuple[int, int]) -> None:
    """Nothing of what is under it is left at its edges."""
    async with seat(line, "tur", size) as officer:
        await officer.presses("n")
        await officer.sees("Flight notice")
        lines = officer.lines()
        form = lines[next(at for at, line in enumerate(lines) if "Flight notice" in line) :]
        assert all(line[0] in "╭│╰" and len(line) == size[0] for line in form)


async def test_a_form_keeps_its_message(line: Desks, officer: Seat) -> None:
    """What another desk has answered meanwhile is refused in words, and nothing else answered."""
    line.say("isr", flash("ISR-1"))
    line.say("isr", flash("ISR-2"))
    await officer.sees("ISR-2 rev 1", "ISR-1 rev 1: a accept")
    await officer.presses("a")
    other = await line.sit("tur")
    answer = {"do": "answer", "record": "isr/1", "answer": "ACCEPT", "officer": "Kaya"}
    assert (await other.asks(answer))["ok"]
    await officer.presses("enter", "enter")
    await officer.sees("ISR-1 rev 1 was answered ACCEPT by Kaya at")
    await officer.presses("escape")
    messages = line.crew.picture("tur").messages.values()
    assert [m.outcome for m in messages] == [Answering.ACCEPTED, Answering.OPEN]


async def test_a_stop_is_confirmed_and_always_flash(line: Desks, officer: Seat) -> None:
    """Enter in the last field leads to the button; only there it is said."""
    await officer.presses("exclamation_mark")
    await officer.sees("━ STOP ━", "Israel gets it as FLASH", "Say STOP as FLASH")
    await officer.types("turn back")
    await officer.presses("tab", "up", "down", "enter")
    assert not line.crew.picture("tur").messages
    await officer.presses("enter")
    await officer.sees("✓ said STOP of everything: tur/1", "FLASH stop tur/1 turn back")


async def test_a_form_whose_station_goes_away(line: Desks, officer: Seat) -> None:
    """It tells in words that nothing is known to be said, and keeps what was typed."""
    await officer.presses("k")
    await officer.types("hello")
    await line.close("tur")
    await officer.presses("enter")
    await officer.sees("`desk.sock`", "hello")
