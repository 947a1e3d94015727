"""What a scenario can say, and what it means."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from hotline.files.mistakes import FileError
from hotline.times import HOUR_MS, MINUTE_MS, parse_instant
from sim.cli import schema_text
from sim.scenario.calls import GivenAnswer
from sim.scenario.fault import Fault
from sim.scenario.fields import Delay, Shift
from sim.scenario.roster import DutyOfficer
from sim.scenario.scenario import Area, Event, Scenario
from tests.sim.plays import small
from tests.sim.stories import SEEDS, START, flight, story, written, wrong


def test_what_is_left_out_has_its_default() -> None:
    """A scenario needs parties, events and expectations; one watchdog is there by itself."""
    fields = written()
    del fields["watchdogs"], fields["areas"], fields["officers"]
    scenario = Scenario.model_validate(fields)
    assert scenario.members.stations == ("isr", "tur", "watchdog")
    assert scenario.start == parse_instant(START)
    assert scenario.duration_ms == 30 * MINUTE_MS
    assert (scenario.areas, scenario.officers) == ({}, {})


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("40s", Delay(40_000, 40_000)),
        ("20s..90s", Delay(20_000, 90_000)),
        ("1m .. 1m30s", Delay(60_000, 90_000)),
        ("0s..1s", Delay(0, 1_000)),
    ],
)
def test_a_delay_is_a_duration_or_a_range(text: str, delay: Delay) -> None:
    """One duration is always as long; two are the ends of a range."""
    assert DutyOfficer.model_validate({"name": "Levi", "reads_in": text}).reads_in == delay


@pytest.mark.parametrize(
    "text", ["90s..20s", "1s..2s..3s", "20..90s", "", "soon", 20, ["1s", "2s"]]
)
def test_what_is_no_delay_is_refused(text: object) -> None:
    """A range runs from the shorter to the longer, and both have their units."""
    says = wrong(DutyOfficer, {"name": "Levi", "reads_in": text})
    assert says == f"expected a delay such as 40s or 20s..90s, got {text!r}"


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("06:00-14:00", Shift(6 * HOUR_MS, 14 * HOUR_MS)),
        ("22:30-06:15", Shift(22 * HOUR_MS + 30 * MINUTE_MS, 6 * HOUR_MS + 15 * MINUTE_MS)),
        ("00:00-24:00", Shift(0, 24 * HOUR_MS)),
    ],
)
def test_a_watch_is_a_time_of_the_day(text: str, shift: Shift) -> None:
    """A watch has its hours in UTC, and may run over midnight."""
    assert DutyOfficer.model_validate({"name": "Levi", "on_watch": text}).on_watch == shift


@pytest.mark.parametrize(
    "text",
    [
        *("6-14", "06:00", "06:00-25:00", "06:60-07:00", "6:00-14:00", 6),
        *("24:00-08:00", "06:00-24:01", "24:59-24:00"),
    ],
)
def test_what_is_no_watch_is_refused(text: object) -> None:
    """Hours and minutes with two digits each; there is no 25 o'clock, and 24:00 ends a day."""
    assert "a daily watch in UTC such as 06:00-14:00" in wrong(
        DutyOfficer, {"name": "Levi", "on_watch": text}
    )


def test_an_area_is_a_volume_of_f3548() -> None:
    """Corners are latitude and longitude, a circle has metres, altitudes are over the ellipsoid."""
    corners = [[34.6, 37.5], [34.6, 37.8], [34.4, 37.8]]
    area = Area.model_validate({"polygon": corners, "altitude": [2000, 6500]})
    volume = area.volume()
    assert volume.outline_polygon
    assert [(v.lat, v.lng) for v in volume.outline_polygon.vertices] == [tuple(c) for c in corners]
    assert volume.altitude_lower
    assert volume.altitude_lower.value == 2000
    circle = Area.model_validate({"circle": [34.5, 37.6, 12_000]}).volume().outline_circle
    assert circle
    assert (circle.center.lat, circle.center.lng, circle.radius.value) == (34.5, 37.6, 12_000)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "expected exactly one of polygon, circle; found none"),
        (
            {"polygon": [[1, 1], [1, 2], [2, 2]], "circle": [1, 1, 1]},
            "expected exactly one of polygon, circle; found polygon and circle",
        ),
        (
            {"circle": [91, 0, 1]},
            "circle, the latitude (the 1st number): expected less than or equal to 90",
        ),
        (
            {"circle": [float("nan"), 0, 1]},
            "circle, the latitude (the 1st number): expected a finite number",
        ),
        (
            {"circle": [9, 0, 1], "altitude": [None, float("nan")]},
            "altitude, the upper limit (the 2nd number): expected a finite number",
        ),
        ({"circle": [9, 0, "8km"]}, "expected a number, in metres without a unit, got '8km'"),
        (
            {"circle": [9, 0, 1], "altitude": [0, "9ft"]},
            "expected a number, in metres without a unit, got '9ft'",
        ),
        ({"circle": [9, 0, 0]}, "circle, the radius (the 3rd number): expected greater than 0"),
        (
            {"polygon": [[1, 2], [3, 400], [4, 4]]},
            "polygon[1], the longitude (the 2nd number): expected less than or equal to 180",
        ),
        (
            {"circle": [9, 0, 9], "altitude": [-9999, 5]},
            "altitude, the lower limit (the 1st number): expected greater than or equal to -1000",
        ),
        (
            {"circle": [9, 0, 1], "altitude": [9, 3]},
            "expected altitude_lower to be below altitude_upper",
        ),
    ],
)
def test_an_area_that_is_no_volume_is_refused(fields: dict[str, object], says: str) -> None:
    """One outline, on the globe, with the lower altitude below the upper."""
    assert wrong(Area, fields) == says


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": "REJECT"}, "expected a reason with REJECT, and only with it"),
        ({"answer": "STANDBY"}, "expected `expected` with STANDBY, and only with it"),
        (
            {"answer": "ROGER", "expected": "2m"},
            "expected `expected` with STANDBY, and only with it",
        ),
    ],
)
def test_a_given_answer_is_complete(fields: dict[str, object], says: str) -> None:
    """The scenario's own answers need what an officer's need."""
    assert wrong(GivenAnswer, {"to": "TUR-1", **fields}) == says


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"note": "x", "who": "isr"},
            "expected no `who` with a note, which nobody says: remove it",
        ),
        ({"check": "x"}, "expected `who` with everything except a note or a fault"),
        (
            {},
            (
                "expected exactly one of note, notice, revise, cancel, stop, check,"
                " suspend, resume, answer, voice, handover, fault;"
                " found none"
            ),
        ),
        (
            {"note": "x", "check": "y"},
            (
                "expected exactly one of note, notice, revise, cancel, stop, check,"
                " suspend, resume, answer, voice, handover, fault;"
                " found note and check"
            ),
        ),
        (
            {"who": "tur", "notice": flight(), "every": "5m"},
            "expected `every` only with a check or a note",
        ),
        ({"note": "x", "every": "0s"}, "expected `every` to be longer than 0s"),
        ({"who": "tur", "notice": flight(until="1h")}, "expected from to be before until"),
        (
            {"who": "tur", "notice": flight(further=[{"area": "t4", "from": "2h", "until": "1h"}])},
            "expected from to be before until",
        ),
    ],
)
def test_an_event_is_one_thing(fields: dict[str, object], says: str) -> None:
    """One thing happens at a time, to a party, and only what can be repeated is."""
    assert wrong(Event, {"at": "1m", **fields}) == says


@pytest.mark.parametrize("field", ["for", "by"])
def test_a_fault_lasts_and_is_bad_for_more_than_nothing(field: str) -> None:
    """What would change nothing is a mistake, not a fault."""
    fields: dict[str, object] = {"kind": "slow", "for": "1m", "by": "5s", field: "0s"}
    assert wrong(Fault, fields) == "expected more than 0s and at most 400d"


def test_a_fault_says_nothing_that_has_no_effect() -> None:
    """Not even that a broker which stays forgets nothing."""
    fields = {"kind": "cut", "for": "1m", "forgets": False}
    assert wrong(Fault, fields) == "expected `forgets` only with broker_restart"
    fields = {"kind": "cut_out", "for": "1m", "way": "out"}
    assert wrong(Fault, fields) == "expected `way` only with loss, repeat, reorder and slow"


@pytest.mark.parametrize("party", [None, "isr", "tur"])
def test_a_watchdog_has_no_twin(party: str | None) -> None:
    """Nobody says a check there, and what two of them would flag is nothing to learn from."""
    fault = {"kind": "twin", "of": party or "dog", "for": "2m"}
    known = {"parties": {"isr", "tur"}, "stations": {"isr", "tur", "dog"}}
    if party:
        assert Fault.model_validate(fault, context=known).of == party
        return
    with pytest.raises(ValidationError, match="expected a party in `of` with twin"):
        Fault.model_validate(fault, context=known)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"start": 5}, "expected a UTC time such as 2026-01-12T06:00:00Z, got 5"),
        ({"start": "2026-01-12"}, "expected a UTC time such as 2026-01-12T06:00:00Z"),
        ({"start": "2026-01-12 06:00"}, "expected a time with its offset (end it in Z for UTC)"),
        ({"duration": "0s"}, "expected more than 0s and at most 400d"),
        ({"duration": "401d"}, "expected more than 0s and at most 400d"),
        ({"duration": 12}, "expected a duration with its unit, such as 12s or 12m"),
        ({"events": []}, "Tuple should have at least 1 item"),
        ({"watchdogs": []}, "Tuple should have at least 1 item"),
        ({"parties": {"isr": "Israel"}}, "Dictionary should have at least 2 items"),
        ({"timers": {"silent": "2s"}}, "expected silent to be longer than heartbeat"),
    ],
)
def test_a_scenario_holds_together(fields: dict[str, object], says: str) -> None:
    """It has a start in UTC, a length, and somebody to whom something happens."""
    assert wrong(Scenario, written(**fields)).startswith(says)


def test_a_scenario_cannot_be_changed() -> None:
    """Whoever plays it twice plays the same."""
    with pytest.raises(ValidationError):
        story().title = "another"  # type: ignore[misc]


def test_the_shipped_schema_is_the_models() -> None:
    """`hotline-sim schema > seeds/scenario.schema.json` renews it."""
    shipped = (SEEDS / "scenario.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text()
    assert json.loads(shipped)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "expected `to` with a notice and a cancel, and only with them"),
        (
            {"kind": "stop", "to": "TUR-1"},
            "expected `to` with a notice and a cancel, and only with them",
        ),
        ({"kind": "check", "revision": 1}, "expected a revision only with a notice"),
    ],
)
def test_a_given_answer_says_what_it_is_to(fields: dict[str, object], says: str) -> None:
    """A notice by its name; a check has none."""
    assert wrong(GivenAnswer, {"answer": "ROGER", **fields}) == says


def test_whose_check_is_answered_is_not_said(tmp_path: Path) -> None:
    """It is the other party's: naming it, as an expectation does, is not a misspelt notice."""
    answer = "  - {at: 9m, who: isr, answer: {kind: check, to: tur, answer: ROGER}}\nexpect:"
    with pytest.raises(FileError) as caught:
        small(tmp_path, ("expect:", answer))
    (mistake,) = caught.value.mistakes
    assert mistake.field == "events[1].answer.to"
    assert mistake.says == "expected `to` with a notice and a cancel, and only with them"


def test_an_area_may_have_one_limit() -> None:
    """From the ground, or with no ceiling."""
    volume = Area.model_validate({"circle": [34, 38, 9], "altitude": [None, 5]}).volume()
    assert volume.altitude_lower is None
    assert volume.altitude_upper is not None
