"""The shipped scenarios: all of them pass on the virtual clock, and fit their schema."""

import json

import jsonschema
import pytest
from ruamel.yaml import YAML

from sim import catalogue, loading
from sim.cli import schema_text
from sim.runner import play_virtual
from tests.sim.plays import SMALL, quiet, verdict

SEEDS = [path.stem for path in catalogue.shipped()]


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_passes_on_the_virtual_clock(name: str) -> None:
    """All its expectations are met."""
    outcome = verdict(loading.load(catalogue.find(name)))
    assert [finding for finding in outcome.findings if not finding.met] == []
    assert outcome.word == "pass"


def test_the_same_seed_gives_the_same_journals() -> None:
    """Byte for byte, all stations; another seed gives other delays."""
    scenario = loading.load(catalogue.find("strike-and-survey")).scenario
    runs = [play_virtual(scenario, seed, quiet()) for seed in (7, 7, 8)]
    lines = [[record.raw for record in run.records] for run in runs]
    assert lines[0] == lines[1]
    assert lines[0] != lines[2]


def test_the_schema_that_is_shipped_is_the_models() -> None:
    """`hotline-sim schema > seeds/scenario.schema.json` renews it."""
    shipped = catalogue.shipped()[0].with_name("scenario.schema.json")
    assert shipped.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_fits_the_schema(name: str) -> None:
    """So that an editor does not underline what we ship."""
    written = YAML(typ="safe").load(catalogue.find(name).read_text(encoding="utf-8"))
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
    written = YAML(typ="safe").load(SMALL.replace(before, after))
    written["start"] = "2026-01-12T06:00:00Z"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, json.loads(schema_text()))
