"""The duty officers of a scenario file: when each is at the desk, and how he answers."""

from typing import Self

from pydantic import ValidationInfo, field_validator, model_validator

from hotline.bodies import Answer
from hotline.notice import Activity, Category, Precedence, Text
from hotline.picture.lifecycle import Asks
from hotline.picture.message import Message
from hotline.times import Duration
from sim.scenario.fields import (
    Delay,
    DelayRange,
    Intent,
    KnownNotice,
    MessageKind,
    Moment,
    Part,
    Span,
    Watch,
    expect_revision,
)

_CATEGORIES = {Asks.DECISION: Category.REQUEST, Asks.ROGER: Category.INFORMATION}
_OF_NOTICES = {"revision", "activity", "category"}
_LACKS: dict[MessageKind, set[str]] = {  # facts that no message of this kind has
    "cancel": _OF_NOTICES,
    "stop": _OF_NOTICES,
    "check": _OF_NOTICES | {"notice", "precedence"},
    "suspend": _OF_NOTICES | {"notice", "precedence"},
    "resume": _OF_NOTICES | {"notice", "precedence"},
}


class Leave(Span):
    """An officer is not at the desk."""

    from_ms: Moment


class When(Part):
    """The messages that a rule is for; facts that are left out do not matter."""

    kind: MessageKind | None = None
    notice: KnownNotice | None = None
    revision: int | None = None
    activity: Activity | None = None
    precedence: Precedence | None = None
    category: Category | None = None

    @field_validator("revision")
    @classmethod
    def _is_a_revision(cls, revision: int | None, info: ValidationInfo) -> int | None:
        expect_revision(revision, info.data.get("notice"), info)
        return revision

    @model_validator(mode="after")
    def _fits_something(self) -> Self:
        lacks = _LACKS.get(self.kind, set()) if self.kind else set()
        for name in self.wanted:
            if name in lacks:
                raise ValueError(f"fits nothing: a {self.kind} has no {name}")
        if self.kind == "stop" and self.precedence not in (None, Precedence.FLASH):
            raise ValueError("fits nothing: a stop is always FLASH")
        return self

    def takes_all_of(self, other: "When") -> bool:
        """Whether it fits every message that the other one fits."""
        facts = other.wanted
        if not facts.keys().isdisjoint(_OF_NOTICES):
            facts["kind"] = "notice"
        if other.kind == "stop":
            facts["precedence"] = Precedence.FLASH
        return self.wanted.items() <= facts.items()

    @property
    def wanted(self) -> dict[str, object]:
        """The values it asks for, by the name of the fact."""
        return self.model_dump(exclude_none=True)

    @property
    def asks(self) -> Asks | None:
        """What all of these messages want; None if they may want different things."""
        if self.kind not in (None, "notice"):
            return Asks.CONFIRMATION
        return next((asks for asks, name in _CATEGORIES.items() if name == self.category), None)

    def fits(self, message: Message) -> bool:
        """Whether a message is one of them."""
        category = _CATEGORIES.get(message.asks)
        facts = {
            "kind": message.kind,
            "notice": message.notice,
            "revision": message.revision,
            "activity": message.activity,
            "precedence": message.precedence,
            "category": category,
        }
        return all(facts[name] == value for name, value in self.wanted.items())


class AnswerRule(Part):
    """How an officer answers some messages. The first rule that fits counts."""

    when: When = When()
    answer: Intent
    """NOTHING: the message is left unanswered."""
    reason: Text | None = None
    """With REJECT: why."""
    for_ms: Duration | None = None
    """With STANDBY: how long until the answer that is promised (`then`)."""
    then: Intent | None = None
    """With STANDBY: the final answer; left out: consent."""

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.answer == Answer.STANDBY) != (self.for_ms is not None):
            raise ValueError("expected a `for` with STANDBY, and only with it")
        if self.for_ms == 0:
            raise ValueError("expected `for` to be longer than 0s")
        rejects = Answer.REJECT in (self.answer, self.then)
        if rejects != (self.reason is not None):
            raise ValueError("expected a reason with REJECT, and only with it")
        if self.then is not None and self.answer != Answer.STANDBY:
            raise ValueError("expected `then` only with STANDBY")
        if self.then == Answer.STANDBY:
            raise ValueError("expected `then` to be a final answer, or NOTHING")
        return self


class DutyOfficer(Part):
    """A scripted officer of one party."""

    name: Text
    reads_in: DelayRange = Delay(20_000, 90_000)
    """The time from a message on the screen to its answer."""
    on_watch: Watch | None = None
    """The daily watch; left out: round the clock."""
    absent: tuple[Leave, ...] = ()
    answers: tuple[AnswerRule, ...] = ()
    """Left out, or if none fits: ACCEPT for a request, ROGER for all else."""

    def rule_for(self, message: Message) -> AnswerRule | None:
        """The first rule that fits a message."""
        return next((rule for rule in self.answers if rule.when.fits(message)), None)
