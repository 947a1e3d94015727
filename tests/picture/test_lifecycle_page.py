"""The page of the life of a message: current, complete, and drawn from the tables."""

import re
import subprocess
import sys
from pathlib import Path

from hotline.misfits import Misfit
from hotline.picture.lifecycle import MOVES, Answering, Attendance, Phase, Standing
from hotline.picture.lifecycle_page import page

ROOT = Path(__file__).parents[2]


def test_the_documentation_is_what_the_module_writes() -> None:
    """`docs/lifecycle.md` is current."""
    command = [sys.executable, "-m", "hotline.picture.lifecycle_page"]
    written = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert written.stdout == page()
    assert (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8") == page()


def test_every_move_is_an_arrow_and_every_state_a_row() -> None:
    """What the table of moves has, and nothing else, is in the diagrams."""
    arrows = re.findall(r"^    (\w+) --> (\w+): (.+)$", page(), re.MULTILINE)
    drawn = {(a, move): b for a, b, moves in arrows for move in moves.split(", ")}
    assert drawn == {(str(state), str(move)): str(to) for (state, move), to in MOVES.items()}
    for axis in (Standing, Answering, Attendance, Phase):
        for state in axis:
            assert f"\n| {state} | " in page()


def test_every_code_has_a_row() -> None:
    """So that whoever reads a flag finds out what was wrong."""
    codes = re.findall(r"^\| `(\w+)` \| ", page(), re.MULTILINE)
    assert codes == list(Misfit)
