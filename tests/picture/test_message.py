"""One message, and what its author and the other party make of it.

What is answered by voice is in `test_message_voice`.
"""

import copy
from itertools import permutations, product

import pytest

from hotline.bodies import Answer, Body, Kind, Ref
from hotline.notice import Category
from hotline.picture.changes import What
from hotline.picture.lifecycle import ANSWERS, MOVES, Answering, Asks, Standing
from hotline.picture.message import Given, Message
from hotline.picture.picture import Picture
from tests.helpers import LINE, T0, Author, cancel, check, folded, notice, reply, stop, voice

OPENING: dict[Asks, tuple[Kind, Body]] = {
    Asks.DECISION: (Kind.NOTICE, notice()),
    Asks.ROGER: (Kind.NOTICE, notice(category=Category.INFORMATION)),
    Asks.CONFIRMATION: (Kind.CHECK, check()),
}
SETTLING = {
    Asks.DECISION: {Answering.ACCEPTED: Answer.ACCEPT, Answering.REJECTED: Answer.REJECT},
    Asks.ROGER: {Answering.ACKNOWLEDGED: Answer.ROGER},
    Asks.CONFIRMATION: {Answering.ACKNOWLEDGED: Answer.ROGER},
}


def reachable(asks: Asks) -> list[Answering]:
    """The answering states that a message which asks this can be in."""
    standby = [Answering.STANDBY] if Answer.STANDBY in ANSWERS[asks] else []
    return [Answering.OPEN, *standby, *SETTLING[asks]]


CASES = [
    (asks, state, answer) for asks in Asks for state, answer in product(reachable(asks), Answer)
]
LEGAL = [case for case in CASES if case[2] in ANSWERS[case[0]] and case[1:] in MOVES]
ILLEGAL = [case for case in CASES if case not in LEGAL]


class Conversation:
    """One message of tur's and isr's answers to it, folded as they are given."""

    def __init__(self, asks: Asks, state: Answering = Answering.OPEN) -> None:
        self.tur, self.isr, self.picture = Author("tur"), Author("isr"), Picture(LINE)
        self.picture.fold(self.tur.says(*OPENING[asks]))
        if state is Answering.STANDBY:
            self.answer(Answer.STANDBY)
        elif state is not Answering.OPEN:
            self.answer(SETTLING[asks][state])
        assert self.message.answering is state

    @property
    def message(self) -> Message:
        """What tur said."""
        return self.picture.messages[Ref("tur", 1)]

    def answer(self, answer: Answer) -> list[tuple[What, str]]:
        """Have isr answer; say what that changed."""
        at_ms = T0 + 1_000 * (len(self.isr.journal) + 1)
        expected_ms = T0 + 99_000 if answer is Answer.STANDBY else None
        said = self.isr.says(Kind.REPLY, reply("tur", 1, answer, expected_ms=expected_ms), at_ms)
        return [(change.what, change.reason) for change in self.picture.fold(said)]


@pytest.mark.parametrize(("asks", "state", "answer"), LEGAL)
def test_a_legal_answer_moves_the_message(asks: Asks, state: Answering, answer: Answer) -> None:
    """The state is the table's, and the message knows who answered what, and when."""
    talk = Conversation(asks, state)
    changed = talk.answer(answer)
    assert talk.message.answering is MOVES[state, answer]
    assert talk.message.answer is answer
    assert talk.message.answered_by == talk.isr.journal[-1].ref
    assert talk.message.answered_ms == talk.isr.journal[-1].at_ms
    assert talk.message.officer == "Levi"
    assert talk.picture.invalid == {}
    assert changed == [(What.STOOD_BY if answer is Answer.STANDBY else What.ANSWERED, "")]


@pytest.mark.parametrize(("asks", "state", "answer"), ILLEGAL)
def test_any_other_answer_is_invalid_and_changes_nothing(
    asks: Asks, state: Answering, answer: Answer
) -> None:
    """An answer that does not fit, or comes second, is marked and the message stays as it was."""
    talk = Conversation(asks, state)
    before = copy.deepcopy(talk.message)
    changed = talk.answer(answer)
    reason = "wrong_answer_for_kind" if answer not in ANSWERS[asks] else "answered_already"
    assert changed == [(What.INVALID, reason)]
    assert talk.picture.invalid == {talk.isr.journal[-1].ref: reason}
    assert talk.message == before


def test_a_standby_restarts_the_timer_and_says_when_to_expect_more() -> None:
    """After each STANDBY the message waits from that moment on; a final answer ends the wait."""
    talk = Conversation(Asks.DECISION, Answering.STANDBY)
    assert (talk.message.waits_since_ms, talk.message.expected_ms) == (T0 + 1_000, T0 + 99_000)
    talk.answer(Answer.STANDBY)
    assert (talk.message.waits_since_ms, talk.message.waits) == (T0 + 2_000, True)
    talk.answer(Answer.ACCEPT)
    assert (talk.message.waits_since_ms, talk.message.waits) == (T0 + 2_000, False)
    assert talk.message.expected_ms == T0 + 99_000, "by which a late answer is measured"


@pytest.mark.parametrize("state", reachable(Asks.DECISION))
@pytest.mark.parametrize(
    ("kind", "standing"),
    [(Kind.NOTICE, Standing.SUPERSEDED), (Kind.CANCEL, Standing.CANCELLED)],
)
def test_an_author_takes_back_what_he_said_in_any_state(
    kind: Kind, standing: Standing, state: Answering
) -> None:
    """A revision or a cancellation changes the standing; the answer stays with its revision."""
    talk = Conversation(Asks.DECISION, state)
    talk.picture.fold(talk.tur.says(kind, notice(revision=2) if kind is Kind.NOTICE else cancel()))
    assert talk.message.standing is standing
    assert talk.message.answering is state
    assert talk.message.state is standing
    assert not talk.message.waits


@pytest.mark.parametrize("standing", [Standing.SUPERSEDED, Standing.CANCELLED])
def test_an_answer_may_still_come_to_what_was_taken_back(standing: Standing) -> None:
    """An answer that crosses a revision on the wire is recorded, but does not bring it back."""
    talk = Conversation(Asks.DECISION)
    if standing is Standing.SUPERSEDED:
        talk.picture.fold(talk.tur.says(Kind.NOTICE, notice(revision=2)))
    else:
        talk.picture.fold(talk.tur.says(Kind.CANCEL, cancel()))
    assert talk.answer(Answer.ACCEPT) == [(What.ANSWERED, "")]
    assert talk.message.state is standing
    assert talk.message.answering is Answering.ACCEPTED


def test_a_current_message_shows_its_answer() -> None:
    """While nothing was taken back, people are shown the answer."""
    talk = Conversation(Asks.DECISION)
    assert (talk.message.state, talk.message.waits) == (Answering.OPEN, True)
    talk.answer(Answer.REJECT)
    assert (talk.message.state, talk.message.waits) == (Answering.REJECTED, False)


def test_what_was_taken_back_says_since_when() -> None:
    """By the time of what took it back; what stands says nothing."""
    talk = Conversation(Asks.DECISION)
    before_ms = talk.message.taken_back_ms
    talk.picture.fold(talk.tur.says(Kind.CANCEL, cancel(), T0 + 7))
    assert (before_ms, talk.message.taken_back_ms) == (None, T0 + 7)


def test_the_answer_that_counts_says_who_gave_it_when_and_how() -> None:
    """The one in writing, until there is a final one by voice."""
    talk = Conversation(Asks.DECISION)
    given = [talk.message.given]
    talk.answer(Answer.ACCEPT)
    given.append(talk.message.given)
    talk.picture.fold(talk.isr.says(Kind.VOICE, voice("tur", 1, Answer.REJECT), T0 + 5_000))
    given.append(talk.message.given)
    assert given == [
        None,
        Given(Answer.ACCEPT, T0 + 1_000, "Levi", by_voice=False),
        Given(Answer.REJECT, T0 + 5_000, "Demir", by_voice=True),
    ]


def test_of_two_voice_logs_at_one_time_all_stations_count_the_same() -> None:
    """The one of the later station, by name, in whatever order they are read."""
    tur, isr = Author("tur"), Author("isr")
    question = tur.says(Kind.NOTICE, notice())
    logged = [
        isr.says(Kind.VOICE, voice("tur", 1, Answer.ACCEPT), T0 + 10),
        tur.says(Kind.VOICE, voice("tur", 1, Answer.REJECT), T0 + 10),
    ]
    for order in permutations(logged):
        picture, _ = folded([question, *order])
        assert picture.messages[question.ref].outcome is Answering.REJECTED


def test_a_window_is_open_from_its_start_until_its_end() -> None:
    """Its end is no part of it; without an end it stays open, and without a start it is not."""

    def opened(starts_ms: int | None, ends_ms: int | None) -> list[bool]:
        said = Author("tur").says(Kind.NOTICE, notice(starts_ms=starts_ms, ends_ms=ends_ms))
        picture, _ = folded([said])
        message = picture.messages[said.ref]
        return [message.is_open(at_ms) for at_ms in (T0 + 9, T0 + 10, T0 + 19, T0 + 20)]

    assert opened(T0 + 10, T0 + 20) == [False, True, True, False]
    assert opened(T0 + 10, None) == [False, True, True, True]
    assert opened(None, T0 + 20) == [False] * 4


@pytest.mark.parametrize(
    ("kind", "body", "name", "is_notice", "is_service"),
    [
        (Kind.NOTICE, notice(revision=2), "TUR-014 rev 2", True, False),
        (Kind.CANCEL, cancel(), "cancel of TUR-014", False, False),
        (Kind.STOP, stop(), "stop tur/2", False, False),
        (Kind.STOP, stop("TUR-014"), "stop of TUR-014", False, False),
        (Kind.CHECK, check(), "check tur/2", False, True),
    ],
)
def test_what_a_message_is_called(
    kind: Kind, body: Body, name: str, *, is_notice: bool, is_service: bool
) -> None:
    """A notice by its name and revision, what is about one by that, all else by its record."""
    tur = Author("tur")
    picture, _ = folded([tur.says(Kind.NOTICE, notice()), tur.says(kind, body)])
    message = picture.messages[Ref("tur", 2)]
    assert (message.name, message.is_notice, message.is_service) == (name, is_notice, is_service)


def test_only_of_a_notice_does_a_window_open() -> None:
    """A cancellation has its times, as it is just as urgent, and opens nothing."""
    tur = Author("tur")
    said = tur.says(Kind.NOTICE, notice(starts_ms=T0 + 10)), tur.says(Kind.CANCEL, cancel())
    picture, _ = folded(said)
    messages = [picture.messages[record.ref] for record in said]
    assert [(m.starts_ms, m.opens_ms) for m in messages] == [(T0 + 10, T0 + 10), (T0 + 10, None)]
