"""The log on the screen."""

from typing import Any

import pytest
from textual.app import App, ComposeResult

from hotline.desk.screen.story import Story
from tests.helpers import eventually

LINE: dict[str, Any] = {
    "wall": "2026-05-05T12:00:00.000Z",
    "at": "2026-01-12T06:00:00.000Z",
    "severity": "info",
    "event": "station.online",
    "station": "isr",
}


class Alone(App[None]):
    """Nothing but a log."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.story = story

    def compose(self) -> ComposeResult:
        """It."""
        yield self.story


async def test_it_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that is manned for weeks does not grow; the newest line is in sight."""
    monkeypatch.setattr("hotline.desk.screen.story._KEPT", 2)
    story = Story()
    async with Alone(story).run_test(size=(60, 5)) as pilot:
        for second in range(10, 40):
            story.tell(LINE | {"at": f"2026-01-12T06:00:{second}.000Z"})
        await pilot.pause()
        assert [strip.text[:8] for strip in story.lines][::7] == ["06:00:32", "06:00:39"]
        await eventually(lambda: story.is_vertical_scroll_end)


async def test_it_tells_each_line_once() -> None:
    """What a station repeats is not told again; what nobody knows here is left out."""
    story = Story()
    async with Alone(story).run_test(size=(60, 20)) as pilot:
        story.tell(LINE)
        story.tell(dict(LINE))
        story.tell(LINE | {"event": "from.tomorrow"})
        story.tell(LINE | {"at": "2026-01-12T06:00:01.000Z"})
        await pilot.pause()
        told = [strip.text.rstrip() for strip in story.lines]
        assert told == [
            "06:00:00 isr      station.online   is on the line",
            "06:00:01 isr      station.online   is on the line",
        ]
        await pilot.resize_terminal(40, 20)
        await eventually(lambda: all(len(strip.text.rstrip()) <= 40 for strip in story.lines))
