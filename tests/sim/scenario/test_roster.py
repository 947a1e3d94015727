import pytest

from hotline.bodies import Answer
from hotline.times import SECOND_MS
from sim.scenario.fields import Delay
from sim.scenario.roster import AnswerRule
from tests.sim.stories import story, wrong


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": "REJECT"}, "expected a reason with REJECT, and only with it"),
        ({"answer": "ACCEPT", "reason": "x"}, "expected a reason with REJECT, and only with it"),
        ({"answer": "STANDBY"}, "expected a `for` with STANDBY, and only with it"),
        ({"answer": "ROGER", "for": "2m"}, "expected a `for` with STANDBY, and only with it"),
        ({"answer": "STANDBY", "for": "0s"}, "expected `for` to be longer than nothing"),
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
