"""What the parts of a scenario say of each other, looked at as they are written."""

from typing import Any

import pytest

from sim.scenario.references import names_in, out_of_order
from tests.sim.stories import flight, written

CANCEL = {"at": "5m", "who": "tur", "cancel": {"id": "TUR-1"}}
NOTICE = {"at": "1m", "who": "tur", "notice": flight()}


def said(*events: object) -> list[str]:
    """What is wrong with these events: the place of each mistake, and the mistake."""
    mistakes = out_of_order(written(events=list(events)))
    return [f"{'.'.join(map(str, where))}: {says}" for where, says in mistakes]


def test_all_names_of_a_file_are_known() -> None:
    """What is defined anywhere can be referred to anywhere, whatever else is wrong."""
    names = names_in(
        written(events=[NOTICE, {"at": "soon", "notice": flight("ISR-1")}, {"note": "x"}, "odd", 5])
    )
    assert names == {
        "parties": {"isr", "tur"},
        "stations": {"isr", "tur", "dog"},
        "areas": {"t4"},
        "notices": {"TUR-1", "ISR-1"},
        "revisions": {"TUR-1": 1, "ISR-1": 1},
        "said_ms": {"TUR-1": [60_000]},
        "subjects": {"TUR-1", "ISR-1", "isr", "tur", "dog"},
        "duration": 30 * 60_000,
    }


@pytest.mark.parametrize(
    "fields", [{}, {"parties": 3, "areas": "x", "events": "y", "watchdogs": 1}]
)
def test_nothing_is_known_of_a_file_without_names(fields: dict[str, Any]) -> None:
    """Fields that are missing or of another shape define nothing, and break nothing."""
    names = names_in(fields)
    assert not any(names[kind] for kind in ("parties", "areas", "notices", "duration"))
    assert list(out_of_order(fields)) == []


@pytest.mark.parametrize(
    ("events", "mistakes"),
    [
        ([NOTICE, CANCEL], []),
        (
            [NOTICE, NOTICE | {"at": "2m"}],
            ["events.1.notice.id: TUR-1 is there twice; `revise` makes a revision"],
        ),
        (
            [NOTICE | {"at": "2m"}, NOTICE],
            ["events.0.notice.id: TUR-1 is there twice; `revise` makes a revision"],
        ),
        (
            [NOTICE, {"at": "2m", "who": "isr", "revise": {"id": "TUR-1"}}],
            ["events.1.revise.id: TUR-1 is tur's; only its author may revise it"],
        ),
        (
            [NOTICE, CANCEL | {"who": "isr"}],
            ["events.1.cancel.id: TUR-1 is tur's; only its author may cancel it"],
        ),
        (
            [NOTICE, CANCEL, CANCEL | {"at": "6m"}],
            ["events.2.cancel.id: TUR-1 was cancelled before"],
        ),
        (
            [NOTICE, {"at": "6m", "who": "tur", "revise": {"id": "TUR-1"}}, CANCEL],
            ["events.1.revise.id: TUR-1 was cancelled before"],
        ),
        (
            [NOTICE, {"at": "2m", "who": "tur", "answer": {"to": "TUR-1"}}],
            ["events.1.answer.to: TUR-1 is tur's own; the other party answers it"],
        ),
        (
            [NOTICE, {"at": "30s", "who": "isr", "answer": {"to": "TUR-1"}}],
            ["events.1.at: comes before the notice TUR-1 itself"],
        ),
        (
            [{"at": "1m", "who": "tur", "revise": {"id": "TUR-1"}}, NOTICE],
            ["events.0.at: comes before the notice TUR-1 itself"],
        ),
        ([NOTICE, {"at": "1m", "who": "tur", "revise": {"id": "TUR-1"}}], []),
        ([NOTICE, CANCEL, {"at": "6m", "who": "isr", "answer": {"to": "TUR-1"}}], []),
        ([NOTICE, {"at": "2m", "who": "isr", "answer": {"to": "TUR-9"}}], []),
    ],
)
def test_an_event_follows_on_what_came_before_in_time(
    events: list[object], mistakes: list[str]
) -> None:
    """Events are looked at in the order of their times, wherever in the file they stand."""
    assert said(*events) == mistakes


@pytest.mark.parametrize(
    ("event", "mistakes"),
    [
        ({"every": "1m", "until": "5m"}, []),
        (
            {"every": "1m", "until": "4m"},
            ["events.0.until: would be said 0 times; expected a time after `at`"],
        ),
        ({"suspend": {"until": "6m"}}, []),
        (
            {"suspend": {"until": "5m"}},
            ["events.0.suspend.until: is over before it begins; expected a time after `at`"],
        ),
    ],
)
def test_nothing_ends_before_it_begins(event: dict[str, object], mistakes: list[str]) -> None:
    """A repetition and a declared silence end later than they begin."""
    assert said({"at": "5m", "who": "tur", **event}) == mistakes


@pytest.mark.parametrize("verb", ["answer", "voice"])
@pytest.mark.parametrize(
    ("given", "mistakes"),
    [
        ({"answer": "STANDBY", "expected": "5m1s"}, []),
        (
            {"answer": "STANDBY", "expected": "5m"},
            [": is past when it is promised; expected a time after `at`"],
        ),
        (
            {"answer": "STANDBY", "expected": "90s"},
            [": is past when it is promised; expected a time after `at`"],
        ),
        ({"answer": "ACCEPT", "expected": "90s"}, []),  # no promise at all: told elsewhere
        ({"answer": "STANDBY", "expected": 90}, []),
    ],
)
def test_nothing_is_promised_for_a_time_that_is_past(
    verb: str, given: dict[str, object], mistakes: list[str]
) -> None:
    """Times count from the start, so a STANDBY at 5m that `expected: 90s` promises nothing."""
    event = {"at": "5m", "who": "isr", verb: {"kind": "check", **given}}
    assert said(event) == [f"events.0.{verb}.expected{says}" for says in mistakes]


def test_no_party_is_called_as_the_watchdog_is() -> None:
    """It has a name though the file gives it none."""
    parties = {"parties": {"watchdog": "Israel", "tur": "Türkiye"}}
    fields = written(**parties)
    assert list(out_of_order(fields)) == []
    del fields["watchdogs"]
    (mistake,) = out_of_order(fields)
    assert mistake == (
        ("parties", "watchdog"),
        "is what the watchdog is called; expected another name",
    )


def test_every_station_has_a_name_of_its_own() -> None:
    """A watchdog is called neither as a party nor as another watchdog."""
    mistakes = list(out_of_order(written(watchdogs=["dog", "tur", "dog"])))
    assert mistakes == [
        (("watchdogs", 1), "tur is there twice; a watchdog needs a name of its own"),
        (("watchdogs", 2), "dog is there twice; a watchdog needs a name of its own"),
    ]


@pytest.mark.parametrize(
    ("expected", "where"),
    [
        ({"answer": "ROGER", "of": "tur"}, "expect.0.of"),
        ({"never": {"flag": "unanswered", "of": "tur"}}, "expect.0.never.of"),
        ({"never": {"state": "open", "of": "tur"}}, None),
        ({"flag": "silent", "of": "isr"}, None),
        ("tur", None),
        ({"of": ["tur"]}, None),
    ],
)
def test_what_is_expected_of_a_notice_called_as_a_station_is_not_clear(
    expected: object, where: str | None
) -> None:
    """A check of the party, or the notice: it is to be called otherwise, if anything is of it."""
    fields = written(events=[NOTICE | {"notice": flight("tur")}], expect=[expected])
    said = [(".".join(map(str, where)), says) for where, says in out_of_order(fields)]
    says = "tur is a notice and a station here; call the notice something else"
    assert said == ([(where, says)] if where else [])
