"""How a small deliberate bug is put in the place of what is right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

Bug = Callable[[pytest.MonkeyPatch], None]
Real = Callable[..., Any]


def instead_of(owner: object, name: str) -> Callable[[Callable[..., object]], Bug]:
    """Make a bug of a function that is called instead of the real one, which it is given first."""

    def make(wrong: Callable[..., object]) -> Bug:
        @wraps(wrong)
        def bug(patch: pytest.MonkeyPatch) -> None:
            real = getattr(owner, name)
            patch.setattr(owner, name, lambda *args, **more: wrong(real, *args, **more))

        return bug

    return make
