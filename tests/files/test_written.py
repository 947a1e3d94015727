"""YAML as people write it: with lines, and every way in which it can be wrong in words."""

from pathlib import Path

import pytest

from hotline.files import written
from hotline.files.mistakes import FileError

TEXT = """\
title: a day
events:
  - at: 1m
    note: >
      long
  - at: 2026-01-12T06:00:00Z
"""


def test_each_part_has_its_line(tmp_path: Path) -> None:
    """Or that of the nearest thing around it; times stay texts; JSON is YAML too."""
    file = tmp_path / "day.yaml"
    file.write_text(TEXT)
    found = written.read(file)
    assert found["events"][1]["at"] == "2026-01-12T06:00:00Z"
    assert written.line_of(found, ("events", 1, "at")) == 6
    assert written.line_of(found, ("events", 0, "speed")) == 3
    assert written.line_of(found, ("nothing",)) == 1
    assert written.parse('{"a":\n {"b": 1}}', "stdin")["a"]["b"] == 1
    file.write_text(TEXT, encoding="utf-8-sig")
    assert written.read(file) == found, "a byte order mark is no part of it"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [1", "day.yaml:1: is not YAML: the [ on line 1 is not closed"),
        ("a: 1\nb: \x07", "day.yaml:2: is not YAML: the character '\\x07' is not allowed"),
        ("a:\n\tb: 1", "day.yaml:2: is not YAML: a tab where a line or a word begins; use spaces"),
        (
            "x:\n  a: {q: 1}\n  b: 2\n  a:\n    z: 3",
            "day.yaml:4: is not YAML: the key 'a' is there twice, first on line 2",
        ),
        ("{a: 1,\n b: 2, 'a': 3}", "day.yaml:2: is not YAML: the key 'a' is there twice, first on"),
        ("&x {b: *x,\n a: 1, a: 2}", "day.yaml:2: is not YAML: the key 'a' is there twice, first"),
        ("a: 1\nb: !!int x", "day.yaml:2: cannot be read as YAML"),
    ],
)
def test_what_is_no_yaml_is_told(text: str, says: str) -> None:
    """With the file and the line."""
    with pytest.raises(FileError) as refused:
        written.parse(text, "day.yaml")
    assert str(refused.value).startswith(says)


def test_an_anchor_may_be_given_again() -> None:
    """An alias means the last that stands before it, and nobody is warned of that."""
    assert written.parse("[&a 1, *a, &a 2, *a]", "x.yaml") == [1, 1, 2, 2]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """No such file, and one that is no text, with the line where that begins."""
    with pytest.raises(FileError, match="cannot be read: No such file"):
        written.read(tmp_path / "missing.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"title: a\nteaches: caf\xe9\n")
    with pytest.raises(FileError, match=r"bytes\.yaml:2: is not UTF-8 text"):
        written.read(tmp_path / "bytes.yaml")


def test_aliases_that_make_too_much_are_refused() -> None:
    """Whoever looked at all of it, if only to quote it in a mistake, would do so for hours."""

    def doubled(times: int) -> str:
        lines = (f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(times))
        return "".join(["a0: &a0 [1, 2]\n", *lines])

    assert written.parse(doubled(12), "day.yaml")["a12"]
    with pytest.raises(FileError, match=r"day\.yaml:1: its aliases .* expand it to far more"):
        written.parse(doubled(20), "day.yaml")
