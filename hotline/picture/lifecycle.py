"""The life of a message: its states, and the one table of moves between them.

A message has three axes. Its *standing* is moved by its author's journal alone (revised,
cancelled), its *answering* by the other party's alone (roger, accept, reject, standby), and of what
either party writes into its voice log, the last word counts. So however two journals interleave,
and even when an answer crosses a revision on the wire, every station ends in the same state. A
party's *attendance* is moved by its own journal. How far the flight of a notice is, its *phase*,
follows from the notice, the time, and what is said meanwhile (`phase`).

`docs/lifecycle.md` is drawn from the table (`python -m hotline.picture.lifecycle_page`).
"""

from enum import StrEnum
from typing import TypeVar, cast

from hotline.bodies import Answer


class Asks(StrEnum):
    """What a message wants of the other party's officer."""

    DECISION = "decision"
    ROGER = "roger"
    CONFIRMATION = "confirmation"


class Standing(StrEnum):
    """What the author has done with the message since."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Answering(StrEnum):
    """What the other party's officer has answered."""

    OPEN = "open"
    STANDBY = "standby"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ACKNOWLEDGED = "acknowledged"


class Attendance(StrEnum):
    """Whether a party attends to its channel, by its own word."""

    ATTENDED = "attended"
    SUSPENDED = "suspended"


class Phase(StrEnum):
    """How far the flight of a notice is."""

    PLANNED = "planned"
    ACTIVE = "active"
    OFF_NOMINAL = "off_nominal"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    CALLED_OFF = "called_off"


class Act(StrEnum):
    """What an author can do to a message that stands, and a party to its channel."""

    REVISE = "revise"
    CANCEL = "cancel"
    SUSPEND = "suspend"
    RESUME = "resume"


class Cue(StrEnum):
    """What moves a flight from outside its notice: its window's ends, and a stop."""

    OPENS = "window opens"
    CLOSES = "window closes"
    STOP = "stop"


State = Standing | Answering | Attendance | Phase
Move = Act | Answer | Cue
_S = TypeVar("_S", Standing, Answering, Attendance, Phase)

MOVES: dict[tuple[State, Move], State] = {
    (Standing.CURRENT, Act.REVISE): Standing.SUPERSEDED,
    (Standing.CURRENT, Act.CANCEL): Standing.CANCELLED,
    (Answering.OPEN, Answer.ROGER): Answering.ACKNOWLEDGED,
    (Answering.OPEN, Answer.ACCEPT): Answering.ACCEPTED,
    (Answering.OPEN, Answer.REJECT): Answering.REJECTED,
    (Answering.OPEN, Answer.STANDBY): Answering.STANDBY,
    (Answering.STANDBY, Answer.ROGER): Answering.ACKNOWLEDGED,
    (Answering.STANDBY, Answer.ACCEPT): Answering.ACCEPTED,
    (Answering.STANDBY, Answer.REJECT): Answering.REJECTED,
    (Answering.STANDBY, Answer.STANDBY): Answering.STANDBY,
    (Attendance.ATTENDED, Act.SUSPEND): Attendance.SUSPENDED,
    (Attendance.SUSPENDED, Act.RESUME): Attendance.ATTENDED,
    (Phase.PLANNED, Cue.OPENS): Phase.ACTIVE,
    (Phase.PLANNED, Act.CANCEL): Phase.CALLED_OFF,
    (Phase.ACTIVE, Cue.STOP): Phase.OFF_NOMINAL,
    (Phase.ACTIVE, Act.REVISE): Phase.OFF_NOMINAL,
    (Phase.ACTIVE, Cue.CLOSES): Phase.ENDED,
    (Phase.ACTIVE, Act.CANCEL): Phase.ENDED_EARLY,
    (Phase.OFF_NOMINAL, Cue.CLOSES): Phase.ENDED,
    (Phase.OFF_NOMINAL, Act.CANCEL): Phase.ENDED_EARLY,
}
"""Where each move leads from each state; what is not here may not be made."""

ANSWERS: dict[Asks, tuple[Answer, ...]] = {
    Asks.DECISION: (Answer.ACCEPT, Answer.REJECT, Answer.STANDBY),
    Asks.ROGER: (Answer.ROGER, Answer.STANDBY),
    Asks.CONFIRMATION: (Answer.ROGER,),
}
"""Which answers each question takes, in the order in which people are told them."""

CONSENT: dict[Asks, Answer] = {
    Asks.DECISION: Answer.ACCEPT,
    Asks.ROGER: Answer.ROGER,
    Asks.CONFIRMATION: Answer.ROGER,
}
"""What an officer who agrees says."""


def moved(state: _S, move: Move) -> _S | None:
    """The state that a move leads to; None: it may not be made in this state."""
    return cast("_S | None", MOVES.get((state, move)))
