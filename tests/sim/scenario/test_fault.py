"""What can go wrong in a scenario."""

from sim.scenario.fault import FaultKind
from sim.swarm.plan import KINDS, LATE_WILL, LEAVE, OFFICERS_VANISH, SLEEPS, SLOW_DISK, TWIN

# What the swarm draws, and the kind that says it in a scenario file.
_WRITTEN = {
    "loss": "loss",
    "delay": "slow",
    "repeat": "repeat",
    "reorder": "reorder",
    "cut": "cut",
    "cut-out": "cut_out",
    "cut-in": "cut_in",
    "slow": "slow",
    "kill": "crash",
    "before-commit": "crash",  # with that point
    "after-commit": "crash",
    "between-publishes": "crash",
    "broker-restart": "broker_restart",
    "broker-wipe": "broker_restart",  # which forgets
    "skew": "clock_fast",
    "disk-loss": "disk_loss",
    "disk-restore": "disk_restore",
    "garbage": "garbage",
    "flood": "flood",
    "sleep": "freeze",
    "deep-sleep": "freeze",  # and a cut
    "slow-disk": "disk_slow",
    "leave": "leave",
    "late-will": "cut",  # with that will
    "officers-vanish": "officers_vanish",
    "twin": "twin",
}


def test_what_the_swarm_draws_can_be_written_in_a_scenario() -> None:
    """Whoever has the swarm draw something new gives it a word for scenarios too."""
    drawn = {*KINDS, *SLEEPS, LEAVE, SLOW_DISK, LATE_WILL, OFFICERS_VANISH, TWIN}
    assert set(_WRITTEN) == drawn
    beside = {"clock_slow", "disk_full", "forgery"}  # a skew below 0, the torture's, in garbage
    assert {*_WRITTEN.values(), *beside} == set(FaultKind)
