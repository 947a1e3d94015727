"""The verdict: what it says, and that its JSON has these members and no others."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.picture_json import as_dict
from hotline.times import MINUTE_MS
from sim import catalogue
from sim.scenario import loading
from sim.scenario.expectation import Expectation
from sim.verdict.judge import judge
from sim.verdict.verdict import Verdict, reach
from tests.sim.plays import SMALL, small, verdict

ABSENT = ("reads_in: 10s..20s", "reads_in: 10s\n      absent: [{from: 0s, until: 10m}]")


def interrupted(of: Verdict, at_ms: int) -> Verdict:
    """The same run, had somebody stopped it."""
    history = replace(of.history, interrupted=True, ended_ms=of.history.started_ms + at_ms)
    return replace(of, history=history)


def test_a_run_passes_when_everything_expected_came_true(tmp_path: Path) -> None:
    """One expectation that is not met is a failure."""
    assert verdict(small(tmp_path)).word == "pass"
    failed = verdict(small(tmp_path, ("within: 2m}", "within: 1m5s}")))
    assert (failed.passed, failed.word) == (False, "fail")


BEFORE = "  - {answer: ACCEPT, of: TUR-1, within: 2m}\n"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ("", "pass"),
        ("  - {delivered: TUR-1}\n", "pass"),
        ("  - never: {flag: silent}\n", "stopped"),
        ("  - never: {flag: silent}\n    within: 20m\n", "pass"),
        ("  - {state: accepted, of: TUR-1}\n", "stopped"),
        ("  - never: {flag: silent}\n  - {answer: REJECT, of: TUR-1, within: 3m}\n", "fail"),
    ],
)
def test_a_run_that_was_stopped_passes_if_nothing_can_change_that(
    more: str, word: str, tmp_path: Path
) -> None:
    """It has failed if nothing can mend it; in between, it is said to have been stopped."""
    loaded = small(tmp_path, (BEFORE, BEFORE + more))
    stopped = reach(loaded, interrupted(verdict(loaded), 20 * MINUTE_MS).history)
    assert (stopped.word, stopped.passed) == (word, word == "pass")
    assert stopped.as_dict()["interrupted"] is True


def test_what_came_after_the_stop_does_not_count(tmp_path: Path) -> None:
    """Stations that leave because a run is stopped may be flagged for that."""
    loaded = small(tmp_path, ("within: 2m}", "within: 2m}\n  - never: {answer: ACCEPT}"))
    stopped = interrupted(verdict(loaded), MINUTE_MS)
    findings = reach(loaded, stopped.history).findings
    assert [finding.met for finding in findings] == [None, None]


def test_what_is_for_good_is_known_of_a_stopped_run(tmp_path: Path) -> None:
    """A revision that was superseded stays so, and so does a notice that was cancelled."""
    events = (
        "  - {at: 3m, who: tur, revise: {id: TUR-1, precedence: ROUTINE}}\n"
        "  - {at: 4m, who: tur, cancel: {id: TUR-1}}\nexpect:"
    )
    expectations = (
        "  - {state: superseded, of: TUR-1, revision: 1}\n  - {state: cancelled, of: TUR-1}\n"
    )
    loaded = small(tmp_path, ("expect:", events), (BEFORE, expectations))
    history = interrupted(verdict(loaded), 5 * MINUTE_MS).history
    assert [finding.met for finding in reach(loaded, history).findings] == [True, True]
    # What no file may expect, as it never comes true, is judged all the same.
    accepted = {"state": "accepted", "of": "TUR-1"}
    no, never = (
        judge(Expectation.model_validate(fields), 1, history, loaded.scenario)
        for fields in (accepted | {"revision": 1}, {"never": accepted})
    )
    assert (no.met, no.detail, never.met) == (False, "it is superseded", True)


def test_what_a_stopped_run_did_not_see_is_not_known(tmp_path: Path) -> None:
    """What might have come, or might never have, is neither met nor said to be absent."""
    expectations = (
        "  - {answer: ACCEPT, of: TUR-1, within: 2m}\n"
        "  - {answer: REJECT, of: TUR-1, within: 4m}\n"
        "  - {answer: REJECT, of: TUR-1, within: 10m}\n"
        "  - never: {flag: silent}\n"
        "  - never: {answer: ACCEPT}\n"
        "  - {state: accepted, of: TUR-1}\n"
        "  - never: {state: accepted, of: TUR-1}\n"
        "  - {answer: ACCEPT, of: TUR-1, after: 4m}\n"
    )
    again = "  - {at: 3m, who: tur, revise: {id: TUR-1, remarks: again}}\nexpect:"
    loaded = small(tmp_path, (BEFORE, expectations), ("expect:", again))
    stopped = interrupted(verdict(loaded), 5 * MINUTE_MS)
    findings = reach(loaded, stopped.history).findings
    met = [True, False, None, None, False, None, None, None]
    assert [finding.met for finding in findings] == met
    details = [finding.detail for finding in findings]
    assert details[1] == "it never came"
    assert details[4].startswith("it came at T+1m1")
    for unknown in (2, 3, 5, 6, 7):
        assert details[unknown] == "not known: the run was stopped at T+5m"
        assert findings[unknown].came_ms is None


def test_the_json_has_these_members(tmp_path: Path) -> None:
    """Programs read them: times are the scenario's, in UTC; what never came is null."""
    outcome = verdict(small(tmp_path, ABSENT, ("FLASH", "FLASH\n      remarks: hello")))
    told = json.loads(json.dumps(outcome.as_dict()))
    (expectation,) = told.pop("expectations")
    notices, flags = told.pop("notices"), told.pop("flags")
    assert told == {
        "scenario": "small",
        "verdict": "fail",
        "interrupted": False,
        "seed": 0,
        "speed": "virtual",
        "broker": "memory",
        "played": [],
        "started": "2026-01-12T06:00:00.000Z",
        "ended": "2026-01-12T06:30:00.000Z",
    }
    [notice] = notices
    assert (notice["message"], notice["answered_at"]) == ("TUR-1 rev 1", "2026-01-12T06:10:10.000Z")
    assert notice["delivered_at"] == "2026-01-12T06:01:00.010Z"
    assert notice["flags"] == [
        "unanswered WARNING",
        "unanswered ALARM",
        "unanswered VOICE_REQUIRED",
    ]
    assert flags[0] == {
        "rule": "unanswered",
        "subject": "tur/1",
        "message": "TUR-1 rev 1",
        "level": "WARNING",
        "due": "2026-01-12T06:03:00.000Z",
        "detail": "TUR-1 rev 1: no answer from isr after 2m",
        "raised_at": "2026-01-12T06:03:01.000Z",
        "cleared_at": "2026-01-12T06:10:10.000Z",
        "late_ms": 430_000,
    }
    live = replace(outcome, history=replace(outcome.history, speed=60, played=("tur", "isr")))
    assert (live.as_dict()["speed"], live.as_dict()["played"]) == (60, ["isr", "tur"])
    assert [flag["level"] for flag in flags] == ["WARNING", "ALARM", "VOICE_REQUIRED"]
    assert expectation == {
        "expectation": "answer ACCEPT of TUR-1 by T+2m",
        "line_number": SMALL.count("\n") + 2,
        "earliest_at": "2026-01-12T06:00:00.000Z",
        "latest_at": "2026-01-12T06:02:00.000Z",
        "came_at": "2026-01-12T06:10:10.000Z",
        "met": False,
        "detail": "it came at T+10m10s",
    }


def test_notices_and_flags_have_the_members_that_a_picture_gives_them() -> None:
    """A program that reads both finds the same under the same name, an answer by voice too."""
    outcome = verdict(loading.load(catalogue.find("night-shift-asleep")))
    told, picture = outcome.as_dict(), as_dict(outcome.history.picture, outcome.history.ended_ms)
    late_ms = [flag.pop("late_ms") for flag in told["flags"]]
    assert None in late_ms != [None] * len(late_ms)
    assert told["flags"] == picture["flags"] != []
    assert any(notice["voice"] for notice in told["notices"])
    messages = {each["record"]: each for each in picture["messages"]}
    for notice in told["notices"]:
        only_a_run_knows = {name: notice[name] for name in ("delivered_at", "flags")}
        message = messages[notice["record"]]
        del message["phase"]  # a verdict is for no one time
        assert notice == message | only_a_run_knows


@pytest.mark.parametrize("clock", ["clock_slow, of: tur", "clock_fast, of: isr", "clock_fast"])
def test_a_wrong_clock_moves_no_time_of_the_verdict(clock: str, tmp_path: Path) -> None:
    """All are by the scenario's clock: one can be taken from the other, and compared."""
    wrong = f"  - {{at: 0s, fault: {{kind: {clock}, by: 20s, for: 10m}}}}\nexpect:"
    (right,) = verdict(small(tmp_path)).as_dict()["notices"]
    told = verdict(small(tmp_path, ("expect:", wrong))).as_dict()
    (notice,) = told["notices"]
    for name in ("at", "delivered_at", "answered_at"):
        assert notice[name] == right[name]
    (expectation,) = told["expectations"]
    assert expectation["came_at"] == notice["answered_at"]


def test_an_instant_that_there_is_not_is_null(tmp_path: Path) -> None:
    """What never came, and what may come until the end."""
    never = (
        "  - {answer: ACCEPT, of: TUR-1, within: 2m}\n",
        "  - never: {flag: silent}\n    after: 5m\n",
    )
    (expectation,) = verdict(small(tmp_path, never)).as_dict()["expectations"]
    assert (expectation["latest_at"], expectation["came_at"]) == (None, None)
    assert expectation["earliest_at"] == "2026-01-12T06:05:00.000Z"


def test_notices_come_in_the_order_in_which_they_were_said(tmp_path: Path) -> None:
    """Every revision of every notice is there; checks and cancellations are not."""
    later = (
        "  - {at: 3m, who: tur, revise: {id: TUR-1, precedence: ROUTINE}}\n"
        "  - {at: 2m, who: isr, check: hello}\n"
        "  - {at: 150s, who: isr, notice: {id: ISR-1, precedence: FLASH, activity: survey,"
        " aircraft_identification: ISR1, aircraft_type: C30J, area: ridge, from: 1h, until: 2h}}\n"
        "  - {at: 5m, who: tur, cancel: {id: TUR-1}}\nexpect:"
    )
    outcome = verdict(small(tmp_path, ("expect:", later)))
    told = outcome.as_dict()["notices"]
    names = ["TUR-1 rev 1", "ISR-1 rev 1", "TUR-1 rev 2"]
    assert [each["message"] for each in told] == names
    assert [each["state"] for each in told] == ["superseded", "open", "cancelled"]
    assert [len(each["flags"]) for each in told] == [0, 3, 0], "each has its own"
