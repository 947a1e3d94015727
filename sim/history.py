"""What happened in a run: all that its judges look at."""

from dataclasses import dataclass

from hotline.bodies import Ref
from hotline.picture import Picture
from hotline.records import Record


@dataclass(frozen=True)
class History:
    """The originals of all journals at the end, and what no journal tells. Times in epoch ms.

    `received_ms` says when each author learned that the other party had a record on disk.
    """

    started_ms: int
    ended_ms: int
    interrupted: bool
    records: list[Record]
    picture: Picture
    received_ms: dict[Ref, int]
    broker: str
    speed: float | None
    """None on the virtual clock, which runs as fast as it can."""
    seed: int
