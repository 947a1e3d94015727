"""Invariants about flights and comm checks: late notices, opening windows, missed checks."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, pairwise

from sim.oracle.evidence import LONG_AGO_MS, Broken, Entry, Evidence, flags_by_due, to_ms
from sim.oracle.facts import Ref
from sim.oracle.sense import flagged_as_heard, sensible
from sim.oracle.silences import silences_of
from sim.oracle.sound import TICK_MS, clocks_were_right, is_sound
from sim.oracle.waits import Asked, ends_ms, read_messages, starts_ms

_IN_THE_AIR = ("active", "off_nominal")


def late_notices_flagged(evidence: Evidence) -> Broken:
    """4: a notice said too shortly before its window opens is flagged once, and no other is."""
    levels = {}
    for entry in chain.from_iterable(sensible(evidence, party) for party in evidence.parties):
        opens_ms = starts_ms(entry) if entry.kind == "notice" else None
        if opens_ms is not None and opens_ms - entry.at_ms < evidence.timers_ms["late_notice"]:
            levels[entry.ref] = "WARNING" if opens_ms > entry.at_ms else "ALARM"
    yield from flagged_as_heard(evidence, "late_notice", levels)


def openings_are_told(evidence: Evidence) -> Broken:
    """4: a watchdog that is well reports when the window of a notice that stands opens.

    It may have heard of the flight in an earlier life.
    """
    for message in read_messages(evidence).values():
        entry, opens_ms = message.entry, message.opens_ms
        if opens_ms is None:
            continue
        until_ms, back = opens_ms + TICK_MS, message.taken_back
        stood = until_ms < (evidence.finished_ms if back is None else evidence.when(back))
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
            if followed and times != 1:
                yield until_ms, f"{entry.ref}: {phase} is told {times} times"


def _end_of(evidence: Evidence, message: Asked) -> tuple[str, int] | None:
    """How a flight that was in the air ended, and since when the watchdog can know of that."""
    entry, back, opens_ms = message.entry, message.taken_back, message.opens_ms
    closes_ms = ends_ms(entry) if opens_ms is not None else None
    if opens_ms is None or closes_ms is None:
        return None
    back_ms = _back_ms(evidence, message)
    if max(opens_ms, evidence.when(entry)) + TICK_MS > min(closes_ms, back_ms[0]):
        return None  # hardly in the air
    if back_ms[0] > closes_ms + TICK_MS:
        return "ended", closes_ms
    if back and back.kind == "cancel" and back_ms[-1] + TICK_MS < closes_ms:
        return "ended_early", evidence.heard_ms(back.ref)
    return None


def _back_ms(evidence: Evidence, message: Asked) -> list[int]:
    """When it was taken back, by its author's clock and by the watchdog's, the earlier one first.

    If it never was, the end of the run.
    """
    back = message.taken_back
    return sorted((back.at_ms, evidence.when(back)) if back else (evidence.finished_ms,))


def off_nominal_is_told(evidence: Evidence) -> Broken:
    """4: a flight that is stopped, or revised in the air, is told to be off nominal; no other is.

    A watchdog tells that once, as soon as it hears of it, if the flight is still in the air.
    """
    messages = read_messages(evidence)
    revised_ms = _revised_in_the_air_ms(messages)
    stops = [e for party in evidence.parties for e in sensible(evidence, party) if e.kind == "stop"]
    for ref, message in messages.items():
        opens_ms, heard_ms, us = message.opens_ms, evidence.heard_ms(ref), {evidence.watchdog}
        is_timed = clocks_were_right(evidence, us, heard_ms, evidence.finished_ms)
        if opens_ms is None or not is_timed:
            continue
        about = [stop for stop in stops if stop.body.get("notice") == message.entry.body["notice"]]
        causes = [stop for stop in about if stop.at_ms >= message.entry.at_ms]
        if revised_ms.get(ref, LONG_AGO_MS) >= opens_ms:
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
    ref, until_ms = message.entry.ref, from_ms + TICK_MS
    closes_ms, back_ms = ends_ms(message.entry), _back_ms(evidence, message)
    goes_on = until_ms < back_ms[0] and (closes_ms is None or until_ms < closes_ms)
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
    heard_ms, us = evidence.heard_ms(notice.ref), {evidence.watchdog}
    is_known = heard_ms + TICK_MS < from_ms and clocks_were_right(evidence, us, heard_ms, until_ms)
    return is_known and is_sound(evidence, evidence.stations, from_ms - TICK_MS, until_ms)


def missed_checks_degrade(evidence: Evidence) -> Broken:
    """4: two comm checks in a row that were missed degrade the channel, and nothing else does."""
    pairs = defaultdict(list)  # by the party that has to answer, and when the second one is due
    for other, before, last in _successive_checks(evidence):
        pairs[Ref(other, 0), last.waits[0].due_ms].append((before, last))
    raised = flags_by_due(evidence, "degraded")
    for key, flags in raised.items():
        if len(flags) > 1:
            yield flags[1].at_ms, f"{flags[1].ref}: what {flags[0].ref} flags is flagged again"
        if not any(_may_be_missed(evidence, before, last) for before, last in pairs[key]):
            yield flags[0].at_ms, f"{flags[0].ref}: no two checks in a row were missed then"
    for (about, due_ms), checks in pairs.items():
        for before, last in checks:
            must = _must_be_missed(evidence, about.station, before, last)
            told = must and _is_flagged_for(evidence, about.station, due_ms)
            if must and not told and not _is_mended_at_once(evidence, last):
                text = f"{before.entry.ref} and {last.entry.ref} were missed, and no flag says so"
                yield due_ms, text


def _successive_checks(evidence: Evidence) -> Iterator[tuple[str, Asked, Asked]]:
    """Each pair of successive comm checks of one party, and the party that had to answer."""
    messages = read_messages(evidence).values()
    for party, other in (evidence.parties, evidence.parties[::-1]):
        checks = [
            message
            for message in messages
            if message.entry.kind == "check" and message.entry.ref.station == party
        ]
        for before, last in pairwise(checks):
            yield other, before, last


def _may_be_missed(evidence: Evidence, before: Asked, last: Asked) -> bool:
    """Whether two checks may degrade the channel: neither was answered, or that may be unheard."""
    until_ms = last.waits[0].due_ms + evidence.timers_ms["grace"] + TICK_MS
    sound = is_sound(evidence, evidence.stations, before.entry.at_ms, until_ms)
    waits = (before.waits[0], last.waits[0])
    return not sound or all(wait.may_last_until(wait.due_ms) for wait in waits)


def _must_be_missed(evidence: Evidence, other: str, before: Asked, last: Asked) -> bool:
    """Whether they must degrade it: nothing is wrong, and its party has not suspended it.

    It has by either of two clocks: by its own, which may be ahead, it does so after it was heard.
    """
    since_ms, judged_ms = before.entry.at_ms, evidence.timers_ms["grace"] + TICK_MS
    until_ms = last.waits[0].due_ms + judged_ms
    return (
        until_ms <= evidence.finished_ms
        and _is_missed(before, 0)
        and _is_missed(last, judged_ms)
        and is_sound(evidence, evidence.stations, since_ms, until_ms)
        and not any(
            min(silence.since_ms, evidence.heard_ms(silence.by)) <= until_ms
            and since_ms < silence.until_ms
            for silence in silences_of(evidence, other)
        )
    )


def _is_flagged_for(evidence: Evidence, other: str, due_ms: int) -> bool:
    """Whether a flag with a deadline not later than this was mended only after it, if at all.

    That may be before this one is judged, or even before the flag could be raised. The answer that
    mended it was given by its author's clock, which may be ahead.
    """
    ahead_ms = max(0, evidence.ahead_ms(other))
    flagged = evidence.flagged_until("degraded", other)
    spans_ms = [(to_ms(flag.body["due"]), until_ms + ahead_ms) for flag, until_ms in flagged]
    return any(since_ms <= due_ms <= until_ms for since_ms, until_ms in spans_ms)


def _is_mended_at_once(evidence: Evidence, last: Asked) -> bool:
    """Whether any check was answered after this one was due, and before that was judged.

    The channel was degraded for so short a while that no flag need say so.
    """
    author, due_ms = last.entry.ref.station, last.waits[0].due_ms
    until_ms = due_ms + evidence.timers_ms["grace"] + TICK_MS
    return any(
        end.at_ms >= due_ms and min(end.at_ms, evidence.heard_ms(end.ref)) <= until_ms
        for message in read_messages(evidence).values()
        if (message.entry.kind, message.entry.ref.station) == ("check", author)
        and (end := message.waits[-1].ended)
    )


def _is_missed(check: Asked, later_ms: int) -> bool:
    """Whether it was not answered when it was due, nor until `later_ms` after that."""
    return check.waits[0].lasts_until(check.waits[0].due_ms + later_ms)
