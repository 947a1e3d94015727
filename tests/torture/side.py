"""Side files: what happened, told line by line to a file that outlives any process."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class SideFile:
    """Appends JSON lines, each with one write, so that a kill tears none apart."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, *, sync: bool = False, **fields: object) -> None:
        """Add a line; with `sync` it is on disk when this returns."""
        os.write(self._file, json.dumps(fields, ensure_ascii=False).encode() + b"\n")
        if sync:
            os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """All lines of a side file; none when it was never written."""
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
