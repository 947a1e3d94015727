"""The options that several commands of `hotline` have, and how they are read."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from hotline.commands import entry
from hotline.config.config import LineConfig, load
from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean
from hotline.logs.console import plain_json
from hotline.logs.stream import LogFormat, LogLevel

LineFile = Annotated[Path, Parameter(help="The line's configuration, line.toml.")]
Url = Annotated[
    str | None, Parameter(help="mqtt(s)://host:port (default: as the line's configuration says).")
]
StateToRead = Annotated[
    Path | None,
    Parameter(help="A station's state directory, also while it runs (default: the only one)."),
]
Format = Annotated[
    LogFormat, Parameter(help="How the log looks; auto is console on a terminal, else json.")
]
Loudness = Annotated[LogLevel, Parameter(help="The least severe events that the log shows.")]
Json = Annotated[
    bool, Parameter(name="--json", negative="", show_default=False, help="Print JSON.")
]


def load_line(line: Path, broker: str | None = None) -> LineConfig:
    """A line's configuration, with the broker that the command line names, if it names one.

    Raises:
        LocalError: it cannot be read, or is wrong.
    """
    entry.warn_of_variables()
    return load(line, broker)


def print_json(told: object) -> None:
    """Print what `--json` asks for."""
    entry.put_out(plain_json(json.dumps(told, indent=2, ensure_ascii=False)) + "\n")


def expect_known(name: str, known: list[str], what: str) -> None:
    """Refuse a name that is not on the line.

    Raises:
        LocalError: it is not known; the text says which may have been meant.
    """
    if name not in known:
        raise LocalError(f"{name!r} is not a {what} of this line; {did_you_mean(name, known)}")
