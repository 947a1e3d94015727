"""A caption: a text that stands on the screen for as long as there is something to say."""

from rich.text import Text
from textual.widgets import Static


class Caption(Static):
    """Text that is drawn anew only when it changes, and takes no room when it is empty."""

    def __init__(self, name: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=name, classes=classes, markup=False)
        self._shown = Text()
        self.display = False

    def show(self, text: Text) -> None:
        """Show this."""
        if text != self._shown:
            self._shown = text
            self.display = bool(text)
            self.update(text)
