"""What an event of a scenario says of the moment: stops, silences, telephone calls and watches."""

from typing import Self

from pydantic import Field, model_validator

from hotline.bodies import Answer
from hotline.notice import Text
from hotline.times import Duration
from sim.fields import KnownNotice, Part


class Halt(Part):
    """Knock it off: whatever goes on (or the flight of one notice) must end at once."""

    text: Text
    notice: KnownNotice | None = None


class Silence(Part):
    """A party suspends its channel. `until` counts from the scenario's start."""

    reason: Text | None = None
    until_ms: Duration | None = None


class TelephoneCall(Part):
    """An entry of the voice log; with an answer it stands for one to the notice it is about."""

    about: KnownNotice | None = None
    revision: int | None = None
    """Left out: the last one that was heard."""
    answer: Answer | None = None
    officer: Text
    spoke_with: Text
    text: Text
    reason: Text | None = None
    """Why, with REJECT."""
    expected_ms: Duration | None = Field(None, alias="expected")
    """With STANDBY: when the answer will come, from the scenario's start."""

    @model_validator(mode="after")
    def _says_what_its_answer_needs(self) -> Self:
        if self.answer is not None and self.about is None:
            raise ValueError("expected `about` with an answer: which notice does it answer?")
        if (self.reason is not None) != (self.answer is Answer.REJECT):
            raise ValueError("expected a reason with REJECT, and only with it")
        if (self.expected_ms is not None) != (self.answer is Answer.STANDBY):
            raise ValueError("expected `expected` with STANDBY, and only with it")
        return self


class Relief(Part):
    """A watch begins: who is on it, who is called in his stead, and for how many hours."""

    officer: Text
    deputy: Text | None = None
    hours: float = Field(8, gt=0, le=72)
