"""How both commands begin and end: options in, exit code out, errors as sentences."""

import contextlib
import errno
import io
import sys
from collections.abc import Callable
from importlib import metadata
from typing import TypeVar

from cyclopts import App, CycloptsError, MissingArgumentError, UnusedCliTokensError
from rich.console import Console
from rich.markup import escape

from hotline.config.variables import mistyped
from hotline.errors import Declined, HotlineError, LocalError, TransportError
from hotline.logs.console import plain

T = TypeVar("T")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
OK, FAILED, USAGE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130


def version() -> str:
    """The version that is installed."""
    return metadata.version("hotline")


def run(app: App, tokens: list[str] | None = None) -> int:
    """Run a command line; whatever goes wrong becomes one clear message and an exit code.

    0: all well. 1: a check failed, or a station declined. 2: the command line or a file is wrong.
    3: no broker or no station, or it went away, so that nobody knows. 130: Ctrl-C.
    """
    if sys.stdin is None:  # it is closed: nobody types anything
        sys.stdin = io.StringIO()
    _forgive_characters()
    console = complaints()
    try:
        code = app(
            sys.argv[1:] if tokens is None else tokens,
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
    except CycloptsError as error:
        return _fail(console, LocalError(_in_words(error)))
    except HotlineError as error:
        return _fail(console, error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # nobody is reading: no complaint about that either
        code = OK
    except SystemExit as ended:
        # When nobody is reading, rich ends with 1 (Console.on_broken_pipe); our own commands return
        # their codes.
        code = OK if ended.code == 1 else ended.code
    except OSError as error:
        if error.errno in _FULL:
            with contextlib.suppress(OSError):
                sys.stdout.close()  # or Python tries once more at its end
            return _fail(console, LocalError(f"cannot write all of it: {error.strerror}"))
        if error.strerror is None:
            raise
        where = f"{error.filename}: " if error.filename else ""
        return _fail(console, LocalError(f"{where}{error.strerror}"))
    return code if isinstance(code, int) else OK


def read_option(option: str, read: Callable[[str], T], text: str) -> T:
    """What `read` makes of an option's text.

    Raises:
        LocalError: it raises a ValueError; the text begins with the option.
    """
    try:
        return read(text)
    except ValueError as error:
        raise LocalError(f"{option}: {error}") from None


def warn_of_variables() -> None:
    """Say on stderr which environment variables seem to be mistyped, but not what they hold."""
    for variable, near in mistyped().items():
        says = f"{variable} is unknown and sets nothing; did you mean {near}?"
        complaints().print(f"[bold yellow]warning:[/] {escape(says)}")


def complaints() -> Console:
    """Where errors are told: a line each for programs, broken between words on a terminal."""
    console = Console(stderr=True, highlight=False, emoji=False)  # line :100: is not an emoji
    console.soft_wrap = not console.is_terminal
    return console


def _forgive_characters() -> None:
    """Let question marks stand for what a terminal's encoding lacks: no word must end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _in_words(error: CycloptsError) -> str:
    """What is wrong with a command line."""
    if isinstance(error, MissingArgumentError) and error.argument:
        return f"{error.argument.name} is missing, or has no value: see --help"
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        return f"nothing more is expected, got {' '.join(error.unused_tokens)}: see --help"
    return str(error)


def put_out(text: str) -> None:
    """Write a result to stdout; where that is closed, there is nobody to write it for."""
    print(text, end="")  # noqa: T201 -- it alone bears a closed stdout


def complain(console: Console, error: HotlineError) -> int:
    """Tell an error, and say of how many lines; a file that it quotes may hold anything."""
    lines = str(error).splitlines()
    for line in lines:
        console.print(f"[bold red]error:[/] {escape(plain(line))}")
    return len(lines)


def _fail(console: Console, error: HotlineError) -> int:
    complain(console, error)
    match error:
        case TransportError():
            return UNREACHABLE
        case Declined():
            return FAILED
        case _:
            return USAGE
