"""A form: where its keys lead, and what it does with what was typed."""

import pytest
from textual.app import App

from hotline.bodies import Answer
from hotline.desk.screen.fields import Choice
from hotline.desk.screen.form import Answers, Form, Plan, Wrong
from hotline.desk.screen.questions import Question, number
from hotline.errors import Declined
from hotline.notice import Activity, Category, Precedence
from tests.desk.screen.seats import burst, press
from tests.helpers import T0


def _hours(typed: str, now_ms: int) -> object:
    assert now_ms == T0
    return number(float, "a number of hours")(typed, now_ms)


QUESTIONS = (
    Question("category", "Category", needed=True, choices=("request", "information")),
    Question("hours", "Hours", "8", read=_hours),
    Question("text", "Text", needed=True),
)


class Alone(App[None]):
    """Nothing but a form."""

    def __init__(
        self, *questions: Question, confirm: bool = False, fails: Exception | None = None
    ) -> None:
        super().__init__()
        self.said: list[Answers] = []
        self.told: list[str | None] = []
        self.fails = fails
        asked = questions or QUESTIONS
        plan = Plan("Title [x]", "About [y]", "Say it", asked, self._say, confirm=confirm)
        self.form = Form(plan, lambda: T0)

    async def on_mount(self) -> None:
        """Open it."""
        await self.push_screen(self.form, self.told.append)

    async def _say(self, answers: Answers) -> str:
        if self.fails:
            raise self.fails
        self.said.append(answers)
        return "said"

    def wrong(self) -> str:
        """All that is said to be wrong."""
        shown = [each for each in self.form.query(".wrong") if each.display]
        return " ".join(str(each.render()) for each in shown)


async def test_keys_lead_from_field_to_field() -> None:
    """Enter, Tab and the arrows; letters and arrows choose a word; at last it is said."""
    app = Alone()
    async with app.run_test() as pilot:
        await press(pilot, "i", "enter", "6", "tab", "n", "up", "down", "o", "enter")
        assert app.said == [{"category": "information", "hours": 6.0, "text": "no"}]
        assert app.told == ["said"]


async def test_words_are_chosen_in_a_circle() -> None:
    """With the arrows, from none on."""
    app = Alone()
    async with app.run_test() as pilot:
        await press(pilot, "left", "right", "right", "tab", "tab", "x", "enter")
        assert app.said[0]["category"] == "information"


WORDS = (
    tuple(Activity),
    tuple(Precedence),
    tuple(Category),
    ("none", *Answer),
    ("X", "no message"),
)


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
async def test_a_word_that_is_typed_is_chosen(words: tuple[str, ...]) -> None:
    """Not another one, whose first letter is in it; the same letter again goes on to the next."""
    app = Alone(Question("word", "Word", choices=words))
    async with app.run_test() as pilot:
        choice = app.form.query_one(Choice)
        for word in reversed(words):
            await burst(pilot, *word.lower())
            assert choice.value == word
        letter = words[0][0].lower()
        begin_so = [word for word in words if word.lower().startswith(letter)]
        for word in [*begin_so[1:], begin_so[0]]:
            await burst(pilot, letter)
            assert choice.value == word


async def test_enter_stays_where_something_is_wrong() -> None:
    """It says at once what is needed; other keys lead on all the same."""
    app = Alone()
    async with app.run_test() as pilot:
        await press(pilot, "enter")
        assert app.wrong() == "✗ is needed: ← and → choose one, or its first letter"
        await press(pilot, "r", "enter", "x", "enter")
        assert app.wrong() == "✗ expected a number of hours, got 'x'"
        await press(pilot, "backspace", "enter", "y", "enter")
        assert app.said == [{"category": "request", "hours": None, "text": "y"}]


async def test_the_words_that_have_the_keys_say_which() -> None:
    """Not by colour alone."""
    app = Alone()
    async with app.run_test() as pilot:
        await pilot.pause()
        category = app.form.query_one(Choice)
        assert str(category.render()) == " request  information   ← → or first letter"
        await press(pilot, "r", "tab")
        assert str(category.render()) == "[request] information "


async def test_a_word_that_is_clicked_is_chosen() -> None:
    """Whichever was chosen before."""
    app = Alone()
    async with app.run_test() as pilot:
        category = app.form.query_one(Choice)
        for column, word in ((14, "information"), (3, "request")):
            await pilot.click(category, offset=(column, 0))
            assert category.value == word


async def test_what_must_be_confirmed() -> None:
    """Enter in the last field leads to the button."""
    app = Alone(confirm=True)
    async with app.run_test() as pilot:
        await press(pilot, "r", "tab", "tab", "x", "enter")
        assert not app.said
        await press(pilot, "enter")
        assert app.said == [{"category": "request", "hours": None, "text": "x"}]


async def test_what_is_wrong_is_said_at_its_field() -> None:
    """All of it at once, and the first of these has the keys."""
    app = Alone()
    async with app.run_test() as pilot:
        await press(pilot, "tab", "x", "tab", "enter")
        wrong = app.wrong()
        assert "✗ is needed" in wrong
        assert "✗ expected a number of hours, got 'x'" in wrong
        await press(pilot, "r", "tab", "backspace", "tab", "y", "enter")
        assert app.said == [{"category": "request", "hours": None, "text": "y"}]


@pytest.mark.parametrize(
    "fails", [Declined("refused", "not so, \x1b[2J [bold]"), Wrong({"": "not so, [2J [bold]"})]
)
async def test_what_the_station_declines(fails: Exception) -> None:
    """It is said in its words; the form stays with what was typed, until it is left."""
    app = Alone(fails=fails)
    async with app.run_test() as pilot:
        await press(pilot, "r", "tab", "tab", "x", "enter")
        assert "not so," in app.wrong()
        assert "\x1b" not in app.wrong()
        await press(pilot, "escape")
        assert app.told == [None]


async def test_what_was_declined_can_be_said_again() -> None:
    """With Enter on the button, which keeps the keys."""
    app = Alone(confirm=True, fails=Declined("not_yet", "the station may not speak yet"))
    async with app.run_test() as pilot:
        await press(pilot, "r", "tab", "tab", "x", "enter", "enter")
        assert "may not speak yet" in app.wrong()
        app.fails = None
        await press(pilot, "enter")
        assert app.said == [{"category": "request", "hours": None, "text": "x"}]
