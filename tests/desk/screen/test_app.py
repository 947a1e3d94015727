"""The full screen at the desks of real stations in memory, as an officer works with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotline.bodies import Body, Check, Kind, Ref, Reply
from hotline.errors import TransportError
from hotline.logs.console import plain
from hotline.notice import Category, FlightNotice, Precedence
from hotline.picture.lifecycle import Answering
from hotline.station.station import Station
from tests.desk.posts import Desks, desks
from tests.desk.screen.seats import LARGE, SMALL, Seat, seat
from tests.helpers import check, eventually, notice, stop

LONG_AGO_MS = 0  # a flight that began long ago


def says(line: Desks, name: str, kind: Kind, body: Body) -> None:
    """A station says something, and so all its screens hear of it."""
    line.post(name).node.say(kind, body)


def said(line: Desks, name: str, seq: int) -> Body:
    """What a station has said under a number."""
    station = line.post(name).node.machine
    assert isinstance(station, Station)
    record = station.record_of(Ref(name, seq))
    assert record
    return record.body


def flash(name: str) -> FlightNotice:
    """A request that must be answered within two minutes."""
    return notice(name, precedence=Precedence.FLASH)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_all_that_matters_fits_a_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    """Who we are, the clock, who is there, both lists, the log, and the keys that make sense."""
    async with desks(tmp_path) as line, seat(line, "tur", size) as officer:
        await officer.sees("Türkiye (tur) on the line isr-tur", "● on the line │ isr ● heard │ dog")
        await officer.sees("nothing waits for an answer from here", "station.online is on the line")
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        says(line, "tur", Kind.NOTICE, notice("TUR-1"))
        await officer.sees("open FLASH ISR-1 rev 1 survey C130 TRK42", "Waits for our answer (1)")
        await officer.sees("delivered ROUTINE TUR-1 rev 1", "Waits for theirs (1)")
        await officer.sees("isr notice.received ISR-1 rev 1 FLASH request to tur – survey")
        await officer.sees("ISR-1 rev 1: a accept x reject s standby v voice ⏎ details")
        await officer.sees("n notify ! STOP k check z suspend h handover p picture ? help q quit")
        assert any(line.split()[-1] == "UTC" for line in officer.lines())
        assert len(officer.lines()) == size[1]


async def test_an_answer(tmp_path: Path) -> None:
    """It is shown in full before it is said, and the message stays in its place for a moment."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
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


async def test_why_a_key_did_nothing_is_said_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it may be true no longer; what was said since stays for its own while."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await officer.sees("nothing waits for an answer from here")
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


async def test_what_an_answer_needs_is_asked_for(tmp_path: Path) -> None:
    """What is missing or wrong is said at its field, and nothing is said on the line."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
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


async def test_the_keys_for_a_message_are_shown_when_there_is_one(tmp_path: Path) -> None:
    """With nothing selected there is nothing to show in full."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await officer.sees("nothing waits for an answer from here", "⇥ lists")
        assert not officer.shows("⏎ details")
        says(line, "isr", Kind.CHECK, check())
        await officer.sees("⏎ details")


async def test_the_selection_stays_on_its_message(tmp_path: Path) -> None:
    """What is more urgent goes above it, and the keys stay with what was selected."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.CHECK, check())
        await officer.sees("▶", "check isr/1")
        says(line, "isr", Kind.STOP, stop())
        await officer.sees("FLASH stop isr/2", "Waits for our answer (2)")
        await officer.selects("check isr/1")
        await officer.presses("r", "enter", "enter")
        await officer.sees("✓ said ROGER to check isr/1")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_form_is_as_wide_as_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    """Nothing of what is under it is left at its edges."""
    async with desks(tmp_path) as line, seat(line, "tur", size) as officer:
        await officer.presses("n")
        await officer.sees("Flight notice")
        lines = officer.lines()
        form = lines[next(at for at, line in enumerate(lines) if "Flight notice" in line) :]
        assert all(line[0] in "╭│╰" and len(line) == size[0] for line in form)


async def test_a_form_keeps_its_message(tmp_path: Path) -> None:
    """What another desk has answered meanwhile is refused in words, and nothing else answered."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        says(line, "isr", Kind.NOTICE, flash("ISR-2"))
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


async def test_a_flight_that_nobody_answered_for_is_the_worst(tmp_path: Path) -> None:
    """Its row is first and says so in words and in its own colour, whatever its time left."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        says(
            line,
            "isr",
            Kind.NOTICE,
            notice("ISR-2", starts_ms=LONG_AGO_MS, category=Category.INFORMATION),
        )
        await officer.sees("■ IN WINDOW ROUTINE ISR-2 rev 1", "▲▲ ALARM")
        rows = [line for line in officer.lines() if "ISR-" in line and "survey" in line]
        assert "ISR-2" in rows[0]


async def test_a_stop_is_confirmed_and_always_flash(tmp_path: Path) -> None:
    """Enter in the last field leads to the button; only there it is said."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await officer.presses("exclamation_mark")
        await officer.sees("━ STOP ━", "Israel gets it as FLASH", "Say STOP as FLASH")
        await officer.types("turn back")
        await officer.presses("tab", "up", "down", "enter")
        assert not line.crew.picture("tur").messages
        await officer.presses("enter")
        await officer.sees("✓ said STOP of everything: tur/1", "FLASH stop tur/1 turn back")


async def test_what_others_wrote_is_only_text(tmp_path: Path) -> None:
    """Neither markup nor control characters of theirs do anything."""
    nasty = "[bold red]x[/] \x1b[2J\x1b]0;t\x07 [@click=app.exit]y[/]"
    async with desks(tmp_path) as line, seat(line, "tur", LARGE) as officer:
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


async def test_a_station_that_goes_away_and_comes_back(tmp_path: Path) -> None:
    """The screen says so, says nothing meanwhile, and goes on by itself."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        await officer.sees("ISR-1 rev 1: a accept")
        await line.close("tur")
        await line.crew.crash("tur")
        await officer.sees("NO STATION: it ", "○ NO STATION", "isr ? unknown", "ISR-1 rev 1")
        await officer.presses("a")
        await officer.sees("✗ there is no station that could say it")
        await line.start("tur")
        await officer.sees("● on the line", "ISR-1 rev 1: a accept")
        assert not officer.shows("NO STATION")


async def test_a_form_whose_station_goes_away(tmp_path: Path) -> None:
    """It tells in words that nothing is known to be said, and keeps what was typed."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await officer.presses("k")
        await officer.types("hello")
        await line.close("tur")
        await officer.presses("enter")
        await officer.sees("`desk.sock`", "hello")


async def test_the_picture_and_the_details(tmp_path: Path) -> None:
    """What waits and what was settled; one in full, with what it says and who answered it."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.CHECK, check())
        says(line, "tur", Kind.NOTICE, flash("TUR-1"))
        other = await line.sit("isr")
        await officer.sees("delivered FLASH TUR-1 rev 1")
        reject = {"do": "answer", "record": "tur/1", "answer": "REJECT", "officer": "Levi"}
        assert (await other.asks({**reject, "reason": "our strike"}))["ok"]
        await officer.sees("Waits for theirs (0)")
        await officer.presses("p")
        await officer.sees("journals: isr to 2, tur to 1")
        await officer.sees(
            "and what was settled lately", "REJECT FLASH TUR-1 rev 1 Levi: survey", "check isr/1"
        )
        await officer.presses("down", "enter")
        await officer.sees("TUR-1 rev 1 (tur/1 from tur)", "where 5 km around 34.5, 38.2")
        await officer.sees("answered REJECT by Levi", "because our strike")
        await officer.presses("escape", "escape")
        await officer.sees("Waits for our answer (1)")
        await officer.presses("question_mark")
        await officer.sees("STOP – what is going on must end at once")
        await officer.presses("q")
        await officer.sees("Waits for our answer (1)")


async def test_an_answer_to_what_is_shown_in_full(tmp_path: Path) -> None:
    """Why it was rejected is told to whoever has it before him, at once."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "tur", Kind.NOTICE, flash("TUR-1"))
        other = await line.sit("isr")
        await officer.presses("tab")
        await officer.sees("delivered FLASH TUR-1 rev 1", "⏎ details")
        await officer.presses("enter")
        await officer.sees("TUR-1 rev 1 (tur/1 from tur)")
        reject = {"do": "answer", "record": "tur/1", "answer": "REJECT", "officer": "Levi"}
        assert (await other.asks({**reject, "reason": "our strike"}))["ok"]
        await officer.sees("answered REJECT by Levi", "because our strike")
        spoken = {"do": "voice", "record": "tur/1", "answer": "ACCEPT", "officer": "Levi"}
        assert (await other.asks({**spoken, "spoke_with": "Demir", "text": "fly"}))["ok"]
        await officer.sees("state ACCEPT", "on the phone Levi with Demir: fly")


async def _at_the_last_of_twelve(line: Desks, officer: Seat) -> None:
    """Twelve notices wait, more than there are rows, and the last one is selected."""
    for number in range(1, 13):
        says(line, "isr", Kind.NOTICE, notice(f"ISR-{number}"))
    await officer.sees("Waits for our answer (12)")
    await officer.presses("end")
    await officer.selects("ISR-12 rev 1")


async def test_a_stop_above_the_rows_in_sight(tmp_path: Path) -> None:
    """The selection stays where it is, and the list says that something is above it."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await _at_the_last_of_twelve(line, officer)
        says(line, "isr", Kind.STOP, stop())
        await officer.sees("Waits for our answer (13) – ■ 1 most urgent above: Home")
        await officer.selects("ISR-12 rev 1")
        await officer.presses("home")
        await officer.selects("stop isr/13")
        await eventually(lambda: not officer.shows("above: Home"))


@pytest.mark.parametrize("size", [SMALL, (60, 20)])
async def test_what_became_of_a_key_is_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    """However much waits, and however many flags stand: the log makes room."""
    async with desks(tmp_path) as line, seat(line, "tur", size) as officer:
        for number in range(1, 13):
            says(line, "isr", Kind.NOTICE, notice(f"ISR-{number}", starts_ms=LONG_AGO_MS))
            says(line, "tur", Kind.CHECK, check())
        await officer.sees("Waits for our answer (12)", "Waits for theirs (12)", "flags stand (p)")
        await officer.presses("u")
        await officer.sees("✗ we have not suspended the line: there is nothing")


async def test_the_selection_stays_in_sight(tmp_path: Path) -> None:
    """When the terminal is made smaller, the message that the keys are for is still shown."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await _at_the_last_of_twelve(line, officer)
        await officer.resizes(80, 14)
        await officer.selects("ISR-12 rev 1")


async def test_the_picture_has_all_flags(tmp_path: Path) -> None:
    """More than there is room for can be scrolled, and none is cut short."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        for number in range(1, 16):
            late = notice(f"ISR-{number}", starts_ms=LONG_AGO_MS)
            says(line, "isr", Kind.NOTICE, late)
        await officer.sees("… and 13 more flags stand (p)")
        await officer.presses("p")
        await officer.sees("Flags that stand (15)")
        shown = {row for row in officer.lines() if "late_notice" in row}
        assert 0 < len(shown) < 15
        await officer.presses("tab", "end")
        await eventually(lambda: not shown & set(officer.lines()))
        assert not any("…" in row for row in officer.lines())


async def test_a_watchdogs_desk_is_only_to_look(tmp_path: Path) -> None:
    """It shows what waits on the line, and offers nothing to say."""
    async with desks(tmp_path) as line, seat(line, "dog") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        await officer.sees("Waits for an answer (1)", "open FLASH ISR-1 rev 1")
        assert not officer.shows("Waits for our answer")
        assert not officer.shows("notify")
        await officer.presses("n")
        await officer.sees("✗ this is a watchdog's desk: for viewing only")


async def test_no_key_goes_astray(tmp_path: Path) -> None:
    """Keys that come all at once do what they do one by one."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.CHECK, check())
        await officer.sees("check isr/1: r roger")
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        await officer.sees("FLASH ISR-1 rev 1", "check isr/1: r roger")
        await officer.bursts("up", "x", *"not now", "enter", "L", "enter")
        await officer.sees("✓ said REJECT to ISR-1 rev 1: tur/1")
        body = said(line, "tur", 1)
        assert isinstance(body, Reply)
        assert body.reason == "not now"


async def test_keys_that_come_while_a_word_is_said_are_for_what_comes_after(tmp_path: Path) -> None:
    """They wait until it is said, each for what is there then: a next form, and what it says."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await officer.bursts("k", *"one", "enter", "k", *"two", "enter", "n")
        await officer.sees("Flight notice")
        remarks = [said(line, "tur", number) for number in (1, 2)]
        assert remarks == [Check(remarks="one"), Check(remarks="two")]


async def test_keys_that_come_before_a_message_is_shown_are_for_what_is_there_then(
    tmp_path: Path,
) -> None:
    """No sheet comes to lie over a form that was opened meanwhile, and takes its letters."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        await officer.sees("ISR-1 rev 1: a accept")
        await officer.bursts("enter", "x", *"no, not now", "enter", "enter")
        await officer.sees("✓ said REJECT to ISR-1 rev 1: tur/1", "text survey C130 TRK42")


async def test_a_revision_that_is_typed_ahead(tmp_path: Path) -> None:
    """Its form comes with what the station has said last; the keys wait for it."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "tur", Kind.NOTICE, flash("TUR-1"))
        await officer.presses("tab")
        await officer.sees("TUR-1 rev 1: e revise")
        await officer.bursts("e", *["tab"] * 11, *"by night", "enter", "enter")
        await officer.sees("✓ said revision of TUR-1: tur/2 – TUR-1 rev 2, ")
        body = said(line, "tur", 2)
        assert isinstance(body, FlightNotice)
        assert body.remarks == "by night"


async def test_keys_for_what_cannot_be_shown_are_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were not meant for what is there instead."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.NOTICE, flash("ISR-1"))
        await officer.sees("ISR-1 rev 1: a accept")

        async def ask(request: dict[str, Any]) -> dict[str, Any]:
            raise TransportError(f"no answer to {request['do']}")

        monkeypatch.setattr(officer.app, "_ask", ask)
        await officer.bursts("enter", "q")
        await officer.sees("✗ no answer to show", "ISR-1 rev 1: a accept")
        assert officer.app.is_running


async def test_a_terminal_without_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody wants any there is none, no grey either, in which a red word is lost."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        says(line, "isr", Kind.STOP, stop())
        await officer.sees("FLASH stop isr/1")
        strips = officer.app.screen._compositor.render_strips()
        styles = [part.style for strip in strips for part in strip if part.style]
        for style in styles:
            assert all(not color or color.is_default for color in (style.color, style.bgcolor))


async def test_leaving(tmp_path: Path) -> None:
    """The key q ends the screen; the station goes on."""
    async with desks(tmp_path) as line, seat(line, "tur") as officer:
        await officer.presses("q")
        assert not officer.app.is_running
        assert not line.post("tur").task.done()
