"""The pages in docs/: their fenced blocks and their tables."""

import re
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parent.parent / "docs"
_FENCE = re.compile(r"^```([a-z]+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language and its text, without the last newline."""

    language: str
    text: str


class Page:
    """One page of the documentation, or a section of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @classmethod
    def read(cls, name: str) -> "Page":
        """Read a page by its file's name."""
        return cls((DOCS / name).read_text(encoding="utf-8"))

    def section(self, heading: str) -> "Page":
        """The part under a heading, up to the next one."""
        parts = _HEADING.split(self.text)
        return Page(parts[parts.index(heading) + 1])

    def blocks(self, language: str) -> list[str]:
        """The texts of all blocks in a language."""
        return [b.text for b in map(_block, _FENCE.finditer(self.text)) if b.language == language]

    def table(self, first: str) -> list[list[str]]:
        """The rows of the table whose first heading is `first`, cell by cell."""
        lines = self.text.splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |"))
        rows: list[list[str]] = []
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        return rows


def names_in(cell: str) -> list[str]:
    """The words between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def _block(match: re.Match[str]) -> Block:
    return Block(match[1], match[2].removesuffix("\n"))
