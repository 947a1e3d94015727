"""docs/sources.md says of every timer where its default comes from."""

from hotline.timers import Timers
from hotline.times import parse_duration
from tests.pages import Page


def test_every_timer_is_there_with_its_default() -> None:
    """One row each, with what the code has."""
    rows = Page.read("sources.md").table("timer")
    told = {name.strip("`"): parse_duration(default) for name, default, _why in rows}
    assert told == Timers().model_dump(by_alias=True)
