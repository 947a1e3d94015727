"""What an answer and a cancellation move, and what they leave alone."""

import pytest

from hotline.bodies import Answer, Kind, Ref
from hotline.lifecycle import Answering, Standing
from tests.helpers import Author, cancel, folded, notice, reply


def test_an_answer_binds_to_the_revision_that_it_was_given_to() -> None:
    """The answer to revision 1 says nothing of revision 2."""
    tur, isr = Author("tur"), Author("isr")
    first = tur.says(Kind.NOTICE, notice())
    answer = isr.says(Kind.REPLY, reply("tur", 1))
    second = tur.says(Kind.NOTICE, notice(revision=2))
    picture, _ = folded([first, answer, second])
    assert picture.messages[first.ref].answering is Answering.ACCEPTED
    assert picture.messages[first.ref].standing is Standing.SUPERSEDED
    assert picture.messages[second.ref].answering is Answering.OPEN
    assert [message.ref for message in picture.waiting_for("isr")] == [second.ref]


@pytest.mark.parametrize("answer_first", [True, False])
def test_an_answer_and_a_revision_that_cross_end_in_one_state(answer_first: bool) -> None:
    """Whichever is heard first, the answer is revision 1's and revision 2 waits."""
    tur, isr = Author("tur"), Author("isr")
    first = tur.says(Kind.NOTICE, notice())
    crossing = [isr.says(Kind.REPLY, reply("tur", 1)), tur.says(Kind.NOTICE, notice(revision=2))]
    picture, _ = folded([first, *(crossing if answer_first else crossing[::-1])])
    states = [(m.standing, m.answering) for m in picture.messages.values()]
    assert states == [
        (Standing.SUPERSEDED, Answering.ACCEPTED),
        (Standing.CURRENT, Answering.OPEN),
    ]
    assert picture.invalid == {}


def test_the_same_name_may_be_given_by_both_parties() -> None:
    """A notice's name is its author's own; a cancellation reaches only his."""
    isr, tur = Author("isr"), Author("tur")
    told = [author.says(Kind.NOTICE, notice("N-1")) for author in (tur, isr)]
    picture, _ = folded([*told, isr.says(Kind.CANCEL, cancel("N-1"))])
    assert picture.messages[Ref("tur", 1)].standing is Standing.CURRENT
    assert picture.messages[Ref("isr", 1)].standing is Standing.CANCELLED


def test_an_answer_to_what_was_not_said_yet_does_not_count() -> None:
    """A mistyped number must not answer a notice that comes hours later."""
    isr, tur = Author("isr"), Author("tur")
    early = isr.says(Kind.REPLY, reply("tur", 1, Answer.ACCEPT))
    later = tur.says(Kind.NOTICE, notice())._replace(at_ms=early.at_ms + 3 * 3_600_000)
    picture, _ = folded([early, later])
    assert picture.messages[later.ref].waits
    assert picture.invalid == {early.ref: "answers_what_was_not_said_yet"}
