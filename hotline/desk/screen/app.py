"""The application: follows the station, lets time pass, and turns keys into forms."""

import asyncio
import contextlib
import os
import signal
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key, Paste
from textual.screen import Screen

from hotline.desk import client
from hotline.desk.requests import Told
from hotline.desk.screen import contact, flight_forms
from hotline.desk.screen.acts import ACTS, ON_MESSAGES, in_either_case
from hotline.desk.screen.bell import Bell
from hotline.desk.screen.contact import Gone
from hotline.desk.screen.cues import Cues
from hotline.desk.screen.form import Form, Plan
from hotline.desk.screen.keyboard import Keyboard
from hotline.desk.screen.linetime import LineTime
from hotline.desk.screen.pages import Details, Help
from hotline.desk.screen.sheet import Seen, Sheet
from hotline.desk.screen.sheets import Desk, Overview
from hotline.desk.screen.story import Story
from hotline.desk.screen.talk_forms import Talk
from hotline.errors import HotlineError
from hotline.logs.console import plain
from hotline.times import SECOND_MS

_TICK_S = 0.2
_REFUSED_S = 8.0  # how long the reason why a key did nothing is shown
_PAUSE_S = 0.5  # between two keys of somebody who has looked at the screen meanwhile


class Terminal(App[None], inherit_bindings=False):  # or Ctrl-Q, typed after a Ctrl-S, would quit
    """The full-screen desk of the station with this state directory."""

    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    # With priority, a key does its work before the next one is read: no key, however fast, goes to
    # what was there before.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action, priority=True)
        for key, action in (
            *((in_either_case(act.key), f"act('{act.name}')") for act in ACTS.values()),
            ("enter", "details"),
            (in_either_case("p"), "picture"),
            ("?", "help"),
            ("escape", "back"),
            (f"{in_either_case('q')},ctrl+c", "leave"),
            ("tab", "focus_next"),
            ("shift+tab", "focus_previous"),
            ("ctrl+l", "draw_anew"),
        )
    ]

    def __init__(self, directory: Path) -> None:
        # If no colours are wanted, textual turns them into greys, where a red word on a grey row
        # cannot be seen; with a terminal's own colours it leaves them all out.
        super().__init__(driver_class=Keyboard, ansi_color="NO_COLOR" in os.environ or None)
        self._directory = directory
        self._time = LineTime(lambda: asyncio.get_running_loop().time())
        self._talk = Talk(self._ask, self._time.now_ms)
        self._seen = Seen()
        self._story = Story()
        self._cues = Cues()
        self._bell = Bell()
        self._ahead: deque[Event] = deque()  # what was typed while the station was being asked
        self._is_looking = False
        self._pressed_s = 0.0  # when the last key was
        self._was_refused = False  # that key, or one that it came close behind

    def get_default_screen(self) -> Screen[None]:
        """The desk."""
        return Desk(self._story)

    def on_mount(self) -> None:
        """Begin to follow the station."""
        loop = asyncio.get_running_loop()
        # Killed by one, we would leave a terminal without echo, which reports every mouse move.
        for told_to_end in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(told_to_end, self.exit)
        self.run_worker(self._follow())
        self.set_interval(_TICK_S, self._tick)
        self._draw()

    # What the station tells

    async def _follow(self) -> None:
        async for told in contact.follow(self._directory):
            self._hear(told)

    def _hear(self, told: Told | Gone) -> None:
        match told:
            case Gone(why=why):
                self._seen.gone = why
                self._time.lose()
            case {"log": line}:
                if not (self._story.tell(line) and self._cues.tell(line)):
                    return
                self.bell()
            case {"state": state}:
                before = self._seen.state
                is_back = before and state["on_line"] and not before["on_line"]
                if self._seen.gone or is_back:  # what was said of that is true no longer
                    self._seen.gone, self._seen.said = None, Text()
                self._seen.state = state
                self._time.learn(state)
                if self._bell.rings(state, self._time.now_ms()):
                    self.bell()
        self._draw()

    def _tick(self) -> None:
        """Let the clock and the times left go on, once per second of line time."""
        if self._time.now_ms() // SECOND_MS != self._seen.now_ms // SECOND_MS:
            self._draw()

    def _draw(self) -> None:
        seen = self._seen
        seen.now_ms, seen.cue = self._time.now_ms(), self._cues.newest()
        for screen in self.screen_stack:
            if isinstance(screen, Sheet) and screen.is_mounted:
                screen.draw(seen)
            elif isinstance(screen, Form) and screen.is_mounted and seen.state:
                screen.draw(seen.state["inbox"], seen.cue, seen.now_ms)

    async def _ask(self, request: dict[str, Any]) -> Told:
        return await client.ask(self._directory, request)

    # Keys

    async def on_event(self, event: Event) -> None:
        """Keys that come while the station is asked are meant for what its answer leads to.

        Those close behind one that was refused are dropped: a letter of its reason is a key, too.
        """
        is_ours = isinstance(event, Key | Paste) and not event.is_forwarded
        if is_ours:
            is_close = event.time - self._pressed_s < _PAUSE_S
            self._was_refused, self._pressed_s = self._was_refused and is_close, event.time
        if is_ours and (self._ahead or self._is_asking()):
            self._ahead.append(event)
        elif not (is_ours and self._was_refused):
            await super().on_event(event)

    def on_form_declined(self) -> None:
        """What was typed ahead was not meant for a form that is still there."""
        self._ahead.clear()

    async def _catch_up(self) -> None:
        while self._ahead and not self._is_asking():
            await super().on_event(self._ahead.popleft())

    def _is_asking(self) -> bool:
        return self._is_looking or (isinstance(self.screen, Form) and self.screen.is_saying)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a form is open, all keys are its own."""
        return not isinstance(self.screen, Form) and super().check_action(action, parameters)

    async def action_act(self, name: str) -> None:
        """Open the form of an act, for the message that is selected now."""
        state, entry = self._seen.state, self._selected()
        listing = self.screen.listing if isinstance(self.screen, Sheet) else None
        if state is None or self._seen.gone:
            self._tell_wrong("there is no station that could say it")
        elif why_not := ACTS[name].why_not(state, entry):
            self._tell_wrong(why_not)
        elif ACTS[name] in ON_MESSAGES and listing is not None and listing.has_slipped:
            self._tell_wrong("another message has just been selected by itself: look at it first")
        elif name == "revise" and entry:
            self._look(self._revise, entry)
        elif name == "notify":
            await self._open(flight_forms.notify(self._talk))
        else:
            await self._open(self._talk.plan(name, state, entry))

    async def action_details(self) -> None:
        """Show the selected message in full."""
        entry = self._selected()
        if entry is not None and not isinstance(self.screen, Details):
            self._look(self._show, entry)

    def on_details_outdated(self, outdated: Details.Outdated) -> None:
        """What became of a message that is shown in full is not known."""
        self.run_worker(self._learn_more(outdated.details))

    def on_message_list_chosen(self) -> None:
        """A message was clicked twice."""
        self.call_later(self.action_details)

    def on_message_list_moved(self) -> None:
        """The keys are for another message."""
        self._draw()

    async def action_picture(self) -> None:
        """Show the whole picture, or leave it."""
        await self._turn_to(Overview)

    async def action_help(self) -> None:
        """Show what the keys mean, or leave that."""
        await self._turn_to(Help)

    async def action_back(self) -> None:
        """Leave a sheet for the one below it; on the lowest, take a cue away."""
        if len(self.screen_stack) > 1:
            await self.pop_screen()
        else:
            self._cues.drop()
            self._draw()

    async def action_leave(self) -> None:
        """Leave a sheet, and the last one for good."""
        if len(self.screen_stack) > 1:
            await self.pop_screen()
        else:
            self.exit()

    def action_draw_anew(self) -> None:
        """Draw also what has not changed: another program has written over it."""
        self.screen.refresh()

    def _selected(self) -> Told | None:
        screen = self.screen
        record = screen.selected if isinstance(screen, Sheet) else None
        return self._seen.entries().get(record or "")

    def _look(self, ask: Callable[[Told], Awaitable[None]], entry: Told) -> None:
        """Ask the station for more about a message, in the background: the screen lives on."""
        if not self._is_looking:
            self._is_looking = True
            self.run_worker(self._have_looked(ask, entry))

    async def _have_looked(self, ask: Callable[[Told], Awaitable[None]], entry: Told) -> None:
        try:
            await ask(entry)
        except HotlineError as error:
            self._tell_wrong(str(error))
        finally:
            self._is_looking = False
        self.call_later(self._catch_up)

    async def _revise(self, entry: Told) -> None:
        name = entry["notice"]
        last = (await self._ask({"do": "notice", "notice": name}))["notice"]
        await self._open(flight_forms.revise(self._talk, name, last))

    async def _show(self, entry: Told) -> None:
        await self._push(Details(entry, await self._found(entry["record"])))

    async def _learn_more(self, details: Details) -> None:
        with contextlib.suppress(HotlineError):  # it is asked again with the next state
            details.learn(await self._found(details.selected))
            self._draw()

    async def _found(self, record: str) -> Told:
        return await self._ask({"do": "show", "record": record})

    async def _turn_to(self, sheet: type[Sheet]) -> None:
        if isinstance(self.screen, sheet):
            await self.pop_screen()
        else:
            await self._push(sheet())

    async def _push(self, sheet: Sheet) -> None:
        await self.push_screen(sheet)
        self._draw()

    async def _open(self, plan: Plan) -> None:
        self._seen.said = Text()
        await self.push_screen(Form(plan, self._time.now_ms), self._tell_said)
        self._draw()

    def _tell_said(self, said: str | None) -> None:
        if said:
            self._seen.said = Text(f"✓ {plain(said)}", "green")
        self._draw()
        self.call_later(self._catch_up)

    def _tell_wrong(self, why: str) -> None:
        self._ahead.clear()  # what was typed ahead was meant for something that is not there
        self._was_refused = True
        said = self._seen.said = Text(f"✗ {plain(why)}", "bold yellow")
        self._draw()
        self.set_timer(_REFUSED_S, lambda: self._forget(said))

    def _forget(self, said: Text) -> None:
        """Take a refusal away, unless something else has been said since."""
        if self._seen.said is said:
            self._seen.said = Text()
            self._draw()
