"""The verdict on a terminal."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from hotline.times import DAY_MS
from sim import catalogue
from sim.scenario import loading
from sim.scenario.expectation import Expectation
from sim.verdict import report
from sim.verdict.verdict import Verdict
from tests.sim.plays import UNANSWERED, small, titled, verdict


def shown(of: Verdict, width: int = 100) -> list[str]:
    """What is printed on a terminal of this width, without the blanks between columns."""
    console = Console(file=io.StringIO(), width=width, highlight=False, _environ={})
    with console.capture() as capture:
        report.show(of, console)
    lines = capture.get().splitlines()
    assert max(cell_len(line) for line in lines) <= width
    return [" ".join(line.split()) for line in lines]


def test_a_report_has_notices_flags_expectations_and_the_verdict() -> None:
    """In this order: what was said, what was flagged, what was expected, and what comes of it."""
    rows = shown(verdict(loading.load(catalogue.find("strike-and-survey"))))
    assert "TUR-014 rev 1 tur 06:02:00 +10ms +5m50s superseded" in rows
    assert "unanswered TUR-014 rev 1 ALARM 06:05:00 06:05:01 06:07:50 3m50s" in rows
    met = "met 92 answer ROGER of ISR-021 by T+1m30s"
    assert f"{met} at T+48.769s 06:00:48" in rows
    heads = (
        ("Notices", "notice from sent UTC delivered after answered after state"),
        ("Flags", "rule about level due UTC raised UTC cleared UTC late by"),
        ("Expectations (T is the start)", "line what found UTC"),
    )
    titles = [rows.index(title) for title, _ in heads]
    assert titles == sorted(titles)
    assert [rows[title + 1] for title in titles] == [columns for _, columns in heads]
    assert rows[-2] == "PASS Strike and survey over the same ridge"
    assert rows[-1] == "simulated · memory · speed virtual · seed 0"


def test_a_failure_is_seen(tmp_path: Path) -> None:
    """What was not met is marked with what came instead; what is not answered has a dash."""
    cut = "  - {at: 10m, fault: {kind: cut, of: isr, for: 1m}}\nexpect:"
    rows = shown(verdict(small(tmp_path, UNANSWERED, ("expect:", cut))))
    assert "FAILED 29 answer ACCEPT of TUR-1 by T+2m it never came" in rows
    assert "TUR-1 rev 1 tur 06:01:00 +10ms – open" in rows
    assert "unanswered TUR-1 rev 1 WARNING 06:03:00 06:03:01 standing" in rows
    assert any(row.startswith("silent isr ALARM 06:10:") for row in rows)
    assert rows[-2] == "FAIL A small scenario"


def test_a_title_does_not_move_the_cursor(tmp_path: Path) -> None:
    """It could write another verdict over this one."""
    rows = shown(titled(verdict(small(tmp_path, UNANSWERED)), "\r PASS \x1b[2K"))
    assert rows[-2] == "FAIL PASS [2K"


def test_a_run_that_was_stopped_is_said_to_be(tmp_path: Path) -> None:
    """Whoever reads the verdict learns that it is one of half a run."""
    outcome = verdict(small(tmp_path))
    history = replace(outcome.history, interrupted=True)
    rows = shown(replace(outcome, history=history))
    assert rows[-3:-1] == [
        "PASS A small scenario",
        "stopped early: everything expected had come true",
    ]
    (finding,) = outcome.findings
    unknown = replace(finding, met=None, detail="not known: the run was stopped at T+30m")
    rows = shown(replace(outcome, history=history, findings=[unknown]))
    assert rows[-3:-1] == [
        "STOPPED A small scenario",
        "stopped early: what was still to come is not known",
    ]
    assert any(row.startswith("not known 28 answer ACCEPT of TUR-1") for row in rows)
    rows = shown(replace(outcome, history=history, findings=[replace(finding, met=False), unknown]))
    assert rows[-3:-1] == [
        "FAIL A small scenario",
        "stopped early: what is expected can no longer come true",
    ]


def test_without_flags_there_is_no_table_of_flags(tmp_path: Path) -> None:
    """What did not happen takes no room."""
    assert "Flags" not in shown(verdict(small(tmp_path)))


def many(folder: Path, *changes: tuple[str, str]) -> Verdict:
    """A run with 41 notices, T-0 to T-39 after the one that is there, which nobody answers."""
    notice = (
        "  - {at: 2m, who: tur, notice: {id: T-%d, precedence: FLASH, activity: survey,"
        " aircraft_identification: TUR1, aircraft_type: C30J, area: ridge, from: 1h, until: 2h}}\n"
    )
    notices = "".join(notice % number for number in range(40))
    return verdict(small(folder, ("expect:", f"{notices}expect:"), UNANSWERED, *changes))


def test_of_many_notices_and_flags_the_first_are_enough(tmp_path: Path) -> None:
    """A long table ends with how many more there are, and where."""
    rows = shown(many(tmp_path))
    assert "and 11 more; --json has all" in rows
    assert "and 92 more; --json has all" in rows
    notices = rows[: rows.index("and 11 more; --json has all")]
    assert notices[-1].startswith("T-28 rev 1 ")


@pytest.mark.parametrize(
    ("missed", "notices", "flags"),
    [
        ("{answer: ACCEPT, of: T-38, within: 4m}", 10, 90),
        ("{never: {delivered: T-38}}", 10, 90),
        ("{never: {flag: unanswered, of: T-38}}", 10, 90),
        ("{answer: ACCEPT, of: T-38, within: 4m}\n  - {answer: STANDBY}", 10, 90),
        ("{never: {flag: unanswered}}", 11, 63),
        ("{cleared: unanswered}", 11, 63),
        ("{cleared: silent}", 11, 93),
        ("{answer: STANDBY}\n  - {delivered: T-38}", 11, 93),
    ],
)
def test_what_an_expectation_failed_on_is_shown(
    missed: str, notices: int, flags: int, tmp_path: Path
) -> None:
    """Wherever it is in a long table, the notice and its flags are there; of many the first."""
    missed_too = ("  - {answer: ACCEPT, of: TUR-1, within: 2m}\n", f"  - {missed}\n")
    rows = shown(many(tmp_path, missed_too))
    more = [row for row in rows if row.endswith(" more; --json has all")]
    assert more == [f"and {each} more; --json has all" for each in (notices, flags)]
    assert any(row.startswith("T-38 rev 1 ") for row in rows) is (notices == 10)


def test_of_many_expectations_the_first_and_those_that_failed_are_enough(tmp_path: Path) -> None:
    """The verdict stands below them, and is seen."""
    met, failed = "  - {delivered: TUR-1}\n", "  - {answer: STANDBY}\n"
    rows = shown(verdict(small(tmp_path, ("expect:\n", f"expect:\n{40 * met}{50 * failed}"))))
    told = [row.split()[0] for row in rows[rows.index("Expectations (T is the start)") :]]
    assert (told.count("met"), told.count("FAILED")) == (30, 30)
    assert rows[-3] == "and 31 more; --json has all"


def test_a_long_finding_leaves_room_for_what_was_expected(tmp_path: Path) -> None:
    """On a terminal of 80 columns it wraps, and so does the other, in few lines."""
    outcome = verdict(small(tmp_path))
    (finding,) = outcome.findings
    flag = {"flag": "unanswered", "of": "isr", "level": "VOICE_REQUIRED"}
    expected = {"never": flag, "after": "20m1s", "within": "26m30s"}
    long = replace(
        finding,
        expectation=Expectation.model_validate(expected),
        detail="not then; it came at T+26m1s, T+28m31s, T+31m1s",
    )
    rows = shown(replace(outcome, findings=[long]), width=80)
    title = rows.index("Expectations (T is the start)")
    assert len(rows) - title < 10
    assert "never flag unanswered of isr" in rows[title + 2]


def test_no_word_is_cut(tmp_path: Path) -> None:
    """A level is read in full on a console of 80 columns, as a file or a pipe has them."""
    longer = ("TUR-1", "TUR-1-OF-THE-SURVEY-PROGRAMME-12")
    rows = shown(verdict(small(tmp_path, UNANSWERED, longer)), 80)
    assert any("VOICE_REQUIRED" in row for row in rows)
    assert not any("…" in row for row in rows)


def test_a_narrow_terminal_goes_without_what_the_log_tells_too() -> None:
    """Names and times stay whole."""
    rows = shown(verdict(loading.load(catalogue.find("strike-and-survey"))), 74)
    assert "unanswered TUR-014 rev 1 VOICE_REQUIRED 06:06:00 06:06:01 06:07:50" in rows


@pytest.mark.parametrize(("days", "sent"), [(1, "06:01:00"), (2, "01-12 06:01")])
def test_times_have_dates_where_there_are_several(days: int, sent: str, tmp_path: Path) -> None:
    """One day needs none."""
    outcome = verdict(small(tmp_path))
    ended_ms = outcome.history.started_ms + days * DAY_MS
    rows = shown(replace(outcome, history=replace(outcome.history, ended_ms=ended_ms)))
    assert any(row.startswith(f"TUR-1 rev 1 tur {sent} +10ms ") for row in rows)


@pytest.mark.parametrize("width", [60, 80, 140])
def test_a_report_fits_the_terminal(width: int) -> None:
    """No line is longer than the terminal is wide; what does not fit is wrapped."""
    outcome = verdict(loading.load(catalogue.find("strike-and-survey")))
    assert any(line.startswith("PASS ") for line in shown(outcome, width))


def test_a_list_says_of_each_scenario_how_long_it_is_and_what_it_expects(tmp_path: Path) -> None:
    """Beneath a heading for each."""
    console = Console(file=io.StringIO(), width=80, highlight=False, _environ={})
    with console.capture() as capture:
        report.show_all([small(tmp_path)], console)
    rows = [" ".join(line.split()) for line in capture.get().splitlines()]
    assert rows == [
        "name what it is about, and teaches length expects",
        "small A small scenario 30m 1",
        "Nothing much.",
    ]
