"""The benchmarks run, and leave nothing out. Their figures are not judged here."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from tests.bench.__main__ import FAMILIES, chosen_families, main, measure
from tests.bench.figures import Figure, Goal, Results, Values

KEYS = [figure.key for family in FAMILIES for figure in family.FIGURES]


@pytest.mark.mosquitto
def test_every_figure_is_measured_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tiny run of all shows each figure in the table and, with its rounds, in the JSON."""
    with pytest.raises(SystemExit) as ended:
        main(["--tiny", "--rounds", "1", "--json", str(tmp_path / "figures.json")])
    assert ended.value.code == 0
    told = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert list(told) == KEYS
    table = capsys.readouterr().out
    for figure in told.values():
        assert figure["title"] in table
        assert figure["rounds"]
        assert all(len(values) == 1 for values in figure["rounds"].values())
    assert "none of these figures means anything" in table


def test_an_unknown_figure_ends_it() -> None:
    """A misspelt figure measures nothing, and the right names are told."""
    with pytest.raises(SystemExit, match="there are throughput, "):
        chosen_families(["troughput"])


def test_figures_of_one_family_are_measured_once() -> None:
    """Two figures that are measured together are not measured twice."""
    assert len(chosen_families(["throughput", "trip", "start"])) == 2
    assert chosen_families([]) == list(FAMILIES)


async def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    """Each round is compared with its own yardstick, and judged by the median of that."""
    pairs = ((10.0, 5.0), (90.0, 30.0), (100.0, 20.0))
    goals = (
        Goal("ours", 3, 4, per="theirs", at_least=True),
        Goal("ours", 89),
        Goal("else", 1),
    )

    async def three(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:  # noqa: ARG001
        for ours, theirs in pairs[:rounds]:
            yield {"speed": {"ours": ours, "theirs": theirs}}

    family = SimpleNamespace(FIGURES=(Figure("speed", "Speed", "/s", goals),), ROUNDS=9)
    family.measure = three
    results = await measure([family], 3)
    figure = results.as_dict()["speed"]
    assert figure["rounds"] == {"ours": [10, 90, 100], "theirs": [5, 30, 20]}
    assert figure["median"] == {"ours": 90, "theirs": 20}
    judged = [(goal["value"], goal["reached"], goal["aim_reached"]) for goal in figure["goals"]]
    assert judged == [(3, True, False), (90, False, None), (None, False, None)]


async def test_a_family_that_fails_takes_no_other_with_it() -> None:
    """Earlier figures stay, the next family is measured, and the failure is told."""

    async def fails(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:  # noqa: ARG001
        yield {"first": {"ours": 1}}
        raise TimeoutError("it took too long")

    async def works(rounds: int, *, tiny: bool) -> AsyncIterator[Values]:  # noqa: ARG001
        yield {"second": {"ours": 2}}

    families = [
        SimpleNamespace(FIGURES=(Figure("first", "First", "s"),), ROUNDS=9, measure=fails),
        SimpleNamespace(FIGURES=(Figure("second", "Second", "s"),), ROUNDS=9, measure=works),
    ]
    results = await measure(families, 2)
    assert list(results.failures) == ["first"]
    told = results.as_dict()
    assert (told["first"]["rounds"], told["second"]["rounds"]) == ({"ours": [1]}, {"ours": [2]})


def test_the_table_can_be_pasted(capsys: pytest.CaptureFixture[str]) -> None:
    """It is Markdown, and says which figures were not measured."""
    results = Results([Figure("speed", "Speed", "/s", (Goal("ours", 3, 4, at_least=True),))])
    results.show(Console(width=100))
    rows = [line.split("|")[1:-1] for line in capsys.readouterr().out.splitlines() if "|" in line]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert cells[-1] == ["Speed", "ours", "not measured", ">= 3", "NO", ">= 4", "NO"]
