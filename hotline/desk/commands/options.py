"""What a command's options need, and which exclude each other."""

import re
import shlex
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hotline.bodies import Answer
from hotline.commands.entry import read_option
from hotline.desk.moments import moment_ms
from hotline.errors import LocalError
from hotline.times import format_instant, parse_duration

More = Annotated[str, Parameter(show=False, allow_leading_hyphen=False)]
"""Words that a command has no place for; it takes them only to say where they belong."""


def expect_quoted(command: str, first: str, more: tuple[str, ...]) -> None:
    """Refuse a text of several words that the shell took apart.

    Raises:
        LocalError: there is more than its first word.
    """
    if more:
        text = shlex.quote(" ".join((first, *more)))
        raise LocalError(f"quote a text of several words: hotline desk {command} {text}")


def expect_nothing_more(command: str, option: str, more: tuple[str, ...]) -> None:
    """Refuse a text that stands without its option.

    Raises:
        LocalError: there is one.
    """
    if more:
        text = shlex.quote(" ".join(more))
        raise LocalError(f"a text goes after {option}: hotline desk {command} {option} {text}")


def expect_a_file(file: Path | None, more: tuple[str, ...]) -> None:
    """Refuse an option that does not exist: where - is stdin, it is taken for a file.

    Raises:
        LocalError: there is one, or words beside the file.
    """
    if file and re.match("-.", str(file)):
        raise LocalError(f"there is no option {file}: see --help")
    if more:
        raise LocalError(f"nothing more is expected, got {' '.join(more)}: see --help")


def expect_no_text(answer: Answer, record: str, more: tuple[str, ...]) -> None:
    """Refuse a text beside an answer: what becomes of it depends on the answer.

    Raises:
        LocalError: there is one; if the answer takes no text, it can only be meant as a name.
    """
    command = f"answer {record} {answer.lower()}"
    if option := {Answer.REJECT: "--reason", Answer.STANDBY: "--in"}.get(answer):
        expect_nothing_more(command, option, more)
    elif more:
        raise LocalError(
            f"{answer.lower()} takes no text; who says so goes after --officer:"
            f" hotline desk {command} --officer NAME"
        )


def expect_fitting(
    answer: Answer | None, reason: str | None, until: str | None, in_: str | None
) -> None:
    """Refuse an answer without what it needs, and what goes with another answer.

    Raises:
        LocalError: the text says which option.
    """
    promises = until is not None or in_ is not None
    if answer is Answer.STANDBY and not promises:
        raise LocalError("standby needs --in (such as --in 10m) or --until: when will you answer?")
    if answer is Answer.REJECT and reason is None:
        raise LocalError("reject needs --reason: why, as the other side will read it")
    if answer is not Answer.STANDBY and promises:
        raise LocalError("--in and --until go with standby, and only with it")
    if answer is not Answer.REJECT and reason is not None:
        raise LocalError("--reason goes with reject, and only with it")


def promised(until: str | None, in_: str | None, now_ms: int) -> str | None:
    """When something is promised, by --until or --in, as RFC 3339.

    Raises:
        LocalError: that is not a time, or both are given.
    """
    if until is not None and in_ is not None:
        raise LocalError("--until and --in say the same: give one of them")
    if until is not None:
        return format_instant(read_option("--until", lambda typed: moment_ms(typed, now_ms), until))
    if in_ is not None:
        return format_instant(now_ms + read_option("--in", parse_duration, in_.removeprefix("+")))
    return None
