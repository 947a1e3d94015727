"""A file of records as `hotline journal export` makes it: a line for each, every mistake told."""

from collections.abc import Callable
from pathlib import Path

from hotline.errors import LocalError
from hotline.files.mistakes import FileError, Mistake
from hotline.records import NotARecord

_MANY = 20  # mistakes are enough to see what is wrong with a file


def content_of(file: Path) -> bytes:
    """All that is in a file.

    Raises:
        LocalError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise LocalError(f"cannot read {file}: {error.strerror}") from None


def take_lines(file: Path, content: bytes, take: Callable[[bytes], None]) -> None:
    """Have each line of a file taken.

    Raises:
        FileError: `take` raised NotARecord or LocalError; with every such mistake, up to a limit:
            one gap makes everything after it a mistake.
    """
    mistakes: list[Mistake] = []
    for number, raw in enumerate(content.removesuffix(b"\n").split(b"\n"), 1):
        try:
            take(raw)
        except (NotARecord, LocalError) as error:
            mistakes.append(Mistake(str(file), number, "", str(error)))
            if len(mistakes) == _MANY:
                break
    if mistakes:
        raise FileError(mistakes)
