"""Windows in which a sheet has no room, or little."""

import pytest
from textual.geometry import Size

from hotline.desk.screen.small import in_brief
from hotline.times import parse_instant
from tests.desk.posts import Desks
from tests.desk.screen.seats import ENTRY, LONG_AGO_MS, STATE, Seat, seat
from tests.helpers import notice, stop

NOW_MS = parse_instant("2026-01-12T06:00:30Z")
FLAG = {"level": "ALARM", "rule": "silent", "detail": "isr", "since": "2026-01-12T06:00:00.000Z"}


def test_the_most_urgent_is_first() -> None:
    """Then the worst flag, how much there is, and how large the window must be."""
    call = {"kind": "stop", "message": "stop isr/2", "record": "isr/2", "text": "break off"}
    counts = {"inbox": 2, "sent": 0, "flags": 1}
    told = STATE | {"inbox": [ENTRY, ENTRY | call], "flags": [FLAG], "counts": counts}
    shown = in_brief(told, None, NOW_MS, Size(30, 7)).plain.splitlines()
    assert shown == [
        "stop isr/2 1m30s open break o…",
        "ISR-1 rev 1 1m30s open strike…",
        " ▲▲ ALARM  06:00:00 silent isr",
        "2 unanswered, 1 flag stands",
        "Too small: make it 40×12 or more",
    ]
    assert in_brief(told, None, NOW_MS, Size(20, 5)).plain.count("\n") == 3


def test_what_waits_for_the_others_is_counted_and_shown_last() -> None:
    """Their messages wait for us: ours are shown when there are none of these."""
    ours = ENTRY | {"message": "TUR-1 rev 1", "record": "tur/1", "from": "tur"}
    told = STATE | {"sent": [ours], "counts": {"inbox": 1, "sent": 1, "flags": 0}}
    shown = in_brief(told, None, NOW_MS, Size(39, 9)).plain.splitlines()
    assert [line.split()[0] for line in shown[:-2]] == ["ISR-1"]
    assert shown[-2] == "2 unanswered, 0 flags stand"


def test_a_station_that_is_gone_is_not_off_the_line_as_well() -> None:
    """What it said of its link last is old; the first line says what is wrong now."""
    shown = in_brief(STATE | {"on_line": False}, "it has left", NOW_MS, Size(39, 9)).plain
    assert "OFF THE LINE" not in shown


@pytest.mark.parametrize(
    ("changes", "gone", "first"),
    [
        ({"on_line": False}, None, "OFF THE LINE"),
        ({"inbox": [], "sent": [ENTRY]}, None, "ISR-1 rev 1 1m30s open strike 4 × F16 …"),
        ({}, "it has left", "NO STATION: it has left"),
        (None, "it is not running", "NO STATION: it is not running"),
    ],
)
def test_what_is_wrong_is_told_too(
    changes: dict[str, object] | None, gone: str | None, first: str
) -> None:
    """Without a link or a station, or with nothing to answer."""
    told = None if changes is None else STATE | changes
    shown = in_brief(told, gone, NOW_MS, Size(39, 9)).plain.splitlines()
    assert (shown[0], shown[-1]) == (first, "Too small: make it 40×12 or more")


@pytest.mark.parametrize("size", [(39, 24), (80, 11), (30, 8), (20, 5)])
async def test_a_window_that_is_too_small_says_so(
    line: Desks, officer: Seat, size: tuple[int, int]
) -> None:
    """It shows a stop first, and all else again as soon as it is larger."""
    line.say("isr", notice("ISR-1", starts_ms=LONG_AGO_MS))
    line.say("isr", stop())
    await officer.sees("Waits for our answer (2)")
    await officer.resizes(*size)
    await officer.sees("Too small: make it")
    assert officer.lines()[0].startswith("stop isr/2")
    await officer.resizes(80, 24)
    await officer.sees("Waits for our answer (2)")
    assert not officer.shows("Too small")


@pytest.mark.parametrize("size", [(40, 12), (80, 12), (40, 15)])
async def test_a_short_window_has_room_for_messages(line: Desks, size: tuple[int, int]) -> None:
    """With flags above and keys below, the most urgent message is named, and the keys are there."""
    async with seat(line, "tur", size) as officer:
        for number in range(1, 4):
            line.say("isr", notice(f"ISR-{number}", starts_ms=LONG_AGO_MS))
        above, below = "… and 2 more flags stand (p)", ("? help", "s standby", "! STOP")
        await officer.sees(above, "■ IN WINDOW", *below)
        await officer.selects("■ IN WINDOW")
        assert " rev 1" in officer.selected()
