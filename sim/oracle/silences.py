"""The oracle's own reading of declared silences, and of what they excuse."""

from typing import NamedTuple

from sim.oracle.evidence import Broken, Entry, Evidence, flags_of, subject_of, to_ms
from sim.oracle.facts import Ref, Trouble
from sim.oracle.sense import sensible
from sim.oracle.sound import (
    ON_ITS_WAY_MS,
    SILENCING,
    SLACK_MS,
    TICK_MS,
    clocks_were_right,
    is_sound,
)


class Silence(NamedTuple):
    """The time in which a party had suspended its channel, and the record that said so.

    It is over when the party resumes, or at the time until which it was `promised` to last.
    """

    by: Ref
    since_ms: int
    until_ms: int
    promised_ms: int | None
    ended_by: Ref | None = None

    def covers(self, evidence: Evidence, flag: Entry) -> bool:
        """Whether the watchdog knew of it, and not of its end, when it raised this flag."""
        flagged_ms = evidence.when(flag)
        # By the watchdog's own clock: if that is wrong, nobody can say when a promise is over.
        is_over = self.promised_ms is not None and flagged_ms >= self.promised_ms
        us = {evidence.watchdog}
        if is_over and clocks_were_right(evidence, us, flagged_ms, flagged_ms):
            return False
        is_known = evidence.heard_ms(self.by) <= flagged_ms
        goes_on = self.ended_by is None or flagged_ms <= evidence.heard_ms(self.ended_by)
        return is_known and goes_on

    def until_as_known_ms(self, evidence: Evidence, by_ms: int) -> int:
        """Until when it lasts by what the watchdog has heard by then."""
        if self.ended_by is None or evidence.heard_ms(self.ended_by) <= by_ms:
            return self.until_ms
        return evidence.finished_ms if self.promised_ms is None else self.promised_ms

    def known_until_ms(self, evidence: Evidence) -> int:
        """When it is over for the watchdog: as promised, or as soon as it hears of the end."""
        ended_ms = evidence.heard_ms(self.ended_by) if self.ended_by else evidence.finished_ms
        return ended_ms if self.promised_ms is None else min(ended_ms, self.promised_ms)


def silences_of(evidence: Evidence, party: str) -> list[Silence]:
    """Every silence that a party has declared."""
    found: list[Silence] = []
    for entry in sensible(evidence, party):
        if entry.kind == "suspend":
            until = entry.body.get("until")
            promised_ms = to_ms(until) if until else None
            until_ms = evidence.finished_ms if promised_ms is None else promised_ms
            found.append(Silence(entry.ref, entry.at_ms, until_ms, promised_ms))
        elif entry.kind == "resume" and found:
            until_ms = min(found[-1].until_ms, entry.at_ms)
            found[-1] = found[-1]._replace(until_ms=until_ms, ended_by=entry.ref)
    return found


def declared_silences_are_no_alarm(evidence: Evidence) -> Broken:
    """5: a watchdog that knows of a declared silence raises no alarm for it, nor for its checks."""
    asked = {
        entry.ref: entry
        for party in evidence.parties
        for entry in sensible(evidence, party)
        if entry.kind in ("check", "suspend", "resume")
    }
    for party in evidence.parties:
        for silence in silences_of(evidence, party):
            from_ms, until_ms = evidence.heard_ms(silence.by), silence.known_until_ms(evidence)
            is_timed = clocks_were_right(evidence, {evidence.watchdog}, from_ms, until_ms)
            if silence.promised_ms is not None and not is_timed:
                continue
            for flag in evidence.flagged_by(evidence.watchdog):
                raised_ms = evidence.when(flag)  # whatever the watchdog's clock showed
                in_it = from_ms < raised_ms < until_ms and flag.kind == "flag"
                if in_it and _is_excused(flag, party, asked.get(subject_of(flag))):
                    what = f"{flag.ref} flags {flag.body['rule']} {subject_of(flag)}"
                    text = f"{what} {flag.body['level']} in the silence that {silence.by} declares"
                    yield raised_ms, text


def other_silences_are_alarms(evidence: Evidence) -> Broken:
    """5: any other silence is an alarm, unless the last word that could be heard was a goodbye.

    What was over when the watchdog could speak again is cleared as soon as it is flagged.
    """
    for station in evidence.stations:
        silences = silences_of(evidence, station)
        for flag, until_ms in evidence.flagged_until("silent", station):
            flagged_ms = evidence.when(flag)
            if flag.body["level"] != "WARNING" or until_ms == flagged_ms:
                continue
            is_declared = any(silence.covers(evidence, flag) for silence in silences)
            if not is_declared and not _had_left(evidence, station, flagged_ms):
                text = f"{flag.ref} excuses {station}, who had neither suspended nor said goodbye"
                yield flagged_ms, text


def who_is_not_back_is_missed(evidence: Evidence) -> Broken:
    """5: a silence that lasts longer than its party promised is an alarm from then on."""
    for absence in evidence.troubles_of(*SILENCING):
        if absence.whom in evidence.parties:
            for silence in silences_of(evidence, absence.whom):
                yield from _not_missed(evidence, silence, absence)


def _not_missed(evidence: Evidence, silence: Silence, absence: Trouble) -> Broken:
    """Report a promised end that passed while the party was away, without an ALARM."""
    due_ms, party = silence.promised_ms, absence.whom
    if due_ms is None:
        return
    until_ms = due_ms + evidence.timers_ms["grace"] + SLACK_MS + TICK_MS
    gone_ms = absence.from_ms + evidence.timers_ms["silent"] + 2 * TICK_MS
    known_ms = evidence.heard_ms(silence.by)
    # A party that resumes while it is cut off is not heard, and is still waited for.
    is_over = silence.ended_by and evidence.heard_ms(silence.ended_by) < until_ms
    if gone_ms > due_ms or until_ms >= absence.until_ms or known_ms >= absence.from_ms or is_over:
        return
    alarms_ms = [
        evidence.when(flag)
        for flag in flags_of(evidence, "silent")
        if subject_of(flag).station == party and flag.body["level"] == "ALARM"
    ]
    is_missed = any(due_ms <= at_ms <= until_ms for at_ms in alarms_ms)
    if not is_missed and is_sound(evidence, evidence.stations, known_ms, until_ms, but=absence):
        yield until_ms, f"{silence.by}: {party} is not back as promised, and no alarm"


def silences_are_as_declared(evidence: Evidence) -> Broken:
    """5: who is not heard stands flagged as his last word has it, also if that was heard late."""
    for party in evidence.parties:
        for flag, until_ms in evidence.flagged_until("silent", party):
            at_ms = until_ms - SLACK_MS
            level = _declared_level(evidence, party, flag, at_ms)
            is_due = evidence.when(flag) <= at_ms  # by then it has stood for a while
            well = is_due and is_sound(evidence, {evidence.watchdog}, at_ms - TICK_MS, at_ms)
            if well and level and flag.body["level"] != level:
                yield at_ms, f"{flag.ref} flags {party}, which is {level} by its own word"


def _declared_level(evidence: Evidence, party: str, flag: Entry, at_ms: int) -> str | None:
    """How bad a silence is by what the watchdog has heard for a while then; None: who knows."""
    known = [s for s in silences_of(evidence, party) if evidence.heard_ms(s.by) < at_ms - TICK_MS]
    if not known:
        return None
    last, clocks = known[-1], {party, evidence.watchdog}
    if not clocks_were_right(evidence, clocks, evidence.when(flag), at_ms):
        return None
    if last.ended_by and evidence.heard_ms(last.ended_by) < at_ms:
        # One that was flagged after that, by either clock, may have another reason.
        is_heard = evidence.heard_ms(last.ended_by) < at_ms - TICK_MS
        is_older = to_ms(flag.body["due"]) <= last.until_ms - max(0, evidence.ahead_ms(party))
        return "ALARM" if is_heard and is_older else None
    return "WARNING" if last.promised_ms is None or last.promised_ms > at_ms else None


def _had_left(evidence: Evidence, station: str, at_ms: int) -> bool:
    """Whether a station had left by then, and the watchdog has not seen its next process since.

    What is seen while words from before the goodbye may still be on their way proves nothing.
    """
    back_ms = [
        seen.at_ms
        for seen in evidence.seen
        if (seen.by, seen.station, seen.silent) == (evidence.watchdog, station, False)
        and seen.at_ms < at_ms
    ]
    return any(
        gone.from_ms <= at_ms and not any(gone.until_ms + ON_ITS_WAY_MS <= ms for ms in back_ms)
        for gone in evidence.gone
        if gone.station == station
    )


def _is_excused(flag: Entry, party: str, asked: Entry | None) -> bool:
    """Whether a declared silence of this party excuses a flag."""
    if flag.body["rule"] == "silent":
        return subject_of(flag).station == party and flag.body["level"] != "WARNING"
    return flag.body["rule"] == "unanswered" and asked is not None and asked.ref.station != party
