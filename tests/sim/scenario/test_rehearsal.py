"""A scenario is rehearsed: what is said must fit what was said, and answers what they answer."""

from typing import Any

import pytest

from sim.scenario.rehearsal import rehearse
from tests.sim.stories import flight, story

NOTICE = {"at": "1m", "who": "tur", "notice": flight()}
TOLD = {"at": "2m", "who": "tur", "notice": flight("TUR-2", category="information")}
CHECK = {"at": "3m", "who": "tur", "check": "hello"}
FLOOD = {"at": "3m", "fault": {"kind": "flood", "of": "tur", "count": 3, "for": "1s"}}
CALL = {"officer": "Levi", "spoke_with": "Demir", "text": "as agreed"}


@pytest.mark.parametrize(
    ("change", "mistakes"),
    [
        ({"from": "21h"}, []),
        ({"from": "22h"}, [(("events", 1, "revise"), "expected from to be before until")]),
        ({"until": "19h"}, [(("events", 1, "revise"), "expected from to be before until")]),
    ],
)
def test_a_rehearsal_finds_revisions_that_do_not_hold_together(
    change: dict[str, str], mistakes: list[object]
) -> None:
    """Only with what was said before can it be seen that a flight would end before it begins."""
    revise = {"at": "2m", "who": "tur", "revise": {"id": "TUR-1", **change}}
    assert list(rehearse(story(events=[NOTICE, revise]))) == mistakes


def test_a_rehearsal_finds_times_that_cannot_be_written() -> None:
    """A flight in the year 9010 is a mistake of the file, not of the run."""
    far = {"at": "1m", "who": "tur", "notice": flight(**{"from": "1h", "until": "4000d"})}
    ((where, says),) = rehearse(story(start="8999-06-01T00:00:00Z", events=[far]))
    assert where == ("events", 0, "notice")
    assert says == "expected a UTC time in the years 1000 to 8999"


def answer(to: str, word: str, **fields: object) -> dict[str, object]:
    """An answer that the script gives."""
    return {"at": "5m", "who": "isr", "answer": {"to": to, "answer": word, **fields}}


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (answer("TUR-1", "ACCEPT"), None),
        (answer("TUR-2", "ROGER"), None),
        (answer("TUR-1", "ROGER"), "TUR-1 rev 1 takes ACCEPT, REJECT or STANDBY, not ROGER"),
        (answer("TUR-2", "ACCEPT"), "TUR-2 rev 1 takes ROGER or STANDBY, not ACCEPT"),
        (
            {"at": "5m", "who": "isr", "answer": {"kind": "check", "answer": "ACCEPT"}},
            "a check takes ROGER, not ACCEPT",
        ),
        (
            {"at": "5m", "who": "tur", "voice": {"about": "TUR-1", "answer": "ROGER", **CALL}},
            "TUR-1 rev 1 takes ACCEPT, REJECT or STANDBY, not ROGER",
        ),
    ],
)
def test_a_scripted_answer_is_one_that_its_message_takes(
    event: dict[str, Any], says: str | None
) -> None:
    """A request is decided, what is only told is acknowledged, a check is confirmed."""
    verb = "answer" if "answer" in event else "voice"
    found = list(rehearse(story(events=[NOTICE, TOLD, CHECK, event])))
    assert found == ([(("events", 3, verb, "answer"), says)] if says else [])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "check", "answer": "ROGER"}, None),
        ({"kind": "check", "sent": "13m", "answer": "ROGER"}, None),
        ({"kind": "check", "sent": "33m", "answer": "ROGER"}, "a check sent at 33m"),
        (
            {"kind": "check", "sent": "13m", "nth": 2, "answer": "ROGER"},
            "a check sent at 13m (number 2 from then on)",
        ),
        ({"kind": "stop", "answer": "ROGER"}, "a stop"),
        ({"kind": "cancel", "to": "TUR-1", "answer": "ROGER"}, "a cancel of TUR-1"),
        ({"to": "TUR-1", "sent": "1m1s", "answer": "ACCEPT"}, "TUR-1 sent at 1m1s"),
        ({"to": "TUR-1", "revision": 2, "answer": "ACCEPT"}, "TUR-1 rev 2"),
        ({"to": "TUR-1", "answer": "ACCEPT"}, None),
    ],
)
def test_a_scripted_answer_answers_what_was_said(
    fields: dict[str, object], says: str | None
) -> None:
    """To what nobody has said by then, repeated or not, there is no answer."""
    checks = CHECK | {"every": "10m"}
    event = {"at": "20m", "who": "isr", "answer": fields}
    found = list(rehearse(story(events=[NOTICE, checks, event])))
    told = f"{says} is not said before that"
    assert found == ([(("events", 2, "answer"), told)] if says else [])


def test_a_scripted_call_is_about_what_was_said() -> None:
    """With the one who said it, or with the other."""
    event = {"at": "5m", "who": "tur", "voice": {"kind": "stop", "answer": "ROGER", **CALL}}
    told = "a stop is not said before that"
    assert list(rehearse(story(events=[event]))) == [(("events", 0, "voice"), told)]


@pytest.mark.parametrize(
    ("spoken", "told"),
    [
        ("tur suspend, isr suspend, tur resume, tur suspend", []),
        ("tur resume", [(0, "resume", "tur has suspended nothing; expected a `suspend` before")]),
        (
            "tur suspend, isr resume, tur suspend, tur resume, tur resume",
            [
                (1, "resume", "isr has suspended nothing; expected a `suspend` before"),
                (2, "suspend", "tur has suspended already; expected a `resume` before"),
                (4, "resume", "tur has suspended nothing; expected a `suspend` before"),
            ],
        ),
    ],
)
def test_a_silence_is_declared_and_ended_in_turns(
    spoken: str, told: list[tuple[int, str, str]]
) -> None:
    """By each party for itself."""
    body: dict[str, object] = {"suspend": {}, "resume": "works are over"}
    events = [
        {"at": f"{minute}m", "who": who, verb: body[verb]}
        for minute, (who, verb) in enumerate(map(str.split, spoken.split(",")), start=1)
    ]
    found = list(rehearse(story(events=events)))
    assert found == [(("events", index, verb), says) for index, verb, says in told]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"answer": "ACCEPT", "of": "TUR-1"}, None),
        ({"answer": "ROGER", "of": "TUR-1"}, None),  # to its cancellation
        ({"answer": "ACCEPT", "of": "tur"}, None),
        ({"answer": "ACCEPT"}, None),
        (
            {"answer": "ACCEPT", "of": "TUR-2"},
            "answer: TUR-2 rev 1 takes ROGER or STANDBY, not ACCEPT",
        ),
        ({"state": "standby", "of": "TUR-2"}, None),
        (
            {"state": "accepted", "of": "TUR-2"},
            "state: TUR-2 rev 1 takes ROGER or STANDBY, not ACCEPT",
        ),
        (
            {"state": "acknowledged", "of": "TUR-1"},
            "state: TUR-1 rev 1 takes ACCEPT, REJECT or STANDBY, not ROGER",
        ),
    ],
)
def test_an_expected_answer_is_one_that_its_notice_takes(
    fields: dict[str, str], says: str | None
) -> None:
    """Also when it is never to be given, or to be how the notice ends."""
    gone = {"at": "9m", "who": "tur", "cancel": {"id": "TUR-1", "reason": "weather"}}
    events = [NOTICE, TOLD, CHECK, gone]
    found = list(rehearse(story(events=events, expect=[fields, {"never": fields}])))
    told = [".".join(map(str, where[2:])) + f": {text}" for where, text in found]
    assert told == ([says, f"never.{says}"] if says else [])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"state": "open", "of": "TUR-1"}, "TUR-1 rev 2 ends cancelled"),
        ({"state": "accepted", "of": "TUR-1"}, "TUR-1 rev 2 ends cancelled"),
        ({"state": "cancelled", "of": "TUR-1"}, None),
        ({"state": "superseded", "of": "TUR-1", "revision": 1}, None),
        ({"state": "standby", "of": "TUR-1", "revision": 1}, "TUR-1 rev 1 ends superseded"),
        ({"state": "cancelled", "of": "TUR-1", "revision": 1}, "no event cancels TUR-1 rev 1"),
        ({"state": "cancelled", "of": "TUR-2"}, "no event cancels TUR-2 rev 1"),
        ({"state": "acknowledged", "of": "TUR-2"}, None),
    ],
)
def test_an_expected_state_is_one_that_its_notice_can_end_in(
    fields: dict[str, object], says: str | None
) -> None:
    """What its author makes of it goes before every answer."""
    events = [
        *(NOTICE, TOLD),
        {"at": "8m", "who": "tur", "revise": {"id": "TUR-1", "from": "21h"}},
        {"at": "9m", "who": "tur", "cancel": {"id": "TUR-1", "reason": "weather"}},
    ]
    found = list(rehearse(story(events=events, expect=[fields])))
    assert found == ([(("expect", 0, "state"), says)] if says else [])


ONLY_REQUESTS = {"when": {"category": "request"}, "answer": "STANDBY", "for": "1m", "then": "ROGER"}


@pytest.mark.parametrize(
    ("rules", "events", "told"),
    [
        ([{"answer": "ACCEPT"}], [NOTICE], []),
        ([{"answer": "NOTHING"}], [NOTICE, TOLD, CHECK], []),
        (
            [{"answer": "ROGER"}],
            [NOTICE, NOTICE | {"notice": flight("TUR-3")}],
            ["0.answer: TUR-1 rev 1 takes ACCEPT, REJECT or STANDBY, not ROGER"],
        ),
        ([{"answer": "ACCEPT"}], [NOTICE, CHECK], ["0.answer: a check takes ROGER, not ACCEPT"]),
        ([{"answer": "ACCEPT"}], [NOTICE, FLOOD], ["0.answer: a check takes ROGER, not ACCEPT"]),
        ([{"when": {"kind": "notice"}, "answer": "ACCEPT"}], [NOTICE, CHECK], []),
        (
            [{"when": {"notice": "TUR-2"}, "answer": "ROGER"}, {"answer": "ACCEPT"}],
            [NOTICE, TOLD],
            [],
        ),
    ],
)
def test_an_officers_rule_is_for_messages_that_take_its_answer(
    rules: list[object], events: list[object], told: list[str]
) -> None:
    """What comes to a rule first takes what the rule says; each rule is told of once."""
    officers = {"isr": [{"name": "Levi", "answers": rules}]}
    found = list(rehearse(story(events=events, officers=officers)))
    hint = "; say with `when` what it is for"
    assert [f"{where[4]}.{where[5]}: {says}" for where, says in found] == [t + hint for t in told]
    assert all(where[:4] == ("officers", "isr", 0, "answers") for where, _ in found)


@pytest.mark.parametrize(
    ("earlier", "later", "is_reached"),
    [
        ({}, {"notice": "TUR-1"}, False),
        ({}, {}, False),
        ({"kind": "notice"}, {"activity": "strike"}, False),
        ({"kind": "notice"}, {"category": "request", "revision": 1}, False),
        ({"precedence": "FLASH"}, {"kind": "stop"}, False),
        ({"notice": "TUR-1"}, {"notice": "TUR-1", "kind": "cancel"}, False),
        ({"kind": "notice"}, {"notice": "TUR-1"}, True),  # there are cancellations of it
        ({"kind": "notice"}, {"precedence": "FLASH"}, True),
        ({"notice": "TUR-1"}, {"notice": "TUR-2"}, True),
        ({"notice": "TUR-1"}, {"kind": "notice"}, True),
        ({"category": "request"}, {"category": "information"}, True),
    ],
)
def test_an_officers_rule_can_be_reached(
    earlier: dict[str, object], later: dict[str, object], is_reached: bool
) -> None:
    """One is not if an earlier one, the first of these is named, takes all that it is for."""
    rules = [{"when": when, "answer": "NOTHING"} for when in ({"kind": "check"}, earlier, later)]
    officers = {"isr": [{"name": "Levi", "answers": rules}]}
    found = list(rehearse(story(events=[NOTICE, TOLD], officers=officers)))
    says = "is never reached: answers[1] takes all that it is for"
    assert found == ([] if is_reached else [(("officers", "isr", 0, "answers", 2), says)])


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (ONLY_REQUESTS, ["then: a request takes ACCEPT, REJECT or STANDBY, not ROGER"]),
        (
            {"when": {"kind": "check"}, "answer": "ACCEPT"},
            ["answer: a check takes ROGER, not ACCEPT"],
        ),
        (
            {"when": {"kind": "stop"}, "answer": "STANDBY", "for": "5s"},
            ["answer: a stop takes ROGER, not STANDBY"],
        ),
        (
            {"when": {"category": "information"}, "answer": "ACCEPT"},
            ["answer: information takes ROGER or STANDBY, not ACCEPT"],
        ),
        ({"when": {"kind": "cancel"}, "answer": "ROGER"}, []),
        ({"when": {"kind": "notice"}, "answer": "ROGER"}, []),
        ({"when": {"category": "request"}, "answer": "NOTHING"}, []),
    ],
)
@pytest.mark.parametrize("events", [[CHECK], [NOTICE, TOLD, CHECK]])
def test_an_officers_rule_fits_what_it_names(
    rule: dict[str, object], told: list[str], events: list[object]
) -> None:
    """Though no event says such a thing: a person at the other desk may. It is told once."""
    officers = {"isr": [{"name": "Levi", "answers": [rule, {"answer": "NOTHING"}]}]}
    found = [
        f"{where[5]}: {says}"
        for where, says in rehearse(story(events=events, officers=officers))
        if where[4] == 0 and "say with `when`" not in says
    ]
    assert found == told
