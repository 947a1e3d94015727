"""The map of the modules: nothing is missing in it, and nothing in it is gone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, flags=re.MULTILINE | re.DOTALL))


PACKAGES = pytest.mark.parametrize(
    "package",
    sorted(
        str(path.parent.relative_to(ROOT))
        for top in ("hotline", "sim")
        for path in (ROOT / top).rglob("__init__.py")
    ),
)


def mapped(package: str) -> list[str]:
    """The modules and packages in a package's table, as they come."""
    rows = re.findall(r"^\|[^|]+\|(.+)\|$", SECTIONS[package], flags=re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def known_to(package: str, name: str) -> Iterator[str]:
    """What a module, or a package, imports from the package that it is in."""
    module = package.replace("/", ".")
    for path in [ROOT / package / f"{name}.py", *(ROOT / package / name).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())) if path.exists() else ():
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                inside = [each for each in names if each.startswith(f"{module}.")]
                yield from (each.removeprefix(f"{module}.").split(".")[0] for each in inside)


@PACKAGES
def test_the_map_has_every_module_once(package: str) -> None:
    """Each module and each package beneath it, in one row of its package's table."""
    inside = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    inside |= {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    assert sorted(mapped(package)) == sorted(inside)


@PACKAGES
def test_a_module_knows_those_before_it(package: str) -> None:
    """Who reads a table from its beginning meets nothing that he has not met before."""
    names = mapped(package)
    for index, name in enumerate(names):
        assert set(known_to(package, name)) <= {*names[: index + 1]}, name


def test_every_file_that_the_map_names_is_there() -> None:
    """Its links lead somewhere, and what it says of the tests is so."""
    for link in re.findall(r"\]\(\.\./([^)]+)\)", PAGE):
        assert (ROOT / link).exists(), link
    for name in re.findall(r"`(?:tests/)?(\w+)`", SECTIONS["tests"]):
        assert list((ROOT / "tests").glob(f"{name}*")), name
