"""A line.toml as a person wrote it: its fields, and on which line each of them stands."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.files.mistakes import FileError, Mistake, Where, not_utf8

_HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
_KEY = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")

# What its writer meant by a line at which the parser stops; the parser says what it expected next.
_MEANT = {
    r"\s*[\w.-]+\s*:": "expected a = after the name of a field, not a colon",
    r"\s*[\w.-]+\s*=\s*[“”„‘’«»]": "a text needs straight quotes: \" or '",
    r'\s*[\w.-]+\s*=\s*"[^"]*$': "the quote is not closed",
    r"\s*[\w.-]+\s*=\s*[^\s\"'\[{]": 'a text needs quotes, a duration too: "20m"',
}


@dataclass(frozen=True, slots=True)
class LineToml:
    """What stands in a file."""

    fields: dict[str, Any]
    text: str

    def line_of(self, where: Where) -> int:
        """The line of a field, or of the nearest thing around it that is there; else 0."""
        lines = _lines_of(self.text)
        while where and where not in lines:
            where = where[:-1]
        return lines.get(where, 0)


def read(path: Path) -> LineToml:
    """Read a file; its fields are not checked yet.

    Raises:
        FileError: it cannot be read, or is not TOML.
    """
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a BOM
        return LineToml(tomllib.loads(text), text)
    except OSError as error:
        says = f"cannot be read: {error.strerror}; expected a line's configuration"
        raise FileError([Mistake(file, 0, "", says)]) from None
    except UnicodeDecodeError as error:
        raise FileError([not_utf8(file, error)]) from None
    except RecursionError:
        raise FileError([Mistake(file, 0, "", "is nested too deeply")]) from None
    except ValueError as error:  # tomllib's own, and Python's for a number of 5,000 digits
        raise FileError([_unreadable(file, text, error)]) from None


def _unreadable(file: str, text: str, error: ValueError) -> Mistake:
    """Where a text is not TOML, and why: in words for its writer if they are known."""
    found = re.search(r"at line (\d+)", str(error))
    if found is None:  # it comes to the end, or is Python's own
        return Mistake(file, len(text.splitlines()), "", f"is not TOML: {error}")
    number = int(found[1])
    line = text.split("\n")[number - 1]
    meant = (words for pattern, words in _MEANT.items() if re.match(pattern, line))
    return Mistake(file, number, "", f"is not TOML: {next(meant, error)}")


def _lines_of(text: str) -> dict[Where, int]:
    """On which line each table and key of a TOML text begins."""
    lines: dict[Where, int] = {}
    table: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            where = table = _parts(header[1])
        elif key := _KEY.match(line):
            where = table + _parts(key[1])
        else:
            continue
        lines[where] = number
        for length in range(1, len(where)):
            lines.setdefault(where[:length], number)
    return lines


def _parts(dotted: str) -> Where:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
