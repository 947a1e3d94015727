"""What is said and what goes wrong in one simulated run."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError

from hotline.errors import LocalError
from hotline.line import Line
from hotline.notice import Precedence
from hotline.timers import Timers
from sim.swarm.scale import Scale

PARTIES = ("isr", "tur")
WATCHDOG = "watchdog"
SECOND = "hound"  # the second, on lines with two watchdogs
WATCHDOGS = (WATCHDOG, SECOND)
EVERYTHING = "everything"

LINK_FAULTS = ("loss", "delay", "repeat", "reorder", "cut", "cut-out", "cut-in", "slow")
WAYS = ("out", "in")  # of a link, as its station sees it
POINTS = ("before-commit", "after-commit", "between-publishes")  # at which a process may die
STATION_FAULTS = ("kill", *POINTS)
BROKER_FAULTS = ("broker-restart", "broker-wipe")
CLOCK_FAULTS = ("skew",)
DISK_FAULTS = ("disk-loss", "disk-restore")  # only in a calm
NOISE = ("garbage", "flood")
KINDS = (*LINK_FAULTS, *STATION_FAULTS, *BROKER_FAULTS, *CLOCK_FAULTS, *DISK_FAULTS, *NOISE)
LATE_WILL = "late-will"  # a link breaks, and its will comes late or never: drawn apart
SLEEPS = ("sleep", "deep-sleep")  # a process is stopped; or for so long that the broker gives it up
LEAVE = "leave"  # a process is stopped in order, with a goodbye: drawn apart
ENDINGS = (LEAVE, *STATION_FAULTS)  # of a process
SLOW_DISK = "slow-disk"  # each commit takes long: drawn apart
OFFICERS_VANISH = "officers-vanish"  # nobody is at a party's desk: drawn apart
IMPORT = "import"  # a station whose process is dead is given what another has: drawn apart
TWIN = "twin"  # a station is started twice: only alone, since much cannot be demanded then

NONSENSE = "nonsense"  # words that answer twice, are out of order and so on
NEWER = "newer"  # while the party's process is dead, another program says what ours cannot read

SAYINGS = (
    *("notice", "revise", "cancel", "check"),
    *(NONSENSE, NEWER),
    *("stop", "suspend", "resume", "voice", "voice-standby", "voice-reject", "handover"),
)

# Before 2026-01-01T00:00:00Z: a day ends in every run; in one of two minutes, when all is mended.
START_MS = 1_767_225_600_000 - 157_500


def _one_of(*known: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"{value!r} is none of {', '.join(known)}")
        return value

    return AfterValidator(check)


_Station = Annotated[str, _one_of(*PARTIES, *WATCHDOGS)]
_Timer = Annotated[str, _one_of(*(name.removesuffix("_ms") for name in Timers.model_fields))]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is wrong with a station (or everything) for a while. Times from the start.

    A fault of a link goes in one `way`, or in both (left empty).
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    kind: Annotated[
        str, _one_of(*KINDS, *SLEEPS, LEAVE, SLOW_DISK, LATE_WILL, OFFICERS_VANISH, IMPORT, TWIN)
    ]
    whom: Annotated[str, _one_of(*PARTIES, *WATCHDOGS, EVERYTHING)]
    from_ms: int
    until_ms: int
    how: int = 0  # a detail that is drawn: a delay, a share, a point
    way: Annotated[str, _one_of("", *WAYS)] = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A party says something of its own accord: a notice, a revision, a check, a call and so on.

    The window of a flight opens `lead_s` after the word (before it, if negative) and stays open for
    `lasts_s`. A declared silence (0: without an end) and a STANDBY last that long, too.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    at_ms: int
    who: Annotated[str, _one_of(*PARTIES)]
    what: Annotated[str, _one_of(*SAYINGS)]
    precedence: Annotated[str, _one_of(*Precedence)] = "FLASH"
    lead_s: int | None = None
    lasts_s: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """One run.

    An officer leaves `absent` messages in a hundred lying. A station puts away what is settled
    after every `checkpoint` records. A station's clock is ahead of the true time by `clocks_ms`, or
    behind: by so little that nobody sets it.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    seed: int
    duration_ms: int
    timers_ms: dict[_Timer, int]
    absent: int
    words: tuple[Word, ...]
    faults: tuple[Fault, ...]
    checkpoint: int = 2_000
    scale: Annotated[str, _one_of(*Scale)] = Scale.MINUTES.value
    watchdogs: tuple[Annotated[str, _one_of(*WATCHDOGS)], ...] = (WATCHDOG,)
    clocks_ms: dict[_Station, int] = field(default_factory=dict)

    @property
    def line(self) -> Line:
        """Who is on the line."""
        return Line("swarm", PARTIES, self.watchdogs)

    @property
    def replay(self) -> str:
        """The command that draws it again and plays it."""
        scale = "" if self.scale == Scale.MINUTES else f" --scale {self.scale}"
        return f"hotline-sim swarm{scale} --seeds {self.seed}"

    @property
    def file_name(self) -> str:
        """The name of its file: the same seed in minutes and in an hour gives two plans."""
        scale = "" if self.scale == Scale.MINUTES else f"{self.scale}-"
        return f"swarm-{scale}{self.seed}.json"

    @property
    def timers(self) -> Timers:
        """The line's timers."""
        return Timers().model_copy(update={f"{k}_ms": v for k, v in self.timers_ms.items()})

    def save(self, path: Path) -> None:
        """Write it as a file that can be replayed.

        Raises:
            LocalError: the file cannot be written.
        """
        try:
            path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise LocalError(f"cannot keep the plan in {path}: {error.strerror}") from None

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """Read what `save` wrote.

        Raises:
            LocalError: there is no such file, or it holds something else.
        """
        try:
            return _PLAN.validate_json(path.read_bytes())
        except OSError as error:
            raise LocalError(f"{path}: {error.strerror}") from None
        except ValidationError as error:
            mistake = error.errors(include_url=False)[0]
            where = "".join(f"{part}: " for part in mistake["loc"])
            says = mistake["msg"].removeprefix("Value error, ")
            raise LocalError(
                f"{path}: {where}{says}; expected a plan as `hotline-sim swarm` saves it when a"
                " seed fails"
            ) from None

    def with_words(self, words: Iterable[Word]) -> "Plan":
        """The same with these words instead, in the order of their times."""
        return replace(self, words=tuple(sorted(words, key=lambda word: (word.at_ms, word.who))))

    def with_faults(self, faults: Iterable[Fault]) -> "Plan":
        """The same with these faults instead, in the order in which they begin."""
        in_order = sorted(faults, key=lambda fault: (fault.from_ms, fault.kind, fault.whom))
        return replace(self, faults=tuple(in_order))


_PLAN = TypeAdapter(Plan)
