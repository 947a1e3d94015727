"""What comes in while something hides the lists, in one line."""

from collections.abc import Sequence

from rich.text import Text

from hotline.desk.requests import Told
from hotline.desk.screen.entries import in_order, text
from hotline.logs.console import plain


class Arrivals:
    """Remembers what waited when the lists were hidden."""

    def __init__(self) -> None:
        self._known: set[str] | None = None

    def most_urgent(self, inbox: Sequence[Told], now_ms: int, width: int) -> Text:
        """The most urgent message that came meanwhile; nothing if none did."""
        if self._known is None:
            self._known = {entry["record"] for entry in inbox}
        came = in_order((each for each in inbox if each["record"] not in self._known), now_ms)
        if not came:
            return Text()
        first, more = came[0], len(came) - 1
        others = f" (and {more} more)" if more else ""
        precedence = f" {first['precedence']}" if first["precedence"] else ""
        arrival = Text.assemble(
            (f"came meanwhile{others}: ", "bold yellow"),
            plain(f"{first['message']}{precedence} – {text(first, now_ms)}"),
        )
        arrival.truncate(width, overflow="ellipsis")
        return arrival
