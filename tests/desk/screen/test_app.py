"""The full screen at the desks of real stations in memory, as an officer works with it."""

from collections.abc import Callable

import pytest

from hotline.desk.screen import app
from hotline.logs.console import plain
from hotline.memory import MemoryLink
from tests.desk.posts import Desks
from tests.desk.screen.seats import LARGE, LONG_AGO_MS, SMALL, Seat, flash, seat
from tests.helpers import check, eventually, notice, stop


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_all_that_matters_fits_a_screen(line: Desks, size: tuple[int, int]) -> None:
    """Who we are, the clock, who is there, both lists, the log, and the keys that make sense."""
    async with seat(line, "tur", size) as officer:
        await officer.sees("Türkiye (tur) on the line isr-tur", "● on the line │ isr ● heard │ dog")
        await officer.sees("nothing waits for an answer from here", "station.online is on the line")
        line.say("isr", flash("ISR-1"))
        line.say("tur", notice("TUR-1"))
        await officer.sees("open FLASH ISR-1 rev 1 survey C130 TRK42", "Waits for our answer (1)")
        await officer.sees("delivered ROUTINE TUR-1 rev 1", "Waits for theirs (1)")
        await officer.sees("isr notice.received ISR-1 rev 1 FLASH request to tur – survey")
        await officer.sees("ISR-1 rev 1: a accept x reject s standby v voice ⏎ details")
        await officer.sees("n notify ! STOP k check z suspend h handover p picture ? help q quit")
        assert any(line.split()[-1] == "UTC" for line in officer.lines())
        assert len(officer.lines()) == size[1]


async def test_why_a_key_did_nothing_is_said_for_a_while(
    officer: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it may be true no longer; what was said since stays for its own while."""
    await officer.sees("nothing waits for an answer from here")
    monkeypatch.setattr(app, "_PAUSE_S", 0.0)
    over: list[Callable[[], None]] = []
    monkeypatch.setattr(officer.app, "set_timer", lambda _s, then: over.append(then))
    await officer.presses("u")
    await officer.sees("✗ we have not suspended the line")
    await officer.presses("a")
    await officer.sees("✗ nothing is selected")
    first, second = over
    first()
    await officer.sees("✗ nothing is selected")
    second()
    await eventually(lambda: not officer.shows("✗"))


async def test_keys_work_with_caps_lock(line: Desks, officer: Seat) -> None:
    """Callsigns are typed with it, and it is left on."""
    line.say("isr", check())
    await officer.sees("check isr/1: r roger")
    await officer.presses("R")
    await officer.sees("ROGER to check isr/1")
    await officer.presses("escape", "P")
    await officer.sees("journals: ")
    await officer.presses("Q")
    await officer.sees("─Log")


async def test_the_keys_for_a_message_are_shown_when_there_is_one(
    line: Desks, officer: Seat
) -> None:
    """With nothing selected there is nothing to show in full."""
    await officer.sees("nothing waits for an answer from here", "⇥ lists")
    assert not officer.shows("⏎ details")
    line.say("isr", check())
    await officer.sees("⏎ details")


async def test_what_others_wrote_is_only_text(line: Desks) -> None:
    """Neither markup nor control characters of theirs do anything."""
    nasty = "[bold red]x[/] \x1b[2J\x1b]0;t\x07 [@click=app.exit]y[/]"
    async with seat(line, "tur", LARGE) as officer:
        other = await line.sit("isr")
        assert (await other.asks({"do": "handover", "officer": nasty}))["ok"]
        assert (await other.asks({"do": "stop", "text": nasty}))["ok"]
        assert (await other.asks({"do": "suspend", "reason": nasty}))["ok"]
        shown = " ".join(plain(nasty).split())
        await officer.sees(f"stop isr/2 {shown}", f"‖ suspended – {shown}", "stop.received")
        await officer.presses("enter")
        await officer.sees(f"text {shown}")
        await officer.presses("r")
        await officer.sees(f"│ FLASH {shown}")
        assert "\x1b" not in "".join(officer.lines())


async def test_a_station_that_goes_away_and_comes_back(line: Desks, officer: Seat) -> None:
    """The screen says so, says nothing meanwhile, and goes on by itself."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")
    await line.close("tur")
    await line.crew.crash("tur")
    await officer.sees("NO STATION: it ", "○ NO STATION", "isr ? unknown", "ISR-1 rev 1")
    await officer.presses("a")
    await officer.sees("✗ there is no station that could say it")
    await line.start("tur")
    await officer.sees("● on the line", "ISR-1 rev 1: a accept")
    assert not officer.shows("NO STATION")


async def test_what_is_kept_is_told_only_until_it_goes_out(line: Desks, officer: Seat) -> None:
    """On the line again, nobody is told beside it that the station is off it."""
    link = line.post("tur").link
    assert isinstance(link, MemoryLink)
    link.cut()
    await officer.sees("OFF THE LINE")
    await officer.presses("k", "enter")
    await officer.sees("✓ said comm check: tur/1 – the station is off the line: this is kept")
    link.restore()
    await officer.sees("● on the line")
    assert not officer.shows("is kept")


async def test_what_was_said_is_read_back_as_a_whole(line: Desks, officer: Seat) -> None:
    """At its end stands what counts most: that it has not gone out."""
    line.say("tur", flash("TUR-1"))
    await officer.presses("tab")
    await officer.sees("TUR-1 rev 1: e revise")
    link = line.post("tur").link
    assert isinstance(link, MemoryLink)
    link.cut()
    await officer.sees("OFF THE LINE")
    await officer.bursts("e", *["tab"] * 11, *"by night", "enter", "enter")
    await officer.sees("✓ said revision of TUR-1: tur/2", "when its link is back")


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_what_became_of_a_key_is_seen(line: Desks, size: tuple[int, int]) -> None:
    """However much waits, and however many flags stand: the log makes room."""
    async with seat(line, "tur", size) as officer:
        for number in range(1, 13):
            line.say("isr", notice(f"ISR-{number}", starts_ms=LONG_AGO_MS))
            line.say("tur", check())
        await officer.sees("Waits for our answer (12)", "Waits for theirs (12)", "flags stand (p)")
        await officer.presses("u")
        await officer.sees("✗ we have not suspended the line: there is nothing")


async def test_a_watchdogs_desk_is_only_to_look(line: Desks) -> None:
    """It shows what waits on the line, and offers nothing to say."""
    async with seat(line, "dog") as officer:
        line.say("isr", flash("ISR-1"))
        await officer.sees("Waits for an answer (1)", "open FLASH ISR-1 rev 1")
        assert not officer.shows("Waits for our answer")
        assert not officer.shows("notify")
        await officer.presses("n")
        await officer.sees("✗ this is a watchdog's desk: for viewing only")


async def test_a_terminal_without_colours(line: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody wants any there is none, no grey either, in which a red word is lost."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with seat(line, "tur") as officer:
        line.say("isr", stop())
        await officer.sees("FLASH stop isr/1")
        strips = officer.app.screen._compositor.render_strips()
        styles = [part.style for strip in strips for part in strip if part.style]
        for style in styles:
            assert all(not color or color.is_default for color in (style.color, style.bgcolor))


async def test_leaving(line: Desks, officer: Seat) -> None:
    """The key q ends the screen; the station goes on. Ctrl-Q, which undoes Ctrl-S, does not."""
    await officer.presses("ctrl+s", "ctrl+q", "k")
    await officer.sees("Comm check")
    await officer.presses("escape")
    await officer.presses("q")
    assert not officer.app.is_running
    assert not line.post("tur").task.done()
