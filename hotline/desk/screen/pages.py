"""The sheets to read: one message in full, and the help."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from hotline.desk.requests import Told
from hotline.desk.screen.acts import ACTS
from hotline.desk.screen.arrivals import Arrivals
from hotline.desk.screen.caption import Caption
from hotline.desk.screen.details import details
from hotline.desk.screen.entries import answers, waits
from hotline.desk.screen.sheet import Seen, Sheet

_MORE_KEYS = (
    ("↑ ↓", "select another message (also with the mouse)"),
    ("Tab", "go on to the next list, or to the log"),
    ("Enter", "show the selected message in full"),
    ("PgUp PgDn", "scroll; also in a form that is longer than the screen"),
    ("p", "the whole picture: all flags, and what was settled lately"),
    ("Esc", "back; what is in a form is not said; at the desk, a cue is taken away"),
    ("Ctrl-L", "draw the screen anew, when another program has written over it"),
    ("q", "leave the screen; the station goes on without it"),
)
_LEGEND = (
    ("1m58s", "the answer is due in this much of the line's time"),
    ("+12s", "it is overdue by this much"),
    ("▲ WARNING", "nobody has answered in time; ▲▲ ALARM, ▲▲▲ VOICE (telephone!) follow"),
    ("■ IN WINDOW", "the flight is in the air and nobody has answered: the worst case"),
    ("■ FLOWN", "its window is over, and nobody has answered"),
    ("delivered", "the other station has it on disk; its officer has not answered"),
    ("undelivered", "the other station is not known to have it on disk"),
    ("excused", "it need not be answered: the party asked had suspended the line"),
    ("standby", "the answer was promised for the time shown"),
)


class Page(Sheet):
    """A sheet with something to read; Esc leads back."""

    AUTO_FOCUS = "#page"
    OWN_KEYS = (("Esc", "back"),)

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(id="text", markup=False)
        self._meanwhile = Caption()
        self._arrivals = Arrivals()

    def body(self) -> Iterator[Widget]:
        """A text that scrolls, and above it what came in meanwhile."""
        yield self._meanwhile
        with VerticalScroll(id="page", can_focus=True) as page:
            page.border_title = self.title
            yield self._text

    def draw_body(self, seen: Seen, state: Told) -> None:
        """What came in: the page hides the lists."""
        width = self.app.size.width
        self._meanwhile.show(self._arrivals.most_urgent(state["inbox"], seen.now_ms, width))


class Details(Page):
    """One message in full.

    Args:
        entry: the message, as it was when it was chosen.
        found: what the station told of it then.
    """

    TITLE = "Message"

    class Outdated(Message):
        """It was answered since, or nobody tells of it any more: what became of it is not known."""

        def __init__(self, details: "Details") -> None:
            super().__init__()
            self.details = details

    def __init__(self, entry: Told, found: Told) -> None:
        super().__init__()
        self._entry = entry
        self._found = found
        self._answers = answers(entry)
        self._asked_with: Told | None = None  # the state with which the station was asked last

    def learn(self, found: Told) -> None:
        """What the station tells of it now."""
        self._found = found
        self._entry = found["message"] or self._entry
        self._answers = answers(self._entry)

    @property
    def selected(self) -> str:
        """The message that is shown."""
        return str(self._entry["record"])

    def draw_body(self, seen: Seen, state: Told) -> None:
        """Show it as it is now."""
        super().draw_body(seen, state)
        told = seen.entries().get(self.selected)
        self._entry = told or self._entry
        # A state has not all messages: one that is left out may have been answered or cancelled.
        is_outdated = answers(self._entry) != self._answers or (not told and waits(self._entry))
        if is_outdated and state is not self._asked_with:
            self._asked_with = state
            self.post_message(self.Outdated(self))
        found = self._found | {"message": self._entry}
        self._text.update(details(found, state, seen.now_ms))


class Help(Page):
    """What the keys and the marks mean."""

    TITLE = "Keys and marks"

    def on_mount(self) -> None:
        """Write it."""
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="bold cyan", no_wrap=True)
        table.add_column()
        for act in ACTS.values():
            table.add_row(act.key, Text.assemble((act.label, "bold"), f" – {act.means}"))
        for key, means in _MORE_KEYS:
            table.add_row(key, means)
        table.add_row("", "")
        for mark, means in _LEGEND:
            table.add_row(mark, means)
        self._text.update(table)
