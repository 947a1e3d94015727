"""The head of the screen: the line's state in words, in as many columns as there are."""

from typing import Any

import pytest
from rich.cells import cell_len

from hotline.desk.screen import headline
from hotline.times import parse_instant
from tests.desk.screen.seats import ATTENDED, STATE

WATCH = {
    "officer": "Demir",
    "deputy": "Kaya",
    "since": "2026-01-12T00:00:00.000Z",
    "until": "2026-01-12T08:00:00.000Z",
}
SUSPENDED = {
    "attendance": "suspended",
    "watch": None,
    "suspension": {"until": "2026-01-12T06:30:00.000Z", "reason": "repairs"},
}
TO_TOMORROW = {"until": "2026-01-13T05:26:00.000Z", "reason": None}
FLAG = {
    "rule": "silent",
    "subject": "isr",
    "level": "WARNING",
    "detail": "isr: link lost",
    "since": "2026-01-12T05:59:00.000Z",
}
NOW_MS = parse_instant(STATE["now"])


def head(*, width: int = 120, gone: bool = False, **changes: Any) -> list[str]:
    """The lines of a head."""
    lines = headline.head(STATE | changes, NOW_MS, width, gone=gone).plain.split("\n")
    assert all(cell_len(line) <= width for line in lines)
    return [" ".join(line.split()) for line in lines]


def test_who_and_where_and_when() -> None:
    """The station and the line's own clock; who is there; that nobody is on watch."""
    assert head() == [
        "Türkiye (tur) on the line isr-tur Mon 12 Jan 2026 06:00:30 UTC",
        "● on the line │ isr ● heard │ dog ○ SILENT",
        "we: nobody is on watch by name – h: hand over",
    ]
    assert "×24 Mon 12 Jan 2026" in head(rate=24)[0], "a scenario's clock says how fast it goes"


def test_the_clock_stays_when_there_is_little_room() -> None:
    """The day goes first, then the end of the station's name."""
    assert head(width=56)[0] == "Türkiye (tur) on the line isr-tur 06:00:30 UTC"
    assert head(width=40)[0] == "Türkiye (tur) on the line … 06:00:30 UTC"
    assert head(width=20, rate=24)[0] == "Tü… ×24 06:00:30 UTC"


@pytest.mark.parametrize(
    ("changes", "shows"),
    [
        (
            {"on_line": False, "stations": {"isr": "unknown"}},
            "OFF THE LINE: what is said is kept here │ isr ? unknown",
        ),
        ({"stations": {"isr": "unknown"}}, "isr ? unknown"),
        (
            {"declared": {"isr": SUSPENDED, "tur": ATTENDED}},
            "isr ‖ suspended until 06:30 – repairs",
        ),
        ({"declared": {"isr": ATTENDED | {"watch": WATCH}, "tur": ATTENDED}}, "Demir on watch"),
        (
            {"declared": {"isr": ATTENDED, "tur": SUSPENDED}},
            "‖ SUSPENDED BY OUR OWN WORD until 06:30 – u: resume",
        ),
        ({"watch": WATCH}, "we: Demir on watch, deputy Kaya, until 08:00"),
        (
            {"watch": WATCH | {"until": "2026-01-13T02:00:00.000Z"}},
            "we: Demir on watch, deputy Kaya, until Tue 13 Jan 02:00",
        ),
        (
            {"declared": {"isr": SUSPENDED | {"suspension": TO_TOMORROW}, "tur": ATTENDED}},
            "isr ‖ suspended until Tue 13 Jan 05:26",
        ),
        ({"may_speak": False, "waits_for": ["isr"]}, "WE MAY NOT SPEAK YET: it waits to hear isr"),
        ({"may_speak": False}, "WE MAY NOT SPEAK YET: it is fetching its own words"),
        ({"role": "watchdog"}, "a watchdog's desk: for viewing only"),
        ({"gone": True}, "○ NO STATION │ isr ? unknown"),
    ],
)
def test_what_there_is_to_know(changes: dict[str, Any], shows: str) -> None:
    """Each in words that need no colour."""
    assert any(shows in line for line in head(**changes))


def test_a_clock_that_differs() -> None:
    """The times left that are shown are wrong then, however many other flags hide this one."""
    isr, tur = (FLAG | {"rule": "clock_skew", "subject": name} for name in ("isr", "tur"))
    assert "isr ● heard, clock differs │" in head(flags=[isr])[1]
    assert "OUR CLOCK DIFFERS" in head(flags=[tur])[2]
    assert "differs" not in "".join(head(flags=[FLAG])).casefold()


def test_a_watch_that_is_over() -> None:
    """It is not taken for one that goes on."""
    over = ATTENDED | {"watch": WATCH | {"until": "2026-01-12T05:00:00.000Z"}}
    lines = head(declared={"isr": over, "tur": over})
    assert "isr ● heard, watch ended at 05:00: Demir" in lines[1]
    assert lines[-1] == "we: the watch of Demir ended at 05:00 – h: hand over"


def test_a_suspension_that_is_over() -> None:
    """It excuses nothing any more, whether or not its author has resumed."""
    suspension = {"until": "2026-01-12T06:00:30.000Z", "reason": "repairs"}
    over = ATTENDED | {"attendance": "suspended", "suspension": suspension}
    lines = head(declared={"isr": over, "tur": over}, stations={"isr": "silent"})
    assert lines[1:] == [
        "● on the line │ isr ○ SILENT",
        "we: our suspension ended at 06:00 – u: resume │ nobody is on watch by name – h: hand over",
    ]
    for_ever = over | {"suspension": suspension | {"until": None}}
    assert "SUSPENDED BY OUR OWN WORD – u" in head(declared={"isr": over, "tur": for_ever})[2]


def test_flags_the_worst_first() -> None:
    """As many as there is room for, and how many more there are."""
    worse = FLAG | {"level": "ALARM", "rule": "degraded", "detail": "\x1b[2Jtwo checks"}
    state = STATE | {"flags": [FLAG, FLAG, worse], "counts": {"flags": 3}}
    lines = headline.flags(state, NOW_MS, 50, 1).plain.split("\n")
    assert lines[0] == " ▲▲ ALARM  05:59:00 degraded  [2Jtwo checks"
    assert lines[1] == "   … and 2 more flags stand (p)"
    assert headline.flags(STATE, NOW_MS, 50, 1).plain == ""


def test_all_flags() -> None:
    """As many as are known, and how many more there are of which only the number is."""
    state = STATE | {"flags": [FLAG] * 3, "counts": {"flags": 5}}
    lines = headline.flags(state, NOW_MS, 50).plain.split("\n")
    assert lines[3:] == ["   … and 2 more flags stand"]


def test_a_flag_that_needs_two_lines_hangs() -> None:
    """So each flag can be told from the next one, and none reaches under the scroll bar."""
    long = FLAG | {"detail": "isr: " + "nothing heard " * 4}
    state = STATE | {"flags": [long], "counts": {"flags": 1}}
    first, *more = headline.flags(state, NOW_MS, 50).plain.split("\n")
    assert first.startswith(" ▲ WARNING  05:59:00 ")
    assert more
    assert all(line.startswith("   nothing ") for line in more)
    assert all(len(line) < 50 for line in [first, *more])


def test_a_flag_that_has_stood_overnight() -> None:
    """Its day is told: it is older than its hour looks."""
    old = FLAG | {"since": "2026-01-10T05:59:00.000Z"}
    state = STATE | {"flags": [old], "counts": {"flags": 1}}
    assert " 01-10 05:59:00 " in headline.flags(state, NOW_MS, 80, 1).plain


@pytest.mark.parametrize(
    ("isr", "shows"),
    [
        (
            ATTENDED | {"watch": WATCH | {"officer": "Lt. Col. " + "x" * 60}},
            "isr ● heard, Lt. Col.",
        ),
        (SUSPENDED | {"suspension": {"until": None, "reason": "x" * 90}}, "isr ‖ suspended – xxx"),
    ],
)
def test_long_words_of_one_do_not_hide_another(isr: dict[str, Any], shows: str) -> None:
    """That a station is silent is shown before what another one has said of itself."""
    line = head(width=80, declared={"isr": isr, "tur": ATTENDED})[1]
    assert shows in line
    assert line.endswith("… │ dog ○ SILENT")


@pytest.mark.parametrize(
    ("width", "changes", "line"),
    [
        (40, {}, "● │ isr ● heard │ watchdog ○ SILENT"),
        *(
            (width, {"declared": {"isr": ATTENDED | {"watch": WATCH}, "tur": ATTENDED}}, line)
            for width, line in (
                (35, "● │ isr ● heard │ watchdog ○ SILENT"),
                (47, "● on the line │ isr ● heard │ watchdog ○ SILENT"),
                (52, "● on the line │ isr ● heard, De… │ watchdog ○ SILENT"),
            )
        ),
        (
            80,
            {"on_line": False, "declared": {"isr": SUSPENDED, "tur": ATTENDED}},
            "OFF THE LINE │ isr ‖ suspended until 06:30 – repairs │ watchdog ○ SILENT",
        ),
    ],
)
def test_the_others_are_seen_where_there_is_little_room(
    width: int, changes: dict[str, Any], line: str
) -> None:
    """Words about our own link go before theirs are cut off."""
    stations = {"isr": "online", "watchdog": "silent"}
    assert head(width=width, stations=stations, **changes)[1] == line
