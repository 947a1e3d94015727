"""A flag is expected when its deadline can have passed."""

import pytest

from sim.scenario.rehearsal import rehearse
from tests.sim.stories import fault, flight, story

FLASH = {"at": "1m", "who": "tur", "notice": flight(precedence="FLASH")}
SOON = {"at": "1m", "who": "tur", "notice": flight("TUR-2", **{"from": "11m", "until": "1h"})}
CHECK = {"at": "0s", "who": "tur", "check": "hello"}


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ({"flag": "unanswered", "of": "TUR-1", "within": "3m1s"}, None),
        ({"flag": "unanswered", "of": "TUR-1", "within": "3m"}, "unanswered, at 3m1s"),
        ({"cleared": "unanswered", "of": "TUR-1", "within": "3m"}, "unanswered, at 3m1s"),
        ({"never": {"flag": "unanswered", "of": "TUR-1"}, "within": "3m"}, None),
        (
            {"flag": "unanswered", "of": "TUR-1", "level": "ALARM", "within": "3m30s"},
            "unanswered ALARM, at 4m1s",
        ),
        ({"flag": "unanswered", "of": "TUR-2", "within": "6m1s"}, None),
        ({"flag": "unanswered", "of": "TUR-2", "within": "6m"}, "unanswered, at 6m1s"),
        ({"flag": "undelivered", "of": "TUR-1", "within": "1m6s"}, None),
        ({"flag": "undelivered", "of": "TUR-1", "within": "1m5s"}, "undelivered, at 1m6s"),
        (
            {"flag": "undelivered", "of": "TUR-1", "level": "ALARM", "within": "1m40s"},
            "undelivered ALARM, at 1m41s",
        ),
        ({"flag": "unanswered", "of": "tur", "within": "1m"}, None),
        ({"flag": "unanswered", "within": "1m"}, None),
        ({"flag": "unanswered", "of": "TUR-1"}, None),
        ({"flag": "late_notice", "of": "TUR-1", "within": "1m"}, None),
    ],
)
def test_a_flag_is_expected_when_it_can_have_come(
    expected: dict[str, object], says: str | None
) -> None:
    """Not before the deadline and the grace, by the precedence and the time left to the flight.

    That it never comes before may be said.
    """
    found = list(rehearse(story(events=[CHECK, FLASH, SOON], expect=[expected])))
    told = f"is over before the timers let {expected.get('of')} be flagged {says}"
    assert found == ([(("expect", 0, "within"), told)] if says else [])


@pytest.mark.parametrize(
    "event",
    [
        {"at": "4m", "who": "tur", "cancel": {"id": "TUR-1"}},
        {"at": "4m", "who": "tur", "revise": {"id": "TUR-1", "precedence": "ROUTINE"}},
        {"at": "4m", "who": "isr", "stop": {"text": "break off", "notice": "TUR-1"}},
    ],
)
def test_all_that_is_said_about_a_notice_can_be_flagged(event: dict[str, object]) -> None:
    """Its cancellation and the stops about it too; what comes first counts."""
    expected = {"flag": "unanswered", "of": "TUR-1", "within": "3m"}
    ((_, says),) = rehearse(story(events=[FLASH, event], expect=[expected]))
    assert says.endswith("at 3m1s")


@pytest.mark.parametrize(
    "fields",
    [
        {"events": [FLASH, fault("20m", "clock_slow", by="1h")]},
        {
            "events": [
                FLASH,
                {
                    "at": "70s",
                    "who": "isr",
                    "answer": {"to": "TUR-1", "answer": "STANDBY", "expected": "75s"},
                },
            ]
        },
        {
            "events": [FLASH],
            "officers": {
                "isr": [{"name": "Levi", "answers": [{"answer": "STANDBY", "for": "5s"}]}]
            },
        },
    ],
)
def test_a_deadline_that_may_come_sooner_is_left_alone(fields: dict[str, object]) -> None:
    """By a clock that is wrong, or for an answer that a STANDBY promises soon."""
    expected = {"flag": "unanswered", "of": "TUR-1", "within": "90s"}
    assert list(rehearse(story(expect=[expected], **fields))) == []


@pytest.mark.parametrize(
    "fields",
    [
        {
            "events": [
                FLASH,
                SOON,
                {
                    "at": "70s",
                    "who": "isr",
                    "answer": {"to": "TUR-2", "answer": "STANDBY", "expected": "75s"},
                },
            ]
        },
        {
            "events": [FLASH, SOON],
            "officers": {
                "isr": [
                    {
                        "name": "Levi",
                        "answers": [
                            {"when": {"notice": "TUR-2"}, "answer": "STANDBY", "for": "5s"},
                        ],
                    }
                ],
                "tur": [{"name": "Kaya", "answers": [{"answer": "STANDBY", "for": "5s"}]}],
            },
        },
    ],
)
def test_a_standby_to_something_else_brings_no_deadline_nearer(fields: dict[str, object]) -> None:
    """Another notice is put off, or an officer says STANDBY to what the other party says."""
    expected = {"flag": "unanswered", "of": "TUR-1", "within": "90s"}
    found = rehearse(story(expect=[expected], **fields))
    assert "is over before the timers let TUR-1 be flagged unanswered, at 3m1s" in [
        says for _, says in found
    ]
