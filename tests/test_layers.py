"""The layers of the design, and chance from seeds alone: what rules of ruff cannot say."""

import re
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def test_the_layers_hold() -> None:
    """No module imports what stands above it, and the cores import nothing that does I/O."""
    assert lint_imports(config_filename=str(PROJECT), no_cache=True) == EXIT_STATUS_SUCCESS


def test_no_chance_is_without_a_seed() -> None:
    """A `Random` that is made is made of something; ruff's banned-api sees to all other chance."""
    sources = [*PROJECT.parent.glob("hotline/**/*.py"), *PROJECT.parent.glob("sim/**/*.py")]
    made = [use for path in sources for use in re.findall(r"Random\((.?)", path.read_text())]
    assert len(made) > 3
    assert ")" not in made
