"""What all records together say, and which of them make no sense."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.bodies import (
    Answer,
    Body,
    Handover,
    Kind,
    Level,
    Nonsense,
    Reply,
    Resume,
    Suspend,
    Voice,
)
from hotline.picture.changes import What
from hotline.records import Record
from tests.helpers import (
    NONSENSE,
    T0,
    TWO_DOGS,
    Author,
    cancel,
    check,
    clear,
    flag,
    folded,
    notice,
    reply,
    stop,
    voice,
)
from tests.journals import interleaved, journals, seen


def test_an_answer_that_is_heard_before_its_question_waits_for_it() -> None:
    """A reply may overtake the record that it refers to; both take effect when that is here."""
    answer = Author("isr").says(Kind.REPLY, reply("tur", 1))
    question = Author("tur").says(Kind.NOTICE, notice())
    picture, changes = folded([answer, question])
    assert [(change.what, change.record) for change in changes] == [
        (What.OPENED, question),
        (What.ANSWERED, answer),
    ]
    assert picture.messages[question.ref].answered_by == answer.ref


def says(*steps: tuple[str, Body]) -> list[Record]:
    """The records of a story: who says what, in turn."""
    authors = {name: Author(name, TWO_DOGS) for name in TWO_DOGS.stations}
    kinds = {"FlightNotice": "notice", "Nonsense": "check"}
    told = []
    for name, body in steps:
        kind = kinds.get(type(body).__name__, type(body).__name__.lower())
        told.append(authors[name].says(Kind(kind), body))
    return told


@pytest.mark.parametrize(
    ("reason", "steps"),
    [
        ("bad_body", [("tur", NONSENSE)]),
        ("unknown_kind", [("tur", Nonsense(reason="unknown_kind", detail="made up"))]),
        ("revision_out_of_order", [("tur", notice(revision=2))]),
        ("revision_out_of_order", [("tur", notice()), ("tur", notice())]),
        ("revision_out_of_order", [("tur", notice()), ("tur", notice(revision=3))]),
        (
            "notice_was_cancelled",
            [("tur", notice()), ("tur", cancel()), ("tur", notice(revision=2))],
        ),
        ("notice_was_cancelled", [("tur", notice()), ("tur", cancel()), ("tur", cancel())]),
        ("cancels_nothing", [("tur", cancel())]),
        ("cancels_nothing", [("isr", notice()), ("tur", cancel())]),
        (
            "answers_nothing",
            [("tur", notice()), ("isr", reply("tur", 1)), ("tur", reply("isr", 1))],
        ),
        ("answers_nothing", [("tur", NONSENSE), ("isr", reply("tur", 1))]),
        ("answers_its_own_side", [("tur", notice()), ("tur", reply("tur", 1))]),
        ("answers_its_own_side", [("dog", flag()), ("tur", reply("dog", 1))]),
        (
            "answered_already",
            [("tur", notice()), ("isr", reply("tur", 1)), ("isr", reply("tur", 1))],
        ),
        ("wrong_answer_for_kind", [("tur", check()), ("isr", reply("tur", 1, Answer.ACCEPT))]),
        ("answers_nothing", [("tur", voice("tur", 1))]),
        ("answers_nothing", [("tur", voice("tur", 9))]),
        ("answers_nothing", [("tur", voice("dog", 1))]),
        ("answers_nothing", [("dog", flag()), ("tur", voice("dog", 1))]),
        ("wrong_answer_for_kind", [("tur", stop()), ("isr", voice("tur", 1, Answer.ACCEPT))]),
        ("wrong_answer_for_kind", [("tur", check()), ("tur", voice("tur", 1, Answer.ACCEPT))]),
        ("suspended_already", [("tur", Suspend()), ("tur", Suspend())]),
        ("resumes_nothing", [("tur", Resume())]),
        ("resumes_nothing", [("isr", Suspend()), ("tur", Resume())]),
        ("resumes_nothing", [("tur", Suspend()), ("tur", Resume()), ("tur", Resume())]),
        ("author_is_no_party", [("dog", stop())]),
        ("author_is_no_party", [("dog", Suspend())]),
        ("author_is_no_party", [("dog", Resume())]),
        ("author_is_no_party", [("tur", notice()), ("dog", voice("tur", 1))]),
        ("author_is_no_party", [("dog", Handover(officer="Rex"))]),
        ("author_is_no_party", [("dog", notice())]),
        ("author_is_no_party", [("tur", notice()), ("dog", cancel())]),
        ("author_is_no_party", [("dog", check())]),
        ("author_is_no_party", [("tur", notice()), ("dog", reply("tur", 1))]),
        ("author_is_no_watchdog", [("tur", notice()), ("isr", flag())]),
        ("author_is_no_watchdog", [("tur", notice()), ("dog", flag()), ("isr", clear())]),
        ("clears_nothing", [("dog", clear())]),
        ("clears_nothing", [("dog", flag()), ("hound", clear())]),
        ("clears_nothing", [("dog", flag()), ("dog", clear()), ("dog", clear())]),
    ],
)
def test_a_record_that_makes_no_sense_is_marked(reason: str, steps: list[tuple[str, Body]]) -> None:
    """The last record of each story is marked with its reason, and changes nothing else."""
    *before, wrong = says(*steps)
    picture, _ = folded(before, TWO_DOGS)
    view = seen(picture)
    changes = picture.fold(wrong)
    assert [(change.what, change.reason) for change in changes] == [(What.INVALID, reason)]
    assert picture.invalid.pop(wrong.ref) == reason
    picture.heads.pop(wrong.station)
    assert seen(picture) | {"heads": ()} == view | {"heads": ()}


def test_an_early_answer_that_does_not_fit_is_marked_when_its_question_comes() -> None:
    """The reply is the record that is marked, though the question's coming shows it."""
    answer, question = (
        Author("isr").says(Kind.REPLY, reply("tur", 1, Answer.ACCEPT)),
        Author("tur").says(Kind.CHECK, check()),
    )
    picture, changes = folded([answer, question])
    assert [change.what for change in changes] == [What.OPENED, What.INVALID]
    assert picture.invalid == {answer.ref: "wrong_answer_for_kind"}


def test_what_waits_for_a_party_comes_in_the_order_of_its_times() -> None:
    """An officer finds what was said first on top, and nothing of his own side."""
    tur, isr = Author("tur"), Author("isr")
    late = tur.says(Kind.NOTICE, notice("N-1"), T0 + 5)
    early = tur.says(Kind.CHECK, check(), T0)
    picture, _ = folded([late, early, isr.says(Kind.CHECK, check())])
    assert [message.ref for message in picture.waiting_for("isr")] == [early.ref, late.ref]


def test_the_flags_of_two_watchdogs_merge() -> None:
    """Each flag and level is seen once, from the first raising of it to the first clearing."""
    dog, hound = Author("dog", TWO_DOGS), Author("hound", TWO_DOGS)
    told = [
        hound.says(Kind.FLAG, flag(), T0 + 2),
        dog.says(Kind.FLAG, flag(), T0 + 1),
        hound.says(Kind.FLAG, flag(Level.ALARM, due=T0 + 50), T0 + 51),
        hound.says(Kind.CLEAR, clear(), T0 + 60),
        dog.says(Kind.CLEAR, clear(), T0 + 61),
    ]
    picture, _ = folded(told, TWO_DOGS)
    assert [(e.by, e.flag.level, e.raised_ms, e.cleared_ms) for e in picture.flags_seen()] == [
        ("dog", Level.WARNING, T0 + 1, T0 + 60),
        ("hound", Level.ALARM, T0 + 51, T0 + 60),
    ]
    assert len(picture.flags) == 3


def test_a_flag_that_is_raised_again_stands_again() -> None:
    """A clear ends all levels that were raised before it, and none that come later."""
    dog = Author("dog")
    told = [
        dog.says(Kind.FLAG, flag()),
        dog.says(Kind.FLAG, flag(Level.ALARM, due=T0 + 1)),
        dog.says(Kind.CLEAR, clear(), T0 + 2),
        dog.says(Kind.FLAG, flag(due=T0 + 9), T0 + 9),
    ]
    picture, _ = folded(told)
    assert [entry.cleared_ms for entry in picture.flags] == [T0 + 2, T0 + 2, None]
    assert {key: len(levels) for key, levels in picture.flagged.standing("dog").items()} == {
        "unanswered-tur-1": 1
    }
    assert picture.flagged.standing("hound") == {}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_what_both_parties_stop_the_later_stop_counts(order: tuple[int, int]) -> None:
    """However their journals interleave."""
    told = [
        Author("isr").says(Kind.STOP, stop("N-1"), T0 + 2),
        Author("tur").says(Kind.STOP, stop("N-1"), T0 + 1),
    ]
    picture, _ = folded([told[number] for number in order])
    assert picture.stops == {"N-1": T0 + 2}


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_equal_heads_make_equal_pictures(data: st.DataObject) -> None:
    """However four journals interleave, what is seen in the end is the same."""
    told = data.draw(journals())
    one, _ = folded(interleaved(data, told), TWO_DOGS)
    other, _ = folded(interleaved(data, told), TWO_DOGS)
    assert seen(one) == seen(other)
    assert one.messages == other.messages


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_every_record_changes_something_or_waits_for_its_question(data: st.DataObject) -> None:
    """No record passes unseen: it changes something, is marked, or answers too early."""
    told = data.draw(journals())
    picture, changes = folded(interleaved(data, told), TWO_DOGS)
    silent = {r.ref for journal in told for r in journal} - {c.record.ref for c in changes}
    heads = {journal[0].station: len(journal) for journal in told if journal}
    bodies = {record.ref: record.body for journal in told for record in journal}
    for ref in silent:
        body = bodies[ref]
        assert isinstance(body, Reply | Voice)
        target = body.refers_to
        assert target
        assert target.seq > heads.get(target.station, 0)
    assert picture.heads == heads


def test_who_is_ahead_of_what_he_answers() -> None:
    """When more answers wait than should, their author's journal is to wait for the other."""
    isr = Author("isr")
    for seq in range(1, 4):
        isr.says(Kind.REPLY, reply("tur", seq))
    picture, _ = folded(isr.journal)
    assert picture.early.ahead(picture.line, 3) == {}
    assert picture.early.ahead(picture.line, 2) == {"isr": "tur"}


def test_answers_that_wait_for_ever_put_a_checkpoint_off_and_never_prevent_it() -> None:
    """They are written anew each time: once for every third record that was read."""
    isr = Author("isr")
    for seq in range(1, 10):
        isr.says(Kind.REPLY, reply("tur", seq))
    picture, _ = folded(isr.journal)
    assert picture.is_worth_a_checkpoint(1)
    picture.put_away()
    worth = []
    for _ in range(4):
        picture.fold(isr.says(Kind.CHECK, check()))
        worth.append(picture.is_worth_a_checkpoint(1))
    assert worth == [False, False, True, True]
