"""What can be asked of a station at its desk: one JSON object a line, each a frozen model."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from hotline.bodies import Answer
from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean, mistakes_in
from hotline.notice import FlightNotice, NoticeId, Text
from hotline.times import Instant

MAX_LINE_BYTES = 128 * 1024  # a record of the greatest length, and its escapes


class BadRequest(LocalError):
    """What came in is not a request of this protocol; the text says why."""


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


class WrittenNotice(FlightNotice, extra="forbid"):
    """A notice as a person writes it: a field that there is not is a slip of the hand."""


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GiveAnswer(_Request):
    """Answer a message: `record` is its record (`isr/12`) or the notice that it is about."""

    do: Literal["answer"]
    record: Text
    answer: Annotated[Answer, BeforeValidator(_upper)]
    officer: Text | None = None
    reason: Text | None = None
    expected_at: Instant | None = None


class Notify(_Request):
    """Say a flight notice. Without a `notice` member it gets a name: `TUR-043` for tur/43."""

    do: Literal["notify"]
    notice: dict[str, Any]


class Revise(_Request):
    """Say the next revision of a notice: as it was, but for `change`.

    `revision` is the one that whoever says it has seen; if there is a later one, nothing is said.
    """

    do: Literal["revise"]
    notice: NoticeId
    revision: int | None = None
    change: dict[str, Any] = Field(min_length=1)


class Withdraw(_Request):
    """Cancel a notice."""

    do: Literal["cancel"]
    notice: NoticeId
    reason: Text | None = None


class AskCheck(_Request):
    """Ask whether somebody is at the other desk."""

    do: Literal["check"]
    remarks: Text | None = None


class Halt(_Request):
    """Say that everything going on, or the flight of one notice, must end at once. Always FLASH."""

    do: Literal["stop"]
    text: Text
    notice: NoticeId | None = None


class Leave(_Request):
    """Declare that nobody will be at the desk for a while."""

    do: Literal["suspend"]
    reason: Text | None = None
    until: Instant | None = None


class ComeBack(_Request):
    """End a silence that was declared."""

    do: Literal["resume"]
    reason: Text | None = None


class LogVoice(_Request):
    """Write down what was said by telephone; with `answer` it settles `record`."""

    do: Literal["voice"]
    spoke_with: Text
    text: Text
    record: Text | None = None
    answer: Annotated[Answer | None, BeforeValidator(_upper)] = None
    officer: Text | None = None
    reason: Text | None = None
    expected_at: Instant | None = None


class TakeWatch(_Request):
    """Say who is on watch from now on."""

    do: Literal["handover"]
    officer: Text
    deputy: Text | None = None
    hours: float | None = Field(default=None, gt=0, le=72)


class LookAtInbox(_Request):
    """What waits for an answer from here, most urgent first."""

    do: Literal["inbox"]


class LookAtState(_Request):
    """All that a screen shows, as it is now."""

    do: Literal["state"]


class Show(_Request):
    """One record as it is in its journal, and what became of it."""

    do: Literal["show"]
    record: Text


class LookAtNotice(_Request):
    """A notice of ours as its last revision says it, to be revised."""

    do: Literal["notice"]
    notice: NoticeId


class LookOn(_Request):
    """The state, the last log lines, and from then on every log line and change."""

    do: Literal["watch"]


Speech = (
    GiveAnswer
    | Notify
    | Revise
    | Withdraw
    | Halt
    | AskCheck
    | Leave
    | ComeBack
    | LogVoice
    | TakeWatch
)
Look = LookAtInbox | LookAtState | Show | LookAtNotice
Request = Speech | Look | LookOn

Told = dict[str, Any]
"""What a station answers, or tells its watchers: also one JSON object."""

_MODELS: dict[str, type[Request]] = {
    get_args(model.model_fields["do"].annotation)[0]: model for model in get_args(Request)
}


def read_request(line: bytes) -> Request:
    """Read one line.

    Raises:
        BadRequest: it is not one of the requests above.
    """
    try:
        fields = from_json(line)
    except ValueError:
        raise BadRequest('expected one JSON object a line, such as {"do":"inbox"}') from None
    do = fields.get("do") if isinstance(fields, dict) else None
    if not isinstance(do, str):
        raise BadRequest('expected an object with a member "do", such as {"do":"inbox"}')
    if do not in _MODELS:
        raise BadRequest(f"do: {do[:40]!r} cannot be done; {did_you_mean(do, list(_MODELS))}")
    try:
        return _MODELS[do].model_validate(fields)
    except (ValidationError, RecursionError) as error:
        raise BadRequest(says(error, _MODELS[do])) from None


def says(error: ValidationError | RecursionError, model: type[BaseModel]) -> str:
    """Every mistake that validation found, in one line for a person."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    mistakes = mistakes_in(error, model, lambda _: ("", 0))
    return "; ".join(f"{it.field}: {it.says}" if it.field else it.says for it in mistakes)
