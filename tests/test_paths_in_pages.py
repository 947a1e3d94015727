"""Every file of the repository that a page, or the Makefile, names is there."""

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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    """Each path from the top of the repository, and each link from where the page is."""
    text = page.read_text(encoding="utf-8")
    named = {path: ROOT / path for path in _PATH.findall(text)}
    named |= {link: page.parent / link for link in _LINK.findall(text) if "{" not in link}
    gone = sorted(name for name, path in named.items() if not path.exists())
    assert gone == []
