"""Answers that came before what they answer."""

from hotline.bodies import Kind, Ref, Reply
from hotline.picture.early import EarlyAnswers
from hotline.records import Record
from tests.helpers import LINE, Author, reply

ISR, TUR = Author("isr"), Author("tur")
FIRST, AGAIN, OTHER = (
    ISR.says(Kind.REPLY, reply("tur", 1)),
    ISR.says(Kind.REPLY, reply("tur", 1)),
    ISR.says(Kind.REPLY, reply("tur", 2)),
)


def waiting(*answers: Record) -> EarlyAnswers:
    """Some that wait."""
    early = EarlyAnswers()
    for answer in answers:
        assert isinstance(answer.body, Reply)
        early.put(answer, answer.body.refers_to.ref)
    return early


def test_what_waited_for_a_message_is_taken_once_and_in_order() -> None:
    """By whoever reads that message; the rest waits on."""
    early = waiting(FIRST, OTHER, AGAIN)
    assert early.every() == [FIRST, AGAIN, OTHER]
    assert early.take(Ref("tur", 1)) == [FIRST, AGAIN]
    assert not early.take(Ref("tur", 1))
    assert early.every() == [OTHER]


def test_answers_are_counted_and_not_their_messages() -> None:
    """A checkpoint writes each anew, also where many answer a message that never comes."""
    early = waiting(FIRST, AGAIN, OTHER)
    assert len(early) == 3
    early.take(Ref("tur", 1))
    assert len(early) == 1
    assert not waiting()


def test_who_is_ahead_is_named_with_whom_he_is_ahead_of() -> None:
    """Once more than so many messages of the other are missing."""
    theirs = TUR.says(Kind.REPLY, reply("isr", 9))
    assert waiting(FIRST, AGAIN, theirs).ahead(LINE, 1) == {}
    assert waiting(FIRST, OTHER, theirs).ahead(LINE, 1) == {"isr": "tur"}
    assert waiting(FIRST, theirs).ahead(LINE, 0) == {"isr": "tur", "tur": "isr"}


def test_who_is_ahead_no_longer_is_once_the_messages_are_here() -> None:
    """Each is counted once, however many answers it has; one without an answer is not counted."""
    early = waiting(FIRST, AGAIN, OTHER)
    assert early.ahead(LINE, 1) == {"isr": "tur"}
    early.take(Ref("tur", 1))
    early.take(Ref("tur", 1))
    early.take(Ref("tur", 7))
    assert early.ahead(LINE, 0) == {"isr": "tur"}
    assert early.ahead(LINE, 1) == {}
    early.take(Ref("tur", 2))
    assert early.ahead(LINE, 0) == {}
