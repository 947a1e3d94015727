"""The verdict as a page."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hotline.logs.stream import LogFormat, LogLevel
from sim import catalogue
from sim.scenario import loading
from sim.stage.runner import play_virtual
from sim.verdict.page import as_page
from sim.verdict.story import StoryLog
from sim.verdict.verdict import reach
from tests.helpers import NONSENSE
from tests.sim.plays import small, titled, verdict
from tests.sim.verdict.test_report import many

VOID = {"meta"}


class Reader(HTMLParser):
    """What a browser makes of it: each element is closed, and nothing is fetched or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.title = self.heading = self.about = ""
        self.parts: list[str] = []
        self.text: list[str] = []
        self.drawn: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """It needs no other file."""
        assert tag not in {"script", "link", "img", "iframe"}
        assert not any(name in {"href", "src"} or name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Of the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """The lines, without the blanks between their columns."""
        if self.open[-1:] == ["title"]:
            self.title += data
        elif self.open[-1:] == ["h1"]:
            self.heading += data
        elif self.open[-1:] == ["h2"]:
            self.parts.append(data)
        elif "p" in self.open:
            self.about += data
        elif "svg" in self.open:
            self.drawn.append(data)
        elif "pre" in self.open:
            self.text.append(data)

    @property
    def lines(self) -> list[str]:
        """What stands on the page."""
        return [" ".join(line.split()) for line in "".join(self.text).splitlines()]


def test_a_page_is_for_phones_and_for_the_dark_too() -> None:
    """It is as wide as its window, and the tables scroll in it; who reads in the dark is asked."""
    page = as_page(verdict(loading.load(catalogue.find("strike-and-survey"))), [])
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert "overflow-x: auto" in page
    assert "h1, p { overflow-wrap: anywhere; }" in page
    assert "@media screen and (prefers-color-scheme: dark) {\n  html { filter:" in page


@pytest.mark.parametrize("terminal", [{"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "dumb"}])
def test_a_page_is_the_same_whichever_terminal_it_is_made_on(
    terminal: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing of it is written there."""
    outcome = verdict(loading.load(catalogue.find("strike-and-survey")))
    page = as_page(outcome, [])
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    assert as_page(outcome, []) == page
    assert capsys.readouterr().out == ""


def test_a_page_says_each_of_its_styles_once() -> None:
    """A long one would be a third longer."""
    page = as_page(verdict(loading.load(catalogue.find("strike-and-survey"))), [])
    assert 'style="' not in page
    assert page.count("{color: #008000; text-decoration-color: #008000}") == 1


def test_a_page_can_be_printed_without_losing_the_ends_of_its_rows() -> None:
    """Paper cannot be scrolled: the sheet lies on its side, and what is too long is wrapped."""
    page = as_page(verdict(loading.load(catalogue.find("strike-and-survey"))), [])
    assert "@page { size: landscape;" in page
    print_rules = page.partition("@media print {")[2].partition("</style>")[0]
    assert "overflow: visible; white-space: pre-wrap;" in print_rules
    assert "html { print-color-adjust: exact;" in print_rules


def test_a_page_has_the_verdict_and_all_that_was_said() -> None:
    """The tables of the terminal first, then the messages with their officers."""
    page = Reader(as_page(verdict(loading.load(catalogue.find("strike-and-survey"))), []))
    assert page.title == "Strike and survey over the same ridge"
    assert page.drawn[:4] == ["UTC", "since the start", "06:00", "T+0"]
    assert page.heading == "PASS: Strike and survey over the same ridge"
    assert "PASS Strike and survey over the same ridge" in page.lines
    met = "met 92 answer ROGER of ISR-021 by T+1m30s"
    assert f"{met} at T+48.769s 06:00:48" in page.lines
    says = (
        "isr/1 ISR-021 rev 1 01-12 06:00:30 01-12 07:10 to 07:40 strike 4 × F16 ISR21 acknowledged"
    )
    assert f"{says} Maj. Demir planned" in page.lines


def test_a_page_has_what_no_table_has(tmp_path: Path) -> None:
    """Where and when each part of a flight is, remarks, reasons, promises, and telephone calls."""
    more = (
        "  - {at: 2m, who: tur, revise: {id: TUR-1, from: 40m, until: 50m, remarks: and back,"
        " further: [{area: ridge, from: 55m, until: 1h}]}}\n"
        "  - {at: 3m, who: tur, voice: {about: TUR-1, officer: Kaya, spoke_with: Levi, text: Hm}}\n"
        "  - {at: 4m, who: tur, handover: {officer: Maj. Demir, deputy: Lt. Kaya}}\n"
        "expect:"
    )
    answers = "[{when: {}, answer: STANDBY, for: 30s, then: REJECT, reason: too close}]"
    reads = ("reads_in: 10s..20s", f"reads_in: 10s\n      answers: {answers}")
    page = Reader(as_page(verdict(small(tmp_path, ("expect:", more), reads)), []))
    first = page.lines.index("What was said beyond that") + 2
    where = "where 9 km around 34.5, 37.6, from 0 m to 5000 m"
    assert page.lines[first : first + 12] == [
        f"tur/1 TUR-1 rev 1 {where}",
        "isr/1 STANDBY to TUR-1 rev 1 expected at 2026-01-12T06:01:40.000Z",
        "isr/2 REJECT to TUR-1 rev 1 reason too close",
        f"tur/2 TUR-1 rev 2 {where}, Mon 12 Jan 2026 06:40 to 06:50 UTC",
        f"tur/2 TUR-1 rev 2 {where}, Mon 12 Jan 2026 06:55 to 07:00 UTC",
        "tur/2 TUR-1 rev 2 remarks and back",
        "isr/3 STANDBY to TUR-1 rev 2 expected at 2026-01-12T06:02:40.000Z",
        "isr/4 REJECT to TUR-1 rev 2 reason too close",
        "tur/3 voice about TUR-1 rev 2 officer Kaya",
        "tur/3 voice about TUR-1 rev 2 spoke with Levi",
        "tur/3 voice about TUR-1 rev 2 text Hm",
        "tur/4 handover tur/4 officer Maj. Demir",
    ]


def test_a_page_says_by_which_clock_each_of_its_times_is(tmp_path: Path) -> None:
    """Those that the records bear are their authors', and differ where a clock was wrong.

    Each part has a heading, for those who go from one to the next.
    """
    wrong = "  - {at: 0s, fault: {kind: clock_slow, of: tur, by: 20s, for: 10m}}\nexpect:"
    page = Reader(as_page(verdict(small(tmp_path, ("expect:", wrong))), []))
    assert page.parts == [
        "What the journals say, by their authors' clocks (UTC)",
        "The log, by the scenario's clock (UTC)",
    ]
    assert any(line.startswith("TUR-1 rev 1 tur 06:01:00 +10ms +1") for line in page.lines)
    assert any(line.startswith("tur/1 TUR-1 rev 1 01-12 06:00:40 ") for line in page.lines)


def test_a_flagged_record_is_called_what_it_is(tmp_path: Path) -> None:
    """In both tables of flags; one that asks for no answer has no other name.

    What has a place in a table is not said again, nor what makes no sense.
    """
    call = (
        "  - {at: 2m, who: tur, check: hello}\n"
        "  - {at: 3m, fault: {kind: cut, of: isr, for: 2m}}\n"
        "  - {at: 4m, who: tur, voice: {officer: Maj. Demir, spoke_with: Levi, text: Hello.}}\n"
        "expect:"
    )
    outcome = verdict(small(tmp_path, ("expect:", call)))
    records = outcome.history.records
    odd = records[0]._replace(body=NONSENSE, raw=b'{"body": "\x1b"}')
    history = replace(outcome.history, records=[odd, *records])
    page = Reader(as_page(replace(outcome, history=history), []))
    flagged = [line.split()[1:4] for line in page.lines if line.startswith("undelivered ")]
    levels = [["voice", "tur/3", "WARNING"], ["voice", "tur/3", "ALARM"]]
    assert flagged == levels * 2
    first = page.lines.index("What was said beyond that") + 1
    assert page.lines[first : first + 5] == [
        "record message says",
        "tur/1 TUR-1 rev 1 where 9 km around 34.5, 37.6, from 0 m to 5000 m",
        "tur/3 voice tur/3 officer Maj. Demir",
        "tur/3 voice tur/3 spoke with Levi",
        "tur/3 voice tur/3 text Hello.",
    ]
    assert page.lines[first + 5 :] == []


def test_a_page_has_all_rows(tmp_path: Path) -> None:
    """There is room on it."""
    page = Reader(as_page(many(tmp_path), []))
    assert any(line.startswith("T-39 rev 1 ") for line in page.lines)
    assert not any("--json has all" in line for line in page.lines)


def test_a_page_begins_with_what_the_scenario_is_about(tmp_path: Path) -> None:
    """Whoever leads the debriefing says first what was played, and what it teaches."""
    about = ("background: A test.", "background: A {test} of <b>all</b>.")
    page = Reader(as_page(verdict(small(tmp_path, about)), []))
    assert (
        page.about == "Teaches: Nothing much.Background: A {test} of <b>all</b>.Source: Simulated."
    )


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "{code} {0} & Türkiye [bold]"])
def test_any_title_stands_on_it_as_it_is(title: str, tmp_path: Path) -> None:
    """Nothing in a scenario is taken for the page's own words."""
    page = Reader(as_page(titled(verdict(small(tmp_path)), title), []))
    assert page.title == title
    assert f"PASS {title}" in page.lines


def test_what_turns_a_text_round_does_not_stand_on_it(tmp_path: Path) -> None:
    """Whoever wrote a scenario could have its title read as another one, or as another verdict."""
    page = as_page(titled(verdict(small(tmp_path)), "SSAP\u202e and FAIL"), [])
    assert "\u202e" not in page
    assert Reader(page).title == "SSAP  and FAIL"


def test_a_page_ends_with_the_story(tmp_path: Path) -> None:
    """Line by line as the log told it, at any level, with the scenario's clock alone."""
    log = StoryLog(LogFormat.JSON, LogLevel.ERROR)
    loaded = small(tmp_path)
    outcome = reach(loaded, play_virtual(loaded.scenario, 0, log))
    lines = Reader(as_page(outcome, log.story)).lines
    sent = next(number for number, line in enumerate(lines) if " notice.sent " in line)
    assert lines[sent].startswith("06:01:00 tur notice.sent TUR-1 rev 1 FLASH request to isr – ")
    assert not any(" reply.delivered " in line for line in lines), "that is for debugging"
    assert lines[sent + 1] == "06:01:00 tur notice.delivered TUR-1 rev 1 to isr after 10ms"
