import pytest
from pydantic import ValidationError

from hotline.notice import Precedence
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS


def test_the_defaults_are_those_of_the_design() -> None:
    """A line that sets nothing has the times that were argued for."""
    timers = Timers()
    assert (timers.receipt_ms, timers.receipt_alarm_ms) == (5 * SECOND_MS, 40 * SECOND_MS)
    assert [timers.answer_by_precedence_ms(precedence) for precedence in Precedence] == [
        2 * MINUTE_MS,
        30 * MINUTE_MS,
        3 * HOUR_MS,
        6 * HOUR_MS,
    ]
    assert timers.greeting_ms == 30 * SECOND_MS
    assert (timers.heartbeat_ms, timers.silent_ms) == (5 * SECOND_MS, 15 * SECOND_MS)
    assert (timers.grace_ms, timers.answer_floor_ms) == (1 * SECOND_MS, 2 * MINUTE_MS)


def test_a_file_sets_timers_by_their_names_without_unit() -> None:
    """In a file it is `answer_flash: 90s`; what is not set keeps its default."""
    timers = Timers.model_validate({"answer_flash": "90s", "heartbeat": "1.5s"})
    assert timers == Timers().model_copy(update={"answer_flash_ms": 90_000, "heartbeat_ms": 1_500})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"answer_flash": 90}, "expected a duration with its unit"),
        ({"answer_flush": "90s"}, "Extra inputs are not permitted"),
        ({"heartbeat": "0s"}, "longer than 0s"),
        ({"resend": "0s"}, "longer than 0s"),
        ({"receipt": "41s"}, "expected receipt_alarm to be at least as long as receipt"),
        ({"heartbeat": "15s"}, "expected silent to be longer than heartbeat"),
        ({"silent": "5s"}, "expected silent to be longer than heartbeat"),
    ],
)
def test_timers_that_make_no_sense_are_refused(given: dict[str, object], says: str) -> None:
    """A slip of the keyboard, or times that could never work, are told at the start."""
    with pytest.raises(ValidationError, match=says):
        Timers.model_validate(given)
