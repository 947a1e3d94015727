"""Files of records: read line by line, with every mistake in them."""

from pathlib import Path

import pytest

from hotline.errors import LocalError
from hotline.files.mistakes import FileError
from hotline.journal.exported import content_of, take_lines
from hotline.records import NotARecord

FILE = Path("some.ndjson")


def test_every_line_is_taken_and_the_last_needs_no_end() -> None:
    """A line end at the end of the file begins no other line."""
    for content in (b"a\nb", b"a\nb\n"):
        taken: list[bytes] = []
        take_lines(FILE, content, taken.append)
        assert taken == [b"a", b"b"]


def test_mistakes_are_told_with_their_lines() -> None:
    """Whether a line is no record, or one that does not fit; the others are taken."""
    taken: list[bytes] = []

    def take(raw: bytes) -> None:
        if raw == b"?":
            raise NotARecord("not JSON")
        if raw == b"!":
            raise LocalError("does not fit")
        taken.append(raw)

    with pytest.raises(FileError) as caught:
        take_lines(FILE, b"?\na\n!\n", take)
    assert str(caught.value) == "some.ndjson:1: not JSON\nsome.ndjson:3: does not fit"
    assert taken == [b"a"]


def test_of_many_mistakes_the_first_are_told() -> None:
    """After a gap everything is one."""

    def take(_: bytes) -> None:
        raise LocalError("follows on nothing")

    with pytest.raises(FileError) as caught:
        take_lines(FILE, b"x\n" * 100, take)
    assert [mistake.line for mistake in caught.value.mistakes] == list(range(1, 21))


def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    """With its name and the system's reason."""
    with pytest.raises(LocalError, match=r"^cannot read .*gone\.ndjson: No such file or directory"):
        content_of(tmp_path / "gone.ndjson")
