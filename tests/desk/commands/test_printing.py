"""What a desk prints, from the state that a station tells."""

from collections.abc import Callable
from typing import Any

from rich.console import Console

from hotline.desk.commands import printing
from tests.desk.screen import seats
from tests.desk.screen.seats import ATTENDED

ENTRY = seats.ENTRY | {"answers": ["ROGER", "STANDBY"]}
STATE = seats.STATE | {"inbox": [ENTRY], "recent": [ENTRY]}


def inbox(**changes: Any) -> list[str]:
    """The lines of an inbox with one message."""
    return _lines(printing.show_inbox, STATE | {"inbox": [ENTRY | changes]})


def state(**changes: Any) -> list[str]:
    """The lines of a picture."""
    return _lines(printing.show_state, STATE | changes)


def _lines(
    show: Callable[[dict[str, Any], Console], None], told: dict[str, Any], width: int = 100
) -> list[str]:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        show(told, console)
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_an_inbox_tells_the_time_left() -> None:
    """As on the screen, and beside it, once none is left, how bad that is."""
    row = "isr/1 ISR-1 rev 1 FLASH strike 4 × F16 ISR21"
    assert inbox()[1] == f"{row} 1m30s roger standby"
    assert inbox(state="standby")[1] == f"{row} 1m30s (standby) roger standby"
    assert inbox(due=STATE["now"], overdue="WARNING")[1] == f"{row} WARNING 0s late roger standby"
    assert inbox(due=STATE["now"], excused=True)[1] == f"{row} excused roger standby"
    late = inbox(due="2026-01-12T05:55:00.000Z", overdue="VOICE_REQUIRED")
    assert late[1] == f"{row} VOICE 5m30s late roger standby"
    assert "FLASH DELAYED by 5m, sent 06:00:00: strike" in " ".join(inbox(delayed="5m"))
    assert _lines(printing.show_inbox, STATE | {"inbox": []}) == [
        "nothing waits for an answer from here"
    ]


def test_a_level_stays_whole_on_a_narrow_terminal() -> None:
    """No word of a table is broken."""
    entry = ENTRY | {"due": STATE["now"], "overdue": "WARNING", "text": "break off at once"}
    for width in range(50, 80):
        lines = _lines(printing.show_inbox, STATE | {"inbox": [entry]}, width)
        assert any("WARNING" in line for line in lines), width


def test_a_text_has_room_at_eighty_columns() -> None:
    """However many answers stand beside it."""
    text = "your radar has locked on our helicopter"
    entry = ENTRY | {"answers": ["ACCEPT", "REJECT", "STANDBY"], "text": text}
    late = entry | {"due": "2026-01-12T05:55:00.000Z", "overdue": "WARNING"}
    lines = _lines(printing.show_inbox, STATE | {"inbox": [late]}, 80)
    assert any("your radar has" in line for line in lines)


def test_flags_that_do_not_fit_are_counted() -> None:
    """As messages are."""
    assert "… and 7 more, not shown" in state(counts={"inbox": 1, "sent": 0, "flags": 7})


def test_what_does_not_fit_is_counted() -> None:
    """Of many messages a state holds the first ones."""
    told = STATE | {"counts": {"inbox": 301, "sent": 0, "flags": 0}}
    assert _lines(printing.show_inbox, told)[-1] == "… and 300 more, not shown"


def test_a_picture_begins_with_who_is_there() -> None:
    """The others, our own link, who is on watch, and a party's declared silence."""
    assert state()[0] == "tur on the line isr-tur: on the line; isr online; dog silent"
    away = state(on_line=False, may_speak=False, stations={"isr": "unknown"})
    assert away[0] == "tur on the line isr-tur: OFF the line, may not speak yet; isr unknown"
    watch = {"officer": "Demir", "deputy": "Kaya", "until": "2026-01-12T14:00:00.000Z"}
    suspension = {"reason": "night", "until": "2026-01-12T12:00:00.000Z"}
    silent = {"attendance": "suspended", "suspension": suspension, "watch": None}
    lines = state(watch=watch, declared={"isr": silent, "tur": ATTENDED})
    assert lines[1:3] == [
        "isr has suspended the line until 01-12 12:00:00 UTC: night",
        "Demir is on watch, deputy Kaya, until 01-12 14:00:00 UTC",
    ]
    over = silent | {"suspension": suspension | {"until": "2026-01-12T06:00:00.000Z"}}
    lines = state(declared={"isr": over, "tur": ATTENDED})
    assert lines[1] == "isr had suspended the line until 01-12 06:00:00 UTC: night"


def test_a_watchdog_waits_for_nobodys_answer_but_sees_them_all() -> None:
    """None is wanted from it, which does not mean that nothing waits."""
    seen = {"role": "watchdog", "may_speak": False, "inbox": [], "sent": [ENTRY], "recent": []}
    assert _lines(printing.show_inbox, STATE | seen) == [
        "a watchdog answers nothing: `hotline desk picture` shows what waits"
    ]
    lines = state(**seen, counts={"inbox": 0, "sent": 1, "flags": 0})
    assert lines[1] == "Waits for an answer"
    assert lines[3].endswith("strike 4 × F16 ISR21 1m30s roger standby")


def test_a_picture_shows_all_that_stands() -> None:
    """What waits on either side, the flags, and what was settled lately and by whom."""
    settled = {name: value for name, value in ENTRY.items() if name not in ("due", "overdue")}
    written = settled | {
        "record": "isr/2",
        "state": "accepted",
        "answer": "ACCEPT",
        "officer": None,
    }
    spoken = settled | {
        "record": "isr/3",
        "state": "rejected",
        "voice": {"by": "Levi", "answer": "REJECT"},
    }
    flag = {
        "rule": "silent",
        "level": "ALARM",
        "since": "2026-01-12T05:00:00.000Z",
        "detail": "isr: link lost",
    }
    lines = state(sent=[ENTRY | {"delivered": False}], flags=[flag], recent=[written, spoken])
    assert "Waits for our answer" in lines
    assert any(line.endswith("1m30s not yet") for line in lines)
    assert "silent ALARM 01-12 05:00:00 isr: link lost" in lines
    assert any(line.startswith("isr/2 ") and line.endswith("accepted –") for line in lines)
    assert any(line.endswith("rejected Levi, by voice") for line in lines)


def test_a_record_is_shown_in_words() -> None:
    """With what became of it; one that was pruned without what only its record says."""

    def shown(message: dict[str, Any] | None, record: dict[str, Any] | None) -> list[str]:
        found = {"message": message, "record": record, "reply": None, "voice": None}
        return _lines(lambda told, console: printing.show_record(told, STATE, console), found)

    entry = ENTRY | {"kind": "notice", "starts": None, "asks": "roger"}
    lines = shown(entry, {"body": {"remarks": "low and slow"}})
    assert lines[0] == "ISR-1 rev 1 (isr/1 from isr)"
    assert "due 01-12 06:02:00, 1m30s left" in lines
    assert lines[-1] == "remarks low and slow"
    assert shown(entry, None)[-1] == "the record itself is no longer on this disk"
    record = {"station": "isr", "seq": 1, "kind": "voice", "at": ENTRY["at"], "body": {"text": "a"}}
    assert shown(None, record) == ["voice (isr/1 from isr)", "said 01-12 06:00:00 UTC", "text a"]


def test_what_others_wrote_moves_no_cursor() -> None:
    """Control characters in a text of the other side are shown as blanks."""
    assert "\x1b" not in inbox(text="strike \x1b[2J now")[1]
