"""What every sheet of the screen has: the head above; below, what was said last, and the keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widget import Widget

from hotline.desk.requests import Told
from hotline.desk.screen.acts import ON_LINE, ON_MESSAGES, Act
from hotline.desk.screen.caption import Caption
from hotline.desk.screen.headline import flags, head
from hotline.desk.screen.messages import MessageList
from hotline.desk.screen.small import in_brief, is_short, is_too_small
from hotline.logs.console import plain

DETAILS = ("⏎", "details")
_SHEETS_KEYS = [("p", "picture"), ("?", "help"), ("q", "quit")]
_FEW_LINES = 2  # of keys, in a window that is short
Keys = Sequence[tuple[str, str]]


@dataclass
class Seen:
    """What the screen knows: the last state, the line's time, a cue, the last act's outcome."""

    state: Told | None = None
    now_ms: int = 0
    gone: str | None = "looking for the station"
    cue: Text = field(default_factory=Text)
    said: Text = field(default_factory=Text)

    def entries(self) -> dict[str, Told]:
        """All messages that are known, by their records."""
        if self.state is None:
            return {}
        known = [*self.state["recent"], *self.state["sent"], *self.state["inbox"]]
        return {entry["record"]: entry for entry in known}


class Sheet(Screen[None]):
    """One sheet; the others lie below it."""

    OWN_KEYS: ClassVar[Keys] = ()
    MOST_FLAGS: ClassVar[int | None] = 2  # None: all that are known

    def __init__(self) -> None:
        super().__init__()
        self._head, self._gone, self._flags = Caption("head"), Caption("gone"), Caption("flags")
        self._cue, self._said, self._keys = Caption("cue"), Caption("said"), Caption("keys")
        self._small = Caption("small")  # lies above all else
        self._seen: Seen | None = None

    def compose(self) -> ComposeResult:
        """The head, the flags, the body, the last word, the keys."""
        yield from (self._head, self._gone)
        yield from self.standing()
        yield from self.body()
        with Vertical(id="foot"):
            yield from (self._cue, self._said, self._keys)
        yield self._small

    def standing(self) -> Iterator[Widget]:
        """Where the flags are."""
        yield self._flags

    def body(self) -> Iterator[Widget]:
        """What this sheet has to show: by itself, nothing."""
        yield from ()

    @property
    def listing(self) -> MessageList | None:
        """The list that the keys are for, if there is one."""
        return None

    @property
    def selected(self) -> str | None:
        """The record of the message that the keys are for, if there is one."""
        listing = self.listing
        return None if listing is None else listing.selected

    def draw(self, seen: Seen) -> None:
        """Show what is known now."""
        self._seen = seen
        size, width = self.app.size, self.app.size.width
        is_small = is_too_small(size)
        self._small.show(in_brief(seen.state, seen.gone, seen.now_ms, size) if is_small else Text())
        if seen.state is not None:
            self._head.show(head(seen.state, seen.now_ms, width, gone=bool(seen.gone)))
            most = 1 if self.MOST_FLAGS and is_short(size) else self.MOST_FLAGS
            self._flags.show(flags(seen.state, seen.now_ms, width, most))
            self.draw_body(seen, seen.state)
        self._gone.show(_gone(seen))
        self._cue.show(seen.cue)
        self._said.show(seen.said)
        keys = self._fitting_keys(seen, width, brief=False)
        if is_short(size) and len(keys.split()) > _FEW_LINES:
            keys = self._fitting_keys(seen, width, brief=True)
        self._keys.show(keys)

    def on_resize(self) -> None:
        """Show what is known for this size, not only when a second has passed."""
        if self._seen is not None:
            self.draw(self._seen)

    def draw_body(self, seen: Seen, state: Told) -> None:
        """Show what this sheet is for, where that changes with what is known."""

    def _fitting_keys(self, seen: Seen, width: int, *, brief: bool) -> Text:
        """The keys that make sense now: in the first line those for the selected message.

        In brief, only a stop of those that are for no message; the help has all.
        """
        general = _SHEETS_KEYS
        state = seen.state
        if state is None or seen.gone:
            return _row_of_keys(general, width)
        entry = seen.entries().get(self.selected or "")
        about = _fitting(ON_MESSAGES, state, entry)
        on_line = [act for act in ON_LINE if act.name == "stop" or not brief]
        general = _fitting(on_line, state, entry) + general
        own = [key for key in self.OWN_KEYS if not brief and (entry or key != DETAILS)]
        if entry is None:
            return _row_of_keys([*general, *about, *own], width)
        first = _row_of_keys([*about, *own], width, plain(entry["message"]))
        return Text("\n").join([first, _row_of_keys(general, width)])


def _fitting(acts: Sequence[Act], state: Told, entry: Told | None) -> list[tuple[str, str]]:
    return [(act.key, act.label) for act in acts if not act.why_not(state, entry)]


def _gone(seen: Seen) -> Text:
    if seen.gone is None:
        return Text()
    if seen.state is None:
        return Text(f" {plain(seen.gone)} … ")
    return Text(f" NO STATION: {plain(seen.gone)}. What you see is old; reconnecting. ")


def _row_of_keys(keys: Keys, width: int, about: str = "") -> Text:
    """Keys with what they do, on as many lines as they need."""
    lines = [Text.assemble((f"{about}:  ", "bold")) if about else Text()]
    for key, label in keys:
        shown = Text.assemble((key, "bold cyan"), f" {label}  ")
        if lines[-1].cell_len + shown.cell_len - 2 > width:
            lines.append(Text())
        lines[-1].append_text(shown)
    for line in lines:
        line.rstrip()
    return Text("\n").join(lines)
