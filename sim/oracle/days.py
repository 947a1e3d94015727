"""The invariant about the end of a UTC day: how much of it each party could not be heard."""

from collections.abc import Iterator
from itertools import pairwise

from sim.oracle.evidence import LONG_AGO_MS, Broken, Evidence
from sim.oracle.facts import Day
from sim.oracle.silences import silences_of
from sim.oracle.sound import LOSSES, TICK_MS, clocks_were_right, is_sound

_DAY_MS = 24 * 3_600_000
Span = tuple[int, int]


def days_are_told(evidence: Evidence) -> Broken:
    """4: a watchdog that is well when a day ends tells how much of it each party was silent.

    Of a day that it has not seen begin it need not: it was never started again.
    """
    ends_ms = evidence.finished_ms - evidence.finished_ms % _DAY_MS
    from_ms, until_ms = ends_ms - TICK_MS, ends_ms + TICK_MS
    is_well = is_sound(evidence, {evidence.watchdog}, from_ms, until_ms)
    is_timed = clocks_were_right(evidence, {evidence.watchdog}, LONG_AGO_MS, ends_ms)
    is_known = is_timed and not evidence.had(*LOSSES, whom=evidence.watchdog)
    if not is_known or not is_well or until_ms > evidence.finished_ms:
        return
    must = _has_watched_before(evidence, ends_ms)
    for party in evidence.parties:
        told = [d for d in evidence.days if (d.by, d.party) == (evidence.watchdog, party)]
        in_time = [d for d in told if d.until_ms == ends_ms <= d.at_ms <= until_ms]
        if len(told) > 1 or in_time != told or (must and not told):
            late_ms = [day.at_ms - ends_ms for day in told]
            yield ends_ms, f"the day of {party} is told {late_ms} ms after its end"
        for day in in_time:
            whole = [(day.from_ms, day.until_ms)]
            silent, declared = list(_flagged(evidence, day)), list(_declared(evidence, day))
            found = _common_ms(whole, silent), _common_ms(whole, silent, declared)
            if found != (day.silent_ms, day.declared_ms):
                says = f"silent for {day.silent_ms} ms, {day.declared_ms} of them declared"
                yield day.at_ms, f"{party} is told to be {says}: it was {found}"


def _has_watched_before(evidence: Evidence, at_ms: int) -> bool:
    """Whether the watchdog was started by then with records on its disk."""
    stored_ms = (ms for (by, _), ms in evidence.stored.items() if by == evidence.watchdog)
    first_ms = min(stored_ms, default=at_ms)
    ends = evidence.troubles_of("kill", "leave", whom=evidence.watchdog)
    return any(first_ms < end.from_ms and end.until_ms < at_ms for end in ends)


def _flagged(evidence: Evidence, day: Day) -> Iterator[Span]:
    """When a party stood flagged as silent, by the flags that the watchdog had when it told."""
    for watchdog in evidence.watchdogs:
        since_ms: int | None = None
        for entry in evidence.watched_by(watchdog).flagged_about("silent", day.party):
            if evidence.heard_ms(entry.ref) > day.at_ms:
                continue
            if since_ms is not None:
                yield since_ms, entry.at_ms
            since_ms = entry.at_ms if entry.kind == "flag" else None
        if since_ms is not None:
            yield since_ms, day.until_ms


def _declared(evidence: Evidence, day: Day) -> Iterator[Span]:
    """When a party had declared its silence, as far as the watchdog knew when it told."""
    for silence in silences_of(evidence, day.party):
        if evidence.heard_ms(silence.by) <= day.at_ms:
            until_ms = silence.until_ms
            if silence.ended_by and evidence.heard_ms(silence.ended_by) > day.at_ms:
                until_ms = silence.promised_ms or day.until_ms
            yield silence.since_ms, until_ms


def _common_ms(*layers: list[Span]) -> int:
    """How much time is in some span of each layer."""
    times_ms = {at_ms for spans in layers for span in spans for at_ms in span}
    return sum(
        end - begin
        for begin, end in pairwise(sorted(times_ms))
        if all(any(s[0] <= begin and end <= s[1] for s in spans) for spans in layers)
    )
