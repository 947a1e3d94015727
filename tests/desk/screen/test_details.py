"""One message in full."""

from itertools import pairwise
from typing import Any

from rich.console import Console, Group

from hotline.desk.screen.details import details, in_full, what_it_is
from hotline.times import HOUR_MS, parse_instant
from tests.desk.screen.seats import ENTRY, SETTLED, STATE
from tests.helpers import T0, notice

RECORD = {"body": notice("ISR-1").model_dump(mode="json", exclude_none=True)}
REPLY = {"body": {"answer": "REJECT", "reason": "our\x1b[2J strike"}}
VOICE = {
    "body": {"answer": "STANDBY", "officer": "Levi", "spoke_with": "Demir", "text": "in an hour"}
}
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
    found = {"message": entry, "record": record, "reply": answer, "voice": VOICE}
    return _lines(details(found, STATE | known, parse_instant(STATE["now"])))


def in_words(kind: str, body: dict[str, Any], **known: Any) -> list[str]:
    """The lines of a record that asks for no answer."""
    record = {"station": "tur", "seq": 3, "kind": kind, "at": ENTRY["at"], "body": body}
    found = {"message": None, "record": record, "reply": None, "voice": None}
    return _lines(in_full(found, STATE | known, parse_instant(STATE["now"])))


def _lines(shown: Group) -> list[str]:
    console = Console(width=80, highlight=False)
    with console.capture() as capture:
        console.print(shown)
    return [" ".join(line.split()) for line in capture.get().splitlines()]


def test_what_waits() -> None:
    """What it says, asks for, and what comes next; then its words as they are written."""
    lines = page(ENTRY, flags=[FLAG])
    assert lines[:9] == [
        "ISR-1 rev 1 (isr/1 from isr)",
        "said 01-12 06:00:00 UTC",
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
    excused = "due never: the party that should answer had suspended the line"
    assert excused in page(ENTRY | {"excused": True})
    assert page(ENTRY | {"delayed": "5m"})[1] == "said 01-12 06:00:00 UTC, DELAYED by 5m"


def test_a_window_that_is_open_on_a_side() -> None:
    """The time that there is."""
    assert "window 01-12 07:00:00 to an open end" in page(ENTRY | {"ends": None})
    assert "window until 01-12 08:00:00" in page(ENTRY | {"starts": None})
    unknown = page(ENTRY | {"starts": None, "ends": None})
    assert not any(line.startswith("window") for line in unknown)


def test_each_area_of_a_flight_has_its_own_time() -> None:
    """If there are several; that of one alone is the window."""
    hours = [T0, T0 + HOUR_MS, T0 + 2 * HOUR_MS]
    body, later = (
        notice(starts_ms=starts, ends_ms=ends).model_dump(mode="json", exclude_none=True)
        for starts, ends in pairwise(hours)
    )
    volumes = body["volumes"] + later["volumes"]
    said = " ".join(page(ENTRY, {"body": body | {"volumes": volumes}}))
    assert "where 5 km around 34.5, 38.2, Mon 12 Jan 2026 06:00 to 07:00 UTC" in said
    assert "where 5 km around 34.5, 38.2, Mon 12 Jan 2026 07:00 to 08:00 UTC" in said
    assert "where 5 km around 34.5, 38.2" in page(ENTRY, {"body": body})


def test_what_its_text_says_is_not_said_again() -> None:
    """As the remarks of a check, or the reason of a cancellation."""
    lines = page(ENTRY | {"text": "how do you read?"}, {"body": {"remarks": "how do you read?"}})
    assert "text how do you read?" in lines
    assert not any(line.startswith("remarks") for line in lines)


def test_a_text_without_spaces() -> None:
    """All of it is there, however long."""
    text = "この空域から直ちに離脱せよ。" * 7
    shown = "".join(page(ENTRY | {"text": text}, None))
    assert text in shown


def test_what_was_answered() -> None:
    """By whom, and why; nothing of it moves a cursor."""
    answered = {"answer": "REJECT", "officer": "Demir", "answered_at": "2026-01-12T06:01:00.000Z"}
    lines = page(SETTLED | answered | {"state": "rejected"}, RECORD, REPLY)
    assert "answered REJECT by Demir, 01-12 06:01:00" in lines
    assert "because our [2J strike" in lines


def test_what_was_answered_by_voice() -> None:
    """With what was said on the telephone, and what was promised there."""
    spoken = {
        "answer": "STANDBY",
        "by": "Levi",
        "at": "2026-01-12T06:03:00.000Z",
        "expected_at": "2026-01-12T07:03:00.000Z",
    }
    lines = page(ENTRY | {"voice": spoken})
    assert "by voice STANDBY by Levi, 01-12 06:03:00" in lines
    assert "expected 01-12 07:03:00" in lines
    assert "on the phone Levi with Demir: in an hour" in lines


def test_a_record_that_asks_for_no_answer() -> None:
    """All its members in words, whatever its author has put there; and why it counts for naught."""
    refers_to = {"station": "isr", "seq": 1}
    assert in_words("reply", {"refers_to": refers_to, "answer": "ROGER"}) == [
        "reply (tur/3 from tur)",
        "said 01-12 06:00:00 UTC",
        "refers to isr/1",
        "answer ROGER",
    ]
    assert in_words("clear", {"subject": {"station": "isr"}, "late_ms": 7})[-2:] == [
        "subject isr",
        "late ms 7",
    ]
    flag = FLAG | {"rule": "invalid", "subject": "tur/3"}
    lines = in_words("new", {"[/a]\x1b": ["\x1b[2J"], "volumes": 1}, flags=[flag])
    assert lines[2:4] == ['[/a] ["\\u001b[2J"]', "volumes 1"]
    assert lines[4].startswith("flag ALARM invalid: no answer")


def test_a_record_that_was_put_away() -> None:
    """What became of it is known all the same."""
    lines = page(SETTLED, None)
    assert lines[0] == "ISR-1 rev 1 (isr/1 from isr)"
    assert lines[-1] == "the record itself is no longer on this disk"


def test_in_a_sentence() -> None:
    """For a form; a year that is another one is said."""
    far = ENTRY | {"starts": "2100-01-01T00:00:00.000Z", "ends": None}
    assert what_it_is(far) == "FLASH strike 4 × F16 ISR21, 2100-01-01 00:00:00 to an open end"
