"""What a record can say: one frozen model for each kind of record."""

from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from hotline.errors import LocalError
from hotline.notice import FlightNotice, NoticeId, Text, Value
from hotline.times import HOUR_MS, Instant
from hotline.topics import Name


class Kind(StrEnum):
    """The kinds of record that this version understands."""

    NOTICE = "notice"
    CANCEL = "cancel"
    STOP = "stop"
    CHECK = "check"
    SUSPEND = "suspend"
    RESUME = "resume"
    REPLY = "reply"
    VOICE = "voice"
    HANDOVER = "handover"
    FLAG = "flag"
    CLEAR = "clear"


class Answer(StrEnum):
    """What a duty officer says to a message (the CPDLC responses)."""

    ROGER = "ROGER"
    ACCEPT = "ACCEPT"
    REJECT = "REJECT"
    STANDBY = "STANDBY"


class Rule(StrEnum):
    """What the watchdog can find broken."""

    UNDELIVERED = "undelivered"
    UNANSWERED = "unanswered"
    LATE_NOTICE = "late_notice"
    DEGRADED = "degraded"
    SILENT = "silent"
    BLIND = "blind"
    FORK = "fork"
    CLOCK_SKEW = "clock_skew"
    INVALID = "invalid"


class Level(StrEnum):
    """How bad it is; VOICE_REQUIRED means: pick up the telephone."""

    WARNING = "WARNING"
    ALARM = "ALARM"
    VOICE_REQUIRED = "VOICE_REQUIRED"


class Ref(NamedTuple):
    """One record of one journal. Its text is `tur/42`."""

    station: str
    seq: int

    def __str__(self) -> str:
        return f"{self.station}/{self.seq}"


MAX_SEQ = 2**53  # what every JSON reader keeps exactly
Seq = Annotated[int, Field(ge=1, le=MAX_SEQ, strict=True)]
"""The number of a record."""


class RefersTo(Value):
    """A `Ref` as it stands on the wire."""

    station: Name
    seq: Seq

    @classmethod
    def to(cls, ref: Ref) -> Self:
        """The reference to this record."""
        return cls(station=ref.station, seq=ref.seq)

    @property
    def ref(self) -> Ref:
        """The same as a key."""
        return Ref(self.station, self.seq)


class Cancel(Value):
    """A notice is withdrawn; its flight will not happen."""

    notice: NoticeId
    reason: Text | None = None


class Stop(Value):
    """Knock it off: whatever is going on (or the flight of one notice) must end at once."""

    text: Text
    notice: NoticeId | None = None


class Check(Value):
    """A comm check: is somebody at the other desk?"""

    remarks: Text | None = None


class Suspend(Value):
    """A party leaves its channel unattended for a while, and says so: a declared silence."""

    reason: Text | None = None
    until: Instant | None = None


class Resume(Value):
    """A party attends to its channel again."""

    reason: Text | None = None


class Reply(Value):
    """An officer's answer to one record (so to one revision) of the other party."""

    refers_to: RefersTo
    answer: Answer
    officer: Text | None = None
    reason: Text | None = None
    expected_at: Instant | None = None

    @model_validator(mode="after")
    def _says_what_its_answer_needs(self) -> Self:
        _expect_what_an_answer_needs(self)
        return self


class Voice(Value):
    """An entry of the voice log: what was said by telephone, and by whom.

    With an `answer` it stands for the answer to the record that it refers to, whichever of the
    two parties writes it down.
    """

    refers_to: RefersTo | None = None
    answer: Answer | None = None
    officer: Text
    spoke_with: Text
    text: Text
    reason: Text | None = None
    expected_at: Instant | None = None

    @model_validator(mode="after")
    def _says_what_its_answer_needs(self) -> Self:
        if self.answer is not None and self.refers_to is None:
            raise ValueError("expected refers_to with an answer: what does it answer?")
        _expect_what_an_answer_needs(self)
        return self


class Handover(Value):
    """A watch begins: who is on it, who is called when he does not answer, and for how long."""

    officer: Text
    deputy: Text | None = None
    hours: float = Field(default=8, gt=0, le=72, strict=True)

    @property
    def lasts_ms(self) -> int:
        """How long the watch is."""
        return round(self.hours * HOUR_MS)


def _expect_what_an_answer_needs(said: Reply | Voice) -> None:
    if (said.reason is not None) != (said.answer is Answer.REJECT):
        raise ValueError("expected a reason with REJECT, and only with it")
    if (said.expected_at is not None) != (said.answer is Answer.STANDBY):
        raise ValueError("expected expected_at with STANDBY, and only with it")


class Subject(Value):
    """What a flag is about: a record, or (without `seq`) a station."""

    station: Name
    seq: Seq | None = None

    @classmethod
    def of(cls, ref: Ref) -> Self:
        """A record as a subject."""
        return cls(station=ref.station, seq=ref.seq)

    @property
    def ref(self) -> Ref:
        """The same as a key; number 0 stands for a whole station."""
        return Ref(self.station, self.seq or 0)

    def __str__(self) -> str:
        return self.station if self.seq is None else f"{self.station}/{self.seq}"


class _AboutAFlag(Value):
    rule: Rule
    subject: Subject

    @property
    def key(self) -> str:
        """The flag's name on the board: the same for all its levels."""
        return flag_key(self.rule, self.subject)


class Flag(_AboutAFlag):
    """The watchdog's statement that a rule was broken. `due` is the deadline that passed."""

    level: Level
    due: Instant
    detail: Text


class Clear(_AboutAFlag):
    """The watchdog's statement that a flag no longer holds, and why."""

    reason: Text
    late_ms: int | None = Field(default=None, ge=0, strict=True)


class Nonsense(Value):
    """The body of a record that this version cannot read; the bytes are kept all the same."""

    reason: str
    detail: str


Understood = (
    FlightNotice
    | Cancel
    | Stop
    | Check
    | Suspend
    | Resume
    | Reply
    | Voice
    | Handover
    | Flag
    | Clear
)
Body = Understood | Nonsense

BODIES: dict[str, type[Understood]] = {
    Kind.NOTICE: FlightNotice,
    Kind.CANCEL: Cancel,
    Kind.STOP: Stop,
    Kind.CHECK: Check,
    Kind.SUSPEND: Suspend,
    Kind.RESUME: Resume,
    Kind.REPLY: Reply,
    Kind.VOICE: Voice,
    Kind.HANDOVER: Handover,
    Kind.FLAG: Flag,
    Kind.CLEAR: Clear,
}


_KINDS: dict[type[Body], Kind] = {model: Kind(kind) for kind, model in BODIES.items()}


def kind_of(body: Body) -> Kind:
    """The kind of a record that says this.

    Raises:
        LocalError: no record says that.
    """
    kind = _KINDS.get(type(body))
    if kind is None:
        raise LocalError(f"a {type(body).__name__} is no body of a record")
    return kind


def flag_key(rule: Rule, subject: Subject) -> str:
    """The name of a rule's flag on a subject, as one topic level: `unanswered-tur-42`."""
    text = f"{rule.value}-{subject.station}"
    return text if subject.seq is None else f"{text}-{subject.seq}"
