"""Keys as a terminal sends them: several at once, and an Esc before another key."""

import os
import pty
import signal
from collections.abc import Iterable, Sequence

import pytest
from textual.events import Key, Paste
from textual.message import Message

from hotline.bodies import Check, Ref
from hotline.desk.screen.keyboard import Glass, KeyParser
from tests.desk.posts import Desks
from tests.desk.screen.terminals import terminal
from tests.helpers import eventually

ESC, HOME, END, BACKSPACE, ENTER = "\x1b", "\x1b[H", "\x1b[F", "\x7f", "\r"
CTRL_A, CTRL_K, CTRL_L = "\x01", "\x0b", "\x0c"
PASTE, PASTED = "\x1b[200~", "\x1b[201~"


def _keys(events: Iterable[Message]) -> list[str]:
    return [event.key for event in events if isinstance(event, Key)]


@pytest.mark.parametrize(
    ("chunks", "keys"),
    [
        (["\x1bp"], ["escape", "p"]),
        (["\x1b", "p"], ["escape", "p"]),
        (["ab\x1b!c"], ["a", "b", "escape", "exclamation_mark", "c"]),
        (["\x1b\r"], ["escape", "enter"]),
        (["\x1bp\x1bk"], ["escape", "p", "escape", "k"]),
        (["\x1b\x1bp"], ["escape", "escape", "p"]),
        (["\x1b\x1b[A"], ["escape", "up"]),
        (["\x1b", "[A", "x"], ["up", "x"]),
        (["\x1b[1;", "5C"], ["ctrl+right"]),
        (["\x1bb"], ["ctrl+left"]),
        (["\x1b[200~a\x1b[201~x"], ["x"]),
    ],
)
def test_an_escape_before_another_key(chunks: Sequence[str], keys: list[str]) -> None:
    """It is a key of its own wherever no sequence of a key begins so."""
    parser = KeyParser()
    assert _keys(event for chunk in chunks for event in parser.feed(chunk)) == keys


@pytest.mark.parametrize("text", ["two\r\nlines", f"{ESC}p and {ESC}[31mred\r", f"x{ESC}", ESC])
@pytest.mark.parametrize("chunk_chars", [1, 3, 7, 4096])
def test_in_a_text_that_is_pasted_nothing_is_a_key(text: str, chunk_chars: int) -> None:
    """Whatever is in it, and in whatever pieces it comes; what is typed around it stays so."""
    typed = f"ab{PASTE}{text}{PASTED}c{PASTE}again{PASTED}d"
    parser = KeyParser()
    starts = range(0, len(typed), chunk_chars)
    events = [event for at in starts for event in parser.feed(typed[at : at + chunk_chars])]
    events += parser.feed("\r")
    assert _keys(events) == ["a", "b", "c", "d", "enter"]
    pasted = [event.text for event in events if isinstance(event, Paste)]
    assert pasted == [text.replace(ESC, " "), "again"]


def test_the_end_of_the_terminal() -> None:
    """Nothing more comes."""
    assert not list(KeyParser().feed(""))


async def _remarks(line: Desks, number: int) -> str | None:
    station, ref = line.post("tur").node.machine, Ref("tur", number)
    await eventually(lambda: station.record_of(ref) is not None)
    said = line.said("tur", number)
    assert isinstance(said, Check)
    return said.remarks


async def test_keys_in_one_chunk(line: Desks) -> None:
    """They do what they do one by one: a form is opened, filled in, and said."""
    cases = {
        f"ab{BACKSPACE}{BACKSPACE}d": "d",
        f"abc{BACKSPACE}{BACKSPACE}d": "ad",
        f"abc{HOME}X{END}Y": "XabcY",
        f"hello{CTRL_A}{CTRL_K}wörld ok": "wörld ok",
        f"one{ESC}pk{ESC}k{ESC}kseen": "seen",
        f"so: {PASTE}first\r\n\nlast, {ESC}[1mכן 日本\n{PASTED}!": "so: first last,  [1mכן 日本!",
    }
    async with terminal(line.state("tur")) as tty:
        for number, (typed, remarks) in enumerate(cases.items(), 1):
            tty.types(f"k{typed}{ENTER}")
            assert await _remarks(line, number) == remarks


async def test_a_screen_that_another_program_has_written_over(line: Desks) -> None:
    """A key draws all of it anew; by itself it draws what changes."""
    async with terminal(line.state("tur")) as tty:
        await tty.has_drawn(" handover")
        tty.types(CTRL_L)
        await tty.sees(" handover")


async def test_a_terminal_that_is_closed(line: Desks) -> None:
    """The screen ends, also where nothing tells it of that but its end of the terminal."""
    async with terminal(line.state("tur")) as tty:
        tty.close()
        assert await tty.is_left() == 0


async def test_a_terminal_that_is_closed_and_hung_up(line: Desks) -> None:
    """As when a window is closed: the screen is told twice to end, and ends."""
    async with terminal(line.state("tur")) as tty:
        tty.process.send_signal(signal.SIGHUP)
        await tty.sees("\x1b[?1000l")  # mouse off: it is about to wait for its keyboard
        tty.close()
        assert await tty.is_left() == 0


def test_what_is_drawn_when_the_terminal_is_gone() -> None:
    """It is dropped: an error would end the thread for which an app waits that still draws."""
    window, its = pty.openpty()
    os.close(window)
    glass = Glass(os.fdopen(its, "w", closefd=False))
    for _ in range(2):
        glass.write("x" * 100_000)
        glass.flush()
    os.close(its)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
async def test_a_screen_that_is_told_to_end(line: Desks, how: signal.Signals) -> None:
    """It leaves the terminal as it was."""
    async with terminal(line.state("tur")) as tty:
        tty.process.send_signal(how)
        await tty.sees("\x1b[?1049l")  # from the screen's page back to what stood there before
        assert await tty.is_left() == 0
