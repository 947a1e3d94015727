"""The fields of scenario files: delays, watches, names that must be defined in the same file.

Validators that look at the rest of the file find what they need in the validation's context, so
that one pass finds all mistakes.
"""

import re
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from hotline.bodies import Answer
from hotline.files.mistakes import did_you_mean
from hotline.picture.lifecycle import Answering, Standing
from hotline.times import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    Duration,
    Instant,
    format_duration,
    parse_duration,
    parse_typed_instant,
)

LONGEST_MS = 400 * DAY_MS


class Delay(NamedTuple):
    """A range from which a delay is drawn, in milliseconds."""

    shortest_ms: int
    longest_ms: int


class Shift(NamedTuple):
    """A daily watch in UTC, in milliseconds after midnight; it may run over midnight."""

    from_ms: int
    until_ms: int


def _parse_delay(text: object) -> Delay:
    ends = text.split("..") if isinstance(text, str) else []
    try:
        durations = [parse_duration(end.strip()) for end in ends]
    except ValueError:
        durations = []
    if len(durations) not in (1, 2) or durations != sorted(durations):
        raise ValueError(f"expected a delay such as 40s or 20s..90s, got {text!r}")
    return Delay(durations[0], durations[-1])


_SHIFT = re.compile(r"^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d|24:00)$")


def _parse_shift(text: object) -> Shift:
    found = _SHIFT.match(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"expected a daily watch in UTC such as 06:00-14:00, got {text!r}")
    return Shift(*map(_after_midnight_ms, found.groups()))


def _after_midnight_ms(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    return hours * HOUR_MS + minutes * MINUTE_MS


def _known(what: str, kind: str) -> AfterValidator:
    """A name that must be defined elsewhere in the same file; the loader says which names are."""

    def check(name: str, info: ValidationInfo) -> str:
        names = (info.context or {}).get(kind)
        if names is not None and name not in names:
            hint = did_you_mean(name, sorted(names)) if names else "none is defined"
            raise ValueError(f"no {what} is called {name!r}; {hint}")
        return name

    return AfterValidator(check)


def _one_of(*words: str) -> BeforeValidator:
    """A word of one of several lists; pydantic alone would report a mistake for each list."""

    def check(word: object) -> object:
        if word is not None and word not in words:
            raise ValueError(f"got {word!r}; {did_you_mean(str(word), list(map(str, words)))}")
        return word

    return BeforeValidator(check)


def _on_timeline(at_ms: int, info: ValidationInfo) -> int:
    ends_ms = (info.context or {}).get("duration")
    if ends_ms is not None and at_ms > ends_ms:
        raise ValueError("is after the scenario's end; expected at most its duration")
    return at_ms


def _not_too_long(duration_ms: int) -> int:
    if not 0 < duration_ms <= LONGEST_MS:
        raise ValueError(f"expected more than 0s and at most {format_duration(LONGEST_MS)}")
    return duration_ms


def _written_out(moment: object) -> object:
    if isinstance(moment, int | float):
        raise ValueError(f"expected a UTC time such as 2026-01-12T06:00:00Z, got {moment}")  # noqa: TRY004 -- pydantic collects ValueErrors
    return parse_typed_instant(moment) if isinstance(moment, str) else moment


MessageKind = Literal["notice", "cancel", "stop", "check", "suspend", "resume"]
"""The kinds of messages, which ask for an answer."""
PartyName = Annotated[str, _known("party", "parties")]
StationName = Annotated[str, _known("station", "stations")]
AreaName = Annotated[str, _known("area", "areas")]
KnownNotice = Annotated[str, _known("notice", "notices")]
SubjectName = Annotated[str, _known("notice or station", "subjects")]
Moment = Annotated[Duration, AfterValidator(_on_timeline)]
Length = Annotated[Duration, AfterValidator(_not_too_long)]
Start = Annotated[Instant, BeforeValidator(_written_out)]
Intent = Annotated[Answer | Literal["NOTHING"], _one_of(*Answer, "NOTHING")]
State = Annotated[
    Answering | Literal[Standing.SUPERSEDED, Standing.CANCELLED],
    _one_of(*Answering, Standing.SUPERSEDED, Standing.CANCELLED),
]
DelayRange = Annotated[
    Delay,
    BeforeValidator(_parse_delay),
    WithJsonSchema({"type": "string", "examples": ["40s", "20s..90s"]}),
]
Watch = Annotated[
    Shift,
    BeforeValidator(_parse_shift),
    WithJsonSchema({"type": "string", "pattern": _SHIFT.pattern, "examples": ["06:00-14:00"]}),
]


def expect_revision(revision: int | None, notice: str | None, info: ValidationInfo) -> None:
    """Demand a revision that the file's events make; in pydantic's way, a ValueError.

    If the notice is not known, any notice may have that revision.
    """
    if revision is None:
        return
    revisions = (info.context or {}).get("revisions", {})
    last = revisions.get(notice) or max(revisions.values(), default=max(revision, 1))
    if 1 <= revision <= last:
        return
    if notice not in revisions:
        raise ValueError(f"no notice has a revision {revision}; the highest is {last}")
    there_is = "its only one is 1" if last == 1 else f"it has 1 to {last}"
    raise ValueError(f"{notice} has no revision {revision}; {there_is}")


class Part(BaseModel):
    """A part of a scenario file, where its fields have no unit: `at_ms` is written `at`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.removesuffix("_ms"),
        use_attribute_docstrings=True,
    )

    def exactly_one(self, *names: str) -> None:
        """Demand one of some fields, and no more."""
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            raise ValueError(f"expected exactly one of {', '.join(names)}; found {found}")


class Span(Part):
    """A stretch of the scenario's time."""

    from_ms: Duration
    until_ms: Duration

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.from_ms >= self.until_ms:
            raise ValueError("expected from to be before until")
        return self
