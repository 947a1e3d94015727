"""How both commands end: one clear message, and an exit code that says whose fault it was."""

import os
import subprocess
import sys
from typing import Literal

import pytest
from cyclopts import App

from hotline.commands import entry
from hotline.errors import BrokerUnreachable, Declined, HotlineError, LocalError, TransportError

LONG = "a sentence that is much longer than any terminal is wide, and stays on its line: " * 3


def app(result: object) -> App:
    """An app whose one command `go` returns or raises something."""
    made = App(name="made", result_action="return_value")

    @made.command
    def go(count: int = 1) -> object:
        """Go."""
        assert count
        if isinstance(result, BaseException):
            raise result
        return result

    return made


@pytest.mark.parametrize(
    ("result", "code"),
    [
        *[(None, 0), (0, 0), (1, 1), ("text", 0)],
        (SystemExit(1), 0),  # rich's own, when nobody reads any more
        (SystemExit(3), 3),
    ],
)
def test_a_command_that_ends_well_gives_its_code(result: object, code: int) -> None:
    """A command's number is the exit code; whatever else it returns is all right."""
    assert entry.run(app(result), ["go"]) == code


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (LocalError("mend it"), 2, "error: mend it\n"),
        (HotlineError(f"{LONG}\nand [more]"), 2, f"error: {LONG}\nerror: and [more]\n"),
        (LocalError("parties.\x1b]0;isr\x07\u202e: no"), 2, "error: parties. ]0;isr  : no\n"),
        (TransportError("no answer"), 3, "error: no answer\n"),
        (Declined("refused", "no such record"), 1, "error: no such record\n"),
        (BrokerUnreachable("no broker"), 3, "error: no broker\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "error: /x: Permission denied\n"),
        (OSError(24, "Too many open files"), 2, "error: Too many open files\n"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_a_code(
    error: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line of an error is a line on stderr, unwrapped and with its brackets; no traceback."""
    assert entry.run(app(error), ["go"]) == code
    assert capsys.readouterr() == ("", told)


@pytest.mark.parametrize("tokens", [["go", "--bogus"], ["go", "--count", "x"], ["stop"]])
def test_a_wrong_command_line_is_told_on_stderr(
    tokens: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown option, value or command is a usage error, and names what was wrong: in a line."""
    assert entry.run(app(None), tokens) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert tokens[-1] in err


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (["go", "--count"], "--count is missing, or has no value: see --help"),
        (["go", "1", "2", "3"], "nothing more is expected, got 2 3: see --help"),
    ],
)
def test_too_little_and_too_much_is_told_in_words(
    tokens: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the name of what lacks, or all that is too much."""
    assert entry.run(app(None), tokens) == 2
    assert capsys.readouterr() == ("", f"error: {says}\n")


def test_nothing_is_typed_where_stdin_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python has none then; a command that asks for it finds an empty one, and no terminal."""
    monkeypatch.setattr("sys.stdin", None)
    made = App(name="made", result_action="return_value")

    @made.default
    def go() -> int:
        return 3 if sys.stdin.read() or sys.stdin.isatty() else 0

    assert entry.run(made, []) == 0


def test_ctrl_c_ends_a_command_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    """Interrupted where nobody waits for it, a command ends as shells expect it."""
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(entry.run(app(KeyboardInterrupt()), ["go"]))
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("bug", [ZeroDivisionError(), TimeoutError()])
def test_a_mistake_of_ours_is_not_hidden(bug: Exception) -> None:
    """An error for which the system gives no reason is a bug, and keeps its traceback."""
    with pytest.raises(type(bug)):
        entry.run(app(bug), ["go"])


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("more", [{}, {"PYTHONIOENCODING": "ascii"}])
def test_what_the_output_cannot_show_is_replaced(more: dict[str, str]) -> None:
    """No character ends a command, in what it finds or in what it logs."""
    words = [sys.executable, "-m", "sim", "run", "strike-and-survey", "--virtual"]
    environment = os.environ | ASCII | more
    ended = subprocess.run(
        [*words, "--log-format", "console"], capture_output=True, check=False, env=environment
    )
    assert ended.returncode == 0
    assert b" PASS  Strike and survey over the same ridge" in ended.stdout
    assert b"simulated ? memory ? speed virtual" in ended.stdout
    assert b"?  WARNING  unanswered" in ended.stderr
    assert (ended.stdout + ended.stderr).isascii()


def test_a_box_that_says_what_is_wrong_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    """What a wrong command line could have been is not cut off at the end of the line."""
    made = App(name="made", result_action="return_value")

    @made.default
    def go(color: Literal["vermilion", "ultramarine", "chartreuse", "aquamarine", "jade"]) -> str:
        return color

    assert entry.run(made, ["mauve"]) == 2
    assert "jade" in capsys.readouterr().err


def test_on_a_terminal_an_error_is_broken_between_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A terminal would break it anywhere."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert entry.run(app(LocalError(LONG)), ["go"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert all(len(line) <= 100 for line in lines)  # 80 columns and some colours
    assert {line.split()[-1] for line in lines} <= set(LONG.split())


def test_an_option_that_cannot_be_read_is_named() -> None:
    """Beside what was expected of it."""
    assert entry.read_option("--count", int, "12") == 12
    with pytest.raises(LocalError, match=r"^--count: invalid literal for int\(\)"):
        entry.read_option("--count", int, "many")
