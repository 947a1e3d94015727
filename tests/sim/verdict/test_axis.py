"""A run on a time axis."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from hotline.times import DAY_MS, MINUTE_MS, SECOND_MS
from sim import catalogue
from sim.scenario import loading
from sim.verdict.axis import as_svg
from sim.verdict.verdict import Verdict
from tests.sim.plays import small, verdict
from tests.sim.verdict.test_report import many

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
        assert svg.attrib["aria-label"].startswith("What waited, "), "else nobody hears what it is"
        self.height = float(svg.attrib["viewBox"].split()[3])
        texts = [
            (float(text.attrib["x"]), float(text.attrib["y"]), text.text or "")
            for text in svg.iter("text")
        ]
        assert max(y for _, y, _ in texts) < self.height
        self.texts = [text for _, _, text in texts]
        names = {y - 4: text for x, y, text in texts if x == 0}
        self.outcomes = {names[y - 4]: text for x, y, text in texts if x > 215 + 560}
        self.bars: dict[str, list[Bar]] = {}
        for rect in svg.iter("rect"):
            x, y, width, height = (float(rect.attrib[n]) for n in ("x", "y", "width", "height"))
            bar = Bar(x, width, height, rect.attrib["fill"])
            self.bars.setdefault(names[y + height / 2], []).append(bar)
        *_, lowest = (y for y, name in names.items() if name in self.bars)
        self.notes = [text for y, text in names.items() if y > lowest]
        self.lines = [float(path.attrib["d"][1:].split()[0]) for path in svg.iter("path")]


def lasting(of: Verdict, lasts_ms: int) -> Verdict:
    """The same run, had it ended sooner or later."""
    return replace(of, history=replace(of.history, ended_ms=of.history.started_ms + lasts_ms))


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
    [legend] = axis.notes
    assert legend.endswith(" (▲ WARNING, ▲▲ ALARM, ▲▲▲ VOICE_REQUIRED).")


@pytest.mark.parametrize(
    ("lasts_ms", "second", "count"),
    [
        (10 * SECOND_MS, ["06:00:01", "T+1s"], 11),
        (12 * MINUTE_MS, ["06:02", "T+2m"], 7),
        (2 * DAY_MS, ["01-12 18:00", "T+12h"], 5),
        (400 * DAY_MS, ["04-22 06:00", "T+100d"], 5),
    ],
)
def test_round_times_are_marked(
    lasts_ms: int, second: list[str], count: int, tmp_path: Path
) -> None:
    """As many as are easily read, with dates where there are several; one, if it never began."""
    played = verdict(small(tmp_path))
    axis = Axis(lasting(played, lasts_ms))
    assert axis.texts[4:6] == second
    assert sum(text.startswith("T+") for text in axis.texts) == len(axis.lines) == count
    assert (axis.lines[0], axis.lines[-1]) == (215, 215 + 560)
    assert axis.lines[1] - axis.lines[0] > len(second[0]) * 6.6, "they run into each other"
    assert Axis(lasting(played, 0)).lines == [215]


def test_faults_and_stations_stand_above_what_they_did(tmp_path: Path) -> None:
    """A station has one lane for each rule; a record that is no message has one if it was late."""
    more = (
        "  - {at: 30s, who: tur, check: hello}\n"
        "  - {at: 3m, fault: {kind: cut, of: isr, for: 2m}}\n"
        "  - {at: 4m, who: tur, voice: {officer: Kaya, spoke_with: Levi, text: Hello}}\n"
        "  - {at: 10m, fault: {kind: cut, of: isr, for: 1m}}\n"
        "  - {at: 15m, who: isr, suspend: {reason: planned work}}\n"
        "  - {at: 16m, fault: {kind: crash, of: isr, for: 2m}}\nexpect:"
    )
    outcome = verdict(small(tmp_path, ("expect:", more)))
    axis, stopped = Axis(outcome), Axis(lasting(outcome, 10 * MINUTE_MS + 30 * SECOND_MS))
    assert list(axis.bars) == [
        "cut of isr",
        "crash of isr",
        "silent: isr",
        "TUR-1 rev 1",
        "check tur/1",
        "voice tur/3",
        "suspend isr/3",
    ]
    assert [bar.fill for bar in axis.bars["silent: isr"]] == [YELLOW, RED, RED]
    assert axis.outcomes["silent: isr"] == "▲▲ ALARM"
    assert axis.outcomes["voice tur/3"] == "▲▲ delivered +1m"
    assert (axis.outcomes["cut of isr"], stopped.outcomes["cut of isr"]) == ("for 1m", "for 30s")
    assert "crash of isr" not in stopped.bars


def test_what_has_no_deadline_begins_when_it_was_noticed(tmp_path: Path) -> None:
    """By the scenario's clock, however wrong that of the watchdog is."""
    wrong = (
        "  - {at: 10m, fault: {kind: clock_slow, of: watchdog, by: 9m, for: 10m}}\n"
        "  - {at: 15m, fault: {kind: cut, of: isr, for: 3m}}\nexpect:"
    )
    axis = Axis(verdict(small(tmp_path, ("expect:", wrong))))
    [fault], [silent] = axis.bars["cut of isr"], axis.bars["silent: isr"]
    assert (silent.x, silent.width) == (fault.x, fault.width)


CANCEL = "{at: 61s, who: tur, cancel: {id: TUR-1}}"
TOO_LATE = "{at: 2m, who: isr, answer: {to: TUR-1, answer: ACCEPT}}"
VOICE = (
    "{at: 10m, who: tur, voice:"
    " {about: TUR-1, answer: ACCEPT, officer: Kaya, spoke_with: Levi, text: Go}}"
)


@pytest.mark.parametrize(
    ("event", "answers", "outcome"),
    [
        ("", "answers: [{answer: NOTHING}]", "▲▲▲ still waits"),
        (CANCEL, "reads_in: 20s", "cancelled"),
        (f"{CANCEL}\n  - {TOO_LATE}", "reads_in: 20s", "cancelled"),
        ("", "reads_in: 20s", "ACCEPT +20s"),
        ("", "answers: [{when: {}, answer: STANDBY, for: 50m}]", "▲▲▲ STANDBY, still waits"),
        (
            VOICE,
            "answers: [{answer: NOTHING}]",
            "▲▲▲ voice ACCEPT +9m, 7m late",
        ),
        (
            "{at: 30s, fault: {kind: cut, of: isr, for: 10m}}",
            "reads_in: 20s",
            "▲▲▲ ACCEPT +9m50s, 7m50s late, delivered +9m30s",
        ),
        (
            "{at: 70s, fault: {kind: cut, of: isr, for: 10m}}",
            "reads_in: 20s",
            "▲▲▲ ACCEPT +20s, heard late",
        ),
    ],
)
def test_a_lane_says_what_came_of_it(
    event: str, answers: str, outcome: str, tmp_path: Path
) -> None:
    """The colours are not all that tells it."""
    events = ("expect:", f"  - {event}\nexpect:" if event else "expect:")
    played = verdict(small(tmp_path, events, ("reads_in: 10s..20s", answers)))
    assert Axis(played).outcomes["TUR-1 rev 1"] == outcome
    never = replace(played, history=replace(played.history, received_ms={}))
    undelivered = outcome.replace("delivered +9m30s", "not delivered")
    assert Axis(never).outcomes["TUR-1 rev 1"] == undelivered


def test_of_many_lanes_those_that_were_late_are_there(tmp_path: Path) -> None:
    """So many that they fit on a page, in their order; how many are left out is said."""
    more = (
        "  - {at: 2m, who: tur, check: hello, every: 5s, until: 20m}\n"
        "  - {at: 25m, fault: {kind: cut_out, of: tur, for: 1m}}\n"
        "  - {at: 25m, who: tur, check: the last one}\nexpect:"
    )
    axis = Axis(verdict(small(tmp_path, ("expect:", more))))
    names = list(axis.bars)
    assert len(names) == 28
    assert (names[:2], names[-1]) == (["cut out of tur", "silent: tur"], "check tur/219")
    assert axis.height < 600
    assert axis.notes[1].startswith("Left out for want of room: 193 lanes (")


def test_of_many_late_lanes_the_fault_behind_them_is_there(tmp_path: Path) -> None:
    """Else a line that was down for hours would show only what waited for it."""
    cut = "  - {at: 2m, fault: {kind: cut, of: isr, for: 20m}}\nexpect:"
    axis = Axis(many(tmp_path, ("expect:", cut)))
    assert list(axis.bars)[:3] == ["cut of isr", "silent: isr", "TUR-1 rev 1"]
    assert len(axis.bars) == 28


def test_of_many_faults_none_is_left_out_for_what_was_in_time(tmp_path: Path) -> None:
    """It says less than any of them."""
    slow = "".join(
        f"  - {{at: {at}m, fault: {{kind: slow, of: isr, by: {at}ms, for: 1m}}}}\n"
        for at in range(2, 22)
    )
    checks = "  - {at: 2m, who: tur, check: hello, every: 1m, until: 20m}\nexpect:"
    axis = Axis(verdict(small(tmp_path, ("expect:", slow + checks))))
    assert sum(len(bars) for name, bars in axis.bars.items() if name == "slow of isr") == 20
    assert sum(len(bars) for bars in axis.bars.values()) == 28


def test_a_long_name_is_set_tighter(tmp_path: Path) -> None:
    """It does not run into the bars, and nothing of it is cut."""
    long = "TUR-1-OF-THE-SURVEY-PROGRAMME-12"
    svg = as_svg(verdict(small(tmp_path, ("TUR-1", long))))
    assert f'textLength="203" lengthAdjust="spacingAndGlyphs">{long} rev 1</text>' in svg
    assert svg.count("textLength") == 1
