"""What is said in a run and what goes wrong in it, and when."""

from dataclasses import dataclass
from enum import StrEnum

PRECEDENCES = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")


class Verb(StrEnum):
    """What can be done to a process or to a link; every one is undone after a while."""

    KILL = "kill"  # SIGKILL, then a restart
    WIPE = "wipe"  # SIGKILL of the broker, and its persistence file is gone
    LOSE = "lose"  # SIGKILL of a station, and its state directory is gone
    RESTORE = "restore"  # SIGKILL of a station, and the last copy of its journal is put back
    COPY = "copy"  # harmless: that copy is taken
    FILL = "fill"  # a station's disk takes no more
    PAUSE = "pause"  # SIGSTOP, then SIGCONT
    CUT = "cut"
    RESET = "reset"
    HALF_OPEN = "half-open"
    ONE_WAY_OUT = "one-way-out"  # what the station says still arrives
    ONE_WAY_IN = "one-way-in"  # what the station hears still arrives
    DELAY = "delay"
    DRIP = "drip"


# These make a station fall silent: a killed one has its last will, from the others nothing comes.
DEADLY = (Verb.KILL, Verb.LOSE, Verb.RESTORE)


MUTING = (Verb.PAUSE, Verb.CUT, Verb.HALF_OPEN, Verb.ONE_WAY_IN)


SILENCING = (*DEADLY, *MUTING)


LOSSES = (Verb.LOSE, Verb.RESTORE)  # a station cannot tell by its disk what it said last


PROCESS_VERBS = (*DEADLY, Verb.WIPE, Verb.COPY, Verb.FILL, Verb.PAUSE)


LINK_VERBS = (
    Verb.CUT,
    Verb.RESET,
    Verb.HALF_OPEN,
    Verb.ONE_WAY_OUT,
    Verb.ONE_WAY_IN,
    Verb.DELAY,
    Verb.DRIP,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """From `at_s` on, for `lasts_s`, something is wrong with `whom`: a process, or a link."""

    at_s: float
    lasts_s: float
    verb: Verb
    whom: str


class Manner(StrEnum):
    """How the other party's officer treats a message."""

    AGREE = "agree"
    REJECT = "reject"
    STANDBY = "standby"  # and agrees later
    STANDBY_ONLY = "standby-only"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Say:
    """One thing that a party says, and how the other's officer will treat it.

    `lead_s` is the time to the flight's start, `reading_s` the time that the officer takes to
    answer, `then_s` the time from his STANDBY to his final answer.
    """

    at_s: float
    party: str
    kind: str
    label: str
    notice: str
    revision: int
    precedence: str
    request: bool
    lead_s: float | None
    manner: Manner
    reading_s: float
    then_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run: what each party says, and what happens to each victim, in order of time."""

    duration_s: float
    says: dict[str, list[Say]]
    processes: dict[str, list[Fault]]
    links: dict[str, list[Fault]]

    def faults(self) -> list[Fault]:
        """All faults, of processes and of links."""
        lanes = (*self.processes.values(), *self.links.values())
        return [fault for lane in lanes for fault in lane]


def label_of(kind: str, notice: str | None, revision: int | None, text: str) -> str:
    """The label by which a message of the plan is recognised in a journal."""
    match kind:
        case "notice":
            return f"{notice}/{revision}"
        case "cancel":
            return f"cancel {notice}"
    return text
