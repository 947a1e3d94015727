"""Keys that come faster than the full screen can follow."""

import asyncio
from typing import Any

import pytest
from textual.events import Key, Paste

from hotline.bodies import Check, Reply
from hotline.desk.screen import app
from hotline.errors import TransportError
from hotline.notice import FlightNotice
from tests.desk.posts import Desks
from tests.desk.screen.seats import Seat, flash
from tests.helpers import check, stop


async def test_no_key_goes_astray(line: Desks, officer: Seat) -> None:
    """Keys that come all at once do what they do one by one."""
    line.say("isr", check())
    await officer.sees("check isr/1: r roger")
    line.say("isr", flash("ISR-1"))
    await officer.sees("FLASH ISR-1 rev 1", "check isr/1: r roger")
    await officer.bursts("up", "x", *"not now", "enter", "L", "enter")
    await officer.sees("✓ said REJECT to ISR-1 rev 1: tur/1")
    body = line.said("tur", 1)
    assert isinstance(body, Reply)
    assert body.reason == "not now"


async def test_a_key_that_comes_at_once_after_tab_is_for_the_other_list(
    line: Desks, officer: Seat
) -> None:
    """Also one that fits what is selected in both."""
    line.say("isr", flash("ISR-1"))
    line.say("tur", flash("TUR-1"))
    await officer.sees("ISR-1 rev 1: a accept", "Waits for theirs (1)")
    await officer.bursts("tab", "v")
    await officer.sees("Voice log", "│ TUR-1 rev 1: FLASH")
    await officer.bursts("escape", "shift+tab", "v")
    await officer.sees("Voice log", "│ ISR-1 rev 1: FLASH")


async def test_keys_that_come_while_a_word_is_said_are_for_what_comes_after(
    line: Desks, officer: Seat
) -> None:
    """They wait until it is said, each for what is there then: a next form, and what it says."""
    await officer.bursts("k", *"one", "enter", "k", *"two", "enter", "n")
    await officer.sees("Flight notice")
    remarks = [line.said("tur", number) for number in (1, 2)]
    assert remarks == [Check(remarks="one"), Check(remarks="two")]


async def test_a_text_that_is_pasted_while_a_word_is_said(line: Desks, officer: Seat) -> None:
    """It waits with the keys, for the form that they lead to."""
    for event in (Key("k", "k"), Paste("one"), Key("enter", None), Key("k", "k"), Paste("two")):
        officer.app.post_message(event)
    await officer.bursts("enter", "n")
    await officer.sees("Flight notice")
    remarks = [line.said("tur", number) for number in (1, 2)]
    assert remarks == [Check(remarks="one"), Check(remarks="two")]


async def test_keys_that_come_before_a_message_is_shown_are_for_what_is_there_then(
    line: Desks, officer: Seat
) -> None:
    """No sheet comes to lie over a form that was opened meanwhile, and takes its letters."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")
    await officer.bursts("enter", "x", *"no, not now", "enter", "enter")
    await officer.sees("✓ said REJECT to ISR-1 rev 1: tur/1", "text survey C130 TRK42")


async def test_a_revision_that_is_typed_ahead(line: Desks, officer: Seat) -> None:
    """Its form comes with what the station has said last; the keys wait for it."""
    line.say("tur", flash("TUR-1"))
    await officer.presses("tab")
    await officer.sees("TUR-1 rev 1: e revise")
    await officer.bursts("e", *["tab"] * 11, *"by night", "enter", "enter")
    await officer.sees("✓ said revision of TUR-1: tur/2 – TUR-1 rev 2, ")
    body = line.said("tur", 2)
    assert isinstance(body, FlightNotice)
    assert body.remarks == "by night"


async def test_what_is_typed_behind_a_refused_key_is_dropped(line: Desks, officer: Seat) -> None:
    """The reason for a REJECT that a stop does not take says no ROGER; a key after a pause does."""
    line.say("isr", stop())
    await officer.sees("stop isr/1: r roger")
    await officer.bursts("x", *"broken runway", "enter")
    await officer.sees("✗ stop isr/1 takes ROGER, not REJECT")
    assert not officer.shows("ROGER to stop isr/1")
    await asyncio.sleep(app._PAUSE_S)
    await officer.presses("r")
    await officer.sees("ROGER to stop isr/1")


async def test_a_key_is_refused_that_was_typed_ahead(line: Desks, officer: Seat) -> None:
    """What was typed behind it is dropped, too, when its turn comes."""
    line.say("isr", stop())
    await officer.sees("stop isr/1: r roger")
    await officer.bursts("enter", "x", *"broken runway", "enter")
    await officer.sees("✗ stop isr/1 takes ROGER, not REJECT")
    assert not officer.shows("ROGER to stop isr/1")


async def test_keys_for_what_cannot_be_shown_are_dropped(
    line: Desks, officer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were not meant for what is there instead."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")

    async def ask(request: dict[str, Any]) -> dict[str, Any]:
        raise TransportError(f"no answer to {request['do']}")

    monkeypatch.setattr(officer.app, "_ask", ask)
    await officer.bursts("enter", "q")
    await officer.sees("✗ no answer to show", "ISR-1 rev 1: a accept")
    assert officer.app.is_running
