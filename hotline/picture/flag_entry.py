"""A flag as a picture keeps it: each level of it is an entry of its own."""

from dataclasses import dataclass

from hotline.bodies import Flag, Level, Ref


@dataclass(slots=True)
class FlagEntry:
    """One level of one flag by one watchdog, and when that came and went (epoch ms)."""

    ref: Ref
    flag: Flag
    raised_ms: int
    cleared_ms: int | None = None

    @property
    def by(self) -> str:
        """The watchdog that raised it."""
        return self.ref.station

    @property
    def level(self) -> Level:
        """How bad it is."""
        return self.flag.level
