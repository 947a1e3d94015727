"""The events that are about the moment: stops, declared silences, telephone calls and watches."""

from typing import Self

from pydantic import Field, ValidationInfo, model_validator

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


class Which(Part):
    """Which message is meant: a notice, or something else that was said."""

    kind: MessageKind = "notice"
    revision: int | None = None
    """The revision of the notice; left out: the last one that was heard."""
    sent_ms: Moment | None = None
    """When it was said; left out: the last one that was heard."""
    nth: int = Field(1, ge=1)
    """Which of the messages that were said from `sent` on; 1 is the first."""

    @model_validator(mode="after")
    def _has_revisions(self) -> Self:
        if self.revision is not None and self.kind != "notice":
            raise ValueError("expected a revision only with a notice")
        if self.nth > 1 and self.sent_ms is None:
            raise ValueError("expected `nth` only with `sent`: from when does it count?")
        return self

    @property
    def is_narrow(self) -> bool:
        """Whether it says more than the notice."""
        return self.kind != "notice" or (self.revision, self.sent_ms) != (None, None)

    def told(self, notice: str | None) -> str:
        """What is meant, in words: `a check sent at 4m`."""
        words = [f"a {self.kind}"] if self.kind != "notice" else []
        if notice is not None:
            words += ["of", notice] if words else [notice]
        if self.revision is not None:
            words += ["rev", str(self.revision)]
        if self.sent_ms is not None:
            words += ["sent at", write_duration(self.sent_ms)]
        if self.nth > 1:
            words.append(f"(number {self.nth} from then on)")
        return " ".join(words)


class TelephoneCall(Which):
    """An entry of the voice log; with an `answer` it answers the message that it is about."""

    about: KnownNotice | None = None
    """The notice, or the one whose cancellation is meant; left out with other kinds."""
    answer: Answer | None = None
    officer: Text
    spoke_with: Text
    text: Text
    reason: Text | None = None
    """With REJECT: why."""
    expected_ms: Duration | None = Field(None, alias="expected")
    """With STANDBY: when the answer will come, from the scenario's start."""

    @model_validator(mode="after")
    def _says_what_its_answer_needs(self) -> Self:
        if self.answer is not None and not self.is_about_something:
            raise ValueError("expected `about` with an answer: which notice does it answer?")
        expect_what_an_answer_needs(self.answer, self.reason, self.expected_ms)
        return self

    @model_validator(mode="after")
    def _is_about_a_revision(self, info: ValidationInfo) -> Self:
        expect_revision(self.revision, self.about, info)
        return self

    @property
    def is_about_something(self) -> bool:
        """Whether the call was about a message."""
        return self.about is not None or self.kind != "notice"


def expect_what_an_answer_needs(
    answer: Answer | None, reason: str | None, expected_ms: int | None
) -> None:
    """Demand a reason with REJECT, and a time with STANDBY; in pydantic's way, a ValueError."""
    if (reason is not None) != (answer is Answer.REJECT):
        raise ValueError("expected a reason with REJECT, and only with it")
    if (expected_ms is not None) != (answer is Answer.STANDBY):
        raise ValueError("expected `expected` with STANDBY, and only with it")


class Relief(Part):
    """A watch begins: the officer, the deputy who is called in his place, and its hours."""

    officer: Text
    deputy: Text | None = None
    hours: float = Field(8, gt=0, le=72)
