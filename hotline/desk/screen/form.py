"""A form: asks line by line for what to say, and says it when the officer says so."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import var
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static

from hotline.desk.requests import Told
from hotline.desk.screen.arrivals import Arrivals
from hotline.desk.screen.caption import Caption
from hotline.desk.screen.fields import Field
from hotline.desk.screen.questions import Question
from hotline.errors import HotlineError
from hotline.logs.console import plain

Answers = dict[str, Any]
_BESIDE = 5  # columns: the form's border, padding and scroll bar


class Wrong(Exception):
    """Answers that do not fit: what is wrong, by question; by no name, what is wrong with all."""

    def __init__(self, says: Mapping[str, str]) -> None:
        self.says = dict(says)
        super().__init__("; ".join(says.values()))


@dataclass(frozen=True)
class Plan:
    """What a form is for.

    Args:
        title: what will be said.
        about: what it is about, in words.
        button: what Enter does at last.
        questions: what is asked.
        say: says it, and returns the text that reports it; raises Wrong, or a HotlineError.
        confirm: whether Enter in the last line leads to the button instead of saying it.
        is_grave: whether it should look grave.
    """

    title: str
    about: str
    button: str
    questions: Sequence[Question]
    say: Callable[[Answers], Awaitable[str]]
    confirm: bool = False
    is_grave: bool = False


class Form(ModalScreen[str | None]):
    """Asks, says, and returns the text that reports it; None when the officer left it."""

    AUTO_FOCUS = ""

    class Declined(Message):
        """It was not said."""

    # With priority, so that what is typed next goes to the field that a key leads to.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, priority=True)
        for key, action in (
            ("escape,ctrl+c", "leave"),
            ("enter", "go_on"),
            ("down,tab", "go(1)"),
            ("up,shift+tab", "go(-1)"),
        )
    ]

    # Only dimmed: a disabled button loses the keys, and Enter is no longer for it.
    is_saying = var(default=False, toggle_class="saying")

    def __init__(self, plan: Plan, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self._plan = plan
        self._now_ms = now_ms
        self._meanwhile = Caption("meanwhile")
        self._wrong = Caption("wrong", "wrong")
        self._button = Button(Text(plain(plan.button)), id="say", compact=True)
        self._arrivals = Arrivals()

    def compose(self) -> ComposeResult:
        """The title, what it is about, the fields, the button."""
        plan = self._plan
        with VerticalScroll(id="form", classes="grave" if plan.is_grave else "") as form:
            form.can_focus = False
            form.border_title = Text(plain(plan.title))
            form.border_subtitle = "Enter goes on · Esc leaves, nothing is said"
            yield self._meanwhile
            if plan.about:
                yield Static(Text(plain(plan.about)), id="about")
            for question in plan.questions:
                yield Field(question)
            yield from (self._wrong, self._button)

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.set_focus(self._entries()[0])  # at once: `focus()` would wait for its turn

    def draw(self, inbox: Sequence[Told], cue: Text, now_ms: int) -> None:
        """Show what the form may hide: the cue, and the most urgent message that came meanwhile."""
        arrival = self._arrivals.most_urgent(inbox, now_ms, self.app.size.width - _BESIDE)
        self._meanwhile.show(Text("\n").join(each for each in (arrival, cue) if each))

    def on_resize(self) -> None:
        """Keep what has the keys in sight, also when the terminal has become small."""
        if self.focused:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def on_input_changed(self) -> None:
        """Show what is typed, also when the form was scrolled away from it."""
        if self.focused:
            self.focused.scroll_visible(animate=False)

    def action_leave(self) -> None:
        """Say nothing; while something is being said, wait for what becomes of it."""
        if not self.is_saying:
            self.dismiss(None)

    async def action_go_on(self) -> None:
        """Go on to the next field if this one can be used; at the end, say it all."""
        last = self._button if self._plan.confirm else self._entries()[-1]
        if self.focused in (last, self._button):
            for entry in self._entries():
                await _has_taken_all_keys(entry)
            self._say()
        elif await self._can_be_used(self.focused):
            self.focus_next()

    async def _can_be_used(self, entry: Widget | None) -> bool:
        """Whether what stands in this field can be said; if not, the reason appears beneath it."""
        for field in self.query(Field):
            if field.entry is entry:
                await _has_taken_all_keys(entry)
                _, wrong = self._read([field])
                field.complain(wrong.get(field.question.name, ""))
                return not wrong
        return True

    def action_go(self, by: int) -> None:
        """Go to the next field, or back to the last one."""
        # The app's own actions are off while a form is open.
        self.focus_next() if by > 0 else self.focus_previous()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A click on the button says it."""
        event.stop()
        self._say()

    def _entries(self) -> list[Widget]:
        """Where something is typed or chosen; the button when nothing is asked."""
        return [field.entry for field in self.query(Field)] or [self._button]

    def _say(self) -> None:
        answers, wrong = self._read(self.query(Field))
        self._complain(wrong)
        if wrong or self.is_saying:
            return
        self.is_saying = True
        self.run_worker(self._have_said(answers))

    async def _have_said(self, answers: Answers) -> None:
        try:
            self.dismiss(await self._plan.say(answers))
        except Wrong as wrong:
            self._decline(wrong.says)
        except HotlineError as error:
            self._decline({"": str(error)})
        finally:
            self.is_saying = False

    def _decline(self, says: Mapping[str, str]) -> None:
        self._complain(says)
        self.post_message(self.Declined())

    def _read(self, fields: Iterable[Field]) -> tuple[Answers, dict[str, str]]:
        """The answers in these fields, and what is wrong with those that cannot be used."""
        answers: Answers = {}
        wrong = {}
        for field in fields:
            asked = field.question
            try:
                answers[asked.name] = asked.answer(field.entry.value, self._now_ms())
            except ValueError as error:
                wrong[asked.name] = str(error)
        return answers, wrong

    def _complain(self, says: Mapping[str, str]) -> None:
        """Say at each field what is wrong, and go to the first of these."""
        left = dict(says)
        first = None
        for field in self.query(Field):
            wrong = left.pop(field.question.name, "")
            field.complain(wrong)
            first = first or (field.entry if wrong else None)
        self._wrong.show(Text(plain("; ".join(left.values()))))
        if first:
            self.set_focus(first)
        elif left:
            self._wrong.scroll_visible(animate=False)


async def _has_taken_all_keys(entry: Widget) -> None:
    """Wait until a field has taken the keys that were already pressed for it."""
    done = asyncio.Event()
    entry.call_later(done.set)
    await done.wait()
