"""The shipped scenarios: all of them pass on the virtual clock, and fit their schema."""

import json
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from ruamel.yaml import YAML

from hotline.bodies import Rule
from hotline.picture_json import as_dict
from hotline.status import NOT_HEARD
from hotline.times import DAY_MS, SECOND_MS, parse_instant
from sim import catalogue
from sim.cli import schema_text
from sim.scenario import loading
from sim.scenario.fault import Fault
from sim.scenario.loading import Loaded
from sim.scenario.scenario import Event
from sim.stage.history import History
from sim.stage.runner import play_virtual
from sim.verdict.verdict import reach
from tests.lines import Kept, misfits
from tests.sim.plays import SMALL, quiet
from tests.sim.stories import flight, played, recorded

# All tests of a seed in one process, where it is played once.
SEEDS = [
    pytest.param(path.stem, marks=pytest.mark.xdist_group(path.stem))
    for path in catalogue.shipped()
]


@cache
def run(name: str) -> tuple[Loaded, History, Kept]:
    """What comes of a seed on the virtual clock, and what is told of it."""
    loaded = loading.load(catalogue.find(name))
    return loaded, *played(loaded.scenario)


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_passes_on_the_virtual_clock(name: str) -> None:
    """All its expectations are met, and every log line is one that is documented."""
    loaded, history, log = run(name)
    outcome = reach(loaded, history)
    assert [finding for finding in outcome.findings if not finding.met] == []
    assert outcome.word == "pass"
    assert misfits(log.lines) == []
    assert "scenario.note" in log.events


def _variants() -> Iterator[tuple[str, object]]:
    """Each field of a fault that has only so many values, with each of them."""
    for name, field in Fault.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, Enum):
                yield from ((name, value) for value in kind)
            elif kind is bool:
                yield from ((name, value) for value in (True, False))


@cache
def _shown() -> list[Fault]:
    scenarios = [loading.load(path).scenario for path in catalogue.shipped()]
    return [event.fault for each in scenarios for event in each.events if event.fault]


@pytest.mark.parametrize(("field", "value"), list(_variants()))
def test_every_fault_is_shown_by_a_seed(field: str, value: object) -> None:
    """Every kind and each of its variants, so that whoever wants one can read and play it."""
    assert value in [getattr(fault, field) for fault in _shown()]


@pytest.mark.parametrize("name", ["absent-contact", "worst-night"])
def test_a_line_in_the_years_before_1970_is_like_any_other(name: str) -> None:
    """Its times are numbers below zero: the same is said and flagged as later, and recorded."""
    scenario = loading.load(catalogue.find(name)).scenario
    past = scenario.model_copy(update={"start": scenario.start - 70 * 365 * DAY_MS})
    said, written = [], []
    for each in (scenario, past):
        history, _ = played(each)
        said.append([(r.ref, r.at_ms - each.start, r.kind) for r in history.records])
        sheet = recorded(each, history).cut(None, None).sheet()
        written.append([item.fields for item in (*sheet.events, *sheet.expect)])
    assert said[0] == said[1]
    assert written[0] == written[1]


@pytest.mark.parametrize("name", SEEDS)
def test_a_seed_that_is_recorded_and_played_again_gives_the_same_picture(
    name: str, tmp_path: Path
) -> None:
    """Messages, answers and their times to the millisecond; flags to the second.

    Heartbeats may be missed by one sooner or later, and what was not heard comes with one, as every
    recording says of its own.
    Only the flags of which the file itself says so do not come again.
    """
    loaded, history, _ = run(name)
    scenario = loaded.scenario
    sheet = recorded(scenario, history).cut(None, None).sheet()
    path = tmp_path / "recorded.yaml"
    path.write_text(sheet.as_yaml(), encoding="utf-8")
    again = loading.load(path)
    outcome = reach(again, play_virtual(again.scenario, 0, quiet()))
    assert [finding for finding in outcome.findings if not finding.met] == []
    first, second = (as_dict(h.picture, h.ended_ms) for h in (history, outcome.history))
    assert second["messages"] == first["messages"]
    not_expected = " ".join(sheet.left_out)
    expected = [flag for flag in first["flags"] if _heading(flag) not in not_expected]
    assert len(second["flags"]) == len(expected)
    for flag, same in zip(expected, second["flags"], strict=True):
        assert (flag["rule"], flag["subject"], flag["level"]) == (
            same["rule"],
            same["subject"],
            same["level"],
        )
        is_by_heartbeat = NOT_HEARD in flag["detail"] or flag["rule"] == Rule.UNDELIVERED
        within_ms = scenario.timers.heartbeat_ms if is_by_heartbeat else SECOND_MS
        for moment in ("due", "raised_at", "cleared_at"):
            times = flag[moment], same[moment]
            assert _about_the_same(*times, within_ms), (moment, flag, same)


def test_whoever_answers_everything_holds_the_desk_whatever_else_he_says() -> None:
    """What he says himself is answered; and if not, that is not held against him."""
    loaded = loading.load(catalogue.find("hold-the-desk"))
    says = [
        {"at": "2m", "who": "isr", "stop": {"text": "keep clear"}},
        {"at": "4m", "who": "isr", "check": "how do you read?"},
        {"at": "6m", "who": "isr", "notice": flight("ISR-1", area="corridor")},
        {"at": "8m", "who": "isr", "suspend": {"reason": "works"}},
        {"at": "9m", "who": "isr", "resume": "they are over"},
    ]
    more = tuple(Event.model_validate(event) for event in says)
    both = loaded.scenario.officers
    for officers in (both, {"isr": both["isr"]}):
        changes = {"events": (*loaded.scenario.events, *more), "officers": officers}
        chatty = replace(loaded, scenario=loaded.scenario.model_copy(update=changes))
        outcome = reach(chatty, play_virtual(chatty.scenario, 0, quiet()))
        assert [finding for finding in outcome.findings if not finding.met] == []
        by_isr = [m for m in outcome.history.picture.messages.values() if m.ref.station == "isr"]
        assert all(not message.waits for message in by_isr) is ("tur" in officers)
    held_desk = loaded.scenario.model_copy(update={"officers": {"tur": both["tur"]}})
    asleep = reach(loaded, play_virtual(held_desk, 0, quiet()))
    assert any("unanswered" in finding.text for finding in asleep.findings if not finding.met)


def _heading(flag: dict[str, Any]) -> str:
    return f"{flag['rule']} {flag['level']} of {flag['subject']} at {flag['raised_at']}"


def _about_the_same(one: str | None, other: str | None, within_ms: int) -> bool:
    if one is None or other is None:
        return one is other
    return abs(parse_instant(one) - parse_instant(other)) <= within_ms


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_fits_the_schema(name: str) -> None:
    """So that an editor does not underline what we ship."""
    written = YAML(typ="safe", pure=True).load(catalogue.find(name).read_text(encoding="utf-8"))
    written["start"] = written["start"].isoformat() + "Z"  # YAML's own type for times is not JSON's
    jsonschema.validate(written, json.loads(schema_text()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("activity: survey", "activity: surveying"),
        ("title:", "titel:"),
        ("at: 1m", "at: 60"),
        ("at: 1m", "at: 1 minute"),
        ("reads_in: 10s..20s", "reads_in: 10"),
        ("circle: [34.5, 37.6, 9000]", "polygon: [[34.5, 37.6], [34.6, 37.6]]"),
        ("      precedence: FLASH\n", ""),
        ("aircraft_type: C30J", "aircraft_type: Hercules"),
        ("tur: Türkiye}", "tur: Türkiye, fra: France}"),
        ("answer: ACCEPT", "answer: MAYBE"),
    ],
)
def test_the_schema_sees_mistakes(before: str, after: str) -> None:
    """An editor underlines a wrong word, an unknown field, a number for a duration."""
    written = YAML(typ="safe", pure=True).load(SMALL.replace(before, after))
    written["start"] = "2026-01-12T06:00:00Z"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, json.loads(schema_text()))
