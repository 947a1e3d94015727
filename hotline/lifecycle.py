"""The life of a message: its states and the tables of moves between them.

A message has two axes, and each is moved by one journal only: its *standing* by its author's
(revised, cancelled), its *answering* by the other party's (roger, accept, reject, standby). So
however two journals interleave, and even when an answer crosses a revision on the wire, every
station ends in the same state.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from hotline.bodies import Answer, Cancel, Check, Ref
from hotline.notice import Activity, Category, FlightNotice, Precedence
from hotline.records import Record


class Asks(StrEnum):
    """What a message wants of the other party's officer."""

    DECISION = "decision"
    ROGER = "roger"
    CONFIRMATION = "confirmation"


class Standing(StrEnum):
    """What the author made of the message since."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Answering(StrEnum):
    """What the other party's officer made of it."""

    OPEN = "open"
    STANDBY = "standby"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ACKNOWLEDGED = "acknowledged"


class AuthorMove(StrEnum):
    """What an author can do to a message that stands."""

    REVISE = "revise"
    CANCEL = "cancel"


State = Standing | Answering

AUTHOR_MOVES: dict[tuple[Standing, AuthorMove], Standing] = {
    (Standing.CURRENT, AuthorMove.REVISE): Standing.SUPERSEDED,
    (Standing.CURRENT, AuthorMove.CANCEL): Standing.CANCELLED,
}

ANSWER_MOVES: dict[tuple[Answering, Answer], Answering] = {
    (Answering.OPEN, Answer.ROGER): Answering.ACKNOWLEDGED,
    (Answering.OPEN, Answer.ACCEPT): Answering.ACCEPTED,
    (Answering.OPEN, Answer.REJECT): Answering.REJECTED,
    (Answering.OPEN, Answer.STANDBY): Answering.STANDBY,
    (Answering.STANDBY, Answer.ROGER): Answering.ACKNOWLEDGED,
    (Answering.STANDBY, Answer.ACCEPT): Answering.ACCEPTED,
    (Answering.STANDBY, Answer.REJECT): Answering.REJECTED,
    (Answering.STANDBY, Answer.STANDBY): Answering.STANDBY,
}

ANSWERS: dict[Asks, frozenset[Answer]] = {
    Asks.DECISION: frozenset({Answer.ACCEPT, Answer.REJECT, Answer.STANDBY}),
    Asks.ROGER: frozenset({Answer.ROGER, Answer.STANDBY}),
    Asks.CONFIRMATION: frozenset({Answer.ROGER}),
}


class Wait(NamedTuple):
    """A wait for an answer: since when (epoch ms), and the answer that a STANDBY has promised."""

    since_ms: int
    expected_ms: int | None


@dataclass(slots=True)
class Message:
    """A record that asks for an answer, and what became of it. All times in epoch ms.

    `waits_since_ms` is where its answer timer starts: its own `at`, or its last STANDBY's.
    """

    ref: Ref
    kind: str
    at_ms: int
    asks: Asks
    activity: Activity | None
    precedence: Precedence | None  # a comm check has a timer of its own instead
    notice: str | None
    revision: int | None
    starts_ms: int | None
    ends_ms: int | None
    text: str
    waits_since_ms: int
    standing: Standing = Standing.CURRENT
    answering: Answering = Answering.OPEN
    answered_by: Ref | None = None
    answered_ms: int | None = None
    answer: Answer | None = None
    officer: str | None = None
    expected_ms: int | None = None

    @property
    def state(self) -> State:
        """The state that a person is shown: the author's word goes before the answer."""
        return self.answering if self.standing is Standing.CURRENT else self.standing

    @property
    def waits(self) -> bool:
        """Whether an answer is still wanted."""
        return self.standing is Standing.CURRENT and self.answering in (
            Answering.OPEN,
            Answering.STANDBY,
        )

    @property
    def wait(self) -> Wait | None:
        """The wait for its answer, while an answer is wanted."""
        return Wait(self.waits_since_ms, self.expected_ms) if self.waits else None

    @property
    def name(self) -> str:
        """What people call it: `TUR-014 rev 2`, or `check tur/7`."""
        if self.kind == "notice":
            return f"{self.notice} rev {self.revision}"
        return f"{self.kind} of {self.notice}" if self.notice else f"{self.kind} {self.ref}"


def from_notice(record: Record, body: FlightNotice) -> Message:
    """The message that a notice opens."""
    count = f"{body.aircraft_count} × " if body.aircraft_count > 1 else ""
    return Message(
        ref=record.ref,
        kind=record.kind,
        at_ms=record.at_ms,
        asks=Asks.DECISION if body.category is Category.REQUEST else Asks.ROGER,
        activity=body.activity,
        precedence=body.precedence,
        notice=body.notice,
        revision=body.revision,
        starts_ms=body.starts_ms,
        ends_ms=body.ends_ms,
        text=f"{body.activity} {count}{body.aircraft_type} {body.aircraft_identification}",
        waits_since_ms=record.at_ms,
    )


def from_cancel(record: Record, body: Cancel, cancelled: Message | None) -> Message:
    """The message that a cancellation opens; `cancelled` is the notice's last revision."""
    return Message(
        ref=record.ref,
        kind=record.kind,
        at_ms=record.at_ms,
        asks=Asks.CONFIRMATION,
        activity=None,
        # To take a word back is as urgent as the word was.
        precedence=cancelled.precedence if cancelled else None,
        notice=body.notice,
        revision=None,
        starts_ms=cancelled.starts_ms if cancelled else None,
        ends_ms=cancelled.ends_ms if cancelled else None,
        text=body.reason or "no reason given",
        waits_since_ms=record.at_ms,
    )


def from_check(record: Record, body: Check) -> Message:
    """The message that a comm check opens."""
    return Message(
        ref=record.ref,
        kind=record.kind,
        at_ms=record.at_ms,
        asks=Asks.CONFIRMATION,
        activity=None,
        precedence=None,
        notice=None,
        revision=None,
        starts_ms=None,
        ends_ms=None,
        text=body.remarks or "comm check",
        waits_since_ms=record.at_ms,
    )
