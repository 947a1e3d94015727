"""What all stations of a simulated run share: the line, its network and clock, and the evidence."""

import contextlib
import sqlite3
from random import Random

from hotline.clock import ScenarioClock
from sim.oracle.evidence import Evidence
from sim.swarm.network import Network
from sim.swarm.plan import PARTIES, Plan


class Surroundings:
    """What all stations of a run share."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.line = plan.line
        self.random = Random(f"world/{plan.seed}")
        self.network = Network(self.random)
        self.clock: ScenarioClock
        self.quiet = False
        """Whether the officers have stopped speaking."""
        timers_ms = plan.timers.model_dump(by_alias=True)
        self.evidence = Evidence(PARTIES, plan.watchdogs, timers_ms, clocks_ms=plan.clocks_ms)
        self.disks = contextlib.ExitStack()
        """Closes all disks of the run."""

    def keep(self, disk: sqlite3.Connection) -> sqlite3.Connection:
        """Close this disk when all is over."""
        return self.disks.enter_context(contextlib.closing(disk))

    def note(self, text: str) -> None:
        """Write a line of the log."""
        self.evidence.log.append((self.clock.now_ms(), text))
