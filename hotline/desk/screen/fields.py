"""The fields of a form: one line each, with what is wrong beneath it."""

import re

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Click, Key, Paste
from textual.widgets import Input, Label, Static

from hotline.desk.screen.caption import Caption
from hotline.desk.screen.questions import Question
from hotline.logs.console import plain

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # line breaks are among them


class Entry(Input):
    """A line of text, whose every key does its work before the next one is looked at.

    By itself an Input takes letters at once, but leaves editing keys to its screen and its app,
    which handle them later: if a text with a backspace comes in one chunk (a slow ssh, somebody who
    types ahead), the backspace would come last.
    """

    async def on_key(self, event: Key) -> None:
        """Edit now."""
        if event.is_printable:
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            # What does nothing in one line, as Page Up, is for the form.
            if await self.app.run_action(binding.action, self):
                event.stop()

    def on_paste(self, event: Paste) -> None:
        """Take all of it in this one line: an Input by itself takes only the first line."""
        event.text = _CONTROLS.sub(" ", event.text.strip("\r\n"))


_STEPS = {"left": -1, "right": 1, "space": 1}


class Choice(Static, can_focus=True):
    """Some words of which one is chosen, with ← and →, by typing it, or with the mouse."""

    def __init__(self, words: tuple[str, ...], value: str) -> None:
        super().__init__(markup=False)
        self.words = words
        self.value = value
        self._typed = ""  # how the word begins that is being typed

    def on_mount(self) -> None:
        """Show the words."""
        self._draw()

    def on_key(self, event: Key) -> None:
        """A letter chooses the word that is typed so far, or else the next that begins with it.

        An arrow chooses the word beside it. Both are here, not in bindings, so that they are taken
        in the order in which they come.
        """
        letter = (event.character or "").casefold()
        for typed in (self._typed + letter, letter):
            if letter and (word := self._meant(typed)):
                event.stop()
                self._typed = typed
                self._choose(word)
                return
        if by := _STEPS.get(event.key):
            event.stop()
            self._typed = ""
            self._step(by)

    def _meant(self, typed: str) -> str | None:
        """The word that begins so; with a single letter, the next one after the chosen word."""
        fitting = [word for word in self.words if word.casefold().startswith(typed)]
        if self.value not in fitting:
            return fitting[0] if fitting else None
        by = 1 if len(typed) == 1 else 0
        return fitting[(fitting.index(self.value) + by) % len(fitting)]

    def on_click(self, event: Click) -> None:
        """Choose the word that is clicked."""
        if word := event.style.meta.get("word"):
            self._choose(str(word))

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 -- the hook's signature
        """Show whether the keys are for it."""
        super().watch_has_focus(has_focus)
        self._typed = ""
        self._draw()

    def _step(self, by: int) -> None:
        """Choose the next word, or the one before; if none is chosen yet, the first or the last."""
        if not self.value:
            self._choose(self.words[0 if by > 0 else -1])
            return
        index = self.words.index(self.value) + by
        self._choose(self.words[index % len(self.words)])

    def _choose(self, word: str) -> None:
        self.value = word
        self._draw()

    def _draw(self) -> None:
        line = Text()
        for word in self.words:
            is_chosen = word == self.value
            shown = f"[{word}]" if is_chosen else f" {word} "
            is_lit = is_chosen and self.has_focus
            line.append(shown, Style(bold=is_chosen, reverse=is_lit, meta={"word": word}))
        if self.has_focus:
            line.append("  ← → or first letter", "italic")
        self.update(line)


class Field(Vertical):
    """One question with its answer."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self._wrong = Caption(classes="wrong")
        self.entry: Choice | Entry = (
            Choice(question.choices, question.value)
            if question.choices
            else Entry(
                question.value,
                placeholder=question.hint and f"({question.hint})",
                compact=True,
                select_on_focus=False,
            )
        )

    def compose(self) -> ComposeResult:
        """A label, the answer, and what is wrong with it."""
        mark = "*" if self.question.needed else " "
        with Horizontal(classes="line"):
            yield Label(f"{self.question.label}{mark}", markup=False, classes="label")
            yield self.entry
        yield self._wrong

    def complain(self, wrong: str) -> None:
        """Say what is wrong; an empty text takes that away."""
        self._wrong.show(Text(wrong and f"✗ {plain(wrong)}"))
