"""The commonest mistakes in YAML, each told as its writer knows it."""

import pytest

from hotline.files import written
from hotline.files.mistakes import FileError

QUOTE = 'the text goes on after its closing quote; with \' in it, put it between " and "'
INDENTED = "the line is not indented like its neighbours"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("title: Story: a flight", 1, 'a text with ": " in it needs quotes'),
        ("a: 1\nb: {text: stop: now}", 2, 'a text with ": " in it needs quotes'),
        ("b: {c: d,\n  text: stop: now}", 2, 'a text with ": " in it needs quotes'),
        ("a: %d", 1, "a text that begins with % needs quotes"),
        ("a: {check: @all}", 1, "a text that begins with @ needs quotes"),
        (
            "a: *urgent*",
            1,
            "nothing is called &urgent*; a text that begins with * needs quotes",
        ),
        ("a: * urgent", 1, "a text that begins with * needs quotes"),
        ("a: & urgent", 1, "a text that begins with & needs quotes"),
        ("a: 1\nb: !urgent stop", 2, "a text that begins with ! needs quotes"),
        ("a: > x", 1, "a text that begins with > or | needs quotes"),
        ("a: - x", 1, 'a list begins on a line of its own; a text that begins with "- "'),
        ("a: 'it's me'", 1, QUOTE),
        ("a: {b: 'it's me'}", 1, QUOTE),
        ("a: 1\nb: 'x\nc: 1\n", 2, "the quote is not closed"),
        ('a: 1\nb: "x\nc: "y z"\n', 3, "the quote on line 2 is not closed there"),
        ("a:\n  - {b: 'x}\n  - {c: 'y'}\n", 3, "the quote on line 2 is not closed there"),
        ('a: "C:\\d"', 1, 'between " and " write a \\ as \\\\'),
        ("a:\n  - b: 1\n  -{c: 2}", 3, "a - needs a space after it"),
        ("a:\n  - b: 1\n   c: 2", 3, INDENTED),
        ("a:\n    b: 1\n  c: 2", 3, INDENTED),
        ("a:\n  - b: 1\n \xa0- b: 2\n    c: 3", 3, "a no-break space where a line begins; use"),
        ("a: 1\n b: 2", 2, f"{INDENTED}, or the one before lacks its `: `"),
        ("a:1\nb: 2", 2, f"{INDENTED}, or the one before lacks its `: `"),
        ("a: x\nb\nc: 1", 2, "expected a field, such as `title: …`"),
        ("a: [1, 2\nb: 3", 2, "the [ on line 1 is not closed"),
        ("a: {b: c\nd: 3", 2, "the { on line 1 is not closed"),
        ("a: [", 1, "the [ on line 1 is not closed"),
        ("a: 1\nb: {\n", 3, "the { on line 2 is not closed"),
        (
            "a: {b: c d: e}",
            1,
            'a comma is missing before d, or a text with ": " in it needs quotes',
        ),
        ("a: {b: 'x' d: e}", 1, "a comma is missing before d"),
        ("a: {b: [1] d: e}", 1, "a comma is missing before d"),
        ("a: {b: c,\n  d: e\n  f: g}", 3, "a comma is missing at the end of line 2"),
        ("a:\n  - {b: c\n     d: e}\n", 3, "a comma is missing at the end of line 2"),
        ("a: {b: 'x'\n  d: e}", 2, "a comma is missing at the end of line 1"),
        ("a:\n  - {b: c\n  d: e", 3, "the { on line 2 is not closed"),
        ("a: {b: c {d}}", 1, "between { and }, or [ and ], a text with any of , [ ] { } needs"),
        ("a: {b: c}}", 1, "expected <block end>, but found '}'"),
    ],
)
def test_a_mistake_is_told_as_its_writer_knows_it(text: str, line: int, says: str) -> None:
    """By what was meant and how it is written, on the line where it stands."""
    with pytest.raises(FileError) as refused:
        written.parse(text, "day.yaml")
    assert str(refused.value).startswith(f"day.yaml:{line}: is not YAML: {says}")
