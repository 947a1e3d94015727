"""Journals written by hand, for the tests of the judge."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tests.torture.evidence import Evidence, Row, Trouble
from tests.torture.judge import judge
from tests.torture.line import SECONDS, STATIONS, WATCHDOG

T0 = 1_800_000_000_000
FLASH = SECONDS["answer_flash"] * 1000
GRACE = SECONDS["grace"] * 1000
END = T0 + 600_000


def instant(at_ms: int) -> str:
    """A time as records write it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")


class Hand:
    """Writes the journals of a line by hand, and copies them to everybody."""

    def __init__(self) -> None:
        self.journals: dict[str, list[Row]] = {station: [] for station in STATIONS}

    def says(self, station: str, at_ms: int, kind: str, **body: Any) -> int:
        """Write the next record of a station's journal; return its number."""
        rows = self.journals[station]
        digest = hashlib.sha256(rows[-1].raw).digest() if rows else b""
        fields = {
            "station": station,
            "seq": len(rows) + 1,
            "at": instant(at_ms),
            "prev": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "kind": kind,
            "body": body,
        }
        rows.append(Row(len(rows) + 1, json.dumps(fields).encode()))
        return len(rows)

    def notice(self, at_ms: int, name: str = "N-1") -> int:
        """Open a FLASH of isr's without a start of the flight."""
        return self.says("isr", at_ms, "notice", notice=name, precedence="FLASH", volumes=[])

    def answers(self, seq: int, at_ms: int, answer: str = "ACCEPT", **more: Any) -> int:
        """Have tur answer one of isr's records."""
        to = {"station": "isr", "seq": seq}
        return self.says("tur", at_ms, "reply", refers_to=to, answer=answer, **more)

    def flags(
        self, seq: int, due_ms: int, level: str, at_ms: int | None = None, rule: str = "unanswered"
    ) -> int:
        """Have the watchdog flag a record of isr's, by default when the grace is over."""
        at_ms = due_ms + GRACE if at_ms is None else at_ms
        subject = {"station": "isr", "seq": seq}
        due = instant(due_ms)
        return self.says(WATCHDOG, at_ms, "flag", rule=rule, subject=subject, level=level, due=due)

    def clears(self, seq: int, at_ms: int, rule: str = "unanswered") -> int:
        """Have the watchdog clear a flag."""
        subject = {"station": "isr", "seq": seq}
        return self.says(WATCHDOG, at_ms, "clear", rule=rule, subject=subject)

    def evidence(self, *troubles: Trouble) -> Evidence:
        """Make the evidence of a run after which everybody holds everything."""
        copies = {
            holder: {a: list(rows) for a, rows in self.journals.items()} for holder in STATIONS
        }
        return Evidence(
            copies,
            troubles=list(troubles),
            pictures=dict.fromkeys(STATIONS, "{}"),
            finished_ms=END,
        )


def found(evidence: Evidence) -> list[str]:
    """What the judge finds wrong."""
    return judge(evidence).violations


def finds(evidence: Evidence, *words: str) -> bool:
    """Whether it is one violation, with these words in it."""
    violations = found(evidence)
    return len(violations) == 1 and all(word in violations[0] for word in words)


def a_late_answer() -> Hand:
    """A FLASH that waited until its ALARM, flagged and cleared as it should be."""
    hand = Hand()
    hand.notice(T0)
    hand.flags(1, T0 + FLASH, "WARNING")
    hand.flags(1, T0 + FLASH * 3 // 2, "ALARM")
    hand.answers(1, T0 + FLASH * 2 + 200)
    hand.clears(1, T0 + FLASH * 2 + 210)
    return hand


def without(hand: Hand, station: str, seq: int) -> Hand:
    """The same story without one record of a station."""
    other = Hand()
    other.journals = dict(hand.journals)
    other.journals[station] = []
    for row in hand.journals[station]:
        if row.seq != seq:
            fields = json.loads(row.raw)
            at_ms = round(datetime.fromisoformat(fields["at"]).timestamp() * 1000)
            other.says(station, at_ms, fields["kind"], **fields["body"])
    return other
