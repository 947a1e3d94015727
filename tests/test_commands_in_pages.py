"""Every command that the pages show is one that can be typed."""

import re
import shlex
from collections.abc import Iterator

import pytest

from hotline import cli
from sim import cli as sim_cli
from tests.pages import DOCS, Page

APPS = {"hotline": cli.app, "hotline-sim": sim_cli.app}
_VARIABLE = re.compile(r"[A-Z_]+=\S*")


def _commands() -> Iterator[tuple[str, str]]:
    for path in [DOCS.parent / "README.md", *sorted(DOCS.glob("*.md"))]:
        for block in Page(path.read_text(encoding="utf-8")).blocks("console"):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("$ "):
                    yield path.name, line.removeprefix("$ ")


@pytest.mark.parametrize(("page", "command"), sorted(set(_commands())))
def test_a_command_can_be_typed(page: str, command: str) -> None:
    """With its options and its arguments, and a file of the repository that it names is there."""
    words = shlex.split(command, comments=True)
    while words and _VARIABLE.fullmatch(words[0]):
        del words[0]
    if words[0] in APPS:
        tokens = words[1 : words.index(">")] if ">" in words else words[1:]
        APPS[words[0]].parse_args(tokens, exit_on_error=False, print_error=False)
        for token in tokens:
            if token.startswith("docs/"):
                assert (DOCS.parent / token).is_file(), page
