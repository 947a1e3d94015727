"""Keys that lead through a form, however fast they come."""

from pathlib import Path

from textual.events import Key

from hotline.desk.screen.app import Terminal
from hotline.desk.screen.form import Answers, Form, Plan
from hotline.desk.screen.questions import Question
from tests.helpers import eventually

WORDS = ("request", "information")


async def test_keys_lead_through_a_form_however_fast_they_come(tmp_path: Path) -> None:
    """Tab and Down go on, Shift+Tab and Up go back, and each → chooses where it was pressed."""
    said: list[Answers] = []

    async def say(answers: Answers) -> str:
        said.append(answers)
        return "said"

    questions = [Question(name, name, choices=WORDS) for name in ("one", "two", "three")]
    app = Terminal(tmp_path)
    async with app.run_test() as pilot:
        await app.push_screen(Form(Plan("A form", "", "Say it", questions, say), lambda: 0))
        keys = "right tab right right down right up left shift+tab right right right tab tab enter"
        for key in keys.split():
            app.post_message(Key(key, None))
        await pilot.pause()
        await eventually(lambda: bool(said))

    assert said == [{"one": "information", "two": "request", "three": "request"}]
