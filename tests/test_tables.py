"""Tables on consoles of any width."""

import pytest
from rich.console import Console
from rich.text import Text

from hotline.tables import Cell, show

ROWS: list[dict[str, Cell]] = [
    {"record": "tur/4", "what": "reconnaissance 4 × C30J TUR014", "flight": Text("called off")},
    {"record": "tur/12", "what": "comm check", "flight": ""},
]


def _shown(width: int, rows: list[dict[str, Cell]] = ROWS, title: str = "") -> list[str]:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        show(console, title, rows, spare=["what"], least={"record": 5})
    lines = capture.get().splitlines()
    assert all(len(line) <= width for line in lines)
    return [line.rstrip() for line in lines]


def test_with_room() -> None:
    """Each row is one line."""
    assert _shown(60, title="Messages") == [
        "Messages",
        "record  what                            flight",
        "tur/4   reconnaissance 4 × C30J TUR014  called off",
        "tur/12  comm check",
    ]


def test_with_less_room() -> None:
    """Cells are broken between words, those first that lack most."""
    assert _shown(36) == [
        "record  what              flight",
        "tur/4   reconnaissance 4  called off",
        "        × C30J TUR014",
        "tur/12  comm check",
    ]


def test_without_the_spare_column() -> None:
    """It is left out when even its words have no place."""
    assert _shown(20) == ["record  flight", "tur/4   called off", "tur/12"]


def test_as_lines() -> None:
    """All of it is still there."""
    lines = _shown(12, title="Messages")
    assert lines[0] == "Messages"
    all_of_it = "tur/4 reconnaissance 4 × C30J TUR014 called off tur/12 comm check"
    assert "".join("".join(lines[1:]).split()) == all_of_it.replace(" ", "")


def test_as_lines_an_empty_cell_takes_no_place() -> None:
    """What stands on both sides of it moves together."""
    row: dict[str, Cell] = {"record": "tur/12", "flight": "", "what": "check"}
    assert _shown(13, [row]) == ["tur/12  check"]


@pytest.mark.parametrize("width", [80, 40, 24])
def test_a_word_without_end(width: int) -> None:
    """It is broken where it must be, and nothing of it is lost."""
    lines = _shown(width, [{"record": "tur/4", "reason": "x" * 200}])
    assert "".join(lines).count("x") == 200


def test_nothing() -> None:
    """Without rows there is no table."""
    assert _shown(80, [], title="Messages") == []
