"""The verdict as JUnit XML."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sim import catalogue
from sim.scenario import loading
from sim.verdict.junit import as_junit
from sim.verdict.verdict import Verdict
from tests.sim.plays import UNANSWERED, small, titled, verdict


def suite_of(of: Verdict) -> ET.Element:
    """The only suite of the document, which is read as its readers do."""
    root = ET.fromstring(as_junit(of).encode())
    assert (root.tag, root.get("name")) == ("testsuites", "hotline-sim")
    (suite,) = root.findall("testsuite")
    counts = ("tests", "failures", "errors", "time")
    assert [root.get(name) for name in counts] == [suite.get(name) for name in counts]
    return suite


def test_each_expectation_is_a_test() -> None:
    """With its words, and the line of the scenario that says it; times are the scenario's."""
    outcome = verdict(loading.load(catalogue.find("strike-and-survey")))
    suite = suite_of(outcome)
    assert suite.attrib == {
        "name": "Strike and survey over the same ridge",
        "timestamp": "2026-01-12T06:00:00.000",
        "tests": "11",
        "failures": "0",
        "errors": "0",
        "time": "720.000",
    }
    properties = {
        each.get("name"): each.get("value") for each in suite.findall("properties/property")
    }
    assert properties == {
        "verdict": "pass",
        "started": "2026-01-12T06:00:00.000Z",
        "seed": "0",
        "speed": "virtual",
        "broker": "memory",
    }
    cases = list(suite.iter("testcase"))
    assert cases[0].attrib == {
        "classname": "strike-and-survey",
        "name": "answer ROGER of ISR-021 by T+1m30s",
        "line": "92",
    }
    assert [len(case) for case in cases] == [0] * 11


def test_what_failed_says_what_came_instead(tmp_path: Path) -> None:
    """In the message, and in full with its line."""
    suite = suite_of(verdict(small(tmp_path, UNANSWERED)))
    assert (suite.get("failures"), suite.get("errors")) == ("1", "0")
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "it never came"
    assert failure.text == "line 28: answer ACCEPT of TUR-1 by T+2m: it never came"


def test_what_is_not_known_is_an_error(tmp_path: Path) -> None:
    """A run that was stopped proves nothing, in either direction."""
    outcome = verdict(small(tmp_path))
    unknown = replace(
        outcome.findings[0], met=None, detail="not known: the run was stopped at T+30m"
    )
    suite = suite_of(replace(outcome, findings=[*outcome.findings, unknown]))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "1")
    (error,) = suite.iter("error")
    assert error.get("message") == "not known: the run was stopped at T+30m"


def test_any_title_can_be_read_back(tmp_path: Path) -> None:
    """What XML means something by is escaped, and what it has no room for is replaced."""
    outcome = titled(verdict(small(tmp_path)), "<A> & \"B\" \x1b[1m 'Türkiye'")
    assert suite_of(outcome).get("name") == "<A> & \"B\" \N{REPLACEMENT CHARACTER}[1m 'Türkiye'"


@pytest.mark.parametrize(
    "title", ["30\u00a0km", "نمی\u200cشود", "one\ntwo\tthree", "\U0001f6e9\ufe0f"]
)
def test_what_xml_has_room_for_stays_as_it_is(title: str, tmp_path: Path) -> None:
    """Blanks that do not break, joiners and line breaks are text, seen or not."""
    assert suite_of(titled(verdict(small(tmp_path)), title)).get("name") == title
