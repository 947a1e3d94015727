"""The forms that speak of flights: from what was typed to what is asked of the station."""

from typing import Any

import pytest

from hotline.desk.screen.flight_forms import notify, revise
from hotline.desk.screen.form import Plan, Wrong
from hotline.desk.screen.talk_forms import Talk
from hotline.notice import FlightNotice
from tests.helpers import T0, notice

TYPED = {
    "category": "request",
    "precedence": "FLASH",
    "activity": "survey",
    "callsign": "tur014",
    "type": "c30j",
    "where": "34.52,37.63,8km",
    "from_": "+1h",
    "until": "+2h",
}


class Station:
    """Takes every request, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    async def __call__(self, request: dict[str, Any]) -> dict[str, Any]:
        """Take it."""
        self.asked.append(request)
        return {"record": "tur/1", "on_line": False}


async def says(plan: Plan, **typed: str) -> str:
    """Fill a form in and say it; what is not typed stays as it was offered."""
    answers = {
        each.name: each.answer(typed.get(each.name, each.value), T0) for each in plan.questions
    }
    return await plan.say(answers)


async def test_a_notice() -> None:
    """It is what was typed, as the wire has it; and it is told that it is kept here."""
    station = Station()
    told = await says(
        notify(Talk(station, lambda: T0)), **TYPED, above="2km", count="2", id="TUR-7"
    )
    assert told.startswith("said flight notice: tur/1 – the station is off the line: this is kept")
    [request] = station.asked
    assert request["do"] == "notify"
    said = FlightNotice.model_validate(request["notice"])
    assert (said.notice, said.aircraft_identification, said.aircraft_count) == (
        "TUR-7",
        "TUR014",
        2,
    )
    assert said.starts_ms == T0 + 3_600_000
    lower = said.volumes[0].volume.altitude_lower
    assert lower
    assert lower.value == 2000


@pytest.mark.parametrize(
    ("typed", "field", "what"),
    [
        ({"from_": "+2h", "until": "+1h"}, "until", "expected time_start to be before time_end"),
        ({"above": "9m", "below": "3m"}, "below", "expected altitude_lower to be below"),
        ({"above": "200km"}, "above", "100000"),
        ({"where": "99,37.63,8km"}, "where", "90"),
        ({"count": "0"}, "count", "greater than or equal to 1"),
        ({"id": "no name"}, "id", "expected letters, digits, - and _"),
    ],
)
async def test_what_does_not_fit_together(typed: dict[str, str], field: str, what: str) -> None:
    """It is said at its field, and nothing is said on the line."""
    station = Station()
    with pytest.raises(Wrong) as wrong:
        await says(notify(Talk(station, lambda: T0)), **TYPED | typed)
    assert what in wrong.value.says[field]
    assert not station.asked


@pytest.mark.parametrize(
    ("name", "typed", "what"),
    [
        ("callsign", "!", "letters and digits"),
        ("where", "34.52,37.63", "expected LAT,LNG,RADIUS"),
        ("above", "high", "expected a length such as"),
        ("below", "6500", "6500 of what"),
        ("where", "34.52,37.63,8", "a radius of 8 of what"),
        ("from_", "soon", "expected 14:30"),
        ("count", "two", "expected a whole number"),
        ("precedence", "", "is needed"),
    ],
)
def test_what_cannot_be_read(name: str, typed: str, what: str) -> None:
    """It is said at once."""
    questions = {each.name: each for each in notify(Talk(Station(), lambda: T0)).questions}
    with pytest.raises(ValueError, match=what):
        questions[name].answer(typed, T0)


def last(**changes: Any) -> dict[str, Any]:
    """A notice as the station offers it to be revised."""
    said = notice("TUR-7", ends_ms=5_000_000_000_000).model_dump(mode="json", exclude_none=True)
    return said | changes


async def test_a_revision_says_only_what_changed() -> None:
    """What is left as it was offered is not touched, not even in its last digit."""
    station = Station()
    plan = revise(Talk(station, lambda: T0), "TUR-7", last(remarks="old"))
    with pytest.raises(Wrong, match="nothing differs from the last revision"):
        await says(plan)
    await says(plan, remarks="", count="3")
    change = {"aircraft_count": 3, "remarks": None}
    assert station.asked == [{"do": "revise", "notice": "TUR-7", "revision": 1, "change": change}]


async def test_a_place_with_many_digits_stays_as_it_is() -> None:
    """A time changes; the outline is the same to the last digit."""
    station = Station()
    before = last()
    circle = before["volumes"][0]["volume"]["outline_circle"]
    circle["center"] = {"lat": 34.123456789, "lng": -0.1}
    await says(revise(Talk(station, lambda: T0), "TUR-7", before), from_="2099-01-01T00:00:00Z")
    [volume] = station.asked[0]["change"]["volumes"]
    assert volume["volume"] == before["volumes"][0]["volume"]


async def test_several_volumes_stay() -> None:
    """They are not asked for; the rest can be changed."""
    station = Station()
    plan = revise(Talk(station, lambda: T0), "TUR-7", last(volumes=last()["volumes"] * 2))
    assert plan.about == "Its 2 volumes stay as they are."
    assert "where" not in {each.name for each in plan.questions}
    await says(plan, precedence="FLASH")
    assert station.asked[0]["change"] == {"precedence": "FLASH"}
