"""docs/desk.md says what can be asked at a desk, and what a state and a message in it hold."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from hotline.bodies import Ref
from hotline.desk.requests import Request
from hotline.desk.server.standing_flags import StandingFlag
from hotline.desk.server.view import View
from hotline.picture.flagged import FlagEntry
from hotline.picture_json import as_dict, flag_as_dict
from hotline.times import SECOND_MS
from tests.crew import Stage, played
from tests.helpers import T0, flag, notice
from tests.pages import Page

PAGE = Page.read("desk.md")
MODELS = {get_args(model.model_fields["do"].annotation)[0]: model for model in get_args(Request)}


def test_all_that_can_be_asked_is_told_with_its_members() -> None:
    """Those that may be left out have a question mark."""
    rows = [*PAGE.section("To speak").table("`do`"), *PAGE.section("To look").table("`do`")]
    told = {name.strip("`"): members for name, members, *_ in rows}
    assert set(told) == set(MODELS)
    for do, model in MODELS.items():
        for member, field in model.model_fields.items():
            if member != "do":
                assert f"`{member}`{'' if field.is_required() else '?'}" in told[do], (do, member)


@pytest.fixture(name="shown")
def _shown(tmp_path: Path) -> dict[str, Any]:
    """The state of a station that has given a notice, and `picture --json` of the same journal."""
    found: dict[str, Any] = {}

    async def play(stage: Stage) -> None:
        await stage.start_all()
        await stage.go(SECOND_MS)
        stage.say("tur", notice("A"))
        await stage.go(SECOND_MS)
        station = stage.posts["tur"].node.machine
        found["state"] = View(station, {}, {}).state(stage.time.now_ms(), 1.0)
        found["picture"] = as_dict(station.picture, T0 + SECOND_MS)

    played(tmp_path, play)
    return found


def test_every_member_of_a_state_is_told(shown: dict[str, Any]) -> None:
    """And no other."""
    rows = PAGE.section("The state").table("member")
    assert {name for row in rows for name in _names(row[0])} == set(shown["state"])


def test_every_member_of_a_flag_is_told() -> None:
    """And which of them a picture does not have."""
    entry = FlagEntry(Ref("dog", 1), flag(), T0)
    (cell,) = (row[1] for row in PAGE.section("The state").table("member") if row[0] == "`flags`")
    told = set(re.findall(r"`(\w+)`", cell))
    assert told == set(StandingFlag(entry, T0, None).as_dict())
    assert told == {*flag_as_dict(entry, None), "since"}


def test_a_message_has_what_a_picture_tells_but_its_phase(shown: dict[str, Any]) -> None:
    """And besides all that the page says, and nothing else."""
    (message,), (pictured,) = shown["state"]["sent"], shown["picture"]["messages"]
    text = PAGE.section("The state").text
    besides = Page(text[text.index("A message has") :]).table("member")
    told = {name for row in besides for name in _names(row[0])}
    assert set(message) == (set(pictured) - {"phase"}) | told


def _names(cell: str) -> list[str]:
    return [name.strip().strip("`") for name in cell.split(",")]
