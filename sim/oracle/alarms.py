"""Invariants about missing answers: each is flagged in its time, and none that came is."""

from sim.oracle.evidence import Broken, Evidence, Ref, flags_by_due
from sim.oracle.sound import DEADLY, LOSSES, SKEWED, SLACK_MS, TICK_MS, is_sound
from sim.oracle.waits import Wait, deadlines, read_messages

_ON_ITS_WAY_MS = 1_000


def silences_flagged(evidence: Evidence) -> Broken:
    """4: a wait that reached a level's deadline has that flag once, punctually in good weather."""
    if evidence.had(*SKEWED):
        return
    flags = flags_by_due(evidence, "unanswered")
    grace_ms = evidence.timers_ms["grace"]
    for message, wait, level, due_ms in deadlines(evidence):
        ended_ms = evidence.finished_ms if wait.ended_ms is None else wait.ended_ms
        at_it = flags[message.entry.ref, due_ms]
        raised = [flag for flag in at_it if flag.body["level"] == level]
        what = f"{message.entry.ref} at {level}"
        must = due_ms + grace_ms + SLACK_MS + TICK_MS < ended_ms and not message.excused
        # A STANDBY may promise the very deadline that there was.
        if len(raised) > sum((level, due_ms) in other.dues() for other in message.waits):
            yield raised[1].at_ms, f"{what}: flagged twice"
        if must and not raised and not _is_moot(evidence, wait):
            yield due_ms, f"{what}: not flagged"
        for flag in raised:
            late_ms = flag.at_ms - due_ms - grace_ms
            sound = is_sound(evidence, evidence.stations, due_ms, flag.at_ms)
            if late_ms < 0 or (late_ms > TICK_MS and sound):
                yield flag.at_ms, f"{what}: flagged {late_ms} ms after deadline and grace"


def no_false_alarm(evidence: Evidence) -> Broken:
    """5: what was answered in time on a sound line is not flagged, nor is a wait that never was."""
    if evidence.had(*SKEWED):
        return
    flags = flags_by_due(evidence, "unanswered")
    dues = {
        (message.entry.ref, due_ms)
        for message in read_messages(evidence).values()
        for wait in message.unknowing
        for _, due_ms in wait.dues()
    }
    for message, wait, level, due_ms in deadlines(evidence):
        ref = message.entry.ref
        dues.add((ref, due_ms))
        if wait is not message.last_due(level, due_ms):
            continue
        for flag in flags[ref, due_ms]:
            if flag.body["level"] == level and _was_carried(evidence, wait, due_ms):
                yield flag.at_ms, f"{ref} flagged at {level}, though {wait.ended_by} spoke in time"
    for (ref, due_ms), raised in flags.items():
        if (ref, due_ms) not in dues:
            text = f"{ref}: flagged for a deadline that it never had"
            yield raised[0].at_ms, text


def repair_before_judgement(evidence: Evidence) -> Broken:
    """5: a watchdog that was told of a record judges nothing without it that it settled."""
    if evidence.had(*SKEWED, *LOSSES):
        return
    flags = flags_by_due(evidence, "unanswered")
    for message, wait, level, due_ms in deadlines(evidence):
        if wait.ended_ms is None or wait.ended_ms + SLACK_MS > due_ms:
            continue
        if wait is not message.last_due(level, due_ms):
            continue
        for flag in flags[message.entry.ref, due_ms]:
            if flag.body["level"] == level and _was_told(evidence, wait, flag.at_ms):
                yield flag.at_ms, f"{flag.ref} judges without {wait.ended_by}/{wait.ended_seq}"


def _was_carried(evidence: Evidence, wait: Wait, due_ms: int) -> bool:
    if wait.ended_ms is None or wait.ended_ms + SLACK_MS > due_ms:
        return False
    until_ms = wait.ended_ms + _ON_ITS_WAY_MS + SLACK_MS
    return is_sound(evidence, {wait.ended_by, evidence.watchdog}, wait.ended_ms, until_ms)


def _was_told(evidence: Evidence, wait: Wait, at_ms: int) -> bool:
    """Whether a status in this life of the watchdog's told it of the record that ended a wait."""
    from_ms = at_ms - evidence.timers_ms["heartbeat"]
    deaths = (t for t in evidence.troubles if t.whom == evidence.watchdog and t.kind in DEADLY)
    if any(death.from_ms <= at_ms and from_ms <= death.until_ms for death in deaths):
        return False
    return any(
        told.of == wait.ended_by and told.head >= wait.ended_seq and from_ms <= told.at_ms < at_ms
        for told in evidence.told
    )


def _is_moot(evidence: Evidence, wait: Wait) -> bool:
    """A wait begun by a STANDBY that was not heard, or only when it was as good as over."""
    if not wait.begun_by or wait.ended_ms is None:
        return False
    stored, watchdog = evidence.stored, evidence.watchdog
    heard_ms = stored.get((watchdog, Ref(wait.begun_by, wait.begun_seq)))
    over_ms = stored.get((watchdog, Ref(wait.ended_by, wait.ended_seq)))
    return heard_ms is None or (over_ms is not None and over_ms <= heard_ms + SLACK_MS + TICK_MS)
