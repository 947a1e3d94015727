"""When a simulated line was sound, by its faults: the times in which a demand may be strict."""

from collections.abc import Iterable

from sim.oracle.evidence import Evidence
from sim.oracle.facts import Gone, Trouble

LOSSES = ("disk-loss", "disk-restore")
SKEWED = ("skew",)
ENDING = ("leave", "kill", "before-commit", "after-commit", "between-publishes")  # a process
SLEEPS = ("sleep", "deep-sleep")
SILENCING = ("kill", "leave", "disk-loss", "cut", "cut-out", *SLEEPS)
# A line is watched because officers may not answer. It refuses garbage, bears a flood, drops what
# comes twice, and what is imported counts as heard: that is no excuse.
_EXCUSES_NOTHING = ("officers-vanish", "garbage", "hiding", "flood", "repeat", "import")
SLACK_MS = 500  # for what is on its way on a link that is well
ON_ITS_WAY_MS = 11_000  # at most, on a slow link
TICK_MS = 1_000  # how late a watchdog that is well may be


def clocks_were_right(
    evidence: Evidence, stations: Iterable[str], from_ms: int, until_ms: int
) -> bool:
    """Whether no clock of these stations was wrong then; what one has said may be on its way."""
    return not any(
        trouble.whom in stations
        and trouble.from_ms <= until_ms
        and from_ms <= trouble.until_ms + ON_ITS_WAY_MS
        for trouble in evidence.troubles_of(*SKEWED)
    )


def is_sound(
    evidence: Evidence,
    stations: Iterable[str],
    from_ms: int,
    until_ms: int,
    *,
    but: Trouble | None = None,
) -> bool:
    """Whether nothing `but` this was wrong then with these stations, their links or the broker.

    Trouble from before counts until all can have settled.
    """
    timers_ms = evidence.timers_ms
    settle_ms = 2 * timers_ms["heartbeat"] + timers_ms["silent"] + 10_000
    whom = {*stations, "everything"}
    return not any(
        trouble.whom in whom
        and trouble is not but
        and trouble.kind not in _EXCUSES_NOTHING
        and trouble.from_ms <= until_ms
        and from_ms <= trouble.until_ms + settle_ms
        for trouble in evidence.troubles
    )


def departure(evidence: Evidence, absence: Trouble) -> Gone | None:
    """When a station that was told to leave did so: on a slow disk its last turn takes a while."""
    if absence.kind != "leave":
        return None
    left = (gone for gone in evidence.gone if gone.station == absence.whom)
    return next((gone for gone in left if gone.from_ms >= absence.from_ms), None)
