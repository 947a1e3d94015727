"""What opens over the full screen: the picture, and one message in full."""

from hotline.bodies import Cancel
from tests.desk.posts import Desks
from tests.desk.screen.seats import LONG_AGO_MS, Seat, flash
from tests.helpers import check, eventually, notice


async def test_the_picture_and_the_details(line: Desks, officer: Seat) -> None:
    """What waits and what was settled; one in full, with what it says and who answered it."""
    line.say("isr", check())
    line.say("tur", flash("TUR-1"))
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


async def test_an_answer_to_what_is_shown_in_full(line: Desks, officer: Seat) -> None:
    """Why it was rejected is told to whoever has it before him, at once."""
    line.say("tur", flash("TUR-1"))
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


async def test_what_is_shown_in_full_is_cancelled_among_many(line: Desks, officer: Seat) -> None:
    """It does not go on to wait, also if no state has it any more: too much has changed at once."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")
    await officer.presses("enter")
    await officer.sees("ISR-1 rev 1 (isr/1 from isr)", "state open")
    line.say("isr", Cancel(notice="ISR-1"))
    for number in range(2, 60):
        line.say("isr", notice(f"ISR-{number}"))
    await officer.sees("ISR-1 rev 1 (isr/1 from isr)", "state cancelled")


async def test_the_picture_has_all_flags(line: Desks, officer: Seat) -> None:
    """More than there is room for can be scrolled, and none is cut short."""
    for number in range(1, 16):
        late = notice(f"ISR-{number}", starts_ms=LONG_AGO_MS)
        line.say("isr", late)
    await officer.sees("… and 13 more flags stand (p)")
    await officer.presses("p")
    await officer.sees("Flags that stand (15)")
    shown = {row for row in officer.lines() if "late_notice" in row}
    assert 0 < len(shown) < 15
    await officer.presses("tab", "end")
    await eventually(lambda: not shown & set(officer.lines()))
    assert not any("…" in row for row in officer.lines())


async def test_a_message_that_is_clicked_twice(line: Desks, officer: Seat) -> None:
    """It is shown in full."""
    line.say("isr", flash("ISR-1"))
    await officer.sees("ISR-1 rev 1: a accept")
    await officer.clicks_twice("survey C130 TRK42")
    await officer.sees("ISR-1 rev 1 (isr/1 from isr)")
