"""The terminal's keys, each by itself, even when several come at once."""

import contextlib
import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import IO, Any

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_ESC = "\x1b"
_CHUNK_BYTES = 4096
_LOOK_S = 0.1  # how often to look whether the screen still runs

_GOES_ON = {keys[1] for keys in ANSI_SEQUENCES_KEYS if len(keys) > 1 and keys[0] == _ESC}
"""What may follow an ESC that begins the sequence of a key: `[` of an arrow, b of Alt+b."""

_ALONE = re.compile(f"{_ESC}(?=[^{re.escape(''.join(sorted(_GOES_ON)))}])")

# What a terminal puts around a pasted text.
_PASTE_BEGINS, _PASTE_ENDS = f"{_ESC}[200~", f"{_ESC}[201~"


class KeyParser(XTermParser):
    """Reads keys as textual does, except for an Esc with another key close behind.

    A terminal sends Alt and a key as ESC and that key, so textual takes Esc and p for Alt+p when
    they come within a tenth of a second, or at once over a slow ssh. Of Esc and Enter only Enter is
    left, which then says what should have stayed unsaid. Here these are two keys, unless a key's
    sequence begins that way: nothing at a desk uses Alt.

    In a pasted text nothing is a key. Textual takes an ESC in it for one (which leaves a form), and
    the next 32 characters too; so a text is kept here until all of it has come.
    """

    _waits = False  # the last that came was an ESC
    _before = ""  # the last characters that came: a paste may have begun with them
    _pasted: str | None = None  # what has come of a paste so far

    def feed(self, data: str) -> Iterator[Message]:
        """The events of these characters; of none, at the end."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                recent = self._before + data
                typed, begins, rest = recent.partition(_PASTE_BEGINS)
                keys = (typed + begins)[len(self._before) :]
                self._before = "" if begins else recent[1 - len(_PASTE_BEGINS) :]
                self._pasted, data = ("" if begins else None), rest
                yield from self._feed_keys(keys)
            else:
                text, ends, data = (self._pasted + data).partition(_PASTE_ENDS)
                self._pasted = None if ends else text
                if ends:
                    yield from super().feed(text.replace(_ESC, " ") + ends)

    def _feed_keys(self, data: str) -> Iterator[Message]:
        if self._waits and data[0] not in _GOES_ON:
            yield from self._escape()
        *before, rest = _ALONE.split(data)
        for each in before:
            yield from super().feed(each + _ESC)
            yield from self._escape()
        if rest:
            yield from super().feed(rest)
        self._waits = data[-1] == _ESC

    def _escape(self) -> Iterator[Message]:
        """Take the last ESC as the key, as if the time that it waits for more had passed."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0
            yield from self.tick()


class Glass:
    """What the screen is drawn on, and nobody waits for: what cannot be drawn is dropped.

    An error, as when the terminal is gone, would end the thread in which textual draws, and an app
    that still draws would wait for it for ever.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.fileno = file.fileno

    def write(self, text: str) -> None:
        """Draw something."""
        with contextlib.suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Show it."""
        with contextlib.suppress(OSError):
            self._file.flush()


class Keyboard(LinuxDriver):
    """A terminal as textual drives it, with our own ear for its keys, and behind our own glass."""

    _file: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file = Glass(self._file)

    def run_input_thread(self) -> None:
        """Listen until the screen is left."""
        parser = KeyParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_LOOK_S):
                    if not (typed := self._read()):  # there is no terminal any more
                        # Not waited for: an app that ends already waits for this thread.
                        self._loop.call_soon_threadsafe(self._app.exit)
                        return
                    if text := decode(typed):  # else only part of a character has come
                        for event in parser.feed(text):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, _CHUNK_BYTES)
        except OSError:
            return b""
