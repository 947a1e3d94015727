"""What a form asks for, one question a line, and how what was typed is read."""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.desk.moments import moment_ms
from hotline.times import format_instant, format_time_of_day

Read = Callable[[str, int], object]
"""From what was typed, and the line's time, to a value; a ValueError says what was expected."""


def as_typed(typed: str, _now_ms: int) -> object:
    """A text is taken as it is."""
    return typed


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a form. With `choices` the answer is one of them, else it is typed."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    needed: bool = False
    choices: tuple[str, ...] = ()
    read: Read = as_typed

    def answer(self, typed: str, now_ms: int) -> object:
        """What was typed as a value; None when there is nothing.

        Raises:
            ValueError: it cannot be used, or something is needed.
        """
        text = typed.strip()
        if text:
            return self.read(text, now_ms)
        if self.needed:
            if self.choices:
                raise ValueError("is needed: ← and → choose one, or its first letter")
            raise ValueError(f"is needed: {self.hint}" if self.hint else "is needed")
        return None


def moment(typed: str, now_ms: int) -> str:
    """A time in the future; `10m` is in ten minutes, as `+10m` is.

    Raises:
        ValueError: it is not one, or is past.
    """
    in_a_while = typed[0].isdigit() and typed[-1] in "smhd"
    at_ms = moment_ms(f"+{typed}" if in_a_while else typed, now_ms)
    if at_ms <= now_ms:
        raise ValueError(f"{typed} is past: it is {format_time_of_day(now_ms)} UTC")
    return format_instant(at_ms)


def number(kind: Callable[[str], float], what: str) -> Read:
    """Reads a number; `what` is expected, in words."""

    def read(typed: str, _now_ms: int) -> float:
        try:
            return kind(typed)
        except ValueError:
            raise ValueError(f"expected {what}, got {typed!r}") from None

    return read
