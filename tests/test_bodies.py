import json

import pytest
from pydantic import ValidationError

from hotline.bodies import (
    BODIES,
    Answer,
    Clear,
    Flag,
    Kind,
    Level,
    Nonsense,
    Ref,
    Reply,
    Rule,
    Subject,
    flag_key,
)
from tests.helpers import T0

TO_TUR_42 = {"refers_to": {"station": "tur", "seq": 42}}


def test_every_kind_has_a_body() -> None:
    """There is no kind of record whose body we could not read, and no body without a kind."""
    assert set(BODIES) == set(Kind)
    assert Nonsense.__name__ not in {body.__name__ for body in BODIES.values()}


@pytest.mark.parametrize(
    "members",
    [
        {"answer": "ROGER"},
        {"answer": "ACCEPT", "officer": "Levi"},
        {"answer": "REJECT", "reason": "too close"},
        {"answer": "STANDBY", "expected_at": "2026-01-12T06:00:00Z"},
    ],
)
def test_a_reply_says_what_its_answer_needs(members: dict[str, object]) -> None:
    """A REJECT comes with its reason, a STANDBY with its promise, the others with neither."""
    body = Reply.model_validate(TO_TUR_42 | members)
    assert body.refers_to.ref == Ref("tur", 42)
    text = json.dumps(body.model_dump(mode="json", exclude_none=True))
    assert Reply.model_validate(json.loads(text)) == body


@pytest.mark.parametrize(
    "members",
    [
        {"answer": "REJECT"},
        {"answer": "REJECT", "reason": " "},
        {"answer": "ACCEPT", "reason": "why not"},
        {"answer": "STANDBY"},
        {"answer": "ROGER", "expected_at": "2026-01-12T06:00:00Z"},
        {"answer": "STANDBY", "expected_at": "in a minute"},
        {"answer": "WILCO"},
        {"answer": "roger"},
        {"answer": "ROGER", "refers_to": {"station": "tur", "seq": 0}},
        {"answer": "ROGER", "refers_to": {"station": "tur"}},
        {"answer": "ROGER", "refers_to": {"station": "#", "seq": 1}},
        {"answer": "ROGER", "refers_to": "tur/42"},
    ],
)
def test_a_reply_that_makes_no_sense_is_refused(members: dict[str, object]) -> None:
    """A reason without REJECT, an unknown answer, a reference to nothing: each is an error."""
    with pytest.raises(ValidationError):
        Reply.model_validate(TO_TUR_42 | members)


def test_a_reference_reads_as_people_say_it() -> None:
    """A record is called by its station and number, a station by its name."""
    assert str(Ref("tur", 42)) == "tur/42"
    assert str(Subject(station="tur", seq=42)) == "tur/42"
    assert str(Subject(station="tur")) == "tur"


def test_all_levels_of_a_flag_and_its_clear_share_a_key() -> None:
    """A flag's name on the board is of one topic level and tells rule and subject."""
    subject = Subject(station="tur", seq=42)
    flags = {
        Flag(rule=Rule.UNANSWERED, subject=subject, level=level, due=T0, detail="late").key
        for level in Level
    }
    clear = Clear(rule=Rule.UNANSWERED, subject=subject, reason="answered")
    assert flags == {clear.key} == {"unanswered-tur-42"}
    assert flag_key(Rule.SILENT, Subject(station="tur")) == "silent-tur"


def test_a_clear_is_never_early() -> None:
    """A clear may tell by how much the answer was late, which is nothing below zero."""
    with pytest.raises(ValidationError):
        Clear(rule=Rule.UNANSWERED, subject=Subject(station="tur"), reason="x", late_ms=-1)


def test_a_flag_is_written_with_texts_for_times() -> None:
    """On the board a person reads a flag's due time, not a number."""
    flag = Flag(
        rule=Rule.SILENT, subject=Subject(station="tur"), level=Level.ALARM, due=T0, detail="gone"
    )
    assert json.loads(flag.model_dump_json(exclude_none=True)) == {
        "rule": "silent",
        "subject": {"station": "tur"},
        "level": "ALARM",
        "due": "2026-01-12T06:00:00.000Z",
        "detail": "gone",
    }


def test_the_answers_are_those_of_cpdlc() -> None:
    """Nobody adds an answer without the tables of the lifecycle noticing."""
    assert [answer.value for answer in Answer] == ["ROGER", "ACCEPT", "REJECT", "STANDBY"]
