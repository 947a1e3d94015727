"""The verdict as JUnit XML, which continuous integration shows beside the results of tests."""

import re
from xml.etree import ElementTree as ET

from hotline.times import SECOND_MS, format_instant
from sim.stage.history import speed_in_words
from sim.verdict.judge import Finding
from sim.verdict.verdict import Verdict

_NO_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(verdict: Verdict) -> str:
    """A suite for the scenario, with a case for each expectation; an unknown result is an error.

    Times are by the scenario's clock; those in words say that they count from the start.
    """
    history, findings = verdict.history, verdict.findings
    counts = {
        "tests": str(len(findings)),
        "failures": str(sum(finding.met is False for finding in findings)),
        "errors": str(sum(finding.met is None for finding in findings)),
        "time": f"{(history.ended_ms - history.started_ms) / SECOND_MS:.3f}",
    }
    suites = ET.Element("testsuites", {"name": "hotline-sim", **counts})
    started = format_instant(history.started_ms).removesuffix("Z")
    suite = ET.SubElement(
        suites,
        "testsuite",
        {"name": _plain(verdict.played.scenario.title), "timestamp": started, **counts},
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("verdict", verdict.word),
        ("started", format_instant(history.started_ms)),
        ("seed", str(history.seed)),
        ("speed", speed_in_words(history.speed)),
        ("broker", history.broker),
    ):
        ET.SubElement(properties, "property", {"name": name, "value": value})
    for finding in findings:
        _add_case(suite, verdict.played.name, finding)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _add_case(suite: ET.Element, scenario: str, finding: Finding) -> None:
    names = {
        "classname": _plain(scenario),
        "name": _plain(finding.text),
        "line": str(finding.line_number),
    }
    case = ET.SubElement(suite, "testcase", names)
    if finding.met is not True:
        kind = "failure" if finding.met is False else "error"
        failed = ET.SubElement(case, kind, {"message": _plain(finding.detail)})
        failed.text = _plain(f"line {finding.line_number}: {finding.text}: {finding.detail}")


def _plain(text: str) -> str:
    """The text without the characters that XML cannot hold, not even escaped."""
    return _NO_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)
