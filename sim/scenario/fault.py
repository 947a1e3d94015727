"""The faults of a scenario file: the part beneath an event's `fault`."""

from enum import StrEnum
from typing import Self

from pydantic import Field, ValidationInfo, model_validator

from hotline.times import SECOND_MS
from sim.scenario.fields import Length, Part, StationName


class FaultKind(StrEnum):
    """What can go wrong while a scenario is played."""

    CUT = "cut"
    CUT_OUT = "cut_out"
    CUT_IN = "cut_in"
    LOSS = "loss"
    REPEAT = "repeat"
    REORDER = "reorder"
    SLOW = "slow"
    BROKER_RESTART = "broker_restart"
    CRASH = "crash"
    LEAVE = "leave"
    FREEZE = "freeze"
    DISK_LOSS = "disk_loss"
    DISK_RESTORE = "disk_restore"
    DISK_SLOW = "disk_slow"
    DISK_FULL = "disk_full"
    TWIN = "twin"
    CLOCK_FAST = "clock_fast"
    CLOCK_SLOW = "clock_slow"
    OFFICERS_VANISH = "officers_vanish"
    FLOOD = "flood"
    GARBAGE = "garbage"
    FORGERY = "forgery"


class Will(StrEnum):
    """When the broker tells the others that a connection has ended."""

    AT_ONCE = "at_once"
    LATE = "late"
    NEVER = "never"


WILL_LATE_MS = 20 * SECOND_MS  # of one that is late


class Point(StrEnum):
    """The moment in a turn at which a process dies."""

    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    BETWEEN_PUBLISHES = "between_publishes"


class Way(StrEnum):
    """In which direction a link is bad, as its station sees it."""

    OUT = "out"
    IN = "in"


DEADLY = (FaultKind.CRASH, FaultKind.DISK_LOSS, FaultKind.DISK_RESTORE, FaultKind.DISK_FULL)
ENDS_A_PROCESS = (*DEADLY, FaultKind.LEAVE)
ENDS_A_LINK = (FaultKind.CUT, *DEADLY)
_NEEDS: dict[str, tuple[FaultKind, ...]] = {
    "share": (FaultKind.LOSS, FaultKind.REPEAT),
    "by": (
        *(FaultKind.REORDER, FaultKind.SLOW, FaultKind.DISK_RESTORE, FaultKind.DISK_SLOW),
        *(FaultKind.CLOCK_FAST, FaultKind.CLOCK_SLOW),
    ),
    "count": (FaultKind.FLOOD, FaultKind.GARBAGE, FaultKind.FORGERY),
}
_MAY_HAVE: dict[str, tuple[FaultKind, ...]] = {
    "will": ENDS_A_LINK,
    "way": (FaultKind.LOSS, FaultKind.REPEAT, FaultKind.REORDER, FaultKind.SLOW),
    "point": (FaultKind.CRASH,),
    "forgets": (FaultKind.BROKER_RESTART,),
}
_OF_ONE = (FaultKind.DISK_LOSS, FaultKind.DISK_RESTORE, FaultKind.TWIN)
_OF_NOBODY = (FaultKind.BROKER_RESTART, FaultKind.GARBAGE, FaultKind.FORGERY)
_OF_PARTIES = (FaultKind.FLOOD, FaultKind.OFFICERS_VANISH, FaultKind.TWIN)


class Fault(Part):
    """Something goes wrong for a while; at the scenario's end, every fault is over."""

    kind: FaultKind
    """cut: the link is dead; crash: the process is dead; leave: it is stopped in order, with a
    goodbye; freeze: it stands still, then goes on as if nothing had happened; disk_loss: the
    station comes back with an empty disk; disk_full: it leaves the line when it has something to
    store, until there is room."""
    of: StationName | None = None
    """The station; left out: all of them, as when the broker is gone."""
    for_ms: Length
    share: float | None = Field(None, gt=0, le=1)
    """With loss and repeat: the share of messages in each direction (0.3: three in ten)."""
    way: Way | None = None
    """With loss, repeat, reorder and slow: what it says (out) or hears (in); left out: both."""
    by_ms: Length | None = None
    """How long each message takes (slow), or may take (reorder); how wrong a clock is; how old the
    copy is that a disk is put back to (disk_restore); how long each commit takes (disk_slow)."""
    count: int | None = Field(None, ge=1, le=10_000)
    """With flood, garbage and forgery: how many messages, spread evenly over its time."""
    will: Will | None = None
    """With a fault that ends a link: when the broker publishes the last will; left out: at once."""
    point: Point | None = None
    """With crash: the next such moment, if one comes in time; left out: between two turns."""
    forgets: bool | None = None
    """With broker_restart: whether it comes back without its retained messages."""

    @model_validator(mode="after")
    def _says_how_bad_it_is(self) -> Self:
        given = self.model_dump(exclude_none=True, by_alias=True)
        for name, kinds in _NEEDS.items():
            if (name in given) != (self.kind in kinds):
                raise ValueError(f"expected `{name}` with {_listed(kinds)}, and only there")
        for name, kinds in _MAY_HAVE.items():
            if name in given and self.kind not in kinds:
                raise ValueError(f"expected `{name}` only with {_listed(kinds)}")
        return self

    @model_validator(mode="after")
    def _says_whom_it_is_about(self, info: ValidationInfo) -> Self:
        parties = (info.context or {}).get("parties")
        if self.kind is FaultKind.DISK_LOSS and self.of is None:
            raise ValueError("expected `of` with disk_loss: what all have lost, nobody can send")
        if self.kind in _OF_ONE and self.of is None:
            raise ValueError(f"expected `of` with {self.kind}: which station?")
        if self.kind in _OF_NOBODY and self.of is not None:
            raise ValueError(f"expected no `of` with {self.kind}: it is about all stations")
        if self.kind in _OF_PARTIES and parties and self.of not in (None, *parties):
            who = "a party" if self.kind in _OF_ONE else "a party, or nobody for both,"
            raise ValueError(f"expected {who} in `of` with {self.kind}")
        return self

    @property
    def name(self) -> str:
        """What it is, and of whom: `cut of isr`."""
        what = self.kind.replace("_", " ")
        return what if self.kind in _OF_NOBODY else f"{what} of {self.of or 'everybody'}"


def _listed(kinds: tuple[FaultKind, ...]) -> str:
    *others, last = kinds
    return f"{', '.join(others)} and {last}" if others else str(last)
