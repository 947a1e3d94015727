"""A list of messages in which nothing moves under the officer's hands."""

from typing import Any

import pytest
from textual.app import App, ComposeResult

from hotline.desk.screen import messages
from hotline.desk.screen.messages import MessageList
from hotline.times import parse_instant
from tests.desk.screen.seats import ENTRY, SETTLED, press

NOW_MS = parse_instant("2026-01-12T06:00:00Z")


class Alone(App[None]):
    """Nothing but a list."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = MessageList("list", "Messages", "nothing")

    def compose(self) -> ComposeResult:
        """It."""
        yield self.listed

    def show(self, *records: str, settled: tuple[str, ...] = ()) -> None:
        """Show messages; others are known to be settled."""
        listed = [named(record) for record in records]
        others = {record: named(record, SETTLED) for record in settled}
        self.listed.show(listed, NOW_MS, others, len(listed))


def named(record: str, entry: dict[str, Any] = ENTRY) -> dict[str, Any]:
    """A message of this record."""
    return entry | {"record": record, "message": record}


async def test_the_selection_follows_its_message() -> None:
    """The first one is selected; from then on nothing but a key selects another."""
    app = Alone()
    async with app.run_test() as pilot:
        seen = []
        for records in ((), ("b", "c"), ("a", "b", "c")):
            app.show(*records)
            seen.append(app.listed.selected)
        await press(pilot, "down")
        app.show("c", "a", "b")
        seen.append(app.listed.selected)
        for keys in (("end", "down"), ("pageup",)):
            await press(pilot, *keys)
            seen.append(app.listed.selected)
        assert seen == [None, "b", "b", "c", "b", "c"]


async def test_that_there_is_nothing_has_to_be_known() -> None:
    """While the station is still looked for, the list is not said to be empty."""
    app = Alone()
    async with app.run_test() as pilot:
        await pilot.pause()
        seen = [app.listed._rows._shown.plain]
        app.show()
        seen.append(app.listed._rows._shown.plain)
        assert seen == ["", "  nothing"]


async def test_what_is_not_shown_is_counted() -> None:
    """The title says how many there are, and of how many there is no row."""
    app = Alone()
    async with app.run_test():
        app.show("a", "b")
        assert app.listed.border_title == "Messages (2)"
        app.listed.show([named("a"), named("b")], NOW_MS, {}, 12)
        assert app.listed.border_title == "Messages (12, 10 not shown)"


async def test_what_is_selected_by_itself_has_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a moment, which begins when it is selected instead of another."""
    app = Alone()
    monkeypatch.setattr(messages, "_LINGER_S", 0.0)
    monkeypatch.setattr(messages, "_LOOK_S", 60.0)
    async with app.run_test() as pilot:
        app.show("a", "b", "c")
        await press(pilot, "down")
        seen = [app.listed.has_slipped]
        app.show("a", "c", settled=("b",))
        seen.append(app.listed.has_slipped)
        await press(pilot, "up")  # it was perhaps meant to lead from b to a
        seen.append(app.listed.has_slipped)
        app.listed._seen_at_s -= messages._LOOK_S
        seen.append(app.listed.has_slipped)
        assert seen == [False, True, True, False]


async def test_what_was_settled_stays_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays selected in its place; then its neighbour is, or whatever a key selects."""
    app = Alone()
    async with app.run_test() as pilot:
        app.show("a", "b", "c")
        await press(pilot, "down")
        app.show("a", "c", settled=("b",))
        assert app.listed.selected == "b"
        await press(pilot, "down")
        assert app.listed.selected == "c", "its row was between the others"
        app.show("a", settled=("b", "c"))
        assert app.listed.selected == "c"
        monkeypatch.setattr(messages, "_LINGER_S", 0.0)
        app.listed._leaves_at_s = None
        app.show("a", settled=("b", "c"))
        assert app.listed.selected == "a"


async def test_a_click_selects() -> None:
    """The mouse does what the keys do."""
    app = Alone()
    async with app.run_test() as pilot:
        app.show("a", "b")
        await pilot.pause()
        await pilot.click(app.listed, offset=(5, 1))
        assert app.listed.selected == "b"
