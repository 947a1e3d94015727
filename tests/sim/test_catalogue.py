"""Where scenarios are."""

from pathlib import Path

import pytest

from hotline.errors import LocalError
from sim import catalogue
from sim.scenario import loading
from tests.sim.stories import SEEDS


def test_the_shipped_scenarios_are_the_seeds() -> None:
    """In a checkout they lie beside the package, in the order of their names."""
    assert catalogue.shipped() == sorted(SEEDS.glob("*.yaml"))
    assert len(catalogue.shipped()) >= 13


def test_a_shipped_scenario_is_found_by_its_name() -> None:
    """Its name is that of its file, and it is what loading calls it."""
    for path in catalogue.shipped():
        assert catalogue.find(path.stem) == path
        assert loading.load(path).name == path.stem


@pytest.mark.parametrize("name", ["mine.yaml", "folder/mine.yml", "strike-and-survey.yaml"])
def test_a_path_is_taken_as_it_is(name: str) -> None:
    """What ends as YAML files do is a file, there or not."""
    assert catalogue.find(name) == Path(name)


def test_a_file_without_an_ending_is_a_file_if_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in the folder goes before what is shipped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routine-day").touch()
    assert catalogue.find("routine-day") == Path("routine-day")


def test_an_unknown_name_gets_a_hint() -> None:
    """A misspelt name is told with the one that was meant."""
    with pytest.raises(LocalError) as caught:
        catalogue.find("strike-and-servey")
    assert str(caught.value) == (
        "no scenario is called 'strike-and-servey'; did you mean 'strike-and-survey'?"
        " (or give a file's path)"
    )
