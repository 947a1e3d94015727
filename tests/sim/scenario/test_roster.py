import pytest
from pydantic import ValidationError

from hotline.bodies import Answer
from hotline.times import SECOND_MS
from sim.scenario.fields import Delay
from sim.scenario.references import names_in
from sim.scenario.roster import AnswerRule, When
from sim.scenario.scenario import Scenario
from tests.sim.stories import flight, story, written, wrong


def mistakes(**fields: object) -> list[str]:
    """What is wrong with a file that has these fields."""
    whole = written(**fields)
    try:
        Scenario.model_validate(whole, context=names_in(whole))
    except ValidationError as error:
        return [found["msg"].removeprefix("Value error, ") for found in error.errors()]
    return []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": "REJECT"}, "expected a reason with REJECT, and only with it"),
        ({"answer": "ACCEPT", "reason": "x"}, "expected a reason with REJECT, and only with it"),
        ({"answer": "STANDBY"}, "expected a `for` with STANDBY, and only with it"),
        ({"answer": "ROGER", "for": "2m"}, "expected a `for` with STANDBY, and only with it"),
        ({"answer": "STANDBY", "for": "0s"}, "expected `for` to be longer than 0s"),
        ({"answer": "ROGER", "then": "ACCEPT"}, "expected `then` only with STANDBY"),
        (
            {"answer": "STANDBY", "for": "2m", "then": "STANDBY"},
            "expected `then` to be a final answer, or NOTHING",
        ),
        (
            {"answer": "STANDBY", "for": "2m", "then": "REJECT"},
            "expected a reason with REJECT, and only with it",
        ),
        (
            {"answer": "MAYBE"},
            "got 'MAYBE'; expected one of ROGER, ACCEPT, REJECT, STANDBY, NOTHING",
        ),
        ({"answer": "NOTHIN"}, "got 'NOTHIN'; did you mean 'NOTHING'?"),
    ],
)
def test_an_answer_rule_is_complete(fields: dict[str, object], says: str) -> None:
    """Each answer comes with what it needs, and with nothing that it cannot use."""
    assert wrong(AnswerRule, fields) == says


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"kind": "check", "activity": "strike"}, "fits nothing: a check has no activity"),
        ({"kind": "suspend", "notice": "TUR-1"}, "fits nothing: a suspend has no notice"),
        ({"kind": "resume", "precedence": "FLASH"}, "fits nothing: a resume has no precedence"),
        ({"kind": "cancel", "revision": 2}, "fits nothing: a cancel has no revision"),
        ({"kind": "stop", "category": "request"}, "fits nothing: a stop has no category"),
        ({"kind": "stop", "precedence": "ROUTINE"}, "fits nothing: a stop is always FLASH"),
        ({"revision": 0}, "no notice has a revision 0; the highest is 1"),
    ],
)
def test_a_rule_is_for_messages_that_there_can_be(when: dict[str, object], says: str) -> None:
    """A message of one kind has not what only others have."""
    assert wrong(When, when) == says


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ({"revision": 2}, None),
        ({"revision": 3}, "no notice has a revision 3; the highest is 2"),
        ({"notice": "TUR-2", "revision": 2}, "TUR-2 has no revision 2; its only one is 1"),
    ],
)
def test_a_rule_is_for_a_revision_that_there_is(when: dict[str, object], says: str | None) -> None:
    """Of the notice that it names; without one, of any."""
    events = [
        {"at": "1m", "who": "tur", "notice": flight("TUR-1")},
        {"at": "2m", "who": "tur", "notice": flight("TUR-2")},
        {"at": "3m", "who": "tur", "revise": {"id": "TUR-1", "from": "21h"}},
    ]
    officers = {"isr": [{"name": "Levi", "answers": [{"when": when, "answer": "NOTHING"}]}]}
    assert mistakes(events=events, officers=officers) == ([says] if says else [])


@pytest.mark.parametrize(
    ("begins", "says"),
    [("20m", []), ("31m", ["is after the scenario's end; expected at most its duration"])],
)
def test_an_absence_begins_before_the_end(begins: str, says: list[str]) -> None:
    """It may last longer."""
    absent = [{"from": begins, "until": "2h"}]
    assert mistakes(officers={"isr": [{"name": "Levi", "absent": absent}]}) == says


def test_officers_are_read_with_their_rules() -> None:
    """The rules keep their order, and say only what they are about."""
    rules = [
        {"when": {"activity": "strike"}, "answer": "NOTHING"},
        {"answer": "STANDBY", "for": "90s"},
    ]
    (officer,) = story(officers={"isr": [{"name": "Levi", "answers": rules}]}).officers["isr"]
    assert officer.reads_in == Delay(20 * SECOND_MS, 90 * SECOND_MS)
    assert officer.answers[0].when.model_dump(exclude_none=True) == {"activity": "strike"}
    assert (officer.answers[1].answer, officer.answers[1].for_ms) == (Answer.STANDBY, 90_000)


@pytest.mark.parametrize(
    ("first", "then", "takes_all"),
    [
        ({"precedence": "FLASH"}, {"precedence": "FLASH"}, True),
        ({}, {"precedence": "FLASH"}, True),
        ({"precedence": "FLASH"}, {}, False),
        ({"kind": "notice"}, {"activity": "strike"}, True),
        ({"precedence": "FLASH"}, {"kind": "stop"}, True),
        ({"precedence": "FLASH"}, {"kind": "check"}, False),
    ],
)
def test_a_rule_leaves_nothing_for_one_that_asks_for_as_much_or_more(
    first: dict[str, str], then: dict[str, str], *, takes_all: bool
) -> None:
    """Only a notice has an activity, and a stop is FLASH whether or not the rule says so."""
    assert When.model_validate(first).takes_all_of(When.model_validate(then)) is takes_all
