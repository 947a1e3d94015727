"""docs/scenarios.md: every block of it is played on the virtual clock."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from ruamel.yaml import YAML

from hotline.bodies import Rule
from hotline.picture.lifecycle import Answering, Standing
from sim import catalogue
from sim.scenario import calls, loading, scenario
from sim.scenario.expectation import Expectation
from sim.scenario.fault import FaultKind
from sim.scenario.fields import Part
from sim.verdict import report
from tests.pages import Page, names_in
from tests.sim.plays import verdict

PAGE = Page.read("scenarios.md")
BLOCKS = [
    (match[1].strip(), match[2])
    for match in re.finditer(r"^```yaml([^\n]*)\n(.*?)^```$", PAGE.text, re.MULTILINE | re.DOTALL)
]
FIRST = BLOCKS[0][1]
PARTS = [text for _, text in BLOCKS[1:]]


def added(part: str) -> str:
    """The first file with this part: its lists go on, and what else has a name is replaced."""
    yaml = YAML(typ="rt")
    file: dict[str, Any] = yaml.load(FIRST)
    for key, value in yaml.load(part).items():
        if isinstance(value, list):
            file[key] = [*file.get(key, []), *value]
        else:
            file[key] = {**file.get(key, {}), **value}
    text = StringIO()
    yaml.dump(file, text)
    return text.getvalue()


def unmet(folder: Path, text: str) -> list[str]:
    """Which expectations do not come true."""
    path = folder / "first.yaml"
    path.write_text(text, encoding="utf-8")
    return [f.text for f in verdict(loading.load(path)).findings if not f.met]


def test_the_first_file_passes(tmp_path: Path) -> None:
    """As it stands on the page."""
    assert unmet(tmp_path, FIRST) == []


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_a_part_passes_or_fails_as_it_says(tmp_path: Path, number: int) -> None:
    """Added to the first file; what is not met is what the page shows."""
    shown = PAGE.blocks("text")[0].split("\n") if BLOCKS[number + 1][0] == "fails" else []
    assert unmet(tmp_path, added(PARTS[number])) == shown


def test_every_word_of_the_language_is_told() -> None:
    """What can happen, go wrong and be expected: all of it, and nothing else."""
    happens, expected = (
        {word for row in PAGE.section(heading).table("key") for word in names_in(row[0])}
        for heading in ("What can happen", "What can be expected")
    )
    assert happens == set(scenario._VERBS)
    assert expected == set(Expectation.kinds)
    faults = {word for row in PAGE.section("Faults").table("kind") for word in names_in(row[0])}
    assert faults == set(FaultKind)


@pytest.mark.parametrize(
    ("verb", "part"),
    [
        ("cancel", scenario.Withdrawal),
        ("stop", calls.Halt),
        ("suspend", calls.Suspension),
        ("answer", calls.GivenAnswer),
        ("voice", calls.TelephoneCall),
        ("handover", calls.Relief),
    ],
)
def test_every_field_of_what_can_happen_is_told(verb: str, part: type[Part]) -> None:
    """In the row of its key."""
    rows = PAGE.section("What can happen").table("key")
    (does,) = (row[1] for row in rows if verb in names_in(row[0]))
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", does))))
    fields = {field.alias for field in part.model_fields.values()}
    assert fields <= told


def test_every_rule_and_state_that_can_be_expected_is_told() -> None:
    """In the rows of `flag` and `state`."""
    rows = {row[0]: names_in(row[1]) for row in PAGE.section("What can be expected").table("key")}
    assert rows["`flag`"] == [*Rule, "level"]
    assert set(rows["`state`"]) == {"of", *Standing, *Answering} - {"current"}


def test_a_verdict_looks_as_it_is_shown(tmp_path: Path) -> None:
    """That of the file with an expectation that fails, to the letter."""
    path = tmp_path / "first.yaml"
    path.write_text(added(PARTS[0]), encoding="utf-8")
    console = Console(file=StringIO(), width=100)
    report.show(verdict(loading.load(path)), console)
    assert isinstance(console.file, StringIO)
    printed = "\n".join(line.rstrip() for line in console.file.getvalue().strip().splitlines())
    assert printed == PAGE.section("The verdict").blocks("text")[0]


def test_what_can_be_varied_is_there() -> None:
    """Each scenario to begin with is one that comes with hotline."""
    names = {name for row in PAGE.table("to practise") for name in names_in(row[3])}
    assert names <= {path.stem for path in catalogue.shipped()}
