"""A run on a time axis."""

from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from sim import catalogue
from sim.scenario import loading
from sim.verdict.axis import as_svg
from sim.verdict.verdict import Verdict
from tests.sim.plays import UNANSWERED, small, verdict

GREY, YELLOW, RED, MAGENTA = "#777777", "#808000", "#800000", "#800080"


class Bar(NamedTuple):
    """One bar, in the picture's own measure."""

    x: float
    width: float
    height: float
    fill: str


class Axis:
    """What stands in the picture: its texts, and the bars of each lane by the lane's name."""

    def __init__(self, of: Verdict) -> None:
        svg = ET.fromstring(as_svg(of))
        self.height = float(svg.attrib["viewBox"].split()[3])
        texts = [(float(text.attrib["y"]), text.text or "") for text in svg.iter("text")]
        self.texts = [text for _, text in texts]
        names = {y - 4: text for y, text in reversed(texts)}  # the name comes first
        self.outcomes = {names[y - 4]: text for y, text in texts if names.get(y - 4, text) != text}
        self.bars: dict[str, list[Bar]] = {}
        for rect in svg.iter("rect"):
            x, y, width, height = (float(rect.attrib[n]) for n in ("x", "y", "width", "height"))
            bar = Bar(x, width, height, rect.attrib["fill"])
            self.bars.setdefault(names[y + height / 2], []).append(bar)


def test_what_waited_is_grey_and_what_is_late_has_the_colour_of_its_flag() -> None:
    """Each level begins at its deadline, is higher than the last one, and ends with the answer."""
    axis = Axis(verdict(loading.load(catalogue.find("strike-and-survey"))))
    assert list(axis.bars) == ["ISR-021 rev 1", "TUR-014 rev 1", "TUR-014 rev 2"]
    bars = axis.bars["TUR-014 rev 1"]
    assert [bar.fill for bar in bars] == [GREY, YELLOW, RED, MAGENTA]
    assert [bar.height for bar in bars] == [4, 7, 10, 13]
    minute = 560 / 12
    assert [round((bar.x - 215) / minute, 1) for bar in bars] == [2, 4, 5, 6]
    assert {round((bar.x + bar.width - 215) / minute, 1) for bar in bars} == {7.8}
    assert axis.outcomes["TUR-014 rev 1"] == "▲▲▲ REJECT +5m50s, 3m50s late"
    assert axis.outcomes["TUR-014 rev 2"] == "ACCEPT +15s"
    assert axis.texts[2:6] == ["06:00", "T+0", "06:02", "T+2m"]


def test_faults_and_stations_stand_above_what_they_did(tmp_path: Path) -> None:
    """A station has one lane for each rule; a record that is no message has one if it was late."""
    cut = (
        "  - {at: 3m, fault: {kind: cut, of: isr, for: 2m}}\n"
        "  - {at: 4m, who: tur, voice: {officer: Kaya, spoke_with: Levi, text: Hello}}\n"
        "  - {at: 10m, fault: {kind: cut, of: isr, for: 1m}}\nexpect:"
    )
    axis = Axis(verdict(small(tmp_path, ("expect:", cut))))
    assert list(axis.bars) == ["cut of isr", "silent: isr", "TUR-1 rev 1", "voice tur/2"]
    assert [bar.fill for bar in axis.bars["silent: isr"]] == [RED, RED]
    assert axis.outcomes["silent: isr"] == "▲▲ ALARM"
    assert axis.outcomes["voice tur/2"] == "▲▲ delivered +1m"


def test_what_has_no_deadline_begins_when_it_was_noticed(tmp_path: Path) -> None:
    """By the scenario's clock, however wrong that of the watchdog is."""
    wrong = (
        "  - {at: 10m, fault: {kind: clock_slow, of: watchdog, by: 9m, for: 10m}}\n"
        "  - {at: 15m, fault: {kind: cut, of: isr, for: 3m}}\nexpect:"
    )
    axis = Axis(verdict(small(tmp_path, ("expect:", wrong))))
    [fault], [silent] = axis.bars["cut of isr"], axis.bars["silent: isr"]
    assert (silent.x, silent.width) == (fault.x, fault.width)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (UNANSWERED, "▲▲▲ still waits"),
        (("expect:", "  - {at: 61s, who: tur, cancel: {id: TUR-1}}\nexpect:"), "cancelled"),
        (("reads_in: 10s..20s", "reads_in: 20s"), "ACCEPT +20s"),
        (
            ("reads_in: 10s..20s", "answers: [{when: {}, answer: STANDBY, for: 50m}]"),
            "▲▲▲ STANDBY, still waits",
        ),
    ],
)
def test_a_lane_says_what_came_of_it(change: tuple[str, str], outcome: str, tmp_path: Path) -> None:
    """The colours are not all that tells it."""
    assert Axis(verdict(small(tmp_path, change))).outcomes["TUR-1 rev 1"] == outcome


def test_of_many_lanes_those_that_were_late_are_there(tmp_path: Path) -> None:
    """So many that they fit on a page; how many are left out is said."""
    checks = "  - {at: 2m, who: tur, check: hello, every: 5s, until: 20m}\nexpect:"
    nothing = "answers: [{when: {kind: notice}, answer: NOTHING}]\n      reads_in: 1s"
    changes = (("expect:", checks), ("reads_in: 10s..20s", nothing))
    axis = Axis(verdict(small(tmp_path, *changes)))
    assert len(axis.bars) == 28
    assert "TUR-1 rev 1" in axis.bars
    assert axis.height < 600
    assert any(text.startswith("Left out for want of room: 190 lanes (") for text in axis.texts)


def test_a_long_name_is_set_tighter(tmp_path: Path) -> None:
    """It does not run into the bars, and nothing of it is cut."""
    long = "TUR-1-OF-THE-SURVEY-PROGRAMME-12"
    svg = as_svg(verdict(small(tmp_path, ("TUR-1", long))))
    assert f'textLength="203" lengthAdjust="spacingAndGlyphs">{long} rev 1</text>' in svg
