"""Where a verdict is written to."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hotline.errors import LocalError
from sim.results import as_text, expect_places, write
from tests.sim.plays import small, verdict

FORMS = ("--json", "--junit", "--html")


def test_every_form_that_is_wanted_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the tables, each to its own file."""
    places = {form: str(tmp_path / form.strip("-")) for form in FORMS}
    expect_places(places)
    write(verdict(small(tmp_path)), [], places)
    assert "PASS" in capsys.readouterr().out
    assert json.loads(Path(places["--json"]).read_text())["verdict"] == "pass"
    assert ET.parse(places["--junit"]).getroot().get("tests") == "1"
    assert Path(places["--html"]).read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("form", FORMS)
def test_stdout_takes_one_form_instead_of_the_tables(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that it can be piped."""
    outcome = verdict(small(tmp_path))
    write(outcome, [], {form: "-"})
    assert capsys.readouterr().out == as_text(outcome, [], form)


def test_stdout_does_not_take_two() -> None:
    """Nobody could tell where the one ends."""
    expect_places({"--json": "-", "--junit": None, "--html": "x"})
    with pytest.raises(LocalError, match="--json and --html cannot both be written to stdout"):
        expect_places({"--json": "-", "--junit": None, "--html": "-"})


@pytest.mark.parametrize("form", FORMS)
def test_a_place_that_cannot_be_is_told_before_the_run(form: str, tmp_path: Path) -> None:
    """Whatever is to be written there."""
    with pytest.raises(LocalError, match="it is a folder; expected a file"):
        expect_places({form: str(tmp_path)})
    with pytest.raises(LocalError, match="there is no such folder"):
        expect_places({form: str(tmp_path / "none" / "x")})
