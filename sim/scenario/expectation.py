"""The expectations of a scenario file, and what must never happen: the parts beneath `expect`."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from pydantic import ValidationInfo, field_validator, model_validator

from hotline.bodies import Answer, Level, Rule
from hotline.picture.lifecycle import Standing
from hotline.picture.message import Message
from hotline.times import write_duration
from sim.scenario.fields import KnownNotice, Moment, Part, State, SubjectName, expect_revision

_OF_MESSAGES = (Rule.UNDELIVERED, Rule.UNANSWERED, Rule.LATE_NOTICE)
"""The rules whose flags are about a party's message."""

_OF_STATIONS = frozenset(Rule).difference(_OF_MESSAGES)
"""The rules whose flags are about a whole station, or a record of it that is not a message."""

_OF_PARTIES = (Rule.DEGRADED, Rule.BLIND)
"""The rules whose flags are never about a watchdog."""

_BY_ANOTHER = (Rule.SILENT, Rule.CLOCK_SKEW)
"""The rules whose flags are never about the watchdog that raises them."""

_LEVELS: Mapping[Rule, tuple[Level, ...]] = {
    Rule.UNDELIVERED: (Level.WARNING, Level.ALARM),
    Rule.UNANSWERED: (Level.WARNING, Level.ALARM, Level.VOICE_REQUIRED),
    Rule.LATE_NOTICE: (Level.WARNING, Level.ALARM),
    Rule.DEGRADED: (Level.ALARM,),
    Rule.SILENT: (Level.WARNING, Level.ALARM),
    Rule.BLIND: (Level.ALARM,),
    Rule.FORK: (Level.ALARM,),
    Rule.CLOCK_SKEW: (Level.WARNING,),
    Rule.INVALID: (Level.WARNING,),
}
"""The levels that the flags of a rule can reach."""

_TIMES = frozenset({"after", "within"})
"""The fields that say when something is expected."""


class Happening(Part):
    """Something that can be expected to happen, or never to happen."""

    kinds: ClassVar[tuple[str, ...]] = ("flag", "cleared", "answer", "delivered", "state")

    flag: Rule | None = None
    """A flag is raised."""
    cleared: Rule | None = None
    """A flag is cleared."""
    answer: Answer | None = None
    """An answer is given."""
    delivered: KnownNotice | None = None
    """The author has the receipt for this notice: the other party's station has it on disk."""
    state: State | None = None
    """The state of a notice at the end."""
    of: SubjectName | None = None
    """The notice or station that is meant; left out: any."""
    revision: int | None = None
    level: Level | None = None

    @field_validator("cleared")
    @classmethod
    def _can_be_cleared(cls, rule: Rule | None) -> Rule | None:
        if rule is Rule.INVALID:
            raise ValueError("invalid is never cleared: a record that makes no sense stays so")
        return rule

    @field_validator("of")
    @classmethod
    def _can_be_about_it(cls, name: str | None, info: ValidationInfo) -> str | None:
        known, found = info.context or {}, info.data
        is_notice = name in known.get("notices", ())
        is_station = name in known.get("stations", ()) and not is_notice
        is_watchdog = is_station and name not in known.get("parties", ())
        rule = found.get("flag") or found.get("cleared")
        if found.get("delivered"):
            raise ValueError("expected no `of` with delivered, which names the notice itself")
        if found.get("state") and is_station:
            raise ValueError(f"expected a notice with a state, got the station {name!r}")
        if rule in _OF_STATIONS and is_notice:
            raise ValueError(f"expected a station with {rule}, got the notice {name!r}")
        if rule in _OF_PARTIES and is_watchdog:
            raise ValueError(f"expected a party with {rule}, got the watchdog {name!r}")
        if rule in _BY_ANOTHER and is_watchdog and len(known["stations"] - known["parties"]) == 1:
            raise ValueError(f"{name} is the only watchdog, and no watchdog flags itself as {rule}")
        if (rule in _OF_MESSAGES or found.get("answer")) and is_watchdog:
            raise ValueError(f"expected a notice or the party that said it, got {name!r}")
        return name

    @field_validator("revision")
    @classmethod
    def _is_a_revision(cls, revision: int | None, info: ValidationInfo) -> int | None:
        found = info.data
        rule = found.get("flag") or found.get("cleared")
        if revision is not None and rule in _OF_STATIONS:
            raise ValueError(f"expected no revision with {rule}, which is about a station")
        expect_revision(revision, found.get("of") or found.get("delivered"), info)
        return revision

    @field_validator("level")
    @classmethod
    def _is_a_level_of_its_rule(cls, level: Level | None, info: ValidationInfo) -> Level | None:
        rule = info.data.get("flag")
        if level and rule and level not in _LEVELS[rule]:
            levels = " or ".join(_LEVELS[rule])
            raise ValueError(f"{rule} is never flagged as {level}; expected {levels}")
        return level

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        self.exactly_one(*self.kinds)
        if self.level is not None and self.flag is None:
            raise ValueError("expected `level` only with a flag")
        if self.state is not None and self.of is None:
            raise ValueError("expected `of` with a state: which notice?")
        return self

    @model_validator(mode="after")
    def _is_superseded_by_another(self, info: ValidationInfo) -> Self:
        last = (info.context or {}).get("revisions", {}).get(self.of)
        if self.state is Standing.SUPERSEDED and last and self.revision in (None, last):
            raise ValueError(f"the last revision of {self.of} is never superseded")
        return self

    def about(self, said: Mapping[str, Sequence[Message]]) -> list[Message]:
        """The messages about the notice and revision that it names; `said` has them by notice."""
        of_notice = said.get(self.of or "", ())
        return [message for message in of_notice if self.revision in (None, message.revision)]


class Expectation(Happening):
    """Something that must happen between `after` and `within`, or must `never` happen."""

    kinds: ClassVar[tuple[str, ...]] = (*Happening.kinds, "never")

    never: Happening | None = None
    after_ms: Moment = 0
    within_ms: Moment | None = None
    """Left out: by the end of the scenario."""

    @field_validator("never", mode="before")
    @classmethod
    def _tells_it_from_its_time(cls, happening: object, info: ValidationInfo) -> object:
        """Demand that `never` holds all but the times, which stand beside it."""
        if isinstance(happening, Mapping) and not _TIMES.isdisjoint(happening):
            raise ValueError("expected `after` and `within` beside `never`, not beneath it")
        for name in ("of", "revision", "level"):
            if info.data.get(name) is not None:
                raise ValueError(f"expected `{name}` beneath `never`, not beside it")
        return happening

    @model_validator(mode="after")
    def _has_a_window(self) -> Self:
        if self.within_ms is not None and self.after_ms > self.within_ms:
            raise ValueError("expected after to be before within")
        if self.happening().state is not None and (self.after_ms or self.within_ms is not None):
            raise ValueError("expected no `after` and no `within` with a state: it is the last one")
        return self

    @model_validator(mode="after")
    def _leaves_time(self, info: ValidationInfo) -> Self:
        found = self.happening()
        notice = found.delivered or found.of
        said_ms = (info.context or {}).get("said_ms", {}).get(notice)
        if not said_ms or self.within_ms is None:
            return self
        number = min(found.revision or 1, len(said_ms))
        if self.within_ms < said_ms[number - 1]:
            revision = f" rev {found.revision}" if found.revision else ""
            at = write_duration(said_ms[number - 1])
            raise ValueError(f"is over before {notice}{revision} is said at {at}")
        return self

    def happening(self) -> Happening:
        """What is expected to happen, or never to."""
        return self.never or self
