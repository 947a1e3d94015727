"""What people call messages, at the desk of either party and of a watchdog."""

import pytest

from hotline.bodies import Kind, Ref, Stop
from hotline.desk.server.naming import Names, parse_ref
from hotline.errors import LocalError
from tests.helpers import Author, cancel, check, folded, notice


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("isr/12", Ref("isr", 12)),
        ("TUR-014", None),
        ("isr/", None),
        ("/12", None),
        ("isr/12/3", None),
        ("isr/" + "9" * 16, None),
    ],
)
def test_a_record_is_named_by_author_and_number(typed: str, ref: Ref | None) -> None:
    """All else is the name of a notice."""
    assert parse_ref(typed) == ref


def test_a_notice_names_what_waits_about_it() -> None:
    """Here it is the stop; where nothing waits about it, the notice itself, theirs before ours."""
    isr, tur = Author("isr"), Author("tur")
    said = [
        tur.says(Kind.NOTICE, notice("X")),
        isr.says(Kind.STOP, Stop(text="not there", notice="X")),
        isr.says(Kind.NOTICE, notice("Y")),
    ]
    picture, _ = folded(said)
    assert Names(picture, "tur").find("x").ref == Ref("isr", 1)
    assert Names(picture, "isr").find("X").ref == Ref("tur", 1)
    assert Names(picture, "isr").find("Y").ref == Ref("isr", 2)
    assert Names(picture, "dog").find("Y").ref == Ref("isr", 2)


def test_a_name_of_several_messages_is_not_enough() -> None:
    """It is told which records there are."""
    isr = Author("isr")
    said = [isr.says(Kind.NOTICE, notice("X")), isr.says(Kind.STOP, Stop(text="no", notice="X"))]
    picture, _ = folded(said)
    with pytest.raises(LocalError, match=r"say which record, of isr/1 \(X rev 1\), isr/2 \(stop"):
        Names(picture, "tur").find("X")


def test_what_was_spoken_of_may_wait_on_either_side() -> None:
    """A stop of theirs is not taken for our cancellation, nor a cancellation for its notice."""
    isr, tur = Author("isr"), Author("tur")
    said = [isr.says(Kind.NOTICE, notice("X")), isr.says(Kind.CANCEL, cancel("X"))]
    picture, _ = folded(said)
    assert Names(picture, "isr").find_discussed("X").ref == Ref("isr", 2)
    assert Names(picture, "tur").find_discussed("X").ref == Ref("isr", 2)
    picture, _ = folded([*said, tur.says(Kind.STOP, Stop(text="not there", notice="X"))])
    for station in ("isr", "tur"):
        with pytest.raises(LocalError, match=r"of tur/1 \(stop of X\), isr/2 \(cancel of X\)"):
            Names(picture, station).find_discussed("X")


def test_of_much_that_waits_a_few_are_told() -> None:
    """The first five, and how many more there are, if there are more."""
    isr = Author("isr")
    checks = [isr.says(Kind.CHECK, check()) for _ in range(7)]
    picture, _ = folded(checks[:5])
    assert Names(picture, "tur").waiting().endswith("isr/5 (check isr/5)")
    picture, _ = folded(checks)
    told = Names(picture, "tur").waiting()
    assert told.startswith("what waits is isr/1 (check isr/1), isr/2 ")
    assert told.endswith("isr/5 (check isr/5) and 2 more")
    assert Names(picture, "isr").waiting() == "nothing waits for an answer"


def test_what_nothing_is_called_is_told_with_what_there_is() -> None:
    """A message about no notice has only its record's name; where nothing is, that is said."""
    picture, _ = folded([])
    with pytest.raises(LocalError, match="nothing here is called 'none'; nothing waits for an"):
        Names(picture, "tur").find("none")
    picture, _ = folded([Author("isr").says(Kind.CHECK, check())])
    with pytest.raises(LocalError, match=r"nothing here is called 'none'; expected one of isr/1$"):
        Names(picture, "tur").find("none")
