"""The events that are about the moment: stops, silences, answers, telephone calls and watches."""

from typing import Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from hotline.bodies import Answer
from hotline.notice import Text
from hotline.times import Duration, write_duration
from sim.scenario.fields import KnownNotice, MessageKind, Moment, Part, expect_revision


class Halt(Part):
    """Knock it off: whatever goes on (or the flight of one notice) must end at once."""

    text: Text
    notice: KnownNotice | None = None


class Suspension(Part):
    """A party suspends its channel. `until` counts from the scenario's start."""

    reason: Text | None = None
    until_ms: Duration | None = None


class Response(Part):
    """An answer or a telephone call: which message it is about, and what is said to it."""

    kind: MessageKind = "notice"
    about: KnownNotice | None = None
    """The notice, or the one whose cancellation is meant; left out with other kinds."""
    revision: int | None = None
    """The revision of the notice; left out: the last one that was heard."""
    sent_ms: Moment | None = None
    """When the message was said; left out: the last one that was heard."""
    nth: int = Field(1, ge=1)
    """Which of the messages that were said from `sent` on; 1 is the first."""
    answer: Answer | None = None
    reason: Text | None = None
    """With REJECT: why."""
    expected_ms: Duration | None = None
    """With STANDBY: when the answer will come, from the scenario's start."""

    @model_validator(mode="after")
    def _is_about_one_message(self, info: ValidationInfo) -> Self:
        if self.revision is not None and self.kind != "notice":
            raise ValueError("expected a revision only with a notice")
        if self.nth > 1 and self.sent_ms is None:
            raise ValueError("expected `nth` only with `sent`: from when does it count?")
        expect_revision(self.revision, self.about, info)
        return self

    @model_validator(mode="after")
    def _says_what_its_answer_needs(self) -> Self:
        if (self.reason is not None) != (self.answer is Answer.REJECT):
            raise ValueError("expected a reason with REJECT, and only with it")
        if (self.expected_ms is not None) != (self.answer is Answer.STANDBY):
            raise ValueError("expected `expected` with STANDBY, and only with it")
        return self

    @property
    def is_narrow(self) -> bool:
        """Whether it says more of the message than the notice."""
        return self.kind != "notice" or (self.revision, self.sent_ms) != (None, None)

    @property
    def meant(self) -> str:
        """The message in words: `a check sent at 4m`."""
        words = [f"a {self.kind}"] if self.kind != "notice" else []
        if self.about is not None:
            words += ["of", self.about] if words else [self.about]
        if self.revision is not None:
            words += ["rev", str(self.revision)]
        if self.sent_ms is not None:
            words += ["sent at", write_duration(self.sent_ms)]
        if self.nth > 1:
            words.append(f"(number {self.nth} from then on)")
        return " ".join(words)


class GivenAnswer(Response):
    """An answer that the scenario itself gives, whatever the officers do."""

    about: KnownNotice | None = Field(None, alias="to")
    """The notice, or the one whose cancellation is meant; left out with other kinds."""
    answer: Answer
    officer: Text | None = None

    @field_validator("about", mode="before")
    @classmethod
    def _is_to_what_has_a_name(cls, about: object, info: ValidationInfo) -> object:
        # Before it is looked up: a party's name, as in an expectation, is not a misspelt notice.
        if about is not None and info.data.get("kind", "notice") not in ("notice", "cancel"):
            raise ValueError("expected `to` with a notice and a cancel, and only with them")
        return about

    @model_validator(mode="after")
    def _says_what_it_is_to(self) -> Self:
        if self.about is None and self.kind in ("notice", "cancel"):
            raise ValueError("expected `to` with a notice and a cancel, and only with them")
        return self


class TelephoneCall(Response):
    """An entry of the voice log; with an `answer` it answers the message that it is about."""

    officer: Text
    spoke_with: Text
    text: Text

    @model_validator(mode="after")
    def _says_what_it_answers(self) -> Self:
        if self.answer is not None and not self.is_about_something:
            raise ValueError("expected `about` with an answer: which notice does it answer?")
        return self

    @property
    def is_about_something(self) -> bool:
        """Whether the call was about a message."""
        return self.about is not None or self.kind != "notice"


class Relief(Part):
    """A watch begins: the officer, the deputy who is called in his place, and its hours."""

    officer: Text
    deputy: Text | None = None
    hours: float = Field(8, gt=0, le=72)
