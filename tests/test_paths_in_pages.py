"""Every file, and every heading, that a page or the Makefile names is there."""

import re
from pathlib import Path

import pytest

from tests.pages import DOCS

ROOT = DOCS.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "Makefile", *sorted(DOCS.glob("*.md"))]
_PATH = re.compile(
    r"(?<![\w/.-])(?:hotline|sim|seeds|tests|docs)/[a-z\d_./-]+\.(?:py|json|yaml|toml|md)\b"
)
_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
_HEADED = re.compile(r"\]\(([^)#:\s]*)#([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    """Each path from the top of the repository, and each link from where the page is."""
    text = page.read_text(encoding="utf-8")
    named = {path: ROOT / path for path in _PATH.findall(text)}
    named |= {link: page.parent / link for link in _LINK.findall(text) if "{" not in link}
    gone = sorted(name for name, path in named.items() if not path.exists())
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_to_a_heading_leads_there(page: Path) -> None:
    """On the page itself, or on another one."""
    links = _HEADED.findall(page.read_text(encoding="utf-8"))
    there = {to: anchors(page.parent / to if to else page) for to, _ in links}
    assert [f"{to}#{name}" for to, name in links if name not in there[to]] == []


def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in links."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return {_NOT_IN_ANCHORS.sub("", h.lower()).replace(" ", "-") for h in _HEADING.findall(text)}
