"""Invariants about a station that is started twice: it is flagged, and nothing is merged."""

from collections import Counter

from sim.oracle.evidence import Broken, Evidence, breaks
from sim.oracle.facts import Ref
from sim.oracle.sound import TICK_MS, is_sound


def nothing_is_merged(evidence: Evidence) -> Broken:
    """3: every copy is one chain, from its first record to its last."""
    for holder in evidence.stations:
        for author, rows in evidence.disks[holder].items():
            for ref in breaks(author, rows):
                text = f"{holder}'s copy of {author} is no chain at {ref}"
                yield evidence.stored_ms(holder, ref), text


def twins_are_flagged(evidence: Evidence) -> Broken:
    """3: a name under which two stations speak is flagged until both show the same."""
    for trouble in evidence.troubles_of("twin"):
        forks = evidence.flagged_about("fork", trouble.whom)
        seen_ms = trouble.from_ms + 2 * evidence.timers_ms["heartbeat"] + 2 * TICK_MS
        both = {trouble.whom, evidence.watchdog}
        if trouble.until_ms > seen_ms and is_sound(
            evidence, both, trouble.from_ms, seen_ms, but=trouble
        ):
            flags = [entry for entry in forks if entry.kind == "flag"]
            if not any(flag.at_ms <= seen_ms for flag in flags):
                text = f"two speak as {trouble.whom} and no flag says so"
                yield seen_ms, text
        stands = bool(forks) and forks[-1].kind == "flag"
        healed_ms = trouble.until_ms + 3 * evidence.timers_ms["silent"] + 2 * TICK_MS
        split = _split_at(evidence, trouble.whom)
        if split and not stands:
            text = f"there are two journals of {trouble.whom} from {split} on and no flag stands"
            yield evidence.finished_ms, text
        elif not split and stands and healed_ms < evidence.finished_ms:
            text = f"{trouble.whom} is one again and stands flagged by {forks[-1].ref}"
            yield healed_ms, text


def _split_at(evidence: Evidence, author: str) -> Ref | None:
    """The first number of a journal that has two records on the disks."""
    rows = {row for disk in evidence.disks.values() for row in disk.get(author, ())}
    times = Counter(row.seq for row in rows)
    return next((Ref(author, seq) for seq in sorted(times) if times[seq] > 1), None)
