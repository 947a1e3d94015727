"""Invariants about a station that is back after it was dead or asleep, or whose clock is set."""

from collections.abc import Iterator

from sim.oracle.evidence import Broken, Evidence, flags_by_due, flags_of, subject_of, to_text
from sim.oracle.facts import Ref, Seen, Trouble
from sim.oracle.sound import ENDING, SKEWED, SLACK_MS, SLEEPS, TICK_MS, departure, is_sound
from sim.oracle.waits import flagged_in_vain, read_messages

_ENDS = ("kill", "leave")  # a process is not there until that is over
_CUTS = ("cut", "cut-in", "cut-out")
_NOTICED_MS = 20_000  # by both ends, by their keepalives


def overdue_is_flagged_at_once(evidence: Evidence) -> Broken:
    """4: what became overdue while a watchdog was away is flagged when it is back, after the grace.

    It was dead, or stopped for so short a time that the broker did not notice.

    This is demanded if all others are well: it greets them, and knows that nothing is missing.
    Another watchdog may be dead if that is seen, and the one that is back has said something
    before. One that vanished without a last will must be waited for, as it may hold records of the
    one that is back; so must any dead one if there are none, as the disk may have been lost.
    """
    flags = flags_by_due(evidence, "unanswered")
    for death in evidence.troubles_of(*ENDING, SLEEPS[0], whom=evidence.watchdog):
        until_ms = death.until_ms + evidence.timers_ms["grace"] + SLACK_MS + TICK_MS
        if not _can_judge(evidence, death, until_ms):
            continue
        for ref, due_ms in _overdue(evidence, death, until_ms):
            if not any(evidence.when(flag) <= until_ms for flag in flags[ref, due_ms]):
                since = to_text(due_ms)
                text = f"{ref}: overdue since {since}, and not flagged when the watchdog is back"
                yield until_ms, text


def _can_judge(evidence: Evidence, death: Trouble, until_ms: int) -> bool:
    """Whether the watchdog, back from its death or sleep, must know by then that it knows all."""
    if not is_sound(evidence, evidence.stations, death.until_ms, until_ms, but=death):
        return False
    its_own, from_ms = {death.whom}, death.from_ms
    if death.kind in SLEEPS and not is_sound(evidence, its_own, from_ms, until_ms, but=death):
        return False  # a link that broke in its sleep is made anew only now
    return _sees_all(evidence, death.until_ms, until_ms)


def _sees_all(evidence: Evidence, from_ms: int, until_ms: int) -> bool:
    """Whether the watchdog then finds out whether each other watchdog is there or not.

    One that sleeps is still connected for the broker, which shows its last status: the watchdog
    must wait for it. One that is there sees the watchdog, too.
    """
    us = evidence.watchdog
    has_spoken = any(evidence.when(entry) < from_ms for entry in evidence.journal(us))
    seen = {
        (seen.by, seen.station, seen.silent)
        for seen in evidence.seen
        if from_ms <= seen.at_ms <= until_ms
    }
    return all(
        (has_spoken and (us, other, True) in seen)
        or {(us, other, False), (other, us, False)} <= seen
        for other in evidence.watchdogs
        if other != us
    )


def _overdue(evidence: Evidence, death: Trouble, until_ms: int) -> Iterator[tuple[Ref, int]]:
    """Messages that still wait when the watchdog is back for a while, and their deadlines."""
    for message in read_messages(evidence).values():
        for wait in message.waits:
            goes_on = message.is_timed and wait.lasts_until(until_ms)
            if goes_on and not message.excused and death.from_ms < wait.due_ms < death.until_ms:
                yield message.entry.ref, wait.due_ms


def sleepers_blame_nobody(evidence: Evidence) -> Broken:
    """5: a station that was asleep takes nobody for gone or late when it wakes."""
    for sleep in evidence.troubles_of(*SLEEPS):
        woke_ms = sleep.until_ms
        until_ms = woke_ms + evidence.timers_ms["silent"] - SLACK_MS
        if not is_sound(evidence, evidence.stations, sleep.from_ms, until_ms, but=sleep):
            continue
        for seen in _blamed(evidence, sleep.whom, woke_ms, until_ms):
            yield seen.at_ms, f"{seen.by} was asleep and takes {seen.station} for gone"
        if sleep.whom == evidence.watchdog:
            yield from _judged_in_vain(evidence, woke_ms, until_ms)


def nothing_is_judged_at_a_return(evidence: Evidence) -> Broken:
    """5: a watchdog that is back flags no answer as missing before the grace: it may be on its way.

    It was dead, or cut off for so long that this was noticed, so that its link begins anew.
    """
    for absence in evidence.troubles_of(*_ENDS, *_CUTS, whom=evidence.watchdog):
        if absence.kind in _CUTS and absence.until_ms - absence.from_ms <= _NOTICED_MS:
            continue
        back_ms = _back_ms(evidence, absence)
        # Who leaves may have its last turn in the very millisecond in which it is back.
        since_ms = back_ms + 1 if absence.kind == "leave" else back_ms
        judges_ms = back_ms + evidence.timers_ms["grace"]
        for flag in flags_of(evidence, "unanswered"):
            flagged_ms = evidence.when(flag)
            if since_ms <= flagged_ms < judges_ms:
                early_ms = judges_ms - flagged_ms
                text = f"{flag.ref} flags {subject_of(flag)} {early_ms} ms before it may be judged"
                yield flagged_ms, text


def _back_ms(evidence: Evidence, absence: Trouble) -> int:
    """When it is over: who leaves has a last turn first, and starts again when that is over."""
    left = departure(evidence, absence)
    return left.until_ms if left else absence.until_ms


def set_clocks_blame_nobody(evidence: Evidence) -> Broken:
    """5: a station whose clock is set takes nobody for gone before anybody can be missed."""
    patience_ms = evidence.timers_ms["silent"]
    for trouble in evidence.troubles_of(*SKEWED):
        for set_ms in (trouble.from_ms, trouble.until_ms):
            until_ms = set_ms + patience_ms - SLACK_MS
            if not is_sound(evidence, evidence.stations, set_ms, until_ms, but=trouble):
                continue
            for seen in _blamed(evidence, trouble.whom, set_ms, until_ms):
                yield seen.at_ms, f"{seen.by}, its clock set, takes {seen.station} for gone"


def _blamed(evidence: Evidence, by: str, from_ms: int, until_ms: int) -> Iterator[Seen]:
    """Whom a station took for gone then; nothing is known here of another watchdog."""
    well = {*evidence.parties, evidence.watchdog}
    for seen in evidence.seen:
        is_blamed = seen.by == by and seen.silent and seen.station in well
        if is_blamed and from_ms <= seen.at_ms <= until_ms:
            yield seen


def _judged_in_vain(evidence: Evidence, from_ms: int, until_ms: int) -> Broken:
    """Flags that were raised then about messages that were answered in time."""
    for flag, ref, _ in flagged_in_vain(evidence):
        raised_ms = evidence.when(flag)
        if from_ms <= raised_ms <= until_ms:
            yield raised_ms, f"{flag.ref} flags {ref}, answered during a sleep"
