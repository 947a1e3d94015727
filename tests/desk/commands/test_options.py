"""What a command wants beside its words."""

from pathlib import Path

import pytest

from hotline.bodies import Answer
from hotline.desk.commands.options import expect_a_file, expect_no_text, promised
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
        (None, "noon", "--in: expected a duration such as 90s, 5m30s or 2h, got 'noon'"),
    ):
        with pytest.raises(LocalError, match=says):
            promised(until, in_, T0)


@pytest.mark.parametrize("more", [(), ("TUR014",)])
def test_a_mistyped_option_is_no_file(more: tuple[str, ...]) -> None:
    """Where a file is expected, and - is stdin; what stood behind it is not the mistake."""
    expect_a_file(None, ())
    expect_a_file(Path("-"), ())
    with pytest.raises(LocalError, match=r"^there is no option --calsign: see --help$"):
        expect_a_file(Path("--calsign"), more)


def test_words_beside_a_file() -> None:
    """One file is all that there is a place for."""
    with pytest.raises(LocalError, match=r"^nothing more is expected, got b\.json c: see --help$"):
        expect_a_file(Path("a.json"), ("b.json", "c"))


def test_a_text_beside_an_answer() -> None:
    """It goes where there is a place for it; what is no name is not made the officer's."""
    for answer, says in (
        (Answer.REJECT, "hotline desk answer X reject --reason 'too close'$"),
        (Answer.STANDBY, "hotline desk answer X standby --in 'too close'$"),
        (Answer.ACCEPT, "^accept takes no text; .* hotline desk answer X accept --officer NAME$"),
        (Answer.ROGER, "^roger takes no text; "),
    ):
        with pytest.raises(LocalError, match=says):
            expect_no_text(answer, "X", ("too", "close"))
        expect_no_text(answer, "X", ())
