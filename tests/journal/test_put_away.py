"""What is put away and read again has the types that it had: texts and tuples are equal too."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest

from hotline.bodies import Answer, Ref
from hotline.journal import put_away
from hotline.notice import Activity
from hotline.picture.declared import Declared, Suspension, Watch
from hotline.picture.doubts import Doubt, End
from hotline.picture.lifecycle import Answering, Asks, Attendance
from hotline.picture.message import Message, Spoken, Wait
from hotline.picture.past import AnsweredCheck
from tests.helpers import T0

PLAIN = Message(
    ref=Ref("tur", 7), kind="check", at_ms=T0, asks=Asks.CONFIRMATION, text="–", waits_since_ms=T0
)
FULL = replace(
    PLAIN,
    kind="notice",
    activity=Activity.SURVEY,
    revision=2,
    answering=Answering.STANDBY,
    answered_by=Ref("isr", 3),
    answer=Answer.STANDBY,
    voice=Spoken(
        is_final=True,
        at_ms=T0,
        ref=Ref("isr", 4),
        answer=Answer.REJECT,
        by="Levi",
        expected_ms=None,
    ),
    previous=Ref("tur", 6),
)
SUSPENSIONS = (Suspension(Ref("tur", 2), T0, None, "power"), Suspension(Ref("tur", 4), T0, 1, None))


def typed(value: object) -> Iterator[tuple[type, object]]:
    """Every part of it with its type; of lists and tuples of no name only what is in them."""
    if is_dataclass(value):
        parts: list[object] = [getattr(value, field.name) for field in fields(value)]
    else:
        parts = [*value] if isinstance(value, list | tuple) else []
    if not parts:
        yield type(value), value
    elif hasattr(value, "_fields") or is_dataclass(value):
        yield type(value), None
    for part in parts:
        yield from typed(part)


@pytest.mark.parametrize("message", [PLAIN, FULL])
def test_a_message(message: Message) -> None:
    """With its enumerations and its references."""
    read = put_away.read_message(put_away.write_message(message))
    assert [*typed(read)] == [*typed(message)]


def test_what_a_party_has_said_of_itself() -> None:
    """Its silences, and its watch, if it named one."""
    watch = Watch(Ref("isr", 1), "Levi", None, T0, T0 + 1)
    told = {
        "tur": Declared(Attendance.SUSPENDED, SUSPENSIONS),
        "isr": Declared(watch=watch),
    }
    read = put_away.DECLARED.validate_python(json.loads(json.dumps(told)))
    assert [*typed([*read.values()])] == [*typed([*told.values()])]
    assert type(read["tur"].suspensions) is tuple


def test_comm_checks() -> None:
    """The last ones, and which of them was answered last."""
    checks = {"tur": (Ref("tur", 1), Ref("tur", 5))}
    answered = {"tur": AnsweredCheck(T0, Ref("tur", 5))}
    read = put_away.CHECKS.validate_python(json.loads(json.dumps(checks)))
    assert [*typed(read["tur"])] == [*typed(checks["tur"])]
    last = put_away.ANSWERED_CHECKS.validate_python(json.loads(json.dumps(answered)))
    assert [*typed(last["tur"])] == [*typed(answered["tur"])]


def test_a_doubt() -> None:
    """The wait, and everything that may have ended it."""
    ends = [
        End(T0, "standby", is_answer=True, begins=Wait(T0, T0 + 1)),
        End(T0, "cancelled", is_answer=False),
    ]
    doubt = Doubt(Ref("tur", 7), Wait(T0, None), ends)
    read = put_away.read_doubt(doubt.ref, put_away.write_doubt(doubt))
    assert [*typed(read)] == [*typed(doubt)]
