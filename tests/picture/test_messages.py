"""What an answer and a cancellation move and leave alone, and what is found again."""

from copy import copy

import pytest

from hotline.bodies import Answer, Kind, Ref
from hotline.picture.lifecycle import Answering, Standing
from hotline.picture.message import Message
from hotline.picture.messages import Messages
from hotline.picture.opening import from_notice
from hotline.picture.past import Past
from hotline.times import MINUTE_MS
from tests.helpers import T0, Author, cancel, folded, notice, reply


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


def test_an_answer_counts_from_as_early_as_two_clocks_may_differ() -> None:
    """One that is exactly five minutes older than its message was still meant for it."""
    isr, tur = Author("isr"), Author("tur")
    for early_ms, is_answer in ((5 * MINUTE_MS, True), (5 * MINUTE_MS + 1, False)):
        asked = tur.says(Kind.NOTICE, notice(f"N-{early_ms}"), T0)
        answer = isr.says(Kind.REPLY, reply("tur", asked.seq), T0 - early_ms)
        picture, _ = folded([asked, answer])
        assert (picture.messages[asked.ref].answering is Answering.ACCEPTED) is is_answer


def test_a_flight_that_was_revised_in_the_air_stays_off_nominal() -> None:
    """Also when the revision after that one moves its window to a time to come."""
    tur = Author("tur")
    flown = notice(starts_ms=T0 + 10, ends_ms=T0 + 20)
    later = notice(revision=3, starts_ms=T0 + 90, ends_ms=T0 + 99)
    first = tur.says(Kind.NOTICE, flown, T0)
    in_air = flown.model_copy(update={"revision": 2})
    picture, _ = folded(
        [
            first,
            tur.says(Kind.NOTICE, in_air, T0 + 15),
            tur.says(Kind.NOTICE, later, T0 + 30),
        ]
    )
    off_nominal_ms = [message.off_nominal_ms for message in picture.messages.values()]
    assert off_nominal_ms == [None, T0 + 15, T0 + 15]


class _Shelf(Past):
    """A past that has one settled notice, made anew each time that it is asked for."""

    def __init__(self, settled: Message) -> None:
        self._settled = settled

    def message(self, ref: Ref) -> Message | None:
        """The notice, if that is its record."""
        return copy(self._settled) if ref == self._settled.ref else None

    def last_of(self, station: str, notice: str) -> Message | None:
        """The notice, if that is its name."""
        is_it = (station, notice) == (self._settled.ref.station, self._settled.notice)
        return copy(self._settled) if is_it else None


@pytest.fixture
def messages() -> Messages:
    """Nothing in memory, and an accepted notice put away: tur/1, TUR-014."""
    tur, isr = Author("tur"), Author("isr")
    asked = tur.says(Kind.NOTICE, notice())
    picture, _ = folded([asked, isr.says(Kind.REPLY, reply("tur", 1))])
    return Messages(_Shelf(picture.messages[asked.ref]))


def test_what_was_put_away_is_one_message_however_it_is_found(messages: Messages) -> None:
    """By its record or by its name: what becomes of it is not forgotten for an older copy."""
    found = messages.find(Ref("tur", 1))
    assert found
    assert messages.last_of("tur", "TUR-014") is found
    assert messages.find(Ref("tur", 2)) is None
    assert messages.last_of("isr", "TUR-014") is None


def test_what_was_found_again_is_put_away_again(messages: Messages) -> None:
    """With the next checkpoint; what is settled does not stay in memory."""
    found = messages.find(Ref("tur", 1))
    assert messages.put_away() == [found]
    assert messages.by_ref == {}
    assert messages.put_away() == []


def test_what_a_start_takes_up_has_not_changed(messages: Messages) -> None:
    """It is on disk as it is, so the next checkpoint need not store it; but it is in memory."""
    waits = from_notice(Author("tur").says(Kind.NOTICE, notice("N-1")), notice("N-1"))
    messages.take_up([waits])
    assert messages.put_away() == []
    assert messages.by_ref == {waits.ref: waits}
    assert messages.last_of("tur", "N-1") is waits
