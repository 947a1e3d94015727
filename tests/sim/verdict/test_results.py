"""Where a verdict is written to."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hotline.errors import LocalError
from sim.verdict.results import as_text, expect_places, write
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
    assert Path(places["--json"]).read_text().startswith('{\n  "scenario": "small",\n')
    assert ET.parse(places["--junit"]).getroot().get("tests") == "1"
    assert Path(places["--html"]).read_text().startswith("<!DOCTYPE html>")


def test_what_cannot_be_written_leaves_the_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk may fill up, or a folder go, while a scenario is played."""
    with pytest.raises(LocalError, match="cannot write the verdict to"):
        write(verdict(small(tmp_path)), [], {"--html": str(tmp_path / "gone" / "x")})
    assert "PASS" in capsys.readouterr().out


@pytest.mark.parametrize("form", FORMS)
def test_stdout_takes_one_form_instead_of_the_tables(
    form: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that it can be piped, and no file is called so."""
    outcome = verdict(small(tmp_path))
    monkeypatch.chdir(tmp_path)
    places: dict[str, str | None] = dict.fromkeys(FORMS)
    write(outcome, [], {**places, "--html": "page", form: "-"})
    assert capsys.readouterr().out == as_text(outcome, [], form)
    assert not Path("-").exists()
    assert Path("page").exists() is (form != "--html")


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


def test_a_file_does_not_take_two_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the first nothing would be left, however the file is named."""
    monkeypatch.chdir(tmp_path)
    message = "--json and --junit cannot both be written to verdict"
    with pytest.raises(LocalError, match=message):
        expect_places({"--json": str(tmp_path / "verdict"), "--junit": "verdict", "--html": None})


def test_a_place_that_is_gone_after_the_run_is_told_beneath_the_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was played is not lost with it."""
    place = tmp_path / "none" / "x"
    with pytest.raises(LocalError, match=f"cannot write the verdict to {place}: No such file"):
        write(verdict(small(tmp_path)), [], {"--json": str(place)})
    assert "PASS" in capsys.readouterr().out


def test_a_name_that_is_too_long_is_told_before_the_run(tmp_path: Path) -> None:
    """As the system says it."""
    with pytest.raises(LocalError, match="File name too long"):
        expect_places({"--html": str(tmp_path / ("x" * 300))})


@pytest.mark.parametrize("form", FORMS)
def test_a_scenario_of_any_name_has_a_verdict(form: str, tmp_path: Path) -> None:
    """A file's name may have any bytes: control characters, and what is no UTF-8."""
    outcome = verdict(small(tmp_path))
    outcome = replace(outcome, played=replace(outcome.played, path=Path("ü\x1b\udcff.yaml")))
    place = tmp_path / "verdict"
    write(outcome, [], {form: str(place)})
    match form:
        case "--json":
            assert json.loads(place.read_text())["scenario"] == "ü\x1b\udcff"
            assert "ü" in place.read_text()
        case "--junit":
            (case,) = ET.parse(place).iter("testcase")
            assert case.get("classname") == "ü\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"
