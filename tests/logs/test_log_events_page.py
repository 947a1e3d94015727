"""The page of the log stream is the registry, written out."""

import re
import subprocess
import sys
from pathlib import Path

from hotline.logs.log_events import LOG_EVENTS
from hotline.logs.log_events_page import page
from hotline.logs.log_fields import FIELDS

ROOT = Path(__file__).parents[2]


def test_the_documentation_is_the_registry() -> None:
    """`docs/log-events.md` is what the module writes when it is run."""
    command = [sys.executable, "-m", "hotline.logs.log_events_page"]
    written = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert written.stdout == page()
    assert (ROOT / "docs" / "log-events.md").read_text(encoding="utf-8") == page()


def test_the_page_has_a_row_for_every_event_and_every_field() -> None:
    """Its two tables list all there is, with as many cells in each row as in its head."""
    rows = re.findall(r"^\| `([^`]+)` \|", page(), flags=re.MULTILINE)
    assert rows == [*LOG_EVENTS, *FIELDS]
    cells = {line.count("|") for line in page().splitlines() if line.startswith("|")}
    assert cells == {4, 3}
