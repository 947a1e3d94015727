import pytest

from hotline.bodies import Answer, Body, Reply, kind_of
from hotline.notice import Category
from hotline.picture.message import Message
from hotline.station.officer import Nobody, Routine, reply_to
from tests.helpers import T0, Author, cancel, check, folded, notice

READING_MS = 20_000


def messages(*said: Body) -> list[Message]:
    """The messages that a party's words open, in their order."""
    tur = Author("tur")
    picture, _ = folded(tur.says(kind_of(body), body) for body in said)
    return list(picture.messages.values())


def answers(officer: Routine, now_ms: int) -> list[tuple[int, Answer]]:
    """What he answers to which record by now."""
    bodies = officer.say(now_ms)
    assert all(isinstance(body, Reply) for body in bodies)
    return [(b.refers_to.seq, b.answer) for b in bodies if isinstance(b, Reply)]


def test_an_empty_chair_never_answers() -> None:
    """Nobody has anything to say, now or later."""
    nobody = Nobody()
    (message,) = messages(check())
    nobody.show(message, T0)
    assert nobody.due_ms() is None
    assert list(nobody.say(T0 + 10**9)) == []


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (notice(), Answer.ACCEPT),
        (notice(category=Category.INFORMATION), Answer.ROGER),
        (check(), Answer.ROGER),
    ],
)
def test_the_routine_officer_agrees_when_he_has_read(said: Body, answer: Answer) -> None:
    """He takes his time over a message, to the millisecond, and gives the answer that fits."""
    officer = Routine("Levi", READING_MS)
    (message,) = messages(said)
    officer.show(message, T0)
    assert officer.due_ms() == T0 + READING_MS
    assert answers(officer, T0 + READING_MS - 1) == []
    assert answers(officer, T0 + READING_MS) == [(1, answer)]
    assert officer.due_ms() is None
    assert answers(officer, T0 + 2 * READING_MS) == []


def test_who_takes_no_time_answers_at_once_and_not_again() -> None:
    """But not what nobody waits for, nor before what lies on his desk."""
    officer = Routine("Levi", 0)
    first, second, _ = messages(check(), notice(), cancel())
    word = officer.at_once(first)
    assert word == reply_to(first, Answer.ROGER, "Levi")
    assert officer.at_once(second) is None
    officer.show(first, T0)
    assert officer.at_once(first) is None
    assert Routine("Levi", READING_MS).at_once(first) is None
    assert Nobody().at_once(first) is None


def test_nobody_reads_two_messages_at_once() -> None:
    """What comes together is answered one after the other, in order."""
    officer = Routine("Levi", READING_MS)
    first, second, third = messages(*[check()] * 3)
    officer.show(first, T0)
    officer.show(second, T0 + 1)
    assert answers(officer, T0 + READING_MS) == [(1, Answer.ROGER)]
    assert officer.due_ms() == T0 + 2 * READING_MS
    officer.show(third, T0 + 5 * READING_MS)
    assert answers(officer, T0 + 6 * READING_MS) == [(2, Answer.ROGER), (3, Answer.ROGER)]


def test_what_was_taken_back_is_not_answered() -> None:
    """A message that was revised or cancelled while he read is put away."""
    officer = Routine("Levi", READING_MS)
    for message in messages(notice(), notice(revision=2), cancel()):
        officer.show(message, T0)
    assert answers(officer, T0 + 3 * READING_MS) == [(3, Answer.ROGER)]


def test_a_reply_refers_to_its_message() -> None:
    """It names the one record that it answers, and who answers."""
    (message,) = messages(notice())
    standby = reply_to(message, Answer.STANDBY, "Levi", expected_ms=T0 + 5)
    assert standby.refers_to.ref == message.ref
    assert (standby.officer, standby.expected_at) == ("Levi", T0 + 5)
    assert reply_to(message, Answer.REJECT, "Levi", "too close").reason == "too close"
