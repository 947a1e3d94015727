"""What a line.toml says and where, and why one cannot be read."""

from pathlib import Path

import pytest

from hotline.config import line_toml
from hotline.files.mistakes import FileError, Where

TEXT = """\
line = "isr-tur"

[parties.isr]
display = "Israel"
[ parties . "tur" ] # as TOML allows it
display = "Türkiye"

[broker]
url.host = "x"
"""


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (("line",), 1),
        (("parties",), 3),
        (("parties", "isr", "display"), 4),
        (("parties", "tur"), 5),
        (("parties", "tur", "display"), 6),
        (("parties", "tur", "colour"), 5),
        (("broker", "url"), 9),
        (("broker", "url", "host"), 9),
        (("timers", "receipt"), 0),
        ((), 0),
    ],
)
def test_a_field_has_a_line(tmp_path: Path, where: Where, line: int) -> None:
    """Its own, or that of the nearest thing around it that is there."""
    path = tmp_path / "line.toml"
    path.write_text(TEXT, encoding="utf-8")
    found = line_toml.read(path)
    assert found.fields["parties"]["tur"] == {"display": "Türkiye"}
    assert found.line_of(where) == line


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (b'line = "x"\nline = "y"\n', "2: is not TOML: "),
        (b'line = "x"\n\n[parties\n', "3: is not TOML: "),
        (b'line = "', "1: is not TOML: "),
        (b"a = 1\nline = isr-tur", "2: is not TOML: a text needs quotes"),
        (b"[timers]\nreceipt = 2m\n", '2: is not TOML: a text needs quotes, a duration too: "20m"'),
        (b'line: "isr-tur"', "1: is not TOML: expected a = after the name of a field"),
        (b'line = "isr-tur\na = 1', "1: is not TOML: the quote is not closed"),
        ("line = “isr”".encode(), "1: is not TOML: a text needs straight quotes"),
        (b'line = "x"\n# T\xfcrkiye\n', "2: is not UTF-8 text"),
        (b'\xef\xbb\xbfline = "x"\n# T\xfcrkiye\n', "2: is not UTF-8 text"),
    ],
)
def test_a_file_that_is_not_toml_says_in_which_line(
    tmp_path: Path, text: bytes, start: str
) -> None:
    """What cannot be parsed is one mistake with the line at which parsing ended."""
    path = tmp_path / "line.toml"
    path.write_bytes(text)
    with pytest.raises(FileError) as caught:
        line_toml.read(path)
    assert str(caught.value).startswith(f"{path}:{start}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """What is not there is said to be not there."""
    path = tmp_path / "line.toml"
    with pytest.raises(FileError) as caught:
        line_toml.read(path)
    says = "cannot be read: No such file or directory; expected a line's configuration"
    assert str(caught.value) == f"{path}: {says}"
