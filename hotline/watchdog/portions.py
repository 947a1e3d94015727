"""Work done one portion per turn: all at once, it would keep a watchdog from its heartbeat."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 500  # in one turn; after a lost disk or an import there may be many


class Portions(Generic[T]):
    """What an earlier life has left to do.

    Args:
        find: all of it, asked for with the first portion.
    """

    def __init__(self, find: Callable[[], Sequence[T]]) -> None:
        self._find = find
        self._left: Sequence[T] | None = None  # None: that has not begun

    def begin_anew(self) -> None:
        """Find all of it again."""
        self._left = None

    def take(self) -> Sequence[T]:
        """The next portion."""
        left = self._find() if self._left is None else self._left
        self._left = left[MOST:]
        return left[:MOST]

    @property
    def are_taken(self) -> bool:
        """Whether that was the last one."""
        return self._left is not None and not self._left
