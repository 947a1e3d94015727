"""What a command wants beside its words."""

import pytest

from hotline.desk.commands.options import promised
from hotline.errors import LocalError
from hotline.times import MINUTE_MS, format_instant
from tests.helpers import T0  # 06:00 UTC


def test_a_promise() -> None:
    """In so long, or until then; not both."""
    assert promised(None, None, T0) is None
    assert promised(None, "10m", T0) == format_instant(T0 + 10 * MINUTE_MS)
    assert promised("06:10", None, T0) == format_instant(T0 + 10 * MINUTE_MS)
    for until, in_, says in (
        ("06:10", "10m", "--until and --in say the same"),
        ("noon", None, "--until: expected 14:30"),
        (None, "noon", "--in: expected a duration such as 10m, got 'noon'"),
    ):
        with pytest.raises(LocalError, match=says):
            promised(until, in_, T0)
