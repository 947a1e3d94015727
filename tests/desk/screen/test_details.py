"""One message in full."""

from typing import Any

from rich.console import Console

from hotline.desk.screen.details import details, what_it_is
from hotline.times import parse_instant
from tests.desk.screen.seats import ENTRY, SETTLED, STATE
from tests.helpers import notice

RECORD = {"body": notice("ISR-1").model_dump(mode="json", exclude_none=True)}
REPLY = {"body": {"answer": "REJECT", "reason": "our\x1b[2J strike"}}
FLAG = {
    "rule": "unanswered",
    "subject": "isr/1",
    "level": "ALARM",
    "detail": "no answer from tur after 3m",
    "since": "2026-01-12T06:02:01.000Z",
}


def page(
    entry: dict[str, Any],
    record: dict[str, Any] | None = RECORD,
    answer: dict[str, Any] | None = None,
    **known: Any,
) -> list[str]:
    """Its lines."""
    console = Console(width=80, highlight=False)
    with console.capture() as capture:
        now_ms = parse_instant(STATE["now"])
        console.print(details(entry, record, answer, STATE | known, now_ms))
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_what_waits() -> None:
    """What it says, asks for, and what comes next; then its words as they are written."""
    lines = page(ENTRY, flags=[FLAG])
    assert lines[:9] == [
        "ISR-1 rev 1 (isr/1 from isr)",
        "said 01-12 06:00:00",
        "precedence FLASH",
        "text strike 4 × F16 ISR21",
        "window 01-12 07:00:00 to 01-12 08:00:00",
        "asks for a decision: ACCEPT, REJECT, STANDBY",
        "state open",
        "due 01-12 06:02:00, 1m30s left",
        "then WARNING at 01-12 06:02:00",
    ]
    assert "where 5 km around 34.5, 38.2" in lines
    assert "flag ALARM unanswered: no answer from tur after 3m (since 01-12 06:02:01)" in lines
    assert '"aircraft_type": "C130",' in lines
    assert page(ENTRY | {"delayed": "5m"})[1] == "said 01-12 06:00:00, DELAYED by 5m"


def test_what_its_text_says_is_not_said_again() -> None:
    """As the remarks of a check, or the reason of a cancellation."""
    lines = page(ENTRY | {"text": "how do you read?"}, {"body": {"remarks": "how do you read?"}})
    assert "text how do you read?" in lines
    assert not any(line.startswith("remarks") for line in lines)


def test_what_was_answered() -> None:
    """By whom, and why; nothing of it moves a cursor."""
    answered = {"answer": "REJECT", "officer": "Demir", "answered_at": "2026-01-12T06:01:00.000Z"}
    lines = page(SETTLED | answered | {"state": "rejected"}, RECORD, REPLY)
    assert "answered REJECT by Demir, 01-12 06:01:00" in lines
    assert "because our [2J strike" in lines
    spoken = {"answer": "ACCEPT", "by": "Levi", "at": "2026-01-12T06:03:00.000Z"}
    assert "by voice ACCEPT by Levi, 01-12 06:03:00" in page(SETTLED | {"voice": spoken})


def test_a_record_that_was_put_away() -> None:
    """What became of it is known all the same."""
    lines = page(SETTLED, None)
    assert lines[0] == "ISR-1 rev 1 (isr/1 from isr)"
    assert lines[-1] == "the record itself is not on this disk any more"


def test_in_a_sentence() -> None:
    """For a form; a year that is another one is said."""
    far = ENTRY | {"starts": "2100-01-01T00:00:00.000Z", "ends": None}
    assert what_it_is(far) == "FLASH strike 4 × F16 ISR21, 2100-01-01 00:00:00 to an open end"
