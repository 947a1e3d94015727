"""A list of messages in which nothing moves under the officer's hands."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Click
from textual.geometry import Region
from textual.message import Message

from hotline.desk.requests import Told
from hotline.desk.screen import entries
from hotline.desk.screen.caption import Caption

# How long a selected message keeps its place when it no longer belongs here.
_LINGER_S = 8.0
# How long it takes to see that another message is selected.
_LOOK_S = 1.0


class MessageList(VerticalScroll, can_focus=True):
    """Messages in the order of their urgency; one is selected, by its record.

    The selection stays on its message however the rows are sorted. A selected message that no
    longer belongs here (it was answered) stays where it was for a while, dimmed.

    Args:
        name: its identifier.
        title: what is listed, on the border.
        empty: what is said when there is nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, f"move({by})", priority=True)
        for key, by in (
            ("up", -1),
            ("down", 1),
            ("pageup", -10),
            ("pagedown", 10),
            ("home", -1000),
            ("end", 1000),
        )
    ]

    class Moved(Message):
        """Another message is selected."""

    class Chosen(Message):
        """The selected message should be shown in full."""

    def __init__(self, name: str, title: str, empty: str) -> None:
        super().__init__(id=name)
        self._title = title
        self._empty = empty
        self._entries: list[Told] = []
        self._selected: str | None = None
        self._leaves_at_s: float | None = None
        self._seen_at_s = 0.0
        self._now_ms = 0
        self._rows = Caption()

    def compose(self) -> ComposeResult:
        """One block of rows."""
        yield self._rows

    @property
    def selected(self) -> str | None:
        """The record of the message that is selected."""
        return self._selected

    @property
    def has_slipped(self) -> bool:
        """Whether no key has selected it, and nobody can have seen yet that it is selected."""
        return asyncio.get_running_loop().time() < self._seen_at_s

    def call_it(self, title: str, empty: str) -> None:
        """Name what is listed, and what is said when there is nothing."""
        self._title = title
        self._empty = empty

    def show(
        self, listed: Sequence[Told], now_ms: int, known: Mapping[str, Told], count: int
    ) -> None:
        """Show these; `known` are all in the state, `count` is how many there really are."""
        self._now_ms = now_ms
        left = count - len(listed)
        cut = f", {left} not shown" if left > 0 else ""
        self.border_title = f"{self._title} ({count}{cut}){self._above(listed)}"
        before = self._index()
        self._entries = self._with_selection(list(listed), known)
        self._draw()
        if self._index() != before:
            self.call_after_refresh(self._keep_in_view)

    def action_move(self, by: int) -> None:
        """Select another message."""
        if self._entries:
            self._select(self._entries[min(max(self._index() + by, 0), len(self._entries) - 1)])

    def on_click(self, event: Click) -> None:
        """Select the message that is clicked; the second time, show it."""
        row = event.screen_y - self._rows.region.y
        if not 0 <= row < len(self._entries):
            return
        entry = self._entries[row]
        if event.chain > 1:
            self.post_message(self.Chosen())
        else:
            self._select(entry)

    def on_resize(self) -> None:
        """Make the rows as wide as the list, and keep the one that keys are for in sight."""
        self._draw()
        self.call_after_refresh(self._keep_in_view)

    def on_focus(self) -> None:
        """Show the selection as the one that keys are for."""
        self._draw()
        self.post_message(self.Moved())

    def on_blur(self) -> None:
        """The keys are now for another list."""
        self._draw()

    def _above(self, listed: Sequence[Told]) -> str:
        """What must not be missed, and stands above the rows that are in sight."""
        hidden = listed[: round(self.scroll_offset.y)]
        urgent = sum(entries.goes_first(entry, self._now_ms) for entry in hidden)
        return f" – ■ {urgent} most urgent above: Home" if urgent else ""

    def _with_selection(self, listed: list[Told], known: Mapping[str, Told]) -> list[Told]:
        records = [entry["record"] for entry in listed]
        if self._selected in records:
            self._leaves_at_s = None
            return listed
        index = self._index()
        if self._selected is not None and self._may_linger(known):
            listed.insert(min(index, len(listed)), known[self._selected])
            return listed
        self._leaves_at_s = None
        before = self._selected
        self._selected = records[min(index, len(records) - 1)] if records else None
        if self._selected != before:
            self.post_message(self.Moved())
            if before is not None:
                self._seen_at_s = asyncio.get_running_loop().time() + _LOOK_S
        return listed

    def _may_linger(self, known: Mapping[str, Told]) -> bool:
        now_s = asyncio.get_running_loop().time()
        if self._leaves_at_s is None:
            self._leaves_at_s = now_s + _LINGER_S
        return self._selected in known and now_s < self._leaves_at_s

    def _index(self) -> int:
        for index, entry in enumerate(self._entries):
            if entry["record"] == self._selected:
                return index
        return 0

    def _select(self, entry: Told) -> None:
        self._selected = entry["record"]
        self._draw()
        self._keep_in_view()
        self.post_message(self.Moved())

    def _keep_in_view(self) -> None:
        self.scroll_to_region(Region(0, self._index(), 1, 1), animate=False, force=True)

    def _draw(self) -> None:
        width = self.scrollable_content_region.width
        if not (width and self._now_ms):  # before the first state, nobody knows what there is
            return
        columns = entries.columns_for(self._entries, self._now_ms, width)
        rows = [
            entries.row(
                entry,
                self._now_ms,
                width,
                columns,
                selected=entry["record"] == self._selected,
                focused=self.has_focus,
            )
            for entry in self._entries
        ]
        self._rows.show(Text("\n").join(rows) if rows else Text(f"  {self._empty}", "dim"))
