"""Cues on the full screen: each is seen wherever the officer is, until he has followed it."""

from hotline.bodies import Answer, Body, Handover, Resume, Suspend
from hotline.desk.commands.as_command import as_command
from tests.desk.posts import Desks
from tests.desk.screen.seats import Seat, flash
from tests.helpers import FAR_MS, cancel, check, eventually, notice, reply, stop, voice


def _cue(line: Desks, body: Body, **about: str) -> None:
    line.servers["tur"].log(
        "info", "scenario.cue", line="isr-tur", station="tur", text=as_command(body), **about
    )


async def test_a_cue_stands_until_what_it_asks_for_is_said(line: Desks, officer: Seat) -> None:
    """Of each kind, at whichever desk it is said; the other party's words do not count."""
    asked: list[Body] = [
        Handover(officer="Demir"),
        check(),
        notice("TUR-1"),
        notice("TUR-1", revision=2),
        stop(),
        voice(),
        cancel("TUR-1"),
        Suspend(reason="lunch"),
        Resume(),
        reply("isr", 1, Answer.ROGER),
    ]
    for body in asked:
        _cue(line, body)
        words = as_command(body).removeprefix("hotline desk ")[:50]
        await officer.sees(f"your turn: {words}")
        line.say("isr", check())
        line.say("tur", body)
        await eventually(lambda: not officer.app.screen.query_one("#cue").display)


async def test_a_cue_for_an_answer_stands_until_that_answer_is_given(
    line: Desks, officer: Seat
) -> None:
    """To that message: the same to another one, or another to the same, does not take it away."""
    line.say("isr", notice("ISR-1"))
    line.say("isr", notice("ISR-2"))
    _cue(line, reply("isr", 2, Answer.ACCEPT), message="ISR-2 rev 1")
    await officer.sees("your turn, about ISR-2 rev 1: answer isr/2 accept")
    line.say("tur", reply("isr", 1, Answer.ACCEPT))
    line.say("tur", reply("isr", 2, Answer.STANDBY, expected_ms=FAR_MS))
    line.say("isr", check())
    await officer.sees("check isr/3 comm check")  # in the list: all is drawn anew
    assert officer.app.screen.query_one("#cue").display
    line.say("tur", reply("isr", 2, Answer.ACCEPT))
    await eventually(lambda: not officer.app.screen.query_one("#cue").display)


async def test_a_cue_about_a_notice_stands_until_it_is_said_of_that_one(
    line: Desks, officer: Seat
) -> None:
    """What the officer says of his own accord about another flight does not take it away."""
    both: list[tuple[Body, Body]] = [
        (notice("TUR-1"), notice("TUR-2")),
        (notice("TUR-1", revision=2), notice("TUR-2", revision=2)),
        (cancel("TUR-1"), cancel("TUR-2")),
    ]
    for nth, (meant, other) in enumerate(both, 1):
        _cue(line, meant)
        line.say("tur", other)
        line.say("isr", check())
        await officer.sees(f"check isr/{nth} comm check")  # in the list: all is drawn anew
        assert officer.app.screen.query_one("#cue").display
        line.say("tur", meant)
        await eventually(lambda: not officer.app.screen.query_one("#cue").display)


async def test_a_cue_is_seen_in_a_form_and_on_every_sheet(line: Desks, officer: Seat) -> None:
    """However long it is, for the form is where it is followed; also if it came before the form."""
    await officer.presses("n")
    _cue(line, notice("TUR-1"))
    await officer.sees("│ your turn: notify --id TUR-1 --precedence ROUTINE", "Say it")
    await officer.sees("--from 2100-01-01T00:00:00Z │")
    await officer.presses("escape", "p")
    await officer.sees("Esc back", "your turn: notify --id TUR-1")
    await officer.presses("question_mark")
    await officer.sees("Keys and marks", "your turn: notify --id TUR-1")
    await officer.presses("escape", "escape", "n")
    await officer.sees("│ your turn: notify --id TUR-1")


async def test_the_newest_of_several_cues_is_shown(line: Desks, officer: Seat) -> None:
    """With how many there are before it; Esc takes it away."""
    _cue(line, Handover(officer="Demir"))
    _cue(line, check())
    await officer.sees("your turn (1 before it: see the log): check")
    line.say("tur", check())
    await officer.sees("your turn: handover Demir --hours 8")
    await officer.presses("escape")
    assert not officer.shows("your turn: handover")


async def test_what_comes_while_a_form_hides_the_list_is_told_in_the_form(
    line: Desks, officer: Seat
) -> None:
    """The most urgent of it in one line, and what waited before is not told again."""
    line.say("isr", flash("ISR-0"))
    await officer.sees("ISR-0 rev 1: a accept")
    await officer.presses("n")
    line.say("isr", check())
    await officer.sees("│ came meanwhile: check isr/2 – comm check")
    line.say("isr", stop())
    await officer.sees(
        "│ came meanwhile (and 1 more): stop isr/3 FLASH – break off at once", "Say it"
    )
    await officer.resizes(60, 20)
    await officer.sees("│ came meanwhile (and 1 more): stop isr/3 FLASH – break … │")
    await officer.presses("escape", "n")
    await officer.sees("Flight notice")
    assert not officer.shows("came meanwhile")


async def test_what_comes_while_a_page_hides_the_lists_is_told_above_it(
    line: Desks, officer: Seat
) -> None:
    """Whoever reads a message in full, or the help, sees that a stop has come."""
    line.say("isr", flash("ISR-0"))
    await officer.sees("ISR-0 rev 1: a accept")
    for nth, (key, title) in enumerate((("enter", "Message"), ("question_mark", "Keys")), 2):
        await officer.presses(key)
        await officer.sees(f"━{title}")
        assert not officer.shows("came meanwhile")
        line.say("isr", stop())
        await officer.sees(f"came meanwhile: stop isr/{nth} FLASH – break off at once")
        await officer.presses("escape")
