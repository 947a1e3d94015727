"""The log stream on the screen, in the words of the console's."""

import io
from collections import deque

from rich.console import Console
from textual.events import Resize
from textual.widgets import RichLog

from hotline.desk.requests import Told
from hotline.logs.console import ConsoleRenderer
from hotline.logs.log_events import LOG_EVENTS

_KEPT = 500  # lines of the log
_ROWS = 4  # that one of them takes on the screen, mostly less


class Story(RichLog, can_focus=True):
    """The last log lines; it follows the newest one unless somebody has scrolled up."""

    def __init__(self) -> None:
        most = _KEPT * _ROWS
        super().__init__(
            id="story", markup=False, highlight=False, wrap=False, min_width=0, max_lines=most
        )
        self.border_title = "Log"
        self._told: deque[Told] = deque(maxlen=_KEPT)
        self._renderer: ConsoleRenderer | None = None

    def tell(self, line: Told) -> bool:
        """Add one line, unless it was told before (the station repeats lines when asked anew)."""
        if line in self._told or line["event"] not in LOG_EVENTS:
            return False
        self._told.append(line)
        if self._renderer:
            self._write(self._renderer, line)
        return True

    def on_resize(self, _event: Resize) -> None:
        """Break all lines anew."""
        width = self.scrollable_content_region.width
        if not width:
            return
        self._renderer = ConsoleRenderer(Console(file=io.StringIO(), width=width))
        self.clear()
        for line in self._told:
            self._write(self._renderer, line)

    def _write(self, renderer: ConsoleRenderer, line: Told) -> None:
        # One clock is enough here: the other one is in the head of the screen.
        for text in renderer.lines({**line, "wall": line["at"]}):
            self.write(text, scroll_end=self.is_vertical_scroll_end)
