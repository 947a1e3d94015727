"""A small scenario as fields that can be changed, and what is told when it is played."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hotline.bodies import Rule
from hotline.logs.stream import LogStream
from sim.recording.recording import Recording
from sim.scenario.scenario import Scenario
from sim.stage.history import History
from sim.stage.runner import play_virtual
from tests.lines import Kept

SEEDS = Path(__file__).parent.parent.parent / "seeds"
START = "2026-01-12T06:00:00Z"  # the helpers' T0


def flight(name: str = "TUR-1", **fields: object) -> dict[str, object]:
    """A flight notice, as an event says it."""
    return {
        "id": name,
        "precedence": "ROUTINE",
        "activity": "survey",
        "aircraft_identification": "TUR1",
        "aircraft_type": "C30J",
        "area": "t4",
        "from": "20h",
        "until": "22h",
        **fields,
    }


def fault(at: str, kind: str, **fields: object) -> dict[str, object]:
    """A fault as an event says it; of tur, for a minute, unless it says otherwise."""
    return {"at": at, "fault": {"kind": kind, "of": "tur", "for": "1m", **fields}}


def said(at: str, remarks: str) -> dict[str, object]:
    """A check that tur says."""
    return {"at": at, "who": "tur", "check": remarks}


NOTICE = {"at": "10m", "who": "tur", "notice": flight(precedence="FLASH")}


def written(**fields: object) -> dict[str, Any]:
    """A scenario as it stands in a file, with these fields instead of its own."""
    return {
        "title": "A small story",
        "teaches": "What a test needs.",
        "background": "Two parties, one notice.",
        "source": "Simulated.",
        "line": "isr-tur",
        "parties": {"isr": "Israel", "tur": "Türkiye"},
        "watchdogs": ["dog"],
        "start": START,
        "duration": "30m",
        "areas": {"t4": {"circle": [34.5, 37.6, 12_000], "altitude": [0, 7_000]}},
        "officers": {"isr": [{"name": "Levi", "reads_in": "10s"}]},
        "events": [{"at": "1m", "who": "tur", "notice": flight()}],
        "expect": [{"never": {"flag": "silent"}}],
        **fields,
    }


def story(**fields: object) -> Scenario:
    """The same as a scenario."""
    return Scenario.model_validate(written(**fields))


class KeptStream(Kept, LogStream):
    """A log stream that keeps its lines and has a run's clock."""

    def __init__(self) -> None:
        LogStream.__init__(self)
        Kept.__init__(self)


def played(scenario: Scenario, seed: int = 0) -> tuple[History, Kept]:
    """Play it on the virtual clock; return what happened, and what was told of it."""
    log = KeptStream()
    return play_virtual(scenario, seed, log), log


def recorded(scenario: Scenario, history: History) -> Recording:
    """A recording of what happened when it was played."""
    line, start_ms = scenario.members, scenario.start
    records, ends_ms = history.records, history.ended_ms
    return Recording(line, scenario.parties, records, start_ms, ends_ms, "it", scenario.timers)


def wrong(model: Any, fields: dict[str, object]) -> str:  # noqa: ANN401 -- any model
    """The first thing that is wrong with these fields."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(fields)
    return caught.value.errors()[0]["msg"].removeprefix("Value error, ")


def flagged(*events: dict[str, object]) -> set[tuple[Rule, str]]:
    """The flags that come of some faults, each cleared again; every notice is answered."""
    history, _ = played(story(events=[NOTICE, *events]))
    flags = history.picture.flags
    assert all(entry.cleared_ms is not None for entry in flags)
    assert all(not message.waits for message in history.picture.messages.values())
    return {(entry.flag.rule, entry.flag.subject.station) for entry in flags}
