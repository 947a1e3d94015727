"""Invariants about flights and comm checks: late notices, opening windows, missed checks."""

from collections.abc import Iterator
from itertools import pairwise

from sim.oracle.evidence import Broken, Entry, Evidence, flags_of, subject_of, to_ms
from sim.oracle.facts import Ref
from sim.oracle.sense import sensible
from sim.oracle.silences import silences_of
from sim.oracle.sound import SKEWED, SLACK_MS, TICK_MS, is_sound
from sim.oracle.waits import Asked, ends_ms, read_messages, starts_ms

_IN_THE_AIR = ("active", "off_nominal")


def late_notices_flagged(evidence: Evidence) -> Broken:
    """4: a notice said too shortly before its window opens is flagged once, and no other is."""
    raised = list(flags_of(evidence, "late_notice"))
    for party in evidence.parties:
        for entry in sensible(evidence, party):
            opens_ms = starts_ms(entry) if entry.kind == "notice" else None
            lead_ms = None if opens_ms is None else opens_ms - entry.at_ms
            is_late = lead_ms is not None and lead_ms < evidence.timers_ms["late_notice"]
            level = "WARNING" if (lead_ms or 0) > 0 else "ALARM"
            flags = [flag for flag in raised if subject_of(flag) == entry.ref]
            levels = [flag.body["level"] for flag in flags]
            if levels != ([level] if is_late else []):
                text = f"{entry.ref}, {lead_ms} ms before its window, is flagged as {levels}"
                yield evidence.when(entry), text
            heard_ms = evidence.heard_ms(entry.ref)
            for flag in flags:
                late_ms = evidence.when(flag) - heard_ms
                until_ms = heard_ms + TICK_MS
                if late_ms > TICK_MS and is_sound(evidence, evidence.stations, heard_ms, until_ms):
                    text = f"{entry.ref}: flagged by {flag.ref} {late_ms} ms after it was heard"
                    yield evidence.when(flag), text


def openings_are_told(evidence: Evidence) -> Broken:
    """4: a watchdog that is well reports when the window of a notice that stands opens.

    It may have heard of the flight in an earlier life.
    """
    if evidence.had(*SKEWED):
        return
    for message in read_messages(evidence).values():
        entry, opens_ms = message.entry, message.opens_ms
        if opens_ms is None or not entry.at_ms < opens_ms < evidence.finished_ms - TICK_MS:
            continue
        until_ms = opens_ms + TICK_MS
        stood = message.taken_back is None or message.taken_back.at_ms > until_ms
        if not stood or not _is_followed(evidence, entry, opens_ms, until_ms):
            continue
        told = [
            (flown.phase, flown.at_ms - opens_ms)
            for flown in evidence.flown
            if (flown.by, flown.ref) == (evidence.watchdog, entry.ref)
            and flown.phase in _IN_THE_AIR
            and flown.at_ms <= until_ms
        ]
        # The flight may be stopped as soon as it is open: that is reported too.
        is_told_twice = len(dict(told)) < len(told)
        if is_told_twice or not told or not 0 <= told[0][1] <= TICK_MS:
            text = f"{entry.ref}: told {[ms for _, ms in told]} ms after its window opened"
            yield opens_ms, text


def ends_are_told(evidence: Evidence) -> Broken:
    """4: a watchdog that is well reports when a flight ends: at its window's end, or cancelled.

    It may have reported in an earlier life that the flight began.
    """
    if evidence.had(*SKEWED):
        return
    for message in read_messages(evidence).values():
        if end := _end_of(evidence, message):
            phase, known_ms = end
            entry, until_ms = message.entry, known_ms + TICK_MS
            times = sum(
                (flown.by, flown.ref, flown.phase) == (evidence.watchdog, entry.ref, phase)
                and known_ms <= flown.at_ms <= until_ms
                for flown in evidence.flown
            )
            followed = _is_followed(evidence, entry, known_ms, until_ms)
            if followed and times != 1 and until_ms < evidence.finished_ms:
                yield until_ms, f"{entry.ref}: {phase} is told {times} times"


def _end_of(evidence: Evidence, message: Asked) -> tuple[str, int] | None:
    """How a flight that was in the air ended, and since when the watchdog can know of that."""
    entry, back, opens_ms = message.entry, message.taken_back, message.opens_ms
    closes_ms = ends_ms(entry) if opens_ms is not None else None
    if opens_ms is None or closes_ms is None:
        return None
    over_ms = closes_ms if back is None else min(closes_ms, back.at_ms)
    if max(opens_ms, entry.at_ms) + TICK_MS > over_ms:
        return None  # hardly in the air
    if back is None or back.at_ms > closes_ms + TICK_MS:
        return "ended", closes_ms
    if back.kind == "cancel" and back.at_ms + TICK_MS < closes_ms:
        return "ended_early", evidence.heard_ms(back.ref)
    return None


def off_nominal_is_told(evidence: Evidence) -> Broken:
    """4: a flight that is stopped, or revised in the air, is told to be off nominal; no other is.

    A watchdog tells that once, as soon as it hears of it, if the flight is still in the air.
    """
    if evidence.had(*SKEWED):
        return
    messages = read_messages(evidence)
    revised_ms = _revised_in_the_air_ms(messages)
    stops = [e for party in evidence.parties for e in sensible(evidence, party) if e.kind == "stop"]
    for ref, message in messages.items():
        opens_ms = message.opens_ms
        if opens_ms is None:
            continue
        about = [stop for stop in stops if stop.body.get("notice") == message.entry.body["notice"]]
        causes = [stop for stop in about if stop.at_ms >= message.entry.at_ms]
        if revised_ms.get(ref, 0) >= opens_ms:
            causes.append(message.entry)
        told_ms = [
            flown.at_ms
            for flown in evidence.flown
            if (flown.by, flown.ref, flown.phase) == (evidence.watchdog, ref, "off_nominal")
        ]
        known_ms = [max(evidence.heard_ms(cause.ref), opens_ms) for cause in causes]
        if told_ms and min(told_ms) < min(known_ms, default=evidence.finished_ms):
            yield min(told_ms), f"{ref}: told to be off nominal, which it was not"
        if causes:
            from_ms = max(min(known_ms), evidence.heard_ms(ref))
            yield from _untold(evidence, message, from_ms, told_ms)


def _untold(evidence: Evidence, message: Asked, from_ms: int, told_ms: list[int]) -> Broken:
    """Report that it is not told once then, though the flight goes on and all is well."""
    ref, back, closes_ms = message.entry.ref, message.taken_back, ends_ms(message.entry)
    until_ms = from_ms + TICK_MS
    ends = [evidence.finished_ms, closes_ms, back.at_ms if back else None]
    goes_on = all(end is None or end > until_ms for end in ends)
    well = is_sound(evidence, evidence.stations, from_ms - TICK_MS, until_ms)
    times = sum(from_ms <= at_ms <= until_ms for at_ms in told_ms)
    if goes_on and well and times != 1:
        yield from_ms, f"{ref}: off nominal is told {times} times"


def _revised_in_the_air_ms(messages: dict[Ref, Asked]) -> dict[Ref, int]:
    """When a notice, or one before it, was last said while its flight was in the air."""
    revised_ms: dict[Ref, int] = {}
    for ref, before in messages.items():  # the earlier revision comes first
        back = before.taken_back
        if back and back.kind == "notice":
            opens_ms, closes_ms = starts_ms(before.entry), ends_ms(before.entry)
            if opens_ms is not None and opens_ms <= back.at_ms < (closes_ms or back.at_ms + 1):
                revised_ms[back.ref] = back.at_ms
            elif ref in revised_ms:
                revised_ms[back.ref] = revised_ms[ref]
    return revised_ms


def _is_followed(evidence: Evidence, notice: Entry, from_ms: int, until_ms: int) -> bool:
    """Whether the watchdog knew of a flight before this time in which all is well."""
    is_known = evidence.heard_ms(notice.ref) + TICK_MS < from_ms
    return is_known and is_sound(evidence, evidence.stations, from_ms - TICK_MS, until_ms)


def missed_checks_degrade(evidence: Evidence) -> Broken:
    """4: two comm checks in a row that were missed degrade the channel, and nothing else does."""
    if evidence.had(*SKEWED):
        return
    raised = list(flags_of(evidence, "degraded"))
    explained: set[Ref] = set()
    for other, before, last in _successive_checks(evidence):
        due_ms = _due_ms(last)
        flags = [f for f in raised if (subject_of(f).station, _due(f)) == (other, due_ms)]
        explained |= {flag.ref for flag in flags}
        if len(flags) > 1:
            yield flags[1].at_ms, f"{last.entry.ref} degrades the channel a second time"
        yield from _wrongly_judged(evidence, other, before, last, flags)
    for flag in raised:
        if flag.ref not in explained:
            text = f"{flag.ref}: no two checks were due then"
            yield flag.at_ms, text


def _successive_checks(evidence: Evidence) -> Iterator[tuple[str, Asked, Asked]]:
    """Each pair of successive comm checks of one party, and the party that had to answer."""
    messages = read_messages(evidence).values()
    for party, other in (evidence.parties, evidence.parties[::-1]):
        checks = [
            message
            for message in messages
            if message.entry.kind == "check" and message.entry.ref.station == party
        ]
        checks.sort(key=lambda message: message.entry.ref.seq)
        for before, last in pairwise(checks):
            yield other, before, last


def _wrongly_judged(
    evidence: Evidence, other: str, before: Asked, last: Asked, flags: list[Entry]
) -> Broken:
    """On a sound line: a flag though one of two was answered, or none though both were missed."""
    due_ms, since_ms = _due_ms(last), before.entry.at_ms
    until_ms = due_ms + evidence.timers_ms["grace"] + TICK_MS
    sound = is_sound(evidence, evidence.stations, since_ms, until_ms)
    if not sound or until_ms > evidence.finished_ms:
        return
    if flags and not (_is_missed(before, 0) and _is_missed(last, 0)):
        text = f"{last.entry.ref} degrades the channel, though one of two was answered"
        yield flags[0].at_ms, text
    if flags or not _is_missed(before, 0):
        return
    if not _is_missed(last, until_ms - due_ms + SLACK_MS):
        return
    excused = any(
        silence.since_ms <= until_ms and since_ms < silence.until_ms
        for silence in silences_of(evidence, other)
    )
    if not excused and not _is_flagged_for(evidence, other, due_ms):
        text = f"{before.entry.ref} and {last.entry.ref} were missed, and no flag says so"
        yield due_ms, text


def _is_flagged_for(evidence: Evidence, other: str, due_ms: int) -> bool:
    """Whether a flag with a deadline not later than this was mended only after it, if at all.

    That may be before this one is judged, or even before the flag could be raised.
    """
    flagged = evidence.flagged_until("degraded", other)
    return any(_due(flag) <= due_ms <= until_ms for flag, until_ms in flagged)


def _is_missed(check: Asked, later_ms: int) -> bool:
    """Whether it was not answered when it was due, nor until `later_ms` after that."""
    return check.waits[0].lasts_until(_due_ms(check) + later_ms)


def _due_ms(check: Asked) -> int:
    return check.waits[0].due_ms


def _due(flag: Entry) -> int:
    return to_ms(flag.body["due"])
