"""The lists of messages on the full screen: what is first in them, and what is selected."""

import pytest

from hotline.desk.screen import app, messages
from hotline.desk.screen.messages import MessageList
from hotline.notice import Category
from tests.desk.posts import Desks
from tests.desk.screen.seats import LONG_AGO_MS, Seat, flash
from tests.helpers import check, eventually, notice, stop


async def test_the_selection_stays_on_its_message(line: Desks, officer: Seat) -> None:
    """What is more urgent goes above it, and the keys stay with what was selected."""
    line.say("isr", check())
    await officer.sees("▶", "check isr/1")
    line.say("isr", stop())
    await officer.sees("FLASH stop isr/2", "Waits for our answer (2)")
    await officer.selects("check isr/1")
    await officer.presses("r", "enter", "enter")
    await officer.sees("✓ said ROGER to check isr/1")


async def test_a_key_when_another_message_has_been_selected(
    line: Desks, officer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not for one that nobody can have seen; a moment later it is."""
    monkeypatch.setattr(messages, "_LINGER_S", 0.0)
    monkeypatch.setattr(messages, "_LOOK_S", 60.0)
    monkeypatch.setattr(app, "_PAUSE_S", 0.0)
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")
    line.say("isr", flash("ISR-2"))
    await officer.sees("FLASH ISR-2 rev 1")
    await officer.presses("a", "enter")
    await officer.sees("✓ said ACCEPT to ISR-1 rev 1")
    await officer.selects("ISR-2 rev 1")
    await officer.presses("a")
    await officer.sees("✗ another message has just been selected by itself: look at it first")
    officer.app.screen.query_one("#inbox", MessageList)._seen_at_s = 0.0
    await officer.presses("a")
    await officer.sees("ACCEPT to ISR-2 rev 1 (isr/2)")


async def test_a_flight_that_nobody_answered_for_is_the_worst(line: Desks, officer: Seat) -> None:
    """Its row is first and says so in words and in its own colour, whatever its time left."""
    line.say("isr", flash("ISR-1"))
    line.say("isr", notice("ISR-2", starts_ms=LONG_AGO_MS, category=Category.INFORMATION))
    await officer.sees("■ IN WINDOW ROUTINE ISR-2 rev 1", "▲▲ ALARM")
    rows = [line for line in officer.lines() if "ISR-" in line and "survey" in line]
    assert "ISR-2" in rows[0]


async def _at_the_last_of_twelve(line: Desks, officer: Seat) -> None:
    """Twelve notices wait, more than there are rows, and the last one is selected."""
    for number in range(1, 13):
        line.say("isr", notice(f"ISR-{number}"))
    await officer.sees("Waits for our answer (12)")
    await officer.presses("end")
    await officer.selects("ISR-12 rev 1")


async def test_a_stop_above_the_rows_in_sight(line: Desks, officer: Seat) -> None:
    """The selection stays where it is, and the list says that something is above it."""
    await _at_the_last_of_twelve(line, officer)
    line.say("isr", stop())
    await officer.sees("Waits for our answer (13) – ■ 1 most urgent above: Home")
    await officer.selects("ISR-12 rev 1")
    await officer.presses("home")
    await officer.selects("stop isr/13")
    await eventually(lambda: not officer.shows("above: Home"))


async def test_the_selection_stays_in_sight(line: Desks, officer: Seat) -> None:
    """When the terminal is made smaller, the message that the keys are for is still shown."""
    await _at_the_last_of_twelve(line, officer)
    await officer.resizes(80, 14)
    await officer.selects("ISR-12 rev 1")
