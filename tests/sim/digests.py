"""Digests of the journals that some seeds leave: `python -m tests.sim.digests` writes them anew.

That is needed only after a change of what stations say, or of what the swarm draws.
"""

import hashlib
import json
from pathlib import Path

from sim.swarm.drawing import draw
from sim.swarm.scale import Scale
from sim.swarm.world import play

FILE = Path(__file__).parent / "digests.json"
SEEDS = {Scale.MINUTES: range(12), Scale.HOUR: range(6)}


def digest_of(seed: int, scale: Scale) -> str:
    """The digest of all that is on all disks after this run."""
    seen = hashlib.sha256()
    for holder, journals in sorted(play(draw(seed, scale)).disks.items()):
        for author, rows in sorted(journals.items()):
            for row in rows:
                seen.update(f"{holder} {author} {row.seq} ".encode() + row.raw + b"\n")
    return seen.hexdigest()[:16]


def found() -> dict[str, str]:
    """The digests by scale and seed."""
    return {f"{scale} {seed}": digest_of(seed, scale) for scale in SEEDS for seed in SEEDS[scale]}


def expected() -> dict[str, str]:
    """The digests that are committed."""
    digests: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    return digests


if __name__ == "__main__":
    FILE.write_text(json.dumps(found(), indent=1) + "\n", encoding="utf-8")
