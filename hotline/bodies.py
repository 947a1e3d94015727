"""What a record can say: one frozen model for each kind of record."""

from enum import StrEnum
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotline.notice import FlightNotice, NoticeId, Text
from hotline.times import Instant
from hotline.topics import Name


class Kind(StrEnum):
    """The kinds of record that this version understands."""

    NOTICE = "notice"
    CANCEL = "cancel"
    CHECK = "check"
    REPLY = "reply"
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


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RefersTo(_Body):
    """A `Ref` as it stands on the wire."""

    station: Name
    seq: int = Field(ge=1)

    @property
    def ref(self) -> Ref:
        """The same as a key."""
        return Ref(self.station, self.seq)


class Cancel(_Body):
    """A notice is withdrawn; its flight will not happen."""

    notice: NoticeId
    reason: Text | None = None


class Check(_Body):
    """A comm check: is somebody at the other desk?"""

    remarks: Text | None = None


class Reply(_Body):
    """An officer's answer to one record (so to one revision) of the other party."""

    refers_to: RefersTo
    answer: Answer
    officer: Text | None = None
    reason: Text | None = None
    expected_at: Instant | None = None

    @model_validator(mode="after")
    def _says_what_its_answer_needs(self) -> Self:
        if (self.reason is not None) != (self.answer is Answer.REJECT):
            raise ValueError("expected a reason with REJECT, and only with it")
        if (self.expected_at is not None) != (self.answer is Answer.STANDBY):
            raise ValueError("expected expected_at with STANDBY, and only with it")
        return self


class Subject(_Body):
    """What a flag is about: a record, or (without `seq`) a station."""

    station: Name
    seq: int | None = Field(default=None, ge=1)

    def __str__(self) -> str:
        return self.station if self.seq is None else f"{self.station}/{self.seq}"


class Flag(_Body):
    """The watchdog's statement that a rule was broken. `due` is the deadline that passed."""

    rule: Rule
    subject: Subject
    level: Level
    due: Instant
    detail: Text

    @property
    def key(self) -> str:
        """The flag's name on the board: the same for all its levels."""
        return flag_key(self.rule, self.subject)


class Clear(_Body):
    """The watchdog's statement that a flag no longer holds, and by what that came."""

    rule: Rule
    subject: Subject
    reason: Text
    late_ms: int | None = Field(default=None, ge=0)

    @property
    def key(self) -> str:
        """The key of the flag that is cleared."""
        return flag_key(self.rule, self.subject)


class Nonsense(_Body):
    """The body of a record that this version cannot read; the bytes are kept all the same."""

    reason: str
    detail: str


Body = FlightNotice | Cancel | Check | Reply | Flag | Clear | Nonsense

BODIES: dict[str, type[FlightNotice | Cancel | Check | Reply | Flag | Clear]] = {
    Kind.NOTICE: FlightNotice,
    Kind.CANCEL: Cancel,
    Kind.CHECK: Check,
    Kind.REPLY: Reply,
    Kind.FLAG: Flag,
    Kind.CLEAR: Clear,
}


def flag_key(rule: Rule, subject: Subject) -> str:
    """Name what a rule has to say of a subject, in one topic level: `unanswered-tur-42`."""
    text = f"{rule.value}-{subject.station}"
    return text if subject.seq is None else f"{text}-{subject.seq}"
