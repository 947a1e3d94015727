"""Answers by voice: they go before those in writing, whoever logs them and in every order."""

from itertools import permutations

import pytest

from hotline.bodies import Answer, Kind, Ref
from hotline.picture.changes import What
from hotline.picture.lifecycle import Answering
from hotline.picture.message import Spoken, Wait
from hotline.picture.picture import Picture
from hotline.records import Record
from tests.helpers import LINE, T0, Author, folded, notice, reply, voice

ASKED = Ref("tur", 1)


def asked() -> tuple[Author, Author, Record]:
    """Two parties; tur has said a notice."""
    tur, isr = Author("tur"), Author("isr")
    return tur, isr, tur.says(Kind.NOTICE, notice())


@pytest.mark.parametrize("logged_by", ["tur", "isr"])
def test_an_answer_by_voice_settles_what_waits(logged_by: str) -> None:
    """Either party may write it down; the officer who answered is the other party's."""
    tur, isr, question = asked()
    author = {"tur": tur, "isr": isr}[logged_by]
    entry = author.says(Kind.VOICE, voice("tur", 1), T0 + 60)
    picture, changes = folded([question, entry])
    message = picture.messages[ASKED]
    by = "Levi" if logged_by == "tur" else "Demir"  # whom tur's officer spoke with, or isr's own
    assert message.voice == Spoken(
        is_final=True, at_ms=T0 + 60, ref=entry.ref, answer=Answer.ACCEPT, by=by, expected_ms=None
    )
    assert (message.state, message.waits) == (Answering.ACCEPTED, False)
    assert message.answering is Answering.OPEN, "nothing was answered in writing"
    assert (changes[-1].what, changes[-1].waited) == (What.VOICED, Wait(T0, None))


def test_voice_goes_before_an_answer_in_writing_whichever_came_first() -> None:
    """In every order in which three journals' records may be read, the outcome is the same."""
    tur, isr, question = asked()
    ours = tur.says(Kind.VOICE, voice("tur", 1, Answer.REJECT), T0 + 20)
    answer = isr.says(Kind.REPLY, reply("tur", 1, Answer.ACCEPT), T0 + 30)
    theirs = isr.says(Kind.VOICE, voice("tur", 1, Answer.ACCEPT), T0 + 10)
    told = (question, ours, answer, theirs)
    seen = set()
    for order in permutations(told):
        seqs = {name: [r.seq for r in order if r.station == name] for name in ("tur", "isr")}
        if all(each == sorted(each) for each in seqs.values()):
            picture, _ = folded(order)
            message = picture.messages[ASKED]
            assert message.outcome is Answering.REJECTED
            assert message.answering is Answering.ACCEPTED
            assert picture.invalid == {}
            seen.add(repr(message))
    assert len(seen) == 1


def test_the_last_word_by_voice_counts() -> None:
    """By its time: a correction is a later entry; an older one that comes late changes nothing."""
    tur, isr, question = asked()
    late = isr.says(Kind.VOICE, voice("tur", 1, Answer.REJECT), T0 + 5)
    first = tur.says(Kind.VOICE, voice("tur", 1, Answer.REJECT), T0 + 10)
    second = tur.says(Kind.VOICE, voice("tur", 1, Answer.ACCEPT), T0 + 20)
    picture, changes = folded([question, first, second, late])
    assert picture.messages[ASKED].outcome is Answering.ACCEPTED
    assert [change.waited for change in changes[1:]] == [Wait(T0, None), None, None]


def test_a_standby_by_voice_restarts_the_timer() -> None:
    """The answer is then due as it says; one in writing settles it all the same."""
    tur, isr, question = asked()
    entry = tur.says(Kind.VOICE, voice("tur", 1, Answer.STANDBY, expected_ms=T0 + 99), T0 + 10)
    picture, _ = folded([question, entry])
    message = picture.messages[ASKED]
    assert (message.state, message.open_wait) == (Answering.STANDBY, Wait(T0 + 10, T0 + 99))
    picture.fold(isr.says(Kind.REPLY, reply("tur", 1, Answer.ACCEPT), T0 + 50))
    assert (message.state, message.open_wait) == (Answering.ACCEPTED, None)
    assert message.last_wait == Wait(T0 + 10, T0 + 99), "by which a late answer is measured"


def test_a_standby_is_later_than_its_message_whatever_the_two_clocks_say() -> None:
    """Its author's may be behind, by less than anybody would set it for."""
    _, isr, question = asked()
    spoke = voice("tur", 1, Answer.STANDBY, expected_ms=T0 + 99)
    picture, _ = folded([question, isr.says(Kind.VOICE, spoke, T0 - 300)])
    assert picture.messages[ASKED].open_wait == Wait(T0 - 300, T0 + 99)


def test_of_two_standbys_the_later_one_says_when_to_expect_more() -> None:
    """One in writing and one by voice, in whatever order they are read."""
    for voice_ms, written_ms in ((T0 + 10, T0 + 20), (T0 + 20, T0 + 10)):
        for flip in (False, True):
            tur, isr, question = asked()
            spoke = voice("tur", 1, Answer.STANDBY, expected_ms=voice_ms + 99)
            wrote = reply("tur", 1, Answer.STANDBY, expected_ms=written_ms + 99)
            words = [
                tur.says(Kind.VOICE, spoke, voice_ms),
                isr.says(Kind.REPLY, wrote, written_ms),
            ]
            picture, _ = folded([question, *(words[::-1] if flip else words)])
            later_ms = max(voice_ms, written_ms)
            assert picture.messages[ASKED].open_wait == Wait(later_ms, later_ms + 99)


def test_what_was_settled_never_waits_again() -> None:
    """A STANDBY by voice that comes after a final answer, by voice or written, reopens nothing."""
    for first in (Kind.VOICE, Kind.REPLY):
        tur, isr, question = asked()
        body = voice("tur", 1) if first is Kind.VOICE else reply("tur", 1)
        settled = isr.says(first, body, T0 + 10)
        standby = voice("tur", 1, Answer.STANDBY, expected_ms=T0 + 99)
        picture, changes = folded([question, settled, tur.says(Kind.VOICE, standby, T0 + 20)])
        assert picture.messages[ASKED].state is Answering.ACCEPTED
        assert changes[-1].waited is None


def test_an_answer_by_voice_may_be_logged_before_the_message_is_here() -> None:
    """They speak of it on the telephone because it does not come through."""
    _, isr, question = asked()
    entry = isr.says(Kind.VOICE, voice("tur", 1), T0 + 10)
    picture, changes = folded([entry, question])
    assert [change.what for change in changes] == [What.OPENED, What.VOICED]
    assert picture.messages[ASKED].state is Answering.ACCEPTED


def test_an_entry_without_an_answer_settles_nothing() -> None:
    """It may be about a record, or about none; it is in the log, and that is all."""
    tur, isr, question = asked()
    about = isr.says(Kind.VOICE, voice("tur", 1, None), T0 + 10)
    plain = tur.says(Kind.VOICE, voice(), T0 + 11)
    picture = Picture(LINE)
    picture.fold(question)
    assert [(c.what, c.message) for c in picture.fold(about)] == [
        (What.VOICED, picture.messages[ASKED])
    ]
    assert [(c.what, c.message) for c in picture.fold(plain)] == [(What.VOICED, None)]
    assert picture.messages[ASKED].waits
    assert picture.invalid == {}
