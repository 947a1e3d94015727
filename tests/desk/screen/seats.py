"""A full screen at the desk of a real station in memory, and what it shows."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from textual.events import Key
from textual.pilot import Pilot

from hotline.desk.screen.app import Terminal
from hotline.notice import FlightNotice, Precedence
from tests.desk.posts import Desks
from tests.helpers import eventually, notice

SMALL, LARGE = (80, 24), (120, 40)
LONG_AGO_MS = 0  # a flight that began long ago

ENTRY: dict[str, Any] = {
    "record": "isr/1",
    "from": "isr",
    "message": "ISR-1 rev 1",
    "kind": "notice",
    "notice": "ISR-1",
    "revision": 1,
    "precedence": "FLASH",
    "text": "strike 4 × F16 ISR21",
    "at": "2026-01-12T06:00:00.000Z",
    "starts": "2026-01-12T07:00:00.000Z",
    "ends": "2026-01-12T08:00:00.000Z",
    "state": "open",
    "asks": "decision",
    "answers": ["ACCEPT", "REJECT", "STANDBY"],
    "answer": None,
    "answered_by": None,
    "answered_at": None,
    "officer": None,
    "expected_at": None,
    "voice": None,
    "due": "2026-01-12T06:02:00.000Z",
    "delayed": None,
    "overdue": None,
    "next": {"level": "WARNING", "at": "2026-01-12T06:02:00.000Z"},
}
SETTLED = {key: value for key, value in ENTRY.items() if key not in ("due", "overdue", "next")}
ATTENDED = {"attendance": "attended", "suspension": None, "watch": None}
STATE: dict[str, Any] = {
    "now": "2026-01-12T06:00:30.500Z",
    "rate": 1,
    "line": "isr-tur",
    "station": "tur",
    "titles": {"isr": "Israel", "tur": "Türkiye"},
    "role": "party",
    "other": "isr",
    "on_line": True,
    "may_speak": True,
    "waits_for": [],
    "stations": {"isr": "online", "dog": "silent"},
    "declared": {"isr": ATTENDED, "tur": ATTENDED},
    "watch": None,
    "heads": {"isr": 1, "tur": 0},
    "counts": {"inbox": 1, "sent": 0, "flags": 0},
    "inbox": [ENTRY],
    "sent": [],
    "flags": [],
    "recent": [ENTRY],
}


def flash(name: str) -> FlightNotice:
    """A request that must be answered within two minutes."""
    return notice(name, precedence=Precedence.FLASH)


async def burst(pilot: Pilot[None], *keys: str) -> None:
    """Press keys all at once, and wait until they have done their work."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, each when the one before has done its work.

    The pilot's own waits twice for each key, and once more for all of them.
    """
    for key in keys:
        await burst(pilot, key)


class Seat:
    """Somebody in front of a screen."""

    def __init__(self, app: Terminal, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    def lines(self) -> list[str]:
        """What stands on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(part.text for part in strip).rstrip() for strip in strips]

    def shows(self, *texts: str) -> bool:
        """Whether all of these stand on it, each within one line; spaces do not count."""
        lines = [" ".join(line.split()) for line in self.lines()]
        return all(any(text in line for line in lines) for text in texts)

    async def sees(self, *texts: str) -> None:
        """Wait until all of these stand on it."""
        try:
            await eventually(lambda: self.shows(*texts))
        except TimeoutError:
            raise AssertionError("\n".join(["not seen:", *texts, "but:", *self.lines()])) from None

    async def selects(self, text: str) -> None:
        """Wait until the selected row has this text."""
        await eventually(lambda: text in self.selected())

    def selected(self) -> str:
        """The selected row of the list that has the keys."""
        found = [" ".join(line.split()) for line in self.lines() if line.startswith("▶")]
        return found[0] if found else ""

    async def presses(self, *keys: str) -> None:
        """Press keys one by one, each when the one before has done its work."""
        await press(self._pilot, *keys)

    async def clicks_twice(self, text: str) -> None:
        """Click twice on the first line that has this text."""
        row = next(row for row, line in enumerate(self.lines()) if text in line)
        await self._pilot.click(offset=(1, row), times=2)

    async def types(self, text: str) -> None:
        """Type a text."""
        await self.bursts(*text)

    async def resizes(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        await self._pilot.resize_terminal(columns, rows)

    async def bursts(self, *keys: str) -> None:
        """Press keys faster than the screen reads them, as a slow connection delivers them."""
        await burst(self._pilot, *keys)


@asynccontextmanager
async def seat(line: Desks, name: str, size: Sequence[int] = SMALL) -> AsyncIterator[Seat]:
    """Sit down at a station's screen."""
    app = Terminal(line.state(name))
    async with app.run_test(size=(size[0], size[1])) as pilot:
        it = Seat(app, pilot)
        await it.sees("on the line")
        yield it
