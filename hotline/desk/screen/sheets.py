"""The sheets that show messages: the desk itself, and the whole picture."""

from collections.abc import Iterator

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget

from hotline.desk.requests import Told
from hotline.desk.screen.caption import Caption
from hotline.desk.screen.entries import in_order, is_excused, waits
from hotline.desk.screen.messages import MessageList
from hotline.desk.screen.sheet import DETAILS, Seen, Sheet
from hotline.desk.screen.story import Story

_LISTS_KEYS = (DETAILS, ("⇥", "lists"))


class Desk(Sheet):
    """What waits for us, what we wait for, and the log."""

    AUTO_FOCUS = "#inbox"
    OWN_KEYS = _LISTS_KEYS

    def __init__(self, story: Story) -> None:
        super().__init__()
        self._story = story
        self._inbox = MessageList(
            "inbox", "Waits for our answer", "nothing waits for an answer from here"
        )
        self._sent = MessageList("sent", "Waits for theirs", "nothing of ours waits for an answer")
        self._had_keys = self._inbox

    def body(self) -> Iterator[Widget]:
        """Two lists and the log."""
        yield from (self._inbox, self._sent, self._story)

    @property
    def listing(self) -> MessageList:
        """The one that had the keys last."""
        for messages in (self._inbox, self._sent):
            if self.focused is messages:  # it learns only later that it has the focus
                self._had_keys = messages
        return self._had_keys

    def draw_body(self, seen: Seen, state: Told) -> None:
        """The lists; a watchdog has no inbox."""
        if state["role"] != "party":
            self._inbox.display = False
            self._sent.call_it("Waits for an answer", "nothing waits for an answer")
        known = seen.entries()
        for name, messages in (("inbox", self._inbox), ("sent", self._sent)):
            listed = in_order(state[name], seen.now_ms)
            messages.show(listed, seen.now_ms, known, state["counts"][name])


class Overview(Sheet):
    """The whole picture: all flags, what waits, and what was settled lately, the newest first."""

    AUTO_FOCUS = "#all"
    OWN_KEYS = (*_LISTS_KEYS, ("Esc", "back"))
    MOST_FLAGS = None

    def __init__(self) -> None:
        super().__init__()
        self._pane = VerticalScroll(id="standing")
        self._journals = Caption("journals")
        self._all = MessageList("all", "What waits, and what was settled lately", "nothing yet")

    def standing(self) -> Iterator[Widget]:
        """The flags, with a place of their own to scroll in."""
        with self._pane:
            yield self._flags

    def body(self) -> Iterator[Widget]:
        """How far the journals go, and one list."""
        yield from (self._journals, self._all)

    @property
    def listing(self) -> MessageList:
        """The only one."""
        return self._all

    def draw_body(self, seen: Seen, state: Told) -> None:
        """All flags and messages that are known."""
        self._pane.display = bool(state["flags"])
        self._pane.border_title = f"Flags that stand ({state['counts']['flags']})"
        heads = ", ".join(f"{name} to {head}" for name, head in state["heads"].items())
        self._journals.show(Text(f"journals: {heads or 'no records'}", "dim"))
        known = seen.entries()
        waiting = [entry for entry in known.values() if waits(entry)]
        waiting.sort(key=lambda entry: (is_excused(entry), entry["due"]))
        settled = [entry for entry in state["recent"] if not waits(entry)]
        listed = [*in_order(waiting, seen.now_ms), *settled]
        count = state["counts"]["inbox"] + state["counts"]["sent"] + len(settled)
        self._all.show(listed, seen.now_ms, known, max(count, len(listed)))
