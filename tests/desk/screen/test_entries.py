"""Messages on the screen: urgency, order, and rows that need no colours."""

from typing import Any

import pytest
from rich.cells import cell_len

from hotline.desk.screen import entries
from hotline.desk.screen.entries import Columns, Urgency
from hotline.times import parse_instant
from tests.desk.screen.seats import ENTRY, SETTLED

CHECK = ENTRY | {"kind": "check", "precedence": None, "starts": None, "revision": None}
BY_VOICE = {
    "answer": "STANDBY",
    "by": "Levi",
    "at": "2026-01-12T06:00:01.000Z",
    "expected_at": "2026-01-12T06:10:00.000Z",
}
LATER = {
    "state": "standby",
    "answer": "STANDBY",
    "answered_at": "2026-01-12T06:00:02.000Z",
    "expected_at": "2026-01-12T06:30:00.000Z",
}


def at(time: str) -> int:
    """A time of that day."""
    return parse_instant(f"2026-01-12T{time}Z")


def row(entry: dict[str, Any], time: str, width: int = 80) -> str:
    """A selected row, less its padding."""
    line = entries.row(entry, at(time), width, Columns(), selected=True, focused=True).plain
    assert cell_len(line) == width
    return " ".join(line.split())


@pytest.mark.parametrize(
    ("entry", "time", "how", "shows"),
    [
        (ENTRY, "06:00:02", Urgency.WAITS, "▶ 1m58s open FLASH ISR-1 rev 1 strike 4 × F16 ISR21"),
        (ENTRY, "06:01:45", Urgency.SOON, "▶ 15s open FLASH"),
        (ENTRY, "06:02:00", Urgency.WARNING, "▶ +0s ▲ WARNING FLASH"),
        (ENTRY | {"overdue": "ALARM", "next": None}, "06:03:12", Urgency.ALARM, "+1m12s ▲▲ ALARM"),
        (ENTRY, "07:00:00", Urgency.WINDOW_OPEN, "+58m ■ IN WINDOW FLASH"),
        (ENTRY, "08:00:00", Urgency.WINDOW_OPEN, "+1h58m ■ FLOWN FLASH"),
        (CHECK, "06:00:00", Urgency.WAITS, "▶ 2m open ISR-1 rev 1"),
        (CHECK | {"excused": True}, "07:00:00", Urgency.WAITS, "▶ – excused ISR-1 rev 1"),
        (ENTRY | {"kind": "cancel"}, "07:00:00", Urgency.WARNING, "▲ WARNING"),
        (ENTRY | {"delivered": False}, "06:00:00", Urgency.WAITS, "2m undelivered FLASH"),
        (ENTRY | {"delivered": True}, "06:00:00", Urgency.WAITS, "2m delivered FLASH"),
        (
            ENTRY | {"state": "standby", "expected_at": "2026-01-12T06:10:00.000Z"},
            "06:00:00",
            Urgency.WAITS,
            "standby FLASH ISR-1 rev 1 until 06:10: strike",
        ),
        (
            ENTRY | {"state": "standby", "expected_at": "2026-01-13T05:26:00.000Z"},
            "06:00:00",
            Urgency.WAITS,
            "standby FLASH ISR-1 rev 1 until Tue 13 Jan 05:26: ",
        ),
        (
            SETTLED | {"state": "accepted", "answer": "ACCEPT", "officer": "Demir"},
            "09:00:00",
            Urgency.SETTLED,
            "▶ 06:00:00 ACCEPT FLASH ISR-1 rev 1 Demir: strike",
        ),
        (
            SETTLED
            | {"state": "accepted", "answer": "ACCEPT", "officer": "Demir", "voice": BY_VOICE},
            "09:00:00",
            Urgency.SETTLED,
            "ISR-1 rev 1 Demir: strike",
        ),
        (
            SETTLED | {"state": "accepted", "voice": BY_VOICE | {"answer": "ACCEPT"}},
            "09:00:00",
            Urgency.SETTLED,
            "ISR-1 rev 1 Levi, by voice: strike",
        ),
        (
            ENTRY | {"state": "standby", "voice": BY_VOICE},
            "06:01:00",
            Urgency.WAITS,
            "until 06:10: strike",
        ),
        (
            ENTRY | LATER | {"voice": BY_VOICE},
            "06:01:00",
            Urgency.WAITS,
            "until 06:30: strike",
        ),
        (
            ENTRY | LATER | {"voice": BY_VOICE | {"at": "2026-01-12T06:00:03.000Z"}},
            "06:01:00",
            Urgency.WAITS,
            "until 06:10: strike",
        ),
        (ENTRY | {"delayed": "5m"}, "06:00:00", Urgency.WAITS, "ISR-1 rev 1 DELAYED by 5m: strike"),
        (SETTLED | {"state": "cancelled"}, "09:00:00", Urgency.SETTLED, "cancelled FLASH"),
    ],
)
def test_a_row(entry: dict[str, Any], time: str, how: Urgency, shows: str) -> None:
    """It says in words how urgent the message is, with the time counting down, then up."""
    assert entries.urgency(entry, at(time)) is how
    assert shows in row(entry, time)


@pytest.mark.parametrize(
    ("listed", "shows"),
    [
        ([CHECK | {"message": "check isr/12"}], "▶ 2m open check isr/12"),
        ([CHECK | {"message": "check isr/12"}, ENTRY], "▶ 2m open check isr/12"),
        ([ENTRY, CHECK], "▶ 2m open FLASH ISR-1 rev 1"),
        ([ENTRY | {"precedence": "IMMEDIATE"}], "▶ 2m open IMMEDIATE ISR-1 rev 1"),
        ([ENTRY, ENTRY | {"delivered": False}], "▶ 2m open ISR-1 rev 1"),
    ],
)
def test_in_a_narrow_list_names_have_what_room_there_is(
    listed: list[dict[str, Any]], shows: str
) -> None:
    """States and precedences take what they need, all in one column, and none where none is.

    Before a usual name is cut, the precedence goes.
    """
    now_ms = at("06:00:00")
    columns = entries.columns_for(listed, now_ms, 40)
    rows = [
        entries.row(entry, now_ms, 40, columns, selected=True, focused=True).plain
        for entry in listed
    ]
    assert " ".join(rows[0].split()).startswith(shows)
    assert {cell_len(line) for line in rows} == {40}
    names = {line.index(entry["message"][:7]) for line, entry in zip(rows, listed, strict=True)}
    assert len(names) == 1
    assert entries.columns_for(listed, now_ms, 80) == entries.Columns()


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("cancel of TUR-1007", "cancel of TUR-1007 strike 4 × F16 ISR21"),
        ("cancel of TUR-2026-01-12-MORNING", "cancel of TUR-2026-01-12… strike 4 × F16 ISR2…"),
    ],
)
def test_a_long_name_has_more_room(name: str, shows: str) -> None:
    """Of two cancellations one would look like the other; what it is about is seen, too."""
    entry = ENTRY | {"message": name}
    columns = entries.columns_for([entry, ENTRY], at("06:00:00"), 79)
    rows = [
        entries.row(each, at("06:00:00"), 79, columns, selected=False, focused=False).plain
        for each in (entry, ENTRY)
    ]
    assert rows[0].rstrip().endswith(shows)
    assert rows[0].index("strike") == rows[1].index("strike")


@pytest.mark.parametrize("width", [20, 80, 200])
def test_what_does_not_fit_is_cut(width: int) -> None:
    """A row is never wider than its list, and never moves a cursor."""
    entry = ENTRY | {"text": "警告 \x1b[2J\n[bold]" * 30, "message": "M" * 60}
    line = entries.row(entry, at("06:00:00"), width, Columns(), selected=False, focused=False)
    assert cell_len(line.plain) == width
    assert line.plain.isprintable()


def test_the_worst_come_first() -> None:
    """Stops, then flights that nobody answered for, go before what is only due sooner."""
    flown = ENTRY | {"record": "isr/2", "starts": "2026-01-12T05:00:00.000Z"}
    stop = CHECK | {"record": "isr/3", "kind": "stop"}
    listed = entries.in_order([CHECK, flown, stop], at("06:00:00"))
    assert [entry["record"] for entry in listed] == ["isr/3", "isr/2", "isr/1"]
