"""What is said and what goes wrong in one simulated run: a pure function of its seed."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from hotline.timers import Timers
from hotline.times import SECOND_MS
from sim.scale import LENGTHS, Scale, calm_ms

PARTIES = ("isr", "tur")
WATCHDOG = "watchdog"
STATIONS = (*PARTIES, WATCHDOG)
EVERYTHING = "everything"

LINK_FAULTS = ("loss", "delay", "repeat", "reorder", "cut", "cut-out", "cut-in", "slow")
STATION_FAULTS = ("kill", "before-commit", "after-commit", "between-publishes")
BROKER_FAULTS = ("broker-restart", "broker-wipe")
CLOCK_FAULTS = ("skew",)
DISK_FAULTS = ("disk-loss", "disk-restore")  # only in a calm: see `_calm_losses`
NOISE = ("garbage", "flood")
KINDS = (*LINK_FAULTS, *STATION_FAULTS, *BROKER_FAULTS, *CLOCK_FAULTS, *DISK_FAULTS, *NOISE)

_CALM_MS = 45 * SECOND_MS
_A_THIRD = 0.35


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
    """A party says something of its own accord: a notice, a revision, a check, a call and so on."""

    at_ms: int
    who: str
    what: str
    precedence: str = "FLASH"


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


def draw(seed: int, scale: Scale = Scale.MINUTES) -> Plan:
    """The plan of a seed: some kinds of fault, some traffic, timers short or long."""
    name = f"plan/{seed}" if scale is Scale.MINUTES else f"plan/{scale}/{seed}"
    random = Random(name)  # noqa: S311 -- a game
    lengths = LENGTHS[scale]
    duration_ms = lengths.duration_ms(random)
    timers_ms = lengths.timers_ms(random)
    count = random.randint(*lengths.words)
    words = tuple(sorted((_word(random, duration_ms) for _ in range(count)), key=_by_time))
    enabled = [kind for kind in KINDS if random.random() < _A_THIRD]
    most = 8
    if random.random() < _A_THIRD:  # one thing alone, of which the oracle can be strict
        enabled, most = [random.choice(KINDS)], 3
    faults: list[Fault] = []
    lasting = [kind for kind in enabled if kind not in DISK_FAULTS]
    if lasting:
        count = random.randint(0, most)
        faults += [_fault(random, lasting, duration_ms, lengths.fault_s) for _ in range(count)]
    losses = [kind for kind in enabled if kind in DISK_FAULTS]
    if losses and random.random() < 0.5:  # noqa: PLR2004 -- a coin
        at_ms = duration_ms // 2
        quiet_ms = calm_ms(timers_ms["heartbeat"]) if scale is Scale.HOUR else _CALM_MS
        faults = [
            fault
            for fault in faults
            if fault.until_ms < at_ms - quiet_ms or fault.from_ms > at_ms + 2 * quiet_ms
        ]
        away_ms = random.randint(1, 20) * SECOND_MS
        whom = random.choice(STATIONS)
        faults.append(Fault(random.choice(losses), whom, at_ms, at_ms + away_ms))
        if whom in PARTIES:  # who has forgotten what he said must not speak at once
            back_ms = at_ms + away_ms
            asked = [Word(back_ms + after_ms, whom, "check") for after_ms in (1, 5, 20)]
            words = tuple(sorted((*words, *asked), key=_by_time))
    faults.sort(key=lambda fault: (fault.from_ms, fault.kind, fault.whom))
    words = tuple(sorted((*words, *_talk(seed, duration_ms)), key=_by_time))
    absent, checkpoint = random.choice((0, 20, 60)), random.choice((1, 3, 10, 2_000))
    return Plan(seed, duration_ms, timers_ms, absent, words, tuple(faults), checkpoint, scale.value)


def _by_time(word: Word) -> tuple[int, str]:
    return word.at_ms, word.who


def _word(random: Random, duration_ms: int) -> Word:
    what = random.choice(("notice", "notice", "notice", "revise", "cancel", "check"))
    precedence = random.choice(("FLASH", "FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"))
    return Word(random.randint(0, duration_ms), random.choice(PARTIES), what, precedence)


def _talk(seed: int, duration_ms: int) -> list[Word]:
    """What is said beside notices and checks, in two of three seeds."""
    random = Random(f"talk/{seed}")  # noqa: S311 -- a game
    if random.random() < _A_THIRD:
        return []
    talk = ("stop", "suspend", "resume", "voice", "voice", "handover")
    return [
        Word(random.randint(0, duration_ms), random.choice(PARTIES), random.choice(talk))
        for _ in range(random.randint(1, 8))
    ]


def _fault(random: Random, kinds: list[str], duration_ms: int, lengths_s: tuple[int, ...]) -> Fault:
    kind = random.choice(kinds)
    whom = EVERYTHING if kind in (*BROKER_FAULTS, *NOISE) else random.choice(STATIONS)
    from_ms = random.randint(0, duration_ms - SECOND_MS)
    lasts_ms = random.choice(lengths_s) * SECOND_MS + random.randint(0, SECOND_MS)
    return Fault(kind, whom, from_ms, min(from_ms + lasts_ms, duration_ms), random.randint(0, 99))
