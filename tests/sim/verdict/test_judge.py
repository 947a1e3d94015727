from dataclasses import replace
from pathlib import Path

import pytest

from hotline.times import MINUTE_MS, write_duration
from sim.scenario.expectation import Expectation
from sim.verdict.judge import Finding, judge
from tests.helpers import T0
from tests.sim.plays import UNANSWERED, small, verdict

FLIGHT = "events:\n"
EXPECT = "  - {answer: ACCEPT, of: TUR-1, within: 2m}\n"
LEVI = "      reads_in: 10s..20s\n"


def found(folder: Path, expectation: str, *changes: tuple[str, str]) -> Finding:
    """What is found of one expectation of the small scenario."""
    loaded = small(folder, (EXPECT, f"  - {{{expectation}}}\n"), *changes)
    (finding,) = verdict(loaded).findings
    return finding


ABSENT = (LEVI, LEVI + "      absent: [{from: 0s, until: 10m}]\n")


@pytest.mark.parametrize(
    ("expectation", "met", "detail"),
    [
        ("answer: ACCEPT, of: TUR-1, within: 2m", True, "at T+1m1"),
        ("answer: ACCEPT, of: TUR-1, within: 1m5s", False, "it came at T+1m1"),
        ("answer: ACCEPT, of: TUR-1, after: 2m", False, "it came at T+1m1"),
        ("answer: REJECT, of: TUR-1", False, "it never came"),
        ("answer: ACCEPT, of: TUR-1, revision: 1", True, "at T+1m1"),
        ("answer: ACCEPT, of: tur", True, "at T+1m1"),
        ("delivered: TUR-1, within: 1m1s", True, "at T+1m"),
        ("state: accepted, of: TUR-1", True, "at the end"),
        ("state: rejected, of: TUR-1", False, "it is accepted"),
        ("flag: unanswered, of: TUR-1", False, "it never came"),
        ("never: {flag: unanswered}", True, "it never came"),
        ("never: {answer: ACCEPT, of: TUR-1}", False, "it came at T+1m1"),
        ("never: {answer: ACCEPT}, after: 5m", True, "not then; it came at T+1m1"),
    ],
)
def test_an_expectation_is_held_against_what_happened(
    expectation: str, met: bool, detail: str, tmp_path: Path
) -> None:
    """Answered in time: what came, when, and what did not."""
    finding = found(tmp_path, expectation)
    assert finding.met is met
    assert finding.detail.startswith(detail)


@pytest.mark.parametrize(
    ("expectation", "met", "detail"),
    [
        ("flag: unanswered, of: TUR-1, level: WARNING, within: 3m2s", True, "at T+3m1s"),
        ("flag: unanswered, of: TUR-1, level: ALARM, within: 4m2s", True, "at T+4m1s"),
        ("flag: unanswered, of: TUR-1, level: VOICE_REQUIRED", True, "at T+5m1s"),
        ("flag: unanswered, of: tur", True, "at T+3m1s"),
        ("flag: unanswered, of: isr", False, "it never came"),
        ("flag: unanswered, after: 3m30s", True, "at T+4m1s"),
        ("cleared: unanswered, of: TUR-1, after: 10m", True, "at T+10m1"),
        ("never: {flag: unanswered, level: ALARM}", False, "it came at T+4m1s"),
    ],
)
def test_flags_are_held_against_what_was_expected(
    expectation: str, met: bool, detail: str, tmp_path: Path
) -> None:
    """Nobody is at the desk for ten minutes: a FLASH is due after two."""
    finding = found(tmp_path, expectation, ABSENT)
    assert finding.met is met
    assert finding.detail.startswith(detail)
    came_ms = finding.came_ms
    told = "it never came" if came_ms is None else f"T+{write_duration(came_ms - T0)}"
    assert finding.detail.endswith(told)


def test_levels_that_are_cleared_together_came_once(tmp_path: Path) -> None:
    """The time is told once, not for each level; other times follow it."""
    finding = found(tmp_path, "cleared: unanswered, of: TUR-1, within: 9m", ABSENT)
    assert finding.met is False
    assert finding.detail.count("T+10m1") == 1
    assert found(tmp_path, "cleared: unanswered, of: TUR-1", UNANSWERED).detail == "it never came"
    assert found(tmp_path, "flag: unanswered, of: TUR-1, after: 9m", ABSENT).detail == (
        "it came at T+3m1s, T+4m1s, T+5m1s"
    )


@pytest.mark.parametrize(("revision", "detail"), [(1, "at T+3m1s"), (2, "it never came")])
def test_a_flag_of_a_party_may_be_of_one_revision(
    revision: int, detail: str, tmp_path: Path
) -> None:
    """One that was answered in time was not flagged, though another one was."""
    until = "      until: 25m\n"
    again = "  - {at: 15m, who: tur, revise: {id: TUR-1, remarks: again}}\n"
    expectation = f"flag: unanswered, of: tur, revision: {revision}"
    assert found(tmp_path, expectation, ABSENT, (until, until + again)).detail == detail


def test_an_answer_to_what_was_answered_is_none(tmp_path: Path) -> None:
    """It makes no sense, so it is no answer that came."""
    until = "      until: 25m\n"
    again = "  - {at: 10m, who: isr, answer: {to: TUR-1, answer: ACCEPT}}\n"
    expectation = "never: {answer: ACCEPT, of: TUR-1}, after: 5m"
    assert found(tmp_path, expectation, (until, until + again)).met
    assert found(tmp_path, "flag: invalid, of: isr", (until, until + again)).detail == "at T+10m"


@pytest.mark.parametrize(
    ("expectation", "detail"),
    [
        ("answer: ROGER, of: TUR-1", "at T+2m1"),
        ("answer: ROGER, of: TUR-1, revision: 1", "it never came"),
        ("answer: ROGER, of: tur", "at T+2m1"),
        ("answer: ACCEPT, of: tur", "at T+6m"),
        ("delivered: TUR-1, after: 2m", "it came at T+1m0.01s"),
        ("state: open, of: TUR-1", "at the end"),
        ("flag: undelivered, of: TUR-1", "it never came"),
    ],
)
def test_each_name_means_what_it_should(expectation: str, detail: str, tmp_path: Path) -> None:
    """An answer to a notice may be to a stop about it, unless a revision is named; or by voice."""
    until = "      until: 25m\n"
    more = (
        "  - {at: 2m, who: tur, stop: {text: break off, notice: TUR-1}}\n"
        "  - {at: 3m, fault: {kind: cut, of: isr, for: 1m}}\n"
        "  - {at: 3m, who: tur, voice: {officer: Kaya, spoke_with: Levi, text: Hello}}\n"
        "  - {at: 5m, who: tur, notice: {id: TUR-2, precedence: FLASH, activity: survey,"
        " aircraft_identification: TUR2, aircraft_type: C30J, area: ridge, from: 1h, until: 2h}}\n"
        "  - {at: 6m, who: tur, voice: {about: TUR-2, answer: ACCEPT, officer: Kaya,"
        " spoke_with: Levi, text: Go}}\n"
    )
    changes = [
        (LEVI, LEVI + "      answers: [{when: {kind: notice}, answer: NOTHING}]\n"),
        (until, f"{until}      category: information\n{more}"),
    ]
    assert found(tmp_path, expectation, *changes).detail.startswith(detail)


def test_what_was_never_said_or_heard_is_not_there(tmp_path: Path) -> None:
    """A person at a desk may leave out a notice, and a run may be stopped before its receipt."""
    loaded = small(tmp_path)
    history = replace(verdict(loaded).history, received_ms={})

    def detail(**fields: str) -> str:
        return judge(Expectation.model_validate(fields), 1, history, loaded.scenario).detail

    assert detail(state="open", of="TUR-2") == "there is no such notice"
    assert detail(delivered="TUR-1") == "it never came"
    history = replace(history, interrupted=True)
    assert detail(state="open", of="TUR-2") == "not known: the run was stopped at T+30m"


def test_what_comes_after_a_run_was_stopped_is_no_part_of_it(tmp_path: Path) -> None:
    """Stations leave then, and are missed: neither good nor bad is read from that."""
    gone = f"{FLIGHT}  - {{at: 2m, fault: {{kind: crash, of: tur, for: 3m}}}}\n"
    loaded = small(tmp_path, (EXPECT, "  - {flag: silent}\n"), (FLIGHT, gone))
    outcome = verdict(loaded)
    (expected,), history = loaded.scenario.expect, outcome.history
    found_at = {}
    for minutes in (1, 10):
        ended_ms = history.started_ms + minutes * MINUTE_MS
        stopped = replace(history, interrupted=True, ended_ms=ended_ms)
        found_at[minutes] = judge(expected, 1, stopped, loaded.scenario)
    assert (found_at[1].met, found_at[10].met) == (None, True)
    assert found_at[1].detail == "not known: the run was stopped at T+1m"


@pytest.mark.parametrize(
    ("expectation", "text"),
    [
        (
            "never: {flag: silent, of: isr}, after: 1m, within: 20m",
            "never flag silent of isr between T+1m and T+20m",
        ),
        ("never: {answer: REJECT}, within: 20m", "never answer REJECT until T+20m"),
        (
            "flag: unanswered, of: TUR-1, revision: 1, level: ALARM, after: 2m",
            "flag unanswered of TUR-1 rev 1 with ALARM from T+2m",
        ),
    ],
)
def test_a_finding_names_its_line(expectation: str, text: str, tmp_path: Path) -> None:
    """The line of the file on which the expectation stands, and its words."""
    finding = found(tmp_path, expectation)
    assert (finding.line_number, finding.text) == (28, text)


@pytest.mark.parametrize(
    ("window", "detail"),
    [
        ("within: 1m0.010s", "at T+1m0.01s"),
        ("within: 1m0.009s", "it came at T+1m0.01s"),
        ("after: 1m0.010s", "at T+1m0.01s"),
        ("after: 1m0.011s", "it came at T+1m0.01s"),
    ],
)
def test_a_time_is_told_as_exactly_as_it_was_expected(
    window: str, detail: str, tmp_path: Path
) -> None:
    """To the millisecond, however long the scenario has lasted: it is seen why it is met or not."""
    assert found(tmp_path, f"delivered: TUR-1, {window}").detail == detail


def test_delivered_is_what_the_author_knows(tmp_path: Path) -> None:
    """Not what is on the other's disk: who hears nothing learns of it when he does again."""
    deaf = f"{FLIGHT}  - {{at: 30s, fault: {{kind: cut_in, of: tur, for: 3m}}}}\n"
    finding = found(tmp_path, "delivered: TUR-1, within: 2m", (FLIGHT, deaf))
    assert not finding.met
    assert finding.detail.startswith("it came at T+3m3")


@pytest.mark.parametrize(
    ("fault", "expectation", "met", "detail"),
    [
        (
            "clock_fast, of: watchdog, by: 20m",
            "never: {flag: unanswered}",
            False,
            "it came at T+1m",
        ),
        ("clock_fast, of: watchdog, by: 20m", "cleared: unanswered, within: 2m", True, "at T+1m1"),
        ("clock_fast, of: isr, by: 3m", "answer: ACCEPT, of: TUR-1, within: 2m", True, "at T+1m1"),
        ("clock_slow, of: isr, by: 40s", "answer: ACCEPT, of: TUR-1, after: 1m", True, "at T+1m1"),
    ],
)
def test_a_wrong_clock_moves_no_window(
    fault: str, expectation: str, met: bool, detail: str, tmp_path: Path
) -> None:
    """What a station says is held against the scenario's time, whatever its own clock shows."""
    broken = f"{FLIGHT}  - {{at: 0s, fault: {{kind: {fault}, for: 10m}}}}\n"
    finding = found(tmp_path, expectation, (FLIGHT, broken))
    assert finding.met is met
    assert finding.detail.startswith(detail)
