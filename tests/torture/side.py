"""Side files: what happened, line by line, in a file or a pipe that outlives any process."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class SideFile:
    """Appends JSON lines, each with one write, so that a kill tears none apart.

    Args:
        to: a file, or the descriptor of a pipe (which no full disk can stop).
    """

    def __init__(self, to: Path | int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file = to if isinstance(to, int) else os.open(to, flags, 0o644)

    def write(self, **fields: object) -> None:
        """Add a line; it is there even if we are killed at once."""
        os.write(self._file, json.dumps(fields, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """All lines of a side file; none if it was never written."""
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
