"""The program on the page about embedding does what the page says."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry

PAGE = (Path(__file__).parent.parent / "docs" / "embedding.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_types_are_checked_in_a_program_of_ones_own(tmp_path: Path) -> None:
    """With what comes with the package: no plugin of pydantic's is needed, as it is here."""
    timers = re.search(r"^\| `Timers\(\)` \| `(.+?)` \|", PAGE, flags=re.MULTILINE)
    assert timers
    for name, made in ("program.py", "Timers()"), ("timers.py", timers[1]):
        (tmp_path / name).write_text(block("python").replace("Timers()", made), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "program.py", "timers.py"]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout


def test_the_program_says_what_the_page_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The receipts come in either order; and it leaves three journals."""
    program = tmp_path / "program.py"
    program.write_text(block("python"), encoding="utf-8")
    command = [sys.executable, "-W", "error", str(program), str(tmp_path / "line")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr == ""
    assert sorted(ended.stdout.splitlines()) == sorted(block("text").splitlines())
    for name in ("isr", "tur", "watchdog"):
        state = str(tmp_path / "line" / name)
        assert entry.run(app, ["journal", "verify", "--state", state]) == entry.OK
        assert "ok tur: 1 record\n" in capsys.readouterr().out


@pytest.mark.parametrize("row", re.findall(r"^\| `.+\|$", PAGE, flags=re.MULTILINE))
def test_what_may_be_taken_instead_is_where_the_page_says(row: str) -> None:
    """In a module that its row names, or in one that the program imports from."""
    spans = re.findall(r"`([^`]+)`", row)
    imports = [
        node for node in ast.walk(ast.parse(block("python"))) if isinstance(node, ast.ImportFrom)
    ]
    modules = [node.module for node in imports if node.module]
    modules += [span for span in spans if span.startswith("hotline.")]
    known = {name for module in modules for name in vars(importlib.import_module(module))}
    made = {name for span in spans for name in re.findall(r"\b[A-Z][a-z]\w+(?=[(.]|$)", span)}
    assert made <= known
