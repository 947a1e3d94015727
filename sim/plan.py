"""What is said and what goes wrong in one simulated run."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from hotline.timers import Timers
from sim.scale import Scale

PARTIES = ("isr", "tur")
WATCHDOG = "watchdog"
STATIONS = (*PARTIES, WATCHDOG)
EVERYTHING = "everything"

LINK_FAULTS = ("loss", "delay", "repeat", "reorder", "cut", "cut-out", "cut-in", "slow")
STATION_FAULTS = ("kill", "before-commit", "after-commit", "between-publishes")
BROKER_FAULTS = ("broker-restart", "broker-wipe")
CLOCK_FAULTS = ("skew",)
DISK_FAULTS = ("disk-loss", "disk-restore")  # only in a calm
NOISE = ("garbage", "flood")
KINDS = (*LINK_FAULTS, *STATION_FAULTS, *BROKER_FAULTS, *CLOCK_FAULTS, *DISK_FAULTS, *NOISE)
LATE_WILL = "late-will"  # a link breaks, and its will comes late or never: beside what is drawn
TWIN = "twin"  # a station is started twice: only alone, since then much cannot be demanded

START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is wrong with a station (or everything) for a while. Times from the start."""

    kind: str
    whom: str
    from_ms: int
    until_ms: int
    how: int = 0  # a detail that is drawn: a delay, a share, a point


@dataclass(frozen=True, slots=True)
class Word:
    """A party says something of its own accord: a notice, a revision, a check, a call and so on.

    The window of a flight opens so long after the word (below 0: before it), and lasts so long.
    """

    at_ms: int
    who: str
    what: str
    precedence: str = "FLASH"
    lead_s: int | None = None
    lasts_s: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """One run.

    `absent` is how many messages in a hundred an officer leaves lying; `checkpoint`, after how
    many records a station puts away what is settled.
    """

    seed: int
    duration_ms: int
    timers_ms: dict[str, int]
    absent: int
    words: tuple[Word, ...]
    faults: tuple[Fault, ...]
    checkpoint: int = 2_000
    scale: str = Scale.MINUTES.value

    @property
    def replay(self) -> str:
        """The command that draws it again and plays it."""
        scale = "" if self.scale == Scale.MINUTES else f" --scale {self.scale}"
        return f"hotline-sim swarm{scale} --seeds {self.seed}"

    @property
    def timers(self) -> Timers:
        """The line's timers."""
        return Timers().model_copy(update={f"{k}_ms": v for k, v in self.timers_ms.items()})

    def save(self, path: Path) -> None:
        """Write it as a file that can be replayed."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Plan":
        """Read what `save` wrote."""
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        words = tuple(Word(**word) for word in fields.pop("words"))
        faults = tuple(Fault(**fault) for fault in fields.pop("faults"))
        return cls(words=words, faults=faults, **fields)

    def without(self, *, words: set[int] = frozenset(), faults: set[int] = frozenset()) -> "Plan":  # type: ignore[assignment]
        """The same with some words and faults left out."""
        return replace(
            self,
            words=tuple(w for i, w in enumerate(self.words) if i not in words),
            faults=tuple(f for i, f in enumerate(self.faults) if i not in faults),
        )
