"""What was asked and how long it waited, by the judge's own reading of the design.

A message waits for its answer in *waits*: from its `at` to the answer, the STANDBY, the revision
or the cancellation that ends it; a STANDBY begins another one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.torture.evidence import Entry, Evidence, Ref, to_ms
from tests.torture.line import PARTIES

# The levels of a flag, in halves of the time allowed.
NEVER_MS = 2**53
HALVES = {"WARNING": 2, "ALARM": 3, "VOICE_REQUIRED": 4}


@dataclass(slots=True)
class Wait:
    """One stretch of waiting for an answer. `ended_ms` is None while it goes on.

    `begun_by` is the station whose STANDBY began it, empty for the first. `opens_ms` is when the
    flight's window opens: the silence is then at its worst, and no lower level comes any more.
    """

    since_ms: int
    allowed_ms: int
    begun_by: str = ""
    opens_ms: int = NEVER_MS
    ended_ms: int | None = None
    ended_by: str = ""

    def due_ms(self, level: str) -> int:
        """When the silence reaches a level."""
        due_ms = self.since_ms + self.allowed_ms * HALVES[level] // 2
        opens_ms = self.opens_ms
        if opens_ms <= self.since_ms:
            opens_ms = self.since_ms + self.allowed_ms
        if level == "VOICE_REQUIRED":
            return min(due_ms, opens_ms)
        return due_ms if due_ms < opens_ms else NEVER_MS


@dataclass(slots=True)
class Message:
    """A record that asks for an answer. `precedence` is empty for a check."""

    entry: Entry
    precedence: str = ""
    starts_ms: int | None = None
    stood_until_ms: int | None = None
    waits: list[Wait] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether nobody waits for an answer any more."""
        return self.waits[-1].ended_ms is not None


def read_messages(evidence: Evidence) -> dict[Ref, Message]:
    """Every message of both parties with all its waits."""
    messages: dict[Ref, Message] = {}
    for party in PARTIES:
        for message in _said_by(evidence.journal(party)):
            messages[message.entry.ref] = message
    answers = answers_in(evidence)
    for ref, message in messages.items():
        message.waits = list(_waits(message, answers.get(ref, ()), evidence.timers_ms))
    return messages


def answers_in(evidence: Evidence) -> dict[Ref, list[Entry]]:
    """All replies by what they refer to, in the order of their journal."""
    answers: dict[Ref, list[Entry]] = defaultdict(list)
    for party in PARTIES:
        for entry in evidence.journal(party):
            if entry.kind == "reply":
                answers[referred(entry)].append(entry)
    return dict(answers)


def referred(reply: Entry) -> Ref:
    """Which record a reply answers."""
    to = reply.body["refers_to"]
    return Ref(to["station"], to["seq"])


def _said_by(journal: Sequence[Entry]) -> Iterator[Message]:
    last: dict[str, Message] = {}  # of each notice
    for entry in journal:
        if entry.kind == "check":
            yield Message(entry)
        elif entry.kind in {"notice", "cancel"}:
            message = Message(entry)
            before = last.get(entry.body["notice"])
            if before:
                before.stood_until_ms = entry.at_ms
                message.precedence, message.starts_ms = before.precedence, before.starts_ms
            if entry.kind == "notice":
                message.precedence = entry.body["precedence"]
                message.starts_ms = _starts_ms(entry.body)
            last[entry.body["notice"]] = message
            yield message


def _waits(message: Message, answers: Sequence[Entry], timers_ms: dict[str, int]) -> Iterator[Wait]:
    since_ms, expected_ms, begun_by = message.entry.at_ms, None, ""
    for answer in answers:
        allowed_ms = _allowed_ms(message, since_ms, expected_ms, timers_ms)
        opens_ms = _opens_ms(message)
        wait = Wait(since_ms, allowed_ms, begun_by, opens_ms, answer.at_ms, answer.ref.station)
        yield _cut_short(wait, message)
        if answer.body["answer"] != "STANDBY":
            return
        since_ms, expected_ms = answer.at_ms, to_ms(answer.body["expected_at"])
        begun_by = answer.ref.station
    allowed_ms = _allowed_ms(message, since_ms, expected_ms, timers_ms)
    yield _cut_short(Wait(since_ms, allowed_ms, begun_by, _opens_ms(message)), message)


def _opens_ms(message: Message) -> int:
    """When the window of a notice opens; for other messages, never."""
    if message.entry.kind != "notice" or message.starts_ms is None:
        return NEVER_MS
    return message.starts_ms


def _cut_short(wait: Wait, message: Message) -> Wait:
    """The wait, ended at the latest when the author takes the message back."""
    until_ms = message.stood_until_ms
    if until_ms is not None and (wait.ended_ms is None or until_ms < wait.ended_ms):
        wait.ended_ms, wait.ended_by = until_ms, message.entry.ref.station
    return wait


def _allowed_ms(
    message: Message, since_ms: int, expected_ms: int | None, timers_ms: dict[str, int]
) -> int:
    if message.entry.kind == "check":
        return timers_ms["answer_check"]
    allowed_ms = timers_ms[f"answer_{message.precedence.lower()}"]
    if message.starts_ms is not None:
        half_ms = (message.starts_ms - since_ms) // 2
        allowed_ms = min(allowed_ms, max(half_ms, timers_ms["answer_floor"]))
    if expected_ms is not None:
        allowed_ms = min(allowed_ms, max(expected_ms - since_ms, 0))
    return allowed_ms


def _starts_ms(body: dict[str, Any]) -> int | None:
    starts = [volume["time_start"] for volume in body["volumes"] if "time_start" in volume]
    return min((to_ms(start["value"]) for start in starts), default=None)
