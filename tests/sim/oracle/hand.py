"""Histories written by hand, for the tests of the oracle. All times are in seconds."""

import base64
import hashlib
import json
from typing import Any

from sim.oracle.evidence import Evidence, to_text
from sim.oracle.facts import Committed, Ref, Row, Told, Trouble
from sim.oracle.oracle import Invariant

T0_MS = 1_767_225_600_000
SECONDS = {
    "heartbeat": 5,
    "silent": 15,
    "receipt": 5,
    "receipt_alarm": 40,
    "answer_flash": 60,
    "answer_check": 60,
    "answer_floor": 10,
    "late_notice": 60,
    "grace": 1,
    "clock_skew": 5,
}
END_S = 1_000


def ms(at_s: float) -> int:
    """Seconds from the start in epoch ms."""
    return T0_MS + round(at_s * 1_000)


class Hand:
    """Writes the journals of a line with one watchdog, which hears everything 10 ms later."""

    def __init__(self) -> None:
        timers_ms = {name: seconds * 1_000 for name, seconds in SECONDS.items()}
        self.evidence = Evidence(("isr", "tur"), ("dog",), timers_ms, watchdog="dog")
        self.evidence.finished_ms = ms(END_S)
        self.evidence.disks = {holder: {} for holder in self.evidence.stations}
        self.evidence.boards = {"dog": set()}
        self.evidence.in_memory = dict.fromkeys(self.evidence.stations, "[]")

    def says(self, station: str, at_s: float, kind: str, **body: Any) -> Ref:
        """Write the next record of a station's journal, and copy it to everybody."""
        rows = self.evidence.disks[station].get(station, [])
        digest = hashlib.sha256(rows[-1].raw).digest() if rows else b""
        ref = Ref(station, len(rows) + 1)
        fields = {
            "station": station,
            "seq": ref.seq,
            "at": to_text(ms(at_s)),
            "prev": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "kind": kind,
            "body": body,
        }
        row = Row(ref.seq, json.dumps(fields).encode())
        self.evidence.committed.append(Committed(ms(at_s), ref, row.raw))
        for holder in self.evidence.stations:
            self.evidence.disks[holder].setdefault(station, []).append(row)
            self.evidence.stored[holder, ref] = ms(at_s) + (0 if holder == station else 10)
        return ref

    def was_said(self, ref: Ref, at_s: float) -> Ref:
        """Have a record be said then, whatever its author's clock showed."""
        for holder in self.evidence.stations:
            copied_ms = 0 if holder == ref.station else 10
            self.evidence.stored[holder, ref] = ms(at_s) + copied_ms
        return ref

    def notice(self, at_s: float, *, opens_s: float | None = None) -> Ref:
        """Have isr say a FLASH, whose window opens then."""
        opens = {"time_start": {"value": to_text(ms(opens_s))}} if opens_s is not None else {}
        return self.says("isr", at_s, "notice", notice="N", precedence="FLASH", volumes=[opens])

    def answers(self, to: Ref, at_s: float, answer: str = "ACCEPT", **more: Any) -> Ref:
        """Have tur answer that."""
        return self.says("tur", at_s, "reply", refers_to=to._asdict(), answer=answer, **more)

    def flags(
        self, rule: str, subject: Ref, level: str, due_s: float, at_s: float | None = None
    ) -> Ref:
        """Have the watchdog flag it, by default as soon as the grace is over."""
        at_s = due_s + SECONDS["grace"] if at_s is None else at_s
        about, due = subject._asdict(), to_text(ms(due_s))
        return self.says("dog", at_s, "flag", rule=rule, subject=about, level=level, due=due)

    def clears(self, rule: str, subject: Ref, at_s: float) -> Ref:
        """Have the watchdog clear it."""
        return self.says("dog", at_s, "clear", rule=rule, subject=subject._asdict())

    def is_told(
        self, of: Ref, at_s: float, stored_s: float | None = None, *, is_live: bool = True
    ) -> None:
        """Have the watchdog hear of a record that it gets only at `stored_s`."""
        self.evidence.told.append(Told(ms(at_s), "dog", of.station, of.seq, is_live))
        if stored_s is not None:
            self.evidence.stored["dog", of] = ms(stored_s)

    def suffers(self, kind: str, whom: str, from_s: float, until_s: float) -> None:
        """Have something be wrong with a station."""
        self.evidence.troubles.append(Trouble(kind, whom, ms(from_s), ms(until_s)))

    def breaks(self, invariant: Invariant) -> list[str]:
        """The texts that say how it breaks a demand."""
        return [what for _, what in invariant(self.evidence)]
