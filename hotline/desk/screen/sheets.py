"""The sheets that show messages: the desk itself, and the whole picture."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text
from textual.widget import Widget

from hotline.desk.screen.entries import in_order, waits
from hotline.desk.screen.headline import flags
from hotline.desk.screen.messages import Messages
from hotline.desk.screen.sheet import Line, Seen, Sheet
from hotline.desk.screen.story import Story

Told = dict[str, Any]

_LISTS_KEYS = (("⏎", "details"), ("⇥", "lists"))


class Desk(Sheet):
    """What waits for us, what we wait for, and the log."""

    AUTO_FOCUS = "#inbox"
    OWN_KEYS = _LISTS_KEYS

    def __init__(self, story: Story) -> None:
        super().__init__()
        self._story = story
        self._list = "inbox"

    def body(self) -> Iterator[Widget]:
        """Two lists and the log."""
        yield Messages("Waits for our answer", "nothing waits for an answer from here", id="inbox")
        yield Messages("Waits for theirs", "nothing of ours waits for an answer", id="sent")
        yield self._story

    @property
    def selected(self) -> str | None:
        """What is selected in the list that had the keys last."""
        for name in ("inbox", "sent"):
            if self.query_one(f"#{name}", Messages).has_focus:
                self._list = name
        return self.query_one(f"#{self._list}", Messages).selected

    def draw_body(self, seen: Seen, state: Told) -> None:
        """The lists; a watchdog has no inbox."""
        known = seen.entries()
        self.query_one("#inbox").display = state["role"] == "party"
        if state["role"] != "party":
            self.query_one("#sent", Messages).call_it(
                "Waits for an answer", "nothing waits for an answer"
            )
        for name in ("inbox", "sent"):
            listed = in_order(state[name], seen.now_ms)
            messages = self.query_one(f"#{name}", Messages)
            messages.show(listed, seen.now_ms, known, state["counts"][name])


class Overview(Sheet):
    """The whole picture: all flags, and all messages, what waits first, then the newest."""

    AUTO_FOCUS = "#all"
    OWN_KEYS = (*_LISTS_KEYS[:1], ("Esc", "back"))

    def body(self) -> Iterator[Widget]:
        """The flags in full, how far the journals go, and one list."""
        yield Line(id="journals")
        yield Messages("All messages: what waits, and what is settled", "none yet", id="all")

    @property
    def selected(self) -> str | None:
        """What is selected."""
        return self.query_one("#all", Messages).selected

    def draw_body(self, seen: Seen, state: Told) -> None:
        """More flags than the head has, and all messages."""
        self._line("flags").show(flags(state, self.app.size.width, self.app.size.height // 3))
        heads = ", ".join(f"{name} to {head}" for name, head in state["heads"].items())
        self._line("journals").show(Text(f"journals: {heads or 'no records'}", "dim"))
        known = seen.entries()
        waiting = sorted((e for e in known.values() if waits(e)), key=lambda e: str(e["due"]))
        settled = [entry for entry in state["recent"] if not waits(entry)]
        messages = self.query_one("#all", Messages)
        listed = [*in_order(waiting, seen.now_ms), *settled]
        messages.show(listed, seen.now_ms, known, len(listed))
