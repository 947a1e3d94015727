"""From an act to its form, and to what is asked of the station."""

import re
from typing import Any

import pytest

from hotline.desk.screen import flight_forms
from hotline.desk.screen.form import Wrong
from hotline.desk.screen.talk_forms import Talk
from tests.desk.screen.seats import ENTRY, STATE
from tests.helpers import T0

ON_WATCH = STATE | {"watch": {"officer": "Demir"}}
OURS = ENTRY | {"from": "tur", "notice": "TUR-1", "message": "TUR-1 rev 1"}


@pytest.mark.parametrize(
    ("name", "entry", "typed", "asked"),
    [
        ("accept", ENTRY, {}, {"do": "answer", "record": "isr/1", "answer": "ACCEPT"}),
        (
            "reject",
            ENTRY,
            {"reason": "not today"},
            {"do": "answer", "record": "isr/1", "answer": "REJECT", "reason": "not today"},
        ),
        (
            "standby",
            ENTRY,
            {"until": "10m"},
            {
                "do": "answer",
                "record": "isr/1",
                "answer": "STANDBY",
                "expected_at": "2026-01-12T06:10:00.000Z",
            },
        ),
        ("cancel", OURS, {}, {"do": "cancel", "notice": "TUR-1"}),
        ("stop", None, {"text": "turn back"}, {"do": "stop", "text": "turn back"}),
        (
            "voice",
            None,
            {"spoke_with": "Levi", "text": "hello"},
            {"do": "voice", "spoke_with": "Levi", "text": "hello"},
        ),
        (
            "voice",
            ENTRY,
            {"spoke_with": "Levi", "text": "yes", "answer": "ACCEPT"},
            {
                "do": "voice",
                "spoke_with": "Levi",
                "text": "yes",
                "record": "isr/1",
                "answer": "ACCEPT",
            },
        ),
        (
            "voice",
            ENTRY,
            {"spoke_with": "Levi", "text": "good night", "about": "no message"},
            {"do": "voice", "spoke_with": "Levi", "text": "good night"},
        ),
        ("check", None, {}, {"do": "check"}),
        (
            "suspend",
            None,
            {"reason": "repairs", "until": "07:00"},
            {"do": "suspend", "reason": "repairs", "until": "2026-01-12T07:00:00.000Z"},
        ),
        ("resume", None, {}, {"do": "resume"}),
        (
            "handover",
            None,
            {"officer": "Kaya", "hours": "6"},
            {"do": "handover", "officer": "Kaya", "hours": 6.0},
        ),
    ],
)
async def test_what_is_asked(
    name: str, entry: dict[str, Any] | None, typed: dict[str, str], asked: dict[str, Any]
) -> None:
    """What was typed, about the message that was selected; what was not typed is null.

    What is promised is said back with its day.
    """
    requests = []

    async def ask(request: dict[str, Any]) -> dict[str, Any]:
        requests.append(request)
        return {"record": "tur/1", "on_line": True}

    plan = Talk(ask, lambda: T0).plan(name, ON_WATCH, entry)
    answers = {
        each.name: each.answer(typed.get(each.name, each.value), T0) for each in plan.questions
    }
    told = await plan.say(answers)
    (request,) = requests
    assert {name: value for name, value in request.items() if value is not None} == asked
    assert told.startswith("said ")
    assert told.endswith(" UTC: tur/1" if "until" in typed else ": tur/1")
    assert (" until Mon 12 Jan 2026 0" in told) == ("until" in typed)


async def nobody(request: dict[str, Any]) -> dict[str, Any]:
    """Is asked anything here."""
    raise AssertionError(request)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (["ACCEPT", "REJECT", "STANDBY"], ["answer", "reason", "until"]),
        (["ROGER", "STANDBY"], ["answer", "until"]),
        (["ROGER"], ["answer"]),
    ],
)
def test_a_call_is_asked_only_for_what_an_answer_may_need(
    answers: list[str], asked: list[str]
) -> None:
    """A reason where REJECT is an answer, and a time where STANDBY is."""
    plan = Talk(nobody, lambda: T0).plan("voice", ON_WATCH, ENTRY | {"answers": answers})
    assert [each.name for each in plan.questions] == ["spoke_with", "text", "about", *asked]


async def test_an_answer_by_voice_is_to_a_message() -> None:
    """To the one that was selected; a call about none of them answers nothing."""
    plan = Talk(nobody, lambda: T0).plan("voice", ON_WATCH, ENTRY)
    answers = {"spoke_with": "Levi", "text": "yes", "about": "no message", "answer": "ACCEPT"}
    with pytest.raises(Wrong, match="ACCEPT answers a message: which one"):
        await plan.say(answers)


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"answer": "REJECT"}, {"reason": "goes with REJECT, and only with it"}),
        ({"answer": "none", "reason": "no"}, {"reason": "goes with REJECT, and only with it"}),
        ({"answer": "STANDBY"}, {"until": "goes with STANDBY, and only with it"}),
        ({"answer": "ACCEPT", "until": "x"}, {"until": "goes with STANDBY, and only with it"}),
    ],
)
async def test_what_an_answer_by_voice_lacks_is_said_at_its_field(
    typed: dict[str, str], wrong: dict[str, str]
) -> None:
    """In the form's words: the station would name a member of the record."""
    plan = Talk(nobody, lambda: T0).plan("voice", ON_WATCH, ENTRY)
    with pytest.raises(Wrong) as said:
        await plan.say({"spoke_with": "Levi", "text": "yes", "about": ENTRY["message"]} | typed)
    assert said.value.says == wrong


@pytest.mark.parametrize("name", ["handover", "voice", "stop", "notify"])
def test_hints_are_of_neither_side(name: str) -> None:
    """No name that an officer could take for what is already there; examples say that they are."""
    talk = Talk(nobody, lambda: T0)
    plan = flight_forms.notify(talk) if name == "notify" else talk.plan(name, ON_WATCH, ENTRY)
    for each in plan.questions:
        assert not re.search(r"Demir|Levi|TUR", each.hint)
        assert "e.g. " in each.hint or not re.search(r"\d(?! if left empty)", each.hint)


def test_who_says_it_when_nobody_is_on_watch() -> None:
    """It is asked for; where the record must have it, it is needed."""

    def officer(name: str, state: dict[str, Any]) -> list[bool]:
        questions = Talk(nobody, lambda: T0).plan(name, state, ENTRY).questions
        return [each.needed for each in questions if each.name == "officer"]

    assert (officer("accept", ON_WATCH), officer("voice", ON_WATCH)) == ([], [])
    assert (officer("accept", STATE), officer("voice", STATE)) == ([False], [True])
