"""The layers of the design: which module may import which (`[tool.importlinter]`)."""

from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def test_the_layers_hold() -> None:
    """No module imports what stands above it, and the cores import nothing that does I/O."""
    assert lint_imports(config_filename=str(PROJECT), no_cache=True) == EXIT_STATUS_SUCCESS
