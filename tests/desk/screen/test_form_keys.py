"""Keys that lead through a form, however fast they come."""

import asyncio
from pathlib import Path

from textual.events import Key

from hotline.desk.screen.app import Terminal
from hotline.desk.screen.fields import Field
from hotline.desk.screen.form import Answers, Form, Plan
from hotline.desk.screen.questions import Question
from hotline.errors import LocalError
from tests.desk.screen.seats import press
from tests.helpers import eventually

WORDS = ("request", "information")


async def say(_: Answers) -> str:
    """Has the form close, whatever was filled in."""
    return "said"


async def test_keys_lead_through_a_form_however_fast_they_come(tmp_path: Path) -> None:
    """Tab and Down go on, Shift+Tab and Up go back, and each → chooses where it was pressed."""
    said: list[Answers] = []

    async def keep(answers: Answers) -> str:
        said.append(answers)
        return "said"

    questions = [Question(name, name, choices=WORDS) for name in ("one", "two", "three")]
    app = Terminal(tmp_path)
    async with app.run_test() as pilot:
        await app.push_screen(Form(Plan("A form", "", "Say it", questions, keep), lambda: 0))
        keys = "right tab right right down right up left shift+tab right right right tab tab enter"
        for key in keys.split():
            app.post_message(Key(key, None))
        await pilot.pause()
        await eventually(lambda: bool(said))

    assert said == [{"one": "information", "two": "request", "three": "request"}]


async def test_the_label_of_the_field_that_has_the_keys_stands_out(tmp_path: Path) -> None:
    """Of that field alone, also when the keys have gone on."""
    questions = [Question(name, name) for name in ("one", "two", "three")]
    app = Terminal(tmp_path)
    async with app.run_test() as pilot:
        await app.push_screen(Form(Plan("A form", "", "Say it", questions, say), lambda: 0))
        for number in range(3):
            await pilot.pause()
            labels = app.screen.query(".label")
            assert [bool(each.rich_style.reverse) for each in labels] == [
                each == number for each in range(3)
            ]
            await press(pilot, "tab")


async def test_what_has_the_keys_stays_in_sight(tmp_path: Path) -> None:
    """When the terminal becomes too small for the form, the field that is typed into is shown."""
    questions = [Question(f"q{number}", f"Question {number}") for number in range(9)]
    app = Terminal(tmp_path)
    async with app.run_test() as pilot:
        await app.push_screen(Form(Plan("A form", "", "Say it", questions, say), lambda: 0))
        await press(pilot, *["tab"] * 8, "x")
        await pilot.resize_terminal(40, 8)
        await pilot.pause()
        assert app.focused
        form = app.screen.query_one("#form")
        assert form.content_region.contains_region(app.focused.region)


async def test_a_text_longer_than_the_screen_is_read_from_its_beginning(tmp_path: Path) -> None:
    """With Page Up, while its field has the keys; what is typed then is seen again."""
    about = " ".join(f"word{number}" for number in range(300))
    plan = Plan("A form", about, "Say it", [Question("one", "one")], say)
    app = Terminal(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Form(plan, lambda: 0))
        form = app.screen.query_one("#form")
        await eventually(lambda: form.scroll_y > 0)
        await press(pilot, "pageup", "pageup")
        await eventually(lambda: form.scroll_y == 0)
        assert app.focused
        assert not form.content_region.contains_region(app.focused.region)
        await press(pilot, "x", "y", "z", "backspace")
        await eventually(lambda: form.scroll_y > 0)
        assert form.content_region.contains_region(app.focused.region)
        assert app.screen.query_one(Field).entry.value == "xy", "a key works once"


async def test_what_is_typed_ahead_of_a_declined_word_is_for_nobody(tmp_path: Path) -> None:
    """It changes nothing in the form that is still there, and says nothing with its Enter."""
    heard: list[Answers] = []
    may_go_on = asyncio.Event()

    async def say(answers: Answers) -> str:
        heard.append(answers)
        await may_go_on.wait()
        raise LocalError("it was answered meanwhile")

    app = Terminal(tmp_path)
    async with app.run_test() as pilot:
        form = Form(Plan("A form", "", "Say it", [Question("why", "Why")], say), lambda: 0)
        await app.push_screen(form)
        for key in ("x", "enter", "y", "enter"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await eventually(lambda: bool(heard))
        await pilot.pause()
        may_go_on.set()
        await eventually(lambda: not form.is_saying)
        await press(pilot, "z")
        assert form.query_one(Field).entry.value == "xz"
    assert heard == [{"why": "x"}]
