"""What a scenario file says of things that go wrong: the part beneath an event's `fault`."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from hotline.times import Duration
from sim.fields import Part, StationName


class FaultKind(StrEnum):
    """What can go wrong with a station while a scenario is played."""

    CUT = "cut"
    LOSS = "loss"
    REPEAT = "repeat"
    SLOW = "slow"
    CRASH = "crash"
    DISK_LOSS = "disk_loss"
    CLOCK_FAST = "clock_fast"
    CLOCK_SLOW = "clock_slow"


_BY_SHARE = (FaultKind.LOSS, FaultKind.REPEAT)
_BY_TIME = (FaultKind.SLOW, FaultKind.CLOCK_FAST, FaultKind.CLOCK_SLOW)


class Fault(Part):
    """Something goes wrong for a while; at the scenario's end, all is mended."""

    kind: FaultKind
    """cut: the link is dead; crash: the process is; disk_loss: it comes back with an empty disk."""
    of: StationName | None = None
    """Which station; left out: all of them, as when the broker is gone."""
    for_ms: Duration
    share: float | None = Field(None, gt=0, le=1)
    """With loss and repeat: of how many messages, in each direction (0.3: three in ten)."""
    by_ms: Duration | None = None
    """With slow: how long each message takes. With clock_fast and clock_slow: how wrong it is."""

    @model_validator(mode="after")
    def _says_how_bad_it_is(self) -> Self:
        if (self.share is not None) != (self.kind in _BY_SHARE):
            raise ValueError("expected a share with loss and repeat, and only with them")
        if (self.by_ms is not None) != (self.kind in _BY_TIME):
            raise ValueError("expected `by` with slow, clock_fast and clock_slow, and only there")
        if self.kind is FaultKind.DISK_LOSS and self.of is None:
            raise ValueError("expected `of` with disk_loss: what all have lost, nobody can bring")
        return self
