"""Requests: one JSON object a line, and every mistake in words."""

import pytest

from hotline.bodies import Answer
from hotline.desk.requests import AskCheck, BadRequest, GiveAnswer, read_request


def test_a_request_is_read() -> None:
    """Answers are read in either case; what may be left out may be."""
    assert read_request(b'{"do":"check"}') == AskCheck(do="check")
    read = read_request(b'{"do":"answer","record":"isr/12","answer":"accept"}')
    assert isinstance(read, GiveAnswer)
    assert (read.record, read.answer, read.officer) == ("isr/12", Answer.ACCEPT, None)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"inbox", 'expected one JSON object a line, such as {"do":"inbox"}'),
        (b"[1]", 'expected an object with a member "do", such as {"do":"inbox"}'),
        (b'{"do":7}', 'expected an object with a member "do", such as {"do":"inbox"}'),
        (b'{"do":"inbx"}', "do: 'inbx' cannot be done; did you mean 'inbox'?"),
        (b'{"do":"answer","answer":"ROGER"}', "record: is missing"),
        (
            b'{"do":"answer","record":"isr/1","answer":"MAYBE"}',
            "answer: got 'MAYBE'; expected one of ROGER, ACCEPT, REJECT, STANDBY",
        ),
        (b'{"do":"check","remark":"x"}', "remark: is not a field here; did you mean 'remarks'?"),
        (b'{"do":"revise","notice":"X","change":{}}', "change: expected at least 1 of them, "),
    ],
)
def test_a_mistake_is_told(line: bytes, says: str) -> None:
    """What, where, and what was expected."""
    with pytest.raises(BadRequest) as refused:
        read_request(line)
    assert str(refused.value).startswith(says)
