"""The invariant about stations that leave in order: their goodbye is believed."""

from dataclasses import replace

from sim.oracle.evidence import Broken, Evidence, stands, to_ms
from sim.oracle.facts import Trouble
from sim.oracle.silences import silences_of
from sim.oracle.sound import ENDING, SLACK_MS, TICK_MS, is_sound


def goodbyes_are_no_alarm(evidence: Evidence) -> Broken:
    """5: who leaves in order is flagged at once, and is no alarm until he is back.

    A watchdog that starts meanwhile finds the goodbye, unless a lie has taken its place; one that
    has flagged it needs not find it. Who has also said until when he would be silent is an alarm
    from then on.
    """
    for leave in evidence.troubles_of("leave"):
        if leave.whom != evidence.watchdog:
            yield from _alarmed_in_vain(evidence, leave)
            yield from _unflagged(evidence, leave)


def _alarmed_in_vain(evidence: Evidence, leave: Trouble) -> Broken:
    """Report alarms, though nothing but the watchdog's own deaths kept the goodbye from it."""
    deaths = [*evidence.troubles_of(*ENDING, whom=evidence.watchdog)]
    others = replace(evidence, troubles=[t for t in evidence.troubles if t not in deaths])
    both, (from_ms, until_ms) = {leave.whom, evidence.watchdog}, leave[2:4]
    if not is_sound(others, both, from_ms, until_ms, but=leave):
        return
    flags = [e for e in evidence.flagged_about("silent", leave.whom) if e.kind == "flag"]
    hidden_ms = _hidden_ms(evidence, leave)
    if not any(from_ms <= evidence.when(flag) < hidden_ms for flag in flags):
        until_ms = min(until_ms, hidden_ms)
    promised_ms = {silence.promised_ms for silence in silences_of(evidence, leave.whom)}
    for flag in flags:
        if not from_ms <= evidence.when(flag) < until_ms:
            continue
        if flag.body["level"] != "WARNING" and to_ms(flag.body["due"]) not in promised_ms:
            yield evidence.when(flag), f"{flag.ref} is an alarm, though {leave.whom} said goodbye"


def _hidden_ms(evidence: Evidence, leave: Trouble) -> int:
    """When the goodbye was no longer there for a watchdog that starts."""
    hiding = evidence.troubles_of("hiding", whom=leave.whom)
    since_ms = (lie.from_ms for lie in hiding if leave.from_ms <= lie.from_ms)
    return min(since_ms, default=leave.until_ms)


def _unflagged(evidence: Evidence, leave: Trouble) -> Broken:
    """Report that a watchdog that was well did not flag it at once."""
    seen_ms, both = leave.from_ms + SLACK_MS + TICK_MS, {leave.whom, evidence.watchdog}
    well = seen_ms < leave.until_ms and is_sound(evidence, both, leave.from_ms, seen_ms, but=leave)
    if well and not stands(evidence, "silent", leave.whom, seen_ms):
        yield seen_ms, f"{leave.whom} said goodbye, and no flag of {evidence.watchdog} says so"
